package org.fieldhouse.importer;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.SourceFile;

/** The kinds of devices that a rule file can expect, and which of them a name speaks of. */
final class Kinds {
    /** Words at the end of a name, and the kind of what only reports. */
    private static final Map<String, String> SENSORS = Map.ofEntries(
            Map.entry("temperature", "thermometer"),
            Map.entry("temp", "thermometer"),
            Map.entry("temperatur", "thermometer"),
            Map.entry("thermometer", "thermometer"),
            Map.entry("humidity", "hygrometer"),
            Map.entry("illuminance", "lux"),
            Map.entry("luminance", "lux"),
            Map.entry("lux", "lux"),
            Map.entry("co2", "co2"),
            Map.entry("power", "meter"),
            Map.entry("energy", "energy"),
            Map.entry("battery", "level"),
            Map.entry("level", "level"));

    private static final Map<String, String> CONTACTS = Map.ofEntries(
            Map.entry("motion", "motion"),
            Map.entry("pir", "motion"),
            Map.entry("occupancy", "motion"),
            Map.entry("presence", "motion"),
            Map.entry("door", "door"),
            Map.entry("gate", "door"),
            Map.entry("window", "window"),
            Map.entry("contact", "contact"),
            Map.entry("opening", "contact"),
            Map.entry("smoke", "smoke"),
            Map.entry("leak", "leak"),
            Map.entry("water", "leak"),
            Map.entry("moisture", "leak"),
            Map.entry("flood", "leak"));

    private final Map<String, Optional<DeviceDescription>> known = new HashMap<>();

    /** What a device of that kind can do; empty for a kind that there is not. */
    Optional<DeviceDescription> description(String kind) {
        return known.computeIfAbsent(kind, Kinds::asked);
    }

    private static Optional<DeviceDescription> asked(String kind) {
        if (!kind.matches("[a-z0-9_]+")) {
            return Optional.empty();
        }
        SourceFile file = new SourceFile("kind", "expect A: " + kind);
        return RuleCompiler.check(List.of(file), HouseModel.EMPTY)
                .program()
                .model()
                .named("A")
                .map(DeviceInfo::description);
    }

    /** The kind of something that reports a number, by the last word of its name that says one; empty if none does. */
    static String sensor(String name) {
        return last(name, SENSORS);
    }

    /** The kind of something that reports one of two states; a plain on or off if its name does not say. */
    static String contact(String name) {
        String found = last(name, CONTACTS);
        return found.isEmpty() ? "switch" : found;
    }

    private static String last(String name, Map<String, String> words) {
        String[] all = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT)
                .split("[_ .]+");
        for (int i = all.length - 1; i >= 0; i--) {
            String found = words.get(all[i]);
            if (found != null) {
                return found;
            }
        }
        return "";
    }
}
