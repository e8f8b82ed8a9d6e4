package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Zigbee2MQTT says of its network (guide, "MQTT topics and messages": {@code bridge/devices}, {@code bridge/groups},
 * {@code availability}). Pure. Nothing that comes can make it throw; what cannot be used is left out.
 */
final class Zigbee2MqttCodec {
    private static final int MAX_DEVICES = 10_000;
    private static final List<String> MAIN = List.of(
            "onoff",
            "open",
            "locked",
            "contact",
            "occupancy",
            "presence",
            "water_leak",
            "smoke",
            "gas",
            "carbon_monoxide",
            "vibration",
            "temperature",
            "humidity",
            "illuminance",
            "power",
            "energy",
            "setpoint");
    private static final Map<String, String> KIND_OF_MAIN = Map.of(
            "contact", "contact",
            "occupancy", "motion",
            "presence", "presence",
            "water_leak", "leak",
            "smoke", "smoke",
            "gas", "gas",
            "vibration", "vibration");
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{16}");
    private static final Set<String> GROUPABLE =
            Set.of("onoff", "brightness", "color", "color_temp", "open", "position");

    private Zigbee2MqttCodec() {}

    /**
     * The devices of {@code bridge/devices}, without the coordinator, by IEEE address.
     *
     * @param malformed told of entries without one
     */
    static Map<String, NetworkDevice> devices(@Nullable Object json, Consumer<String> malformed) {
        Map<String, NetworkDevice> out = new LinkedHashMap<>();
        for (Object item : Json.items(json)) {
            Map<String, @Nullable Object> device = Json.object(item);
            if (device != null && (out.size() >= MAX_DEVICES || "Coordinator".equals(device.get("type")))) {
                continue;
            }
            if (device != null
                    && device.get("ieee_address") instanceof String ieee
                    && ADDRESS.matcher(ieee).matches()) {
                out.put(ieee, device(ieee, device));
            } else {
                malformed.accept("bridge/devices: no device with an IEEE address: " + Scalars.shown(item));
            }
        }
        return out;
    }

    private static NetworkDevice device(String ieee, Map<String, @Nullable Object> json) {
        Map<String, @Nullable Object> definition = Json.object(json.get("definition"));
        Map<String, @Nullable Object> known = definition == null ? Map.of() : definition;
        Exposes exposes = new Exposes(known.get("exposes"));
        List<Property> properties = new ArrayList<>(exposes.properties());
        List<ActionSpec> actions = new ArrayList<>(exposes.actions());
        if (Boolean.TRUE.equals(known.get("supports_ota"))) {
            addUpdate(properties, actions);
        }
        Map<String, String> details = new LinkedHashMap<>();
        put(details, "manufacturer", known.get("vendor"), json.get("manufacturer"));
        put(details, "model", known.get("model"), json.get("model_id"));
        put(details, "about", known.get("description"), null);
        put(details, "firmware", json.get("software_build_id"), null);
        put(details, "power", json.get("power_source"), null);
        put(details, "ieee address", ieee, null);
        details.putAll(exposes.notes());
        String name = json.get("friendly_name") instanceof String s && !s.isEmpty() ? s : ieee;
        String title = (details.getOrDefault("manufacturer", "") + " " + details.getOrDefault("model", "")).strip();
        if (!details.getOrDefault("about", "").isEmpty()) {
            title += ", " + details.get("about");
        }
        return network(
                ieee,
                name,
                definition == null ? title + " (not supported by Zigbee2MQTT)" : title,
                json,
                properties,
                actions,
                exposes,
                details);
    }

    private static NetworkDevice network(
            String key,
            String name,
            String title,
            Map<String, @Nullable Object> json,
            List<Property> properties,
            List<ActionSpec> actions,
            Exposes exposes,
            Map<String, String> details) {
        List<PointSpec> points = properties.stream().map(Property::spec).toList();
        Set<String> taken = new TreeSet<>(points.stream().map(PointSpec::name).toList());
        String main = main(points, exposes.kinds());
        DeviceDescription description = new DeviceDescription(
                kind(main, exposes),
                points,
                actions.stream().filter(a -> !taken.contains(a.name())).toList(),
                exposes.events(),
                main,
                details);
        Map<String, List<Property>> byKey = new HashMap<>();
        properties.forEach(
                p -> byKey.computeIfAbsent(p.key(), k -> new ArrayList<>()).add(p));
        return new NetworkDevice(
                key,
                name,
                title,
                Boolean.TRUE.equals(json.get("disabled")),
                description,
                byKey,
                exposes.actionKeys(),
                RadioLinks.bindings(json.get("endpoints")),
                exposes.actionFrames());
    }

