package org.fieldhouse.runtime.state;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongUnaryOperator;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.DeviceDescribed;
import org.fieldhouse.api.event.Fact.DeviceRemoved;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.journal.StateCodec.Kept;
import org.jspecify.annotations.Nullable;

/**
 * The last state of every point. One writer at a time (whoever holds the sequencer's baton); {@link #state} and {@link #cell}
 * from any thread.
 */
public final class StateTable {
    private final ConcurrentHashMap<PointId, StateCell> cells = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<DeviceId, List<StateCell>> byDevice = new ConcurrentHashMap<>();
    private final AgeWheel wheel = new AgeWheel();

    /** The state of a point; {@link State#NONE} for one that is unknown or has never reported. Any thread. */
    public State state(PointId point) {
        StateCell cell = cells.get(point);
        return cell == null ? State.NONE : cell.state();
    }

    /** The cell of a point, made at first sight. Any thread. */
    public StateCell cell(PointId point) {
        StateCell known = cells.get(point);
        return known != null ? known : cells.computeIfAbsent(point, this::newCell);
    }

    private StateCell newCell(PointId point) {
        StateCell cell = new StateCell(point);
        byDevice.computeIfAbsent(point.device(), d -> new CopyOnWriteArrayList<>())
                .add(cell);
        return cell;
    }

    /** The cells of a device. Any thread. */
    public Collection<StateCell> cellsOf(DeviceId device) {
        return byDevice.getOrDefault(device, List.of());
    }

    /**
     * Takes a report.
     *
     * @param value null to keep the last one
     * @param sourceMicros 0 for {@code receivedMicros}
     * @return what is to be said of it
     */
    public Fact report(StateCell cell, @Nullable Value value, Quality quality, long sourceMicros, long receivedMicros) {
        State before = cell.state();
        Value kept = value == null ? before.value() : value;
        Quality honest = kept == null && quality == Quality.GOOD ? Quality.BAD : quality;
        State after = new State(kept, honest, sourceMicros == 0 ? receivedMicros : sourceMicros, receivedMicros);
        return set(cell, before, after);
    }

    /** Makes a point OFFLINE; null if it already is, or has never reported. */
    public @Nullable Fact offline(StateCell cell) {
        State before = cell.state();
        boolean nothingToSay = before.quality() == Quality.OFFLINE || before.quality() == Quality.NEVER_REPORTED;
        return nothingToSay ? null : set(cell, before, before.withQuality(Quality.OFFLINE, before.receivedMicros()));
    }

    /** Gives an OFFLINE point back the quality that it had, or STALE if its time is over; null if it is not OFFLINE. */
    public @Nullable Fact online(StateCell cell, long nowMicros) {
        State before = cell.state();
        if (before.quality() != Quality.OFFLINE) {
            return null;
        }
        return set(cell, before, before.withQuality(cell.qualityOnline(nowMicros), before.receivedMicros()));
    }

    private Fact set(StateCell cell, State before, State after) {
        cell.set(after);
        if (cell.maxAgeMicros > 0) {
            wheel.arm(cell);
        }
        boolean same = before.quality() == after.quality() && Objects.equals(before.value(), after.value());
        return same ? new StateReported(cell.point(), after) : new StateChanged(cell.point(), before, after);
    }

    /** Learns from a fact that others publish, or from one that is replayed at the start. */
    public void apply(Fact fact) {
        if (fact instanceof StateReported reported) {
            cell(reported.point()).set(reported.state());
        } else if (fact instanceof StateChanged changed) {
            cell(changed.point()).set(changed.after());
        } else {
            learn(fact);
        }
    }

    /** Learns from a fact that is not about a state: descriptions bring max-ages, a removed device is forgotten. */
    public void learn(Fact fact) {
        if (fact instanceof DeviceDescribed described) {
            for (PointSpec spec : described.description().points()) {
                describe(described.device(), spec);
            }
        } else if (fact instanceof DeviceRemoved removed) {
            remove(removed.device());
        }
    }

    private void describe(DeviceId device, PointSpec spec) {
        Duration maxAge = spec.maxAge();
        PointId point = new PointId(device, spec.name());
        if (maxAge == null && !cells.containsKey(point)) {
            return;
        }
        StateCell cell = cell(point);
        cell.maxAgeMicros = maxAge == null ? 0 : Math.max(1, maxAge.toNanos() / 1_000);
        wheel.arm(cell);
    }

    private void remove(DeviceId device) {
        List<StateCell> gone = byDevice.remove(device);
        if (gone != null) {
            for (StateCell cell : gone) {
                cell.removed = true;
                cells.remove(cell.point());
            }
        }
    }

    /** How many points have been heard of. Any thread. */
    public int size() {
        return cells.size();
    }

    /** Arms everything that was restored. */
    public void armAll() {
        cells.values().forEach(wheel::arm);
    }

    /** Sets a cell as it was kept in a snapshot. */
    public void restore(PointId point, State state, Quality beforeOffline, long maxAgeMicros) {
        cell(point).restore(state, beforeOffline, maxAgeMicros);
    }

    /** The next cell whose max-age is over, made STALE; null if there is none at that time. */
    public @Nullable Fact nextStale(long nowMicros) {
        for (StateCell cell = wheel.poll(nowMicros); cell != null; cell = wheel.poll(nowMicros)) {
            if (!cell.removed && cell.staleAt() <= nowMicros) {
                State before = cell.state();
                return set(cell, before, before.withQuality(Quality.STALE, before.receivedMicros()));
            }
            wheel.arm(cell);
        }
        return null;
    }

    /** The wall clock was set: a point that would have become stale at a time becomes stale at another. */
    public void moved(LongUnaryOperator time) {
        wheel.clear();
        for (StateCell cell : cells.values()) {
            cell.moved(time);
            wheel.arm(cell);
        }
    }

    /** What a snapshot keeps. Any thread; states that change meanwhile are the old or the new ones. */
    public List<Kept> kept() {
        return cells.values().stream()
                .map(c -> new Kept(c.point(), c.state(), c.beforeOffline(), c.maxAgeMicros))
                .toList();
    }

    /** When to ask {@link #nextStale} again, µs since 1970; {@link Long#MAX_VALUE} for never. Any thread. */
    public long nextCheck() {
        return wheel.nextCheck();
    }
}
