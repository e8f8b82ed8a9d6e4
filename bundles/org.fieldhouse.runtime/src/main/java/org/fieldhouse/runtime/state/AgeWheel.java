package org.fieldhouse.runtime.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A timer wheel for max-ages. A cell is in it at most once: a report does not move it, it is looked at when its old time comes
 * and put in again. So a report costs nothing here, and a cell is touched once per max-age.
 */
final class AgeWheel {
    /** A point is found stale at most this much late. */
    static final long TICK_MICROS = 250_000;

    private static final int SLOTS = 2_048;

    private final @Nullable StateCell[] slots = new @Nullable StateCell[SLOTS];
    /** Ticks below this have been emptied. */
    private long tick = Long.MIN_VALUE;
    /** No armed cell is in a slot before that tick. */
    private volatile long earliest = Long.MAX_VALUE;

    /** Puts a cell in, unless it is in already or does not age. */
    void arm(StateCell cell) {
        long at = cell.staleAt();
        if (cell.armed || at == Long.MAX_VALUE || cell.removed) {
            return;
        }
        long due = Math.floorDiv(at + TICK_MICROS - 1, TICK_MICROS);
        if (tick == Long.MIN_VALUE) {
            tick = Math.floorDiv(cell.state().receivedMicros(), TICK_MICROS);
        }
        due = Math.max(tick, Math.min(due, tick + SLOTS - 1));
        int slot = (int) Math.floorMod(due, (long) SLOTS);
        cell.armed = true;
        cell.nextInSlot = slots[slot];
        slots[slot] = cell;
        earliest = Math.min(earliest, due);
    }

    /** Takes everything out; the cells have to be told. */
    void clear() {
        Arrays.fill(slots, null);
        earliest = Long.MAX_VALUE;
        tick = Long.MIN_VALUE;
    }

    /** A cell whose slot's time has come, taken out; null if there is none at that time. */
    @Nullable
    StateCell poll(long nowMicros) {
        if (earliest == Long.MAX_VALUE) {
            return null;
        }
        long now = Math.floorDiv(nowMicros, TICK_MICROS);
        tick = Math.max(Math.max(tick, earliest), now - SLOTS + 1);
        for (; tick <= now; tick++) {
            int slot = (int) Math.floorMod(tick, (long) SLOTS);
            StateCell cell = slots[slot];
            if (cell != null) {
                slots[slot] = cell.nextInSlot;
                cell.nextInSlot = null;
                cell.armed = false;
                return cell;
            }
        }
        earliest = scan();
        return null;
    }

    private long scan() {
        for (long t = tick; t < tick + SLOTS; t++) {
            if (slots[(int) Math.floorMod(t, (long) SLOTS)] != null) {
                return t;
            }
        }
        return Long.MAX_VALUE;
    }

    /** µs since 1970; {@link Long#MAX_VALUE} if the wheel is empty. Any thread. */
    long nextCheck() {
        return earliest == Long.MAX_VALUE ? Long.MAX_VALUE : earliest * TICK_MICROS;
    }
}
