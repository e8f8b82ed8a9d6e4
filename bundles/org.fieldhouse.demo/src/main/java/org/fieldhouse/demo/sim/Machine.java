package org.fieldhouse.demo.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One simulated Zigbee device: what it is, what it says, what it does when told. Used by the simulator's thread alone. */
final class Machine {
    /** What a device does with one key of a {@code /set} message. */
    @FunctionalInterface
    interface Setter {
        void set(Machine machine, Object value);
    }

    final String name;
    final String ieee;
    private final String model;
    private final String description;
    private final boolean mains;
    private final List<Map<String, Object>> exposes;
    private final Map<String, Object> state = new LinkedHashMap<>();
    private final Map<String, Setter> setters = new LinkedHashMap<>();
    private boolean online = true;
    private boolean changed;

    /**
     * @param number unique in the house, makes its address
     * @param name its friendly name in Zigbee2MQTT, {@code Hall/Motion}
     * @param mains whether it is a router on mains power
     */
    Machine(
            int number,
            String name,
            String model,
            String description,
            boolean mains,
            List<Map<String, Object>> exposes) {
        this.name = name;
        this.ieee = String.format("0x00124b00deb0%04x", number);
        this.model = model;
        this.description = description;
        this.mains = mains;
        List<Map<String, Object>> all = new ArrayList<>(exposes);
        if (!mains) {
            all.add(Exposes.battery());
            state.put("battery", 97L);
        }
        all.add(Exposes.linkQuality());
        state.put("linkquality", 80L + number * 37L % 150);
        this.exposes = List.copyOf(all);
    }

    /** A key of {@code /set}, and what it does. */
    Machine on(String key, Setter setter) {
        setters.put(key, setter);
        return this;
    }

    /** Its value at the start, without a message. */
    Machine with(String key, @Nullable Object value) {
        put(key, value);
        changed = false;
        return this;
    }

    /** A value is now so; if it was another, a message goes out at the end of the tick. */
    void put(String key, @Nullable Object value) {
        if (value == null) {
            changed |= state.remove(key) != null;
        } else if (!Objects.equals(state.put(key, value), value)) {
            changed = true;
        }
    }

    /** Like {@link #put} for measured values: what changed by less than {@code step} waits for the next regular report. */
    void measure(String key, double value, double step) {
        if (!(state.get(key) instanceof Number before) || Math.abs(before.doubleValue() - value) >= step) {
            put(key, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    @Nullable
    Object get(String key) {
        return state.get(key);
    }

    boolean is(String key, Object value) {
        return value.equals(state.get(key));
    }

    double number(String key) {
        return state.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    /** Does what a {@code /set} message says; keys that it does not know are ignored, as Zigbee2MQTT does (it logs them). */
    void set(Map<String, @Nullable Object> message) {
        message.forEach((key, value) -> {
            Setter setter = setters.get(key);
            if (setter != null && value != null) {
                setter.set(this, value);
            }
        });
        changed = true; // a device answers also when it was so already
    }

    /** What a message says: what matters to people first. */
    Map<String, Object> state() {
        Map<String, Object> out = new LinkedHashMap<>(state);
        for (String last : List.of("battery", "linkquality")) {
            Object value = out.remove(last);
            if (value != null) {
                out.put(last, value);
            }
        }
        return out;
    }

    boolean online() {
        return online;
    }

    void setOnline(boolean newOnline) {
        online = newOnline;
    }

    /** Whether something is to be said; asking clears it. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Its entry in {@code bridge/devices}. */
    Map<String, Object> entry() {
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("model", model);
        definition.put("vendor", "Fieldhouse demo");
        definition.put("description", description);
        definition.put("supports_ota", false);
        definition.put("options", List.of());
        definition.put("exposes", exposes);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("ieee_address", ieee);
        out.put("type", mains ? "Router" : "EndDevice");
        out.put("network_address", Long.parseLong(ieee.substring(14), 16));
        out.put("supported", true);
        out.put("disabled", false);
        out.put("friendly_name", name);
        out.put("power_source", mains ? "Mains (single phase)" : "Battery");
        out.put("model_id", model);
        out.put("manufacturer", "Fieldhouse demo");
        out.put("interview_completed", true);
        out.put("interviewing", false);
        out.put("interview_state", "SUCCESSFUL");
        out.put("endpoints", Map.of("1", Map.of("bindings", List.of(), "configured_reportings", List.of())));
        out.put("definition", definition);
        return out;
    }
}