    private static void addUpdate(List<Property> properties, List<ActionSpec> actions) {
        Map<String, Object> states = new LinkedHashMap<>();
        List.of("idle", "available", "scheduled", "updating").forEach(s -> states.put(s, s));
        add(
                properties,
                "update_state",
                ValueSpec.choice(List.copyOf(states.keySet())),
                "state",
                new Coding.Enumerated(states));
        add(
                properties,
                "update_progress",
                ValueSpec.quantity(Units.PERCENT, 0, 100),
                "progress",
                new Coding.Numeric(Units.PERCENT, 1, 0, false));
        actions.add(new ActionSpec("update", List.of(), false, "Update the firmware"));
    }

    private static void add(List<Property> all, String name, ValueSpec value, String part, Coding coding) {
        if (all.stream().noneMatch(p -> p.spec().name().equals(name))) {
            PointSpec spec = PointSpec.state(name, value).withCategory(Category.DIAGNOSTIC);
            all.add(new Property(spec, "update", part, coding, false));
        }
    }

    private static void put(
            Map<String, String> details, String key, @Nullable Object first, @Nullable Object otherwise) {
        Object value = first == null ? otherwise : first;
        if (value != null && !Scalars.text(value).isEmpty()) {
            details.put(key, Scalars.text(value));
        }
    }

    private static @Nullable String main(List<PointSpec> points, Set<String> kinds) {
        Set<String> names = new TreeSet<>(points.stream().map(PointSpec::name).toList());
        if (kinds.contains("climate") && names.contains("temperature")) {
            return "temperature";
        }
        for (String name : MAIN) {
            if (names.contains(name)) {
                return name;
            }
        }
        return points.stream()
                .filter(p -> p.category() != Category.DIAGNOSTIC && p.category() != Category.CONFIGURATION)
                .map(PointSpec::name)
                .findFirst()
                .orElse(null);
    }

    private static String kind(@Nullable String main, Exposes exposes) {
        Set<String> kinds = exposes.kinds();
        for (String kind : List.of("light", "cover", "lock", "fan", "switch")) {
            if (kinds.contains(kind)) {
                return kind;
            }
        }
        if (kinds.contains("climate")) {
            return "thermostat";
        }
        String named = main == null ? null : KIND_OF_MAIN.get(main);
        return named != null ? named : exposes.actionKeys().isEmpty() ? "sensor" : "button";
    }

    /** The groups of {@code bridge/groups}, by {@code group:id}; their points are those that all members share. */
    static Map<String, NetworkDevice> groups(@Nullable Object json, Map<String, NetworkDevice> devices) {
        Map<String, NetworkDevice> out = new LinkedHashMap<>();
        for (Object item : Json.items(json)) {
            Map<String, @Nullable Object> group = Json.object(item);
            if (group == null || !(group.get("id") instanceof Number id) || out.size() >= MAX_DEVICES) {
                continue;
            }
            String key = "group:" + id.longValue();
            String name = group.get("friendly_name") instanceof String s && !s.isEmpty() ? s : key;
            List<Property> shared = shared(group.get("members"), devices);
            out.put(
                    key,
                    network(
                            key,
                            name,
                            "Group of " + Json.items(group.get("members")).size(),
                            group,
                            shared,
                            List.of(),
                            new Exposes(null),
                            Map.of("group", String.valueOf(id.longValue()))));
        }
        return out;
    }

    private static List<Property> shared(@Nullable Object members, Map<String, NetworkDevice> devices) {
        Map<String, Property> shared = null;
        for (Object item : Json.items(members)) {
            Map<String, @Nullable Object> member = Json.object(item);
            NetworkDevice device = member == null ? null : devices.get(String.valueOf(member.get("ieee_address")));
            if (device == null) {
                continue;
            }
            Map<String, Property> has = device.byPoint();
            has.keySet().retainAll(GROUPABLE);
            if (shared == null) {
                shared = new LinkedHashMap<>();
                for (Property p : device.properties().values().stream()
                        .flatMap(List::stream)
                        .toList()) {
                    if (has.containsKey(p.spec().name())) {
                        shared.put(p.spec().name(), p);
                    }
                }
            } else {
                shared.keySet().retainAll(has.keySet());
            }
        }
        return shared == null ? List.of() : List.copyOf(shared.values());
    }

    /** Whether {@code {"state":"online"}}, or the plain word of older versions, says online; empty for anything else. */
    static Optional<Boolean> online(String text, @Nullable Object json) {
        Map<String, @Nullable Object> object = Json.object(json);
        String word = object == null ? text.strip() : Scalars.text(object.get("state"));
        return switch (word) {
            case "online" -> Optional.of(true);
            case "offline" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
