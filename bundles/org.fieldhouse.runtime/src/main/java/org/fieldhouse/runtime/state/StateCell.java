package org.fieldhouse.runtime.state;

import java.util.function.LongUnaryOperator;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.jspecify.annotations.Nullable;

/** The state of one point. Everything but {@link #state()} is for the holder of the sequencer's baton. */
public final class StateCell {
    private final PointId point;
    private volatile State state = State.NONE;
    /** What {@code online()} brings back; of meaning only while the quality is OFFLINE. */
    private volatile Quality beforeOffline = Quality.GOOD;

    /** µs; 0 for a point that does not age. */
    volatile long maxAgeMicros;
    /** How much later than its report says it ages, µs, since the wall clock was set after it. */
    private long later;
    /** Whether the age wheel holds this cell. */
    boolean armed;
    /** Next in the same slot of the age wheel. */
    @Nullable
    StateCell nextInSlot;
    /** Whether the device is still in the house. */
    boolean removed;

    StateCell(PointId point) {
        this.point = point;
    }

    public PointId point() {
        return point;
    }

    /** Any thread. */
    public State state() {
        return state;
    }

    Quality beforeOffline() {
        return beforeOffline;
    }

    void restore(State restored, Quality before, long maxAge) {
        state = restored;
        beforeOffline = before;
        maxAgeMicros = maxAge;
    }

    void set(State next) {
        Quality was = state.quality();
        if (next.quality() == Quality.OFFLINE && was != Quality.OFFLINE) {
            beforeOffline = was;
        }
        if (next.receivedMicros() != state.receivedMicros()) {
            later = 0;
        }
        state = next;
    }

    /** When it becomes stale, µs since 1970; {@link Long#MAX_VALUE} for never. */
    long staleAt() {
        return ages(state.quality()) ? over() : Long.MAX_VALUE;
    }

    private long over() {
        return state.receivedMicros() + later + maxAgeMicros;
    }

    /** The wall clock was set; the cell is in no age wheel now. */
    void moved(LongUnaryOperator time) {
        armed = false;
        nextInSlot = null;
        if (maxAgeMicros > 0) {
            later += time.applyAsLong(over()) - over();
        }
    }

    /** The quality that an OFFLINE point has once its device is online again. */
    Quality qualityOnline(long nowMicros) {
        return ages(beforeOffline) && over() <= nowMicros ? Quality.STALE : beforeOffline;
    }

    private boolean ages(Quality quality) {
        return maxAgeMicros > 0 && (quality == Quality.GOOD || quality == Quality.UNCERTAIN);
    }
}
