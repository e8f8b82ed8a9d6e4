package org.fieldhouse.binding.mqtt.homeassistant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.binding.mqtt.codec.WireUnits;
import org.jspecify.annotations.Nullable;

/**
 * Entities made into one device: names that collide are told apart by the entity's own id. Pure, immutable.
 *
 * @param entities those that can be used
 * @param description what the device says of itself
 * @param names per entity, from local names of points and actions to those of the device
 * @param places from names of the device to the entity and its local name
 */
record Assembly(
        List<Entity> entities,
        DeviceDescription description,
        Map<Entity, Map<String, String>> names,
        Map<String, Place> places) {

    /** Where a point or action of the device comes from. */
    record Place(Entity entity, String local) {}

    /** Components by how well they say what the device is. */
    private static final List<String> KINDS = List.of(
            "light",
            "cover",
            "valve",
            "climate",
            "lock",
            "fan",
            "humidifier",
            "alarm_control_panel",
            "switch",
            "siren",
            "device_tracker",
            "binary_sensor",
            "event",
            "device_automation",
            "sensor");

    static Assembly of(List<Entity> announced) {
        List<Entity> usable =
                announced.stream().filter(e -> e.unsupported() == null).toList();
        Map<Entity, Map<String, String>> names = new IdentityHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        List<PointSpec> points = new ArrayList<>();
        List<ActionSpec> actions = new ArrayList<>();
        Map<String, EventSpec> events = new LinkedHashMap<>();
        for (Entity e : usable) {
            Map<String, String> own = new HashMap<>();
            for (PointSpec p : e.points()) {
                String name = free(p.name(), e, places.keySet());
                own.put(p.name(), name);
                places.put(name, new Place(e, p.name()));
                points.add(new PointSpec(
                        name,
                        p.value(),
                        p.access(),
                        p.category(),
                        p.maxAge(),
                        p.feedback(),
                        p.parameters(),
                        p.title()));
            }
            for (ActionSpec a : e.actions()) {
                String name = free(a.name(), e, places.keySet());
                own.put(a.name(), name);
                places.put(name, new Place(e, a.name()));
                actions.add(new ActionSpec(name, a.arguments(), a.repeatable(), a.title()));
            }
            e.events().forEach(s -> events.putIfAbsent(s.name(), s));
            names.put(e, own);
        }
        Entity best = best(usable);
        String main = best == null || best.main() == null
                ? null
                : names.getOrDefault(best, Map.of()).get(best.main());
        DeviceDescription description = new DeviceDescription(
                kind(best), points, actions, List.copyOf(events.values()), main, details(announced));
        return new Assembly(usable, description, names, places);
    }

    private static String free(String wanted, Entity e, Set<String> taken) {
        if (!taken.contains(wanted)) {
            return wanted;
        }
        String base = Names.toMemberName(wanted + "_" + e.config().localId());
        String name = base;
        for (int n = 2; taken.contains(name); n++) {
            name = base + "_" + n;
        }
        return name;
    }

    /** Of the best kind, and among these the one without a name of its own. */
    private static @Nullable Entity best(List<Entity> usable) {
        Entity best = null;
        for (Entity e : usable) {
            if (best == null || rank(e) < rank(best)) {
                best = e;
            }
        }
        return best;
    }

    private static int rank(Entity e) {
        int kind = KINDS.indexOf(e.config().component());
        int special = e.config().has("entity_category") ? 1_000 : 0;
        return special
                + 2 * (kind < 0 ? KINDS.size() : kind)
                + (e.config().text("name", "").isEmpty() ? 0 : 1);
    }

    private static String kind(@Nullable Entity best) {
        if (best == null) {
            return "unknown";
        }
        EntityConfig c = best.config();
        return switch (c.component()) {
            case "climate" -> "thermostat";
            case "event", "device_automation" -> "button";
            case "alarm_control_panel" -> "alarm";
            case "binary_sensor" ->
                switch (c.text("device_class", "")) {
                    case "door", "window", "garage_door", "opening" -> "contact";
                    case "motion", "occupancy" -> "motion";
                    case "moisture" -> "leak";
                    case "" -> "sensor";
                    default -> c.text("device_class", "");
                };
            default -> c.component();
        };
    }

    private static Map<String, String> details(List<Entity> announced) {
        Map<String, String> out = new LinkedHashMap<>();
        if (!announced.isEmpty()) {
            out.putAll(announced.get(0).config().deviceFacts());
        }
        Set<String> units = new TreeSet<>();
        for (Entity e : announced) {
            if (e.unsupported() != null) {
                out.put("not supported: " + e.config().identity(), e.unsupported());
            }
            String unit = e.config().text("unit_of_measurement", "");
            if (!unit.isEmpty() && WireUnits.find(unit).isEmpty()) {
                units.add(unit);
            }
        }
        if (!units.isEmpty()) {
            out.put("units not known", String.join(", ", units));
        }
        return out;
    }
}
