package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/**
 * All devices of one generation, checked against each other.
 *
 * @param entries by name, in the order of the files
 * @param problems of all files
 */
record Plan(Map<String, DeviceEntry> entries, List<Problem> problems) {
    static final Plan EMPTY = new Plan(Map.of(), List.of());

    /** Puts files together; they come sorted by path. */
    static Plan of(Collection<DevicesFile> files) {
        Map<String, DeviceEntry> byName = new LinkedHashMap<>();
        Map<DeviceId, DeviceEntry> byId = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (DevicesFile file : files) {
            problems.addAll(file.problems());
            for (DeviceEntry entry : file.entries()) {
                DeviceEntry named = byName.putIfAbsent(entry.name(), entry);
                DeviceEntry same = named != null ? null : byId.putIfAbsent(entry.id(), entry);
                if (named != null) {
                    problems.add(Problem.error(
                            "C004", entry.place(), "the name " + entry.name() + " is taken by " + named.place()));
                } else if (same != null) {
                    problems.add(Problem.error(
                            "C006",
                            entry.place(),
                            entry.name() + " has the id " + entry.id() + ", which " + same.name() + " has ("
                                    + same.place() + "); give one of them an 'id:' of its own"));
                }
            }
        }
        byName.values().forEach(e -> bridge(e, byName, problems));
        return new Plan(byName, List.copyOf(problems));
    }

    private static void bridge(DeviceEntry entry, Map<String, DeviceEntry> byName, List<Problem> problems) {
        if (entry.bridge() == null) {
            return;
        }
        if (!byName.containsKey(entry.bridge())) {
            problems.add(Problem.error(
                    "C012",
                    entry.placeOf("bridge"),
                    "the bridge '" + entry.bridge() + "' of " + entry.name() + " is no device"
                            + DidYouMean.hint(entry.bridge(), byName.keySet())));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (DeviceEntry at = entry; at != null && at.bridge() != null; at = byName.get(at.bridge())) {
            if (!seen.add(at.name())) {
                if (at == entry) {
                    problems.add(Problem.error(
                            "C013",
                            entry.place(),
                            entry.name() + " is reached through itself: " + String.join(" → ", seen)));
                }
                return;
            }
        }
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }

    /** The id of the bridge that an entry names; null if it is reached directly. */
    @Nullable
    DeviceId bridgeOf(DeviceEntry entry) {
        DeviceEntry bridge = entry.bridge() == null ? null : entries.get(entry.bridge());
        return bridge == null ? null : bridge.id();
    }
}
