package org.fieldhouse.runtime.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.journal.FactList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the house knew when it was last up: names, descriptions, what was asked of points, and commands that had not ended. Read
 * from a snapshot and the journal behind it. Not thread-safe; read once, at the start.
 */
public final class HouseMemory {
    private static final Logger LOG = LoggerFactory.getLogger(HouseMemory.class);
    static final String SNAPSHOT = "runtime.house";

    private final Map<DeviceId, String> names = new HashMap<>();
    private final Map<DeviceId, DeviceDescription> descriptions = new HashMap<>();
    private final Map<PointId, PriorityArray> priorities = new HashMap<>();
    private final Map<Long, Command> open = new TreeMap<>();
    /** Of these, sets that a crash may have cut off before they took their slot. */
    private final Set<Long> unplaced = new HashSet<>();

    /**
     * Reads back what earlier runs left.
     *
     * @param before the number of this run's first event
     */
    public static HouseMemory read(Journal journal, long before) {
        HouseMemory memory = new HouseMemory();
        try {
            long from = memory.readSnapshot(journal);
            journal.read(from + 1, event -> {
                if (event.sequence() >= before) {
                    return false;
                }
                memory.apply(event.fact());
                return true;
            });
        } catch (StoreException e) {
            LOG.error("What the house knew cannot be read; devices will describe themselves again", e);
        }
        return memory;
    }

    private long readSnapshot(Journal journal) throws StoreException {
        for (Snapshot snapshot : journal.snapshots(SNAPSHOT)) {
            try {
                FactList.decode(snapshot.data()).forEach(this::apply);
                return snapshot.sequence();
            } catch (IllegalArgumentException e) {
                LOG.error("A snapshot of the house cannot be read: {}", e.getMessage());
            }
        }
        return 0;
    }

    void apply(Fact fact) {
        if (fact instanceof Fact.DeviceAdded f) {
            names.put(f.device(), f.name());
        } else if (fact instanceof Fact.DeviceRenamed f) {
            names.put(f.device(), f.after());
        } else if (fact instanceof Fact.DeviceDescribed f) {
            descriptions.put(f.device(), f.description());
        } else if (fact instanceof Fact.DeviceRemoved f) {
            names.remove(f.device());
            descriptions.remove(f.device());
            priorities.keySet().removeIf(p -> p.device().equals(f.device()));
        } else if (fact instanceof Fact.PrioritiesChanged f) {
            if (f.priorities().entries().isEmpty()) {
                priorities.remove(f.point());
            } else {
                priorities.put(f.point(), f.priorities());
            }
            unplaced.removeIf(id -> f.point().equals(point(open.get(id))));
        } else if (fact instanceof Fact.CommandAccepted f) {
            open.put(f.command().id(), f.command());
            if (point(f.command()) != null) {
                unplaced.add(f.command().id());
            }
        } else if (fact instanceof Fact.CommandEnded f) {
            open.remove(f.command());
            unplaced.remove(f.command());
        }
    }

    private static @Nullable PointId point(@Nullable Command command) {
        return command != null && command.request() instanceof SetPoint set ? set.point() : null;
    }

    /**
     * The same as facts.
     *
     * @param recording commands that are not in their slots yet
     * @param open the others, without their end
     */
    static List<Fact> facts(
            Map<DeviceId, String> names,
            Map<DeviceId, DeviceDescription> descriptions,
            List<Command> recording,
            List<Command> open,
            Map<PointId, PriorityArray> priorities) {
        List<Fact> out = new ArrayList<>();
        names.forEach((id, name) -> out.add(new Fact.DeviceAdded(id, name)));
        descriptions.forEach((id, d) -> out.add(new Fact.DeviceDescribed(id, d)));
        // As they happened: a set is told of before the slots in which it is.
        open.forEach(command -> out.add(new Fact.CommandAccepted(command)));
        Map<PointId, PriorityArray> told = new HashMap<>(priorities);
        open.forEach(command -> {
            PointId point = point(command);
            if (point != null) {
                told.putIfAbsent(point, PriorityArray.EMPTY);
            }
        });
        told.forEach((point, array) -> out.add(new Fact.PrioritiesChanged(point, array)));
        recording.forEach(command -> out.add(new Fact.CommandAccepted(command)));
        return out;
    }

    Map<DeviceId, String> names() {
        return names;
    }

    Map<DeviceId, DeviceDescription> descriptions() {
        return descriptions;
    }

    Map<PointId, PriorityArray> priorities() {
        return priorities;
    }

    /** Commands that had not ended, oldest first. */
    List<Command> open() {
        return List.copyOf(open.values());
    }

    /** Which of these had been taken on, and the crash came before their slot was. */
    Set<Long> unplaced() {
        return unplaced;
    }
}
