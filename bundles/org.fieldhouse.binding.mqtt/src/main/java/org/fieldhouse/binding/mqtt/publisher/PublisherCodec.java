package org.fieldhouse.binding.mqtt.publisher;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.binding.mqtt.codec.Reading;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * Our devices in the words of Home Assistant's device-based discovery (integration MQTT, "Device discovery payload"). Pure.
 *
 * @param base topic that all of our topics start with
 * @param presence topic where the broker tells of the house's death
 * @param online what is said there while it lives
 * @param offline what is said there when it does not
 * @param commands whether points may be written from outside
 */
record PublisherCodec(String base, String presence, String online, String offline, boolean commands) {
    static final String ON = "ON";
    static final String OFF = "OFF";
    /** What Home Assistant takes as "not known". */
    static final String NONE = "None";

    private static final Map<String, String> BINARY_CLASS = Map.of(
            "contact", "opening",
            "occupancy", "motion",
            "presence", "occupancy",
            "water_leak", "moisture",
            "smoke", "smoke",
            "gas", "gas",
            "vibration", "vibration",
            "tamper", "tamper",
            "battery_low", "battery");
    private static final Map<String, String> CLASS_OF_UNIT = Map.ofEntries(
            Map.entry("°C", "temperature"),
            Map.entry("°F", "temperature"),
            Map.entry("W", "power"),
            Map.entry("kW", "power"),
            Map.entry("Wh", "energy"),
            Map.entry("kWh", "energy"),
            Map.entry("MWh", "energy"),
            Map.entry("V", "voltage"),
            Map.entry("mV", "voltage"),
            Map.entry("A", "current"),
            Map.entry("mA", "current"),
            Map.entry("lx", "illuminance"),
            Map.entry("hPa", "pressure"),
            Map.entry("kPa", "pressure"),
            Map.entry("mbar", "pressure"),
            Map.entry("Hz", "frequency"),
            Map.entry("dBm", "signal_strength"),
            Map.entry("m³", "water"));

