package org.fieldhouse.rules.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Deps;
import org.fieldhouse.rules.program.Watcher;

/** Who wants to see what. Filled once for a program, in the order in which they will be told. */
final class Wiring {
    private final Map<Integer, LinkedHashSet<Watcher>> watchers = new HashMap<>();
    private final Map<DeviceId, Map<String, List<BodyRunner.SignalledRunner>>> signals = new HashMap<>();
    private final Map<Class<? extends Fact>, List<Behaviour>> facts = new HashMap<>();

    void watch(Deps deps, Watcher watcher) {
        for (int cell : deps.cells()) {
            watch(cell, watcher);
        }
    }

    void watch(int cell, Watcher watcher) {
        watchers.computeIfAbsent(cell, c -> new LinkedHashSet<>()).add(watcher);
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
        watchers.forEach((cell, all) -> cells[cell].watchers(all.toArray(new Watcher[0])));
    }

    List<BodyRunner.SignalledRunner> heard(Fact.DeviceSignalled fact) {
        return signals.getOrDefault(fact.device(), Map.of()).getOrDefault(fact.event(), List.of());
    }

    List<Behaviour> interested(Fact fact) {
        return facts.isEmpty() ? List.of() : facts.getOrDefault(fact.getClass(), List.of());
    }
}
