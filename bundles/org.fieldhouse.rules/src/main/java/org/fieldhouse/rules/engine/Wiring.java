package org.fieldhouse.rules.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Deps;
import org.fieldhouse.rules.program.Watcher;

/** Who wants to see what. Filled once for a program, in the order in which they will be told. */
final class Wiring {
    /** By the program's index. */
    private final List<List<Watcher>> watchers;

    private final Map<DeviceId, Map<String, List<BodyRunner.SignalledRunner>>> signals = new HashMap<>();
    private final Map<Class<? extends Fact>, List<Behaviour>> facts = new HashMap<>();

    Wiring(int cells) {
        watchers = new ArrayList<>(Collections.nCopies(cells, List.of()));
    }

    void watch(Deps deps, Watcher watcher) {
        for (int cell : deps.cells()) {
            watch(cell, watcher);
        }
    }

    /** Each watcher asks for a cell once. */
    void watch(int cell, Watcher watcher) {
        List<Watcher> before = watchers.get(cell);
        if (before.isEmpty()) {
            watchers.set(cell, List.of(watcher)); // most have one
            return;
        }
        if (before.size() == 1) {
            watchers.set(cell, new ArrayList<>(before));
        }
        watchers.get(cell).add(watcher);
    }

    void listen(DeviceId device, String event, BodyRunner.SignalledRunner runner) {
        signals.computeIfAbsent(device, d -> new HashMap<>())
                .computeIfAbsent(event, e -> new ArrayList<>())
                .add(runner);
    }

    void listen(Class<? extends Fact> kind, Behaviour behaviour) {
        facts.computeIfAbsent(kind, k -> new ArrayList<>()).add(behaviour);
    }

    void apply(Cell[] cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i].watchers(watchers.get(i));
        }
    }

    List<BodyRunner.SignalledRunner> heard(Fact.DeviceSignalled fact) {
        return signals.getOrDefault(fact.device(), Map.of()).getOrDefault(fact.event(), List.of());
    }

    List<Behaviour> interested(Fact fact) {
        return facts.isEmpty() ? List.of() : facts.getOrDefault(fact.getClass(), List.of());
    }
}
