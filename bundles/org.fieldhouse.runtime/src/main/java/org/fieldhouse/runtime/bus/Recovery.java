package org.fieldhouse.runtime.bus;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.journal.JournalReader;
import org.fieldhouse.runtime.journal.StateCodec;
import org.fieldhouse.runtime.state.StateTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an earlier run left.
 *
 * @param base nothing in an earlier run was numbered above this
 * @param lastMicros when it was last known to be alive, µs since 1970; 0 at the very first start
 * @param clean whether it was stopped, and not killed
 */
record Recovery(long base, long lastMicros, boolean clean) {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    static final String STATES = "runtime.states";
    static final String MARK = "runtime.mark";

    /**
     * Numbers reserved ahead. What was numbered, seen and not yet on disk when the process was killed must not be numbered again;
     * so a run that follows a kill begins above the mark.
     */
    static final long RESERVE = 1_000_000;

    /**
     * Reads states, numbers and times back.
     *
     * @param nowMicros the wall clock
     */
    static Recovery read(JournalStore store, JournalReader reader, StateTable states, long nowMicros) {
        long begin = System.nanoTime();
        try {
            long after = readStates(store, states);
            AtomicReference<Event> newest = new AtomicReference<>();
            reader.read(after + 1, event -> {
                states.apply(event.fact());
                newest.set(event);
                return true;
            });
            long onDisk = store.lastSequence();
            if (newest.get() == null && onDisk > 0) {
                reader.event(onDisk).ifPresent(newest::set);
            }
            states.armAll();
            LOG.info(
                    "Restored {} states, from a snapshot at event {} and the journal up to {}, in {} ms",
                    states.size(),
                    after,
                    onDisk,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            Recovery known = conclude(store, newest.get(), Math.max(onDisk, after));
            if (store.unreadable() > 0 && !readMark(store).isThere()) {
                // What was numbered is lost with the mark.
                return new Recovery(Math.max(known.base, nowMicros), known.lastMicros, false);
            }
            return known;
        } catch (StoreException | RuntimeException e) {
            LOG.error("the journal cannot be read; starting without what was", e);
            // Higher than any number that was ever given: events are rarer than microseconds.
            return new Recovery(nowMicros, 0, false);
        }
    }

    private static Recovery conclude(JournalStore store, @Nullable Event newest, long last) throws StoreException {
        Mark mark = readMark(store);
        boolean first = last == 0 && !mark.isThere();
        boolean clean = first || mark.clean && mark.reserved == last;
        long above = mark.isThere() ? Math.max(last, mark.reserved) : last + (first ? 0 : RESERVE);
        long lastMicros = newest == null ? lastTime(store, last) : newest.timeMicros();
        return new Recovery(clean ? last : above, Math.max(lastMicros, mark.alive), clean);
    }

    private static long lastTime(JournalStore store, long last) throws StoreException {
        AtomicLong time = new AtomicLong();
        store.read(last, block -> {
            time.set(block.lastMicros());
            return true;
        });
        return time.get();
    }

    /** The number up to which the states were restored. */
    private static long readStates(JournalStore store, StateTable states) throws StoreException {
        for (Snapshot snapshot : store.snapshots(STATES)) {
            try {
                StateCodec.read(snapshot.data(), states::restore);
                return snapshot.sequence();
            } catch (CorruptException | IllegalArgumentException e) {
                LOG.error(
                        "a snapshot of the states at event {} cannot be read: {}", snapshot.sequence(), e.getMessage());
            }
        }
        return 0;
    }

    /**
     * A sign of life. The first is on disk before a run gives its first number, and the last after its last, so a run that was
     * killed before anything else of it was on disk is known too.
     *
     * @param reserved no number above this is given before a higher mark is on disk
     * @param alive µs since 1970
     * @param clean whether the run has ended, and {@code reserved} is its last number
     */
    record Mark(long reserved, long alive, boolean clean) {
        static final Mark NONE = new Mark(0, 0, false);

        /** Not {@code equals}: the first record to be compared costs a start 30 ms of linking (docs/adr/0086). */
        boolean isThere() {
            return alive != 0 || reserved != 0 || clean;
        }

        Snapshot toSnapshot(long sequence) {
            ByteWriter out = new ByteWriter(24);
            out.u8(1);
            out.unsigned(reserved);
            out.signed(alive);
            out.u8(clean ? 1 : 0);
            return new Snapshot(sequence, out.toBytes());
        }
    }

    static Mark readMark(JournalStore store) throws StoreException {
        List<Snapshot> marks = store.snapshots(MARK);
        for (Snapshot snapshot : marks) {
            try {
                ByteReader in = new ByteReader(snapshot.data());
                if (in.u8() == 1) {
                    long reserved = in.unsigned();
                    long alive = in.signed();
                    return new Mark(reserved, alive, in.u8() == 1);
                }
            } catch (CorruptException e) {
                LOG.warn("a mark of the bus cannot be read: {}", e.getMessage());
            }
        }
        return Mark.NONE;
    }
}
