package org.fieldhouse.rules.program;

import java.util.Map;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What expressions are evaluated against. One per engine, on its thread; the engine sets the fields before it evaluates.
 *
 * <p>A node whose value can change by the passing of time alone says in {@link #wake} when that will be the case at the
 * earliest; who holds the condition asks to be woken then.
 */
public final class Env {
    private static final @Nullable Value[] NO_LOCALS = {};

    /** By the program's index. */
    public Cell[] cells = {};
    /** By the program's index. */
    public Held[] held = {};
    /** Steady time, µs: passes whatever the wall clock does. What lasts is measured in it. */
    public long now;
    /** What the wall clock is ahead of {@link #now}, µs. */
    public long offset;
    /** When something evaluated may change by time alone, steady; {@link Long#MAX_VALUE} for never. */
    public long wake = Long.MAX_VALUE;
    /** Whether last values count, whatever their quality is now. */
    public boolean lenient;
    /** The {@code let} values of the run at hand. */
    public @Nullable Value[] locals = NO_LOCALS;
    /** The payload of the event that triggered the run at hand. */
    public Map<String, Value> arguments = Map.of();

    /** What bundles contribute. */
    public Functions functions = Functions.NONE;

    /** Days, hours and the sun where the house is. */
    public final Calendar calendar;

    public Env(Calendar calendar) {
        this.calendar = calendar;
    }

    /** What the wall clock shows, µs since 1970. */
    public long wall() {
        return now + offset;
    }

    /** Asks to be evaluated again when the wall clock shows that. */
    public void wakeAtWall(long micros) {
        wakeAt(micros == Long.MAX_VALUE ? micros : micros - offset);
    }

    /** Asks to be evaluated again at that steady time. */
    public void wakeAt(long micros) {
        if (micros < wake) {
            wake = micros;
        }
    }

    /** Leaves the run: no locals, no payload. */
    public void leave() {
        locals = NO_LOCALS;
        arguments = Map.of();
    }
}
