package org.fieldhouse.runtime.bus;

import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.journal.JournalSettings;
import org.fieldhouse.runtime.journal.JournalTrouble;
import org.fieldhouse.runtime.journal.JournalWriter;
import org.fieldhouse.runtime.journal.Pruner;
import org.fieldhouse.runtime.journal.StateCodec;
import org.fieldhouse.runtime.state.StateTable;

/** What the journal's thread does beside writing: snapshots of the states, signs of life, pruning. */
final class Keeper implements JournalWriter.Upkeep {
    private static final long ALIVE_NANOS = TimeUnit.SECONDS.toNanos(55);
    private static final long PRUNE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** A wall clock that was set forward by more than this may have been set wrongly. */
    private static final long DOUBTFUL_MICROS = TimeUnit.HOURS.toMicros(1);
    /** So long nothing is too old then: nobody's history goes because of a slip with the date. */
    private static final long DOUBT_NANOS = TimeUnit.DAYS.toNanos(1);

    private final JournalStore store;
    private final JournalSettings settings;
    private final StateTable states;
    private final BusTime time;
    private final Pruner pruner;
    private final Bus bus;

    private long reserved;
    private long aliveNanos = System.nanoTime();
    private long prunedNanos = System.nanoTime();
    private long lastCommitted;
    private long snapshotSequence;
    private long snapshotNanos = System.nanoTime();
    /** When the wall clock was set forward by much; 0 if it was not. */
    private volatile long doubtedNanos;

    Keeper(
            JournalStore store,
            JournalSettings settings,
            StateTable states,
            BusTime time,
            Pruner pruner,
            Bus bus,
            long base) {
        this.store = store;
        this.settings = settings;
        this.states = states;
        this.time = time;
        this.pruner = pruner;
        this.bus = bus;
        this.snapshotSequence = base;
        this.lastCommitted = base;
    }

    @Override
    public void afterCommit(long committed) throws StoreException {
        long now = System.nanoTime();
        if (committed != lastCommitted) {
            lastCommitted = committed;
            aliveNanos = now;
        }
        if (bus.lastSequence() + Recovery.RESERVE / 2 > reserved || now - aliveNanos > ALIVE_NANOS) {
            mark(committed);
        }
        boolean due = now - snapshotNanos > settings.snapshotEvery().toNanos() && committed > snapshotSequence;
        if (due || committed - snapshotSequence >= settings.snapshotEvents()) {
            snapshot(committed);
        }
        if (now - prunedNanos > PRUNE_NANOS) {
            prunedNanos = now;
            boolean doubtful = doubtedNanos != 0 && now - doubtedNanos < DOUBT_NANOS;
            pruner.prune(settings, doubtful ? 0 : time.shownMicros());
        }
    }

    /** The wall clock was set by so much. Any thread. */
    void clockStepped(long micros) {
        if (micros > DOUBTFUL_MICROS) {
            doubtedNanos = System.nanoTime() | 1;
        } else if (micros < -DOUBTFUL_MICROS) {
            doubtedNanos = 0;
        }
    }

    /** A sign of life, with numbers reserved ahead. */
    private void mark(long committed) throws StoreException {
        mark(committed, time.nowMicros());
    }

    /**
     * Reserves numbers. At a start this comes before the start itself is on disk, and must not pass for a sign of life: who is
     * killed in between has not been up.
     *
     * @param alive when the runtime was last known to be up, µs since 1970
     */
    void mark(long committed, long alive) throws StoreException {
        long next = Math.max(reserved, bus.lastSequence() + Recovery.RESERVE);
        bus.exclusively(
                () -> store.putSnapshot(Recovery.MARK, new Recovery.Mark(next, alive, false).toSnapshot(committed)));
        reserved = next;
        aliveNanos = System.nanoTime();
    }

    /** The run has ended with that number. */
    void markEnd(long last) throws StoreException {
        Snapshot mark = new Recovery.Mark(last, time.nowMicros(), true).toSnapshot(last);
        bus.exclusively(() -> store.putSnapshot(Recovery.MARK, mark));
    }

    /** The states as they are now contain everything up to {@code committed}, and the tail is replayed over them. */
    void snapshot(long committed) throws StoreException {
        byte[] data = StateCodec.write(states.kept(), time.nowMicros());
        bus.exclusively(() -> store.putSnapshot(Recovery.STATES, new Snapshot(committed, data)));
        snapshotSequence = committed;
        snapshotNanos = System.nanoTime();
    }

    @Override
    public void moved() {
        bus.moved();
    }

    @Override
    public void recovered(JournalTrouble over) {
        if (over.missing() > 0) {
            String detail = "events " + over.from() + " to " + over.to()
                    + " are not all there; missing since the start: " + over.missing();
            bus.publish(new AuditRecorded("journal.gap", "journal", detail), Cause.RUNTIME);
        }
    }
}