    /** A part of topics and of ids: letters, digits, {@code _} and {@code -}. */
    static String node(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            boolean plain = c < 128 && Character.isLetterOrDigit(c) || c == '_' || c == '-';
            out.append(plain ? String.valueOf(c) : c == ':' || c == '.' || c == '/' ? "_" : Integer.toHexString(c));
        }
        return out.toString();
    }

    String stateTopic(DeviceInfo device, String point) {
        return base + "/" + node(device.id().value()) + "/" + node(point);
    }

    String commandTopic(DeviceInfo device, String member) {
        return stateTopic(device, member) + "/set";
    }

    String eventTopic(DeviceInfo device) {
        return base + "/" + node(device.id().value()) + "/events";
    }

    String availabilityTopic(DeviceInfo device) {
        return base + "/" + node(device.id().value()) + "/availability";
    }

    // ---- announcement

    /**
     * What is said of a device.
     *
     * @param about the device itself
     * @param components by their keys
     * @param topics of its states that are stored at the broker
     */
    record Announcement(Map<String, Object> about, Map<String, Object> components, Set<String> topics) {
        String text() {
            return text(components);
        }

        /**
         * The same, with the components of {@code before} that are no more. Home Assistant keeps what is merely left out: it has
         * to be named with its platform alone once. Empty if there are none.
         */
        Optional<String> farewell(Announcement before) {
            Map<String, Object> all = new LinkedHashMap<>(components);
            before.components.forEach((key, component) -> {
                Object platform = platform(component);
                if (!platform.equals(platform(components.get(key)))) {
                    all.put(key, Map.of("platform", platform));
                }
            });
            return all.equals(components) ? Optional.empty() : Optional.of(text(all));
        }

        private static Object platform(@Nullable Object component) {
            Object platform = component instanceof Map<?, ?> map ? map.get("platform") : null;
            return platform == null ? "" : platform;
        }

        private String text(Map<String, Object> shown) {
            Map<String, Object> all = new LinkedHashMap<>(about);
            all.put("components", shown);
            return JsonWriter.write(all);
        }
    }

    /** The discovery message of a device; empty if nothing of it goes out. */
    Optional<Announcement> announcement(DeviceInfo device, Selection selection, String version) {
        Map<String, Object> components = new LinkedHashMap<>();
        DeviceDescription d = device.description();
        Set<String> done = new HashSet<>();
        List<PointSpec> points =
                d.points().stream().filter(p -> selection.has(device, p.name())).toList();
        light(device, points, components, done);
        cover(device, points, components, done);
        for (PointSpec p : points) {
            if (done.add(p.name())) {
                components.put(node(p.name()), component(device, p));
            }
        }
        for (ActionSpec a : d.actions()) {
            if (commands
                    && a.arguments().stream().noneMatch(ArgumentSpec::required)
                    && selection.has(device, a.name())) {
                Map<String, Object> c = start(device, "button", a.name(), a.title(), null);
                c.put("command_topic", commandTopic(device, a.name()));
                components.put(node(a.name()), c);
            }
        }
        List<String> events = d.events().stream()
                .map(EventSpec::name)
                .filter(e -> selection.has(device, e))
                .toList();
        if (!events.isEmpty()) {
            Map<String, Object> c = start(device, "event", "events", "", null);
            c.put("state_topic", eventTopic(device));
            c.put("event_types", events);
            components.put("events", c);
        }
        if (components.isEmpty()) {
            return Optional.empty();
        }
        Set<String> topics = new LinkedHashSet<>();
        points.stream().filter(p -> p.access().readable()).forEach(p -> topics.add(stateTopic(device, p.name())));
        return Optional.of(new Announcement(about(device, version), components, topics));
    }

    private Map<String, Object> about(DeviceInfo device, String version) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("identifiers", List.of(id(device)));
        about.put("name", device.name());
        Map<String, String> facts = device.description().details();
        copy(facts, "manufacturer", about, "manufacturer");
        copy(facts, "model", about, "model");
        copy(facts, "firmware", about, "sw_version");
        if (!device.area().isEmpty()) {
            about.put("suggested_area", device.area());
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("device", about);
        all.put("origin", Map.of("name", "Fieldhouse", "sw_version", version));
        all.put("availability_mode", "all");
        all.put(
                "availability",
                List.of(source(presence, online, offline), source(availabilityTopic(device), "online", "offline")));
        return all;
    }

    private static Map<String, Object> source(String topic, String online, String offline) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("topic", topic);
        out.put("payload_available", online);
        out.put("payload_not_available", offline);
        return out;
    }

    private static void copy(Map<String, String> from, String key, Map<String, Object> to, String as) {
        String value = from.get(key);
        if (value != null) {
            to.put(as, value);
        }
    }

    private static String id(DeviceInfo device) {
        return "fieldhouse_" + node(device.id().value());
    }

    private Map<String, Object> start(
            DeviceInfo device, String platform, String member, String title, @Nullable Category category) {
        Map<String, Object> c = new LinkedHashMap<>();
        c.put("platform", platform);
        c.put("unique_id", id(device) + "_" + node(member));
        c.put("name", title.isEmpty() ? member.replace('_', ' ') : title);
        if (category == Category.DIAGNOSTIC) {
            c.put("entity_category", "diagnostic");
        } else if (category == Category.CONFIGURATION && commands) {
            c.put("entity_category", "config");
        }
        return c;
    }

    private boolean writable(PointSpec p) {
        return commands && p.access().writable();
    }

    private Map<String, Object> component(DeviceInfo device, PointSpec p) {
        Map<String, Object> c = start(device, platform(p), p.name(), p.title(), p.category());
        if (p.access().readable()) {
            c.put("state_topic", stateTopic(device, p.name()));
        }
        if (writable(p)) {
            c.put("command_topic", commandTopic(device, p.name()));
        }
        ValueSpec v = p.value();
        switch (v.kind()) {
            case BOOL -> bool(c, p);
            case QUANTITY -> quantity(c, p, v);
            case CHOICE -> {
                c.put("options", v.options());
                if (!writable(p)) {
                    c.put("device_class", "enum");
                }
            }
            case MOMENT -> {
                if (!writable(p)) {
                    c.put("device_class", "timestamp");
                }
            }
            case TEXT, COLOUR -> {
                if (writable(p)) {
                    c.put("max", 255);
                }
            }
        }
        return c;
    }

    private String platform(PointSpec p) {
        boolean write = writable(p);
        return switch (p.value().kind()) {
            case BOOL -> !write ? "binary_sensor" : isLock(p) ? "lock" : "switch";
            case QUANTITY -> write ? "number" : "sensor";
            case CHOICE -> write ? "select" : "sensor";
            case TEXT, MOMENT, COLOUR -> write ? "text" : "sensor";
        };
    }

    private static boolean isLock(PointSpec p) {
        return p.value().options().contains("locked");
    }

    private void bool(Map<String, Object> c, PointSpec p) {
        if (writable(p) && isLock(p)) {
            c.put("payload_lock", ON);
            c.put("payload_unlock", OFF);
            c.put("state_locked", ON);
            c.put("state_unlocked", OFF);
            return;
        }
        c.put("payload_on", ON);
        c.put("payload_off", OFF);
        String kind = BINARY_CLASS.get(p.name());
        if (kind != null && !writable(p)) {
            c.put("device_class", kind);
        }
    }

    private void quantity(Map<String, Object> c, PointSpec p, ValueSpec v) {
        Unit unit = v.unit() == null ? Unit.ONE : v.unit();
        if (!unit.symbol().isEmpty()) {
            c.put("unit_of_measurement", unit.symbol());
        }
        String kind = unit.symbol().equals("%")
                ? p.name().equals("humidity") || p.name().equals("battery") ? p.name() : null
                : CLASS_OF_UNIT.get(unit.symbol());
        if (kind != null) {
            c.put("device_class", kind);
        }
        if (writable(p)) {
            c.put("min", v.min() == null ? -1e9 : v.min());
            c.put("max", v.max() == null ? 1e9 : v.max());
            c.put("step", v.step() == null ? 0.001 : Math.max(0.001, v.step()));
            c.put("mode", "box");
        } else {
            boolean counts = "energy".equals(kind) || "water".equals(kind);
            c.put("state_class", counts ? "total_increasing" : "measurement");
        }
    }

    /** On/off and brightness of a device are one light. */
    private void light(DeviceInfo device, List<PointSpec> points, Map<String, Object> components, Set<String> done) {
        PointSpec onoff = find(points, "onoff");
        PointSpec brightness = find(points, "brightness");
        if (onoff == null || brightness == null || !writable(onoff) || !writable(brightness)) {
            return;
        }
        Map<String, Object> c = start(device, "light", "onoff", onoff.title(), null);
        c.put("state_topic", stateTopic(device, "onoff"));
        c.put("command_topic", commandTopic(device, "onoff"));
        c.put("payload_on", ON);
        c.put("payload_off", OFF);
        c.put("brightness_state_topic", stateTopic(device, "brightness"));
        c.put("brightness_command_topic", commandTopic(device, "brightness"));
        c.put("brightness_scale", 100);
        done.addAll(Set.of("onoff", "brightness"));
        PointSpec temperature = find(points, "color_temp");
        if (temperature != null && writable(temperature)) {
            c.put("color_temp_kelvin", true);
            c.put("color_temp_state_topic", stateTopic(device, "color_temp"));
            c.put("color_temp_command_topic", commandTopic(device, "color_temp"));
            done.add("color_temp");
        }
        components.put("onoff", c);
    }

    /** Open and position of a device are one cover. */
    private void cover(DeviceInfo device, List<PointSpec> points, Map<String, Object> components, Set<String> done) {
        PointSpec open = find(points, "open");
        if (open == null || open.value().kind() != ValueKind.BOOL || !writable(open)) {
            return;
        }
        Map<String, Object> c = start(device, "cover", "open", open.title(), null);
        c.put("command_topic", commandTopic(device, "open"));
        c.put("payload_open", ON);
        c.put("payload_close", OFF);
        PointSpec position = find(points, "position");
        if (position != null) {
            c.put("position_topic", stateTopic(device, "position"));
            if (writable(position)) {
                c.put("set_position_topic", commandTopic(device, "position"));
            }
            done.add("position");
        } else {
            c.put("state_topic", stateTopic(device, "open"));
            c.put("state_open", ON);
            c.put("state_closed", OFF);
        }
        done.add("open");
        components.put("open", c);
    }

    private static @Nullable PointSpec find(List<PointSpec> points, String name) {
        return points.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
    }

    // ---- values

    /** What is published of a state. */
    static String payload(State state) {
        Value value = state.good();
        if (value == null) {
            return NONE;
        }
        if (value instanceof Bool b) {
            return b.on() ? ON : OFF;
        }
        return value instanceof Quantity q ? JsonWriter.number(q.number()) : value.toString();
    }

    /** What is published of an event. */
    static String payload(String event, Map<String, Value> arguments) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("event_type", event);
        arguments.forEach((name, value) -> {
            if (!name.equals("event_type")) {
                out.put(name, value instanceof Quantity q ? (Object) q.number() : value.toString());
            }
        });
        return JsonWriter.write(out);
    }

    /** What a command means for a point. */
    static Reading value(String payload, ValueSpec spec) {
        String text = payload.strip();
        return switch (spec.kind()) {
            case BOOL ->
                switch (text.toUpperCase(Locale.ROOT)) {
                    case ON, "TRUE", "1" -> Reading.ON;
                    case OFF, "FALSE", "0" -> Reading.OFF;
                    default -> Reading.bad(Scalars.shown(payload) + " is neither ON nor OFF");
                };
            case QUANTITY -> {
                double n = Scalars.number(text);
                yield Double.isNaN(n)
                        ? Reading.bad(Scalars.shown(payload) + " is not a number")
                        : Reading.good(new Quantity(n, spec.unit() == null ? Unit.ONE : spec.unit()));
            }
            case CHOICE ->
                spec.options().contains(text)
                        ? Reading.good(new Choice(text))
                        : Reading.bad(Scalars.shown(payload) + " is not one of " + String.join(", ", spec.options()));
            case TEXT -> Scalars.textual(payload);
            case MOMENT -> Scalars.moment(text);
            case COLOUR -> Scalars.colour(text);
        };
    }
}
