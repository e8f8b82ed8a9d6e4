package org.fieldhouse.runtime.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityArray.Entry;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** What is asked of one point, in sixteen places of which the strongest is in force. Pure; not thread-safe. */
final class Slots {
    static final int COUNT = 16;

    /**
     * @param value in the point's unit
     * @param untilMicros when it ends by itself, as people are told, µs since 1970; 0 for never
     * @param endsMicros the same, {@link org.fieldhouse.runtime.bus.Ingress#steadyMicros steady}: this decides
     * @param holder who asks
     * @param command the command that asked; 0 if none did (a hand at the device)
     */
    record Wish(Value value, long untilMicros, long endsMicros, String holder, long command) {}

    private final @Nullable Wish[] wishes = new Wish[COUNT + 1];
    /** What {@link #array} said last; null after a change. */
    private @Nullable PriorityArray known;

    void put(int slot, Wish wish) {
        Wish before = wishes[slot];
        // The same rule asks again and again: one text for all the events that tell of it.
        wishes[slot] = before != null && before.holder != wish.holder && before.holder.equals(wish.holder)
                ? new Wish(wish.value, wish.untilMicros, wish.endsMicros, before.holder, wish.command)
                : wish;
        known = null;
    }

    /** Whether there was anything to release. */
    boolean release(int slot) {
        boolean occupied = wishes[slot] != null;
        wishes[slot] = null;
        known = null;
        return occupied;
    }

    @Nullable
    Wish at(int slot) {
        return wishes[slot];
    }

    /** The strongest occupied slot, 1 to 16; 0 if all are free. */
    int inForce() {
        return next(1);
    }

    /** The strongest occupied slot from that one on; 0 if there is none. */
    private int next(int from) {
        for (int slot = from; slot <= COUNT; slot++) {
            if (wishes[slot] != null) {
                return slot;
            }
        }
        return 0;
    }

    @Nullable
    Wish strongest() {
        return wishes[inForce()];
    }

    /** Releases what has ended by then, steady. Whether anything had. */
    boolean expire(long nowMicros) {
        boolean any = false;
        for (int slot = 1; slot <= COUNT; slot++) {
            Wish wish = wishes[slot];
            if (wish != null && wish.untilMicros != 0 && wish.endsMicros <= nowMicros) {
                wishes[slot] = null;
                known = null;
                any = true;
            }
        }
        return any;
    }

    /** When the next wish ends by itself, steady; {@link Long#MAX_VALUE} if none does. */
    long nextExpiry() {
        long next = Long.MAX_VALUE;
        for (Wish wish : wishes) {
            if (wish != null && wish.untilMicros != 0) {
                next = Math.min(next, wish.endsMicros);
            }
        }
        return next;
    }

    PriorityArray array() {
        PriorityArray ready = known;
        if (ready == null) {
            ready = newArray();
            known = ready;
        }
        return ready;
    }

    private PriorityArray newArray() {
        int strongest = inForce();
        if (strongest == 0) {
            return PriorityArray.EMPTY;
        }
        int next = next(strongest + 1);
        if (next == 0) { // nearly always: one asks
            return new PriorityArray(List.of(entry(strongest)));
        }
        List<Entry> entries = new ArrayList<>();
        entries.add(entry(strongest));
        for (int slot = next; slot != 0; slot = next(slot + 1)) {
            entries.add(entry(slot));
        }
        return new PriorityArray(entries);
    }

    private Entry entry(int slot) {
        Wish wish = Objects.requireNonNull(wishes[slot]);
        return new Entry(slot, wish.value, wish.untilMicros, wish.holder);
    }

    /** The wall clock was set: people are told of ends as the new one shows them, by steady time. */
    void restamp(LongUnaryOperator time) {
        for (int slot = 1; slot <= COUNT; slot++) {
            Wish wish = wishes[slot];
            if (wish != null && wish.untilMicros != 0) {
                wishes[slot] = new Wish(
                        wish.value, time.applyAsLong(wish.endsMicros), wish.endsMicros, wish.holder, wish.command);
                known = null;
            }
        }
    }

    /**
     * What a recorded array said.
     *
     * @param ahead how much steady time is ahead of the time of the bus, µs
     */
    static Slots of(PriorityArray array, long ahead) {
        Slots slots = new Slots();
        array.entries()
                .forEach(e -> slots.put(
                        e.slot(), new Wish(e.value(), e.untilMicros(), e.untilMicros() + ahead, e.holder(), 0)));
        return slots;
    }
}
