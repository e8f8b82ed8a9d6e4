package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.journal.JournalSettings;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that fails or hangs stops nothing, and nobody is told that something is on disk when it is not. */
class JournalTest {
    /** Fails and hangs on command. */
    private static final class Trouble extends MemoryStore {
        volatile boolean full;
        volatile CountDownLatch hang = new CountDownLatch(0);
        volatile int appends;
        volatile boolean noSnapshots;
        /** The newest snapshot that was there when an event was written, by the event's number. */
        final ConcurrentNavigableMap<Long, Integer> there = new ConcurrentSkipListMap<>();

        @Override
        public synchronized void putSnapshot(String name, Snapshot snapshot) throws StoreException {
            if (noSnapshots) {
                throw new StoreException("database or disk is full");
            }
            super.putSnapshot(name, snapshot);
        }

        @Override
        public void append(List<JournalBlock> more) throws StoreException {
            appends++;
            try {
                hang.await();
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", e);
            }
            if (full) {
                throw new StoreException("database or disk is full");
            }
            super.append(more);
            List<Snapshot> newest = snapshots("program");
            int last = newest.isEmpty() ? 0 : newest.get(0).data()[0];
            more.forEach(block -> there.put(block.lastSequence(), last));
        }
    }

    private final Trouble store = new Trouble();
    private Bus bus =
            start(JournalSettings.DEFAULT.withStall(Duration.ofMillis(200)).withBacklog(20_000));

    private Bus start(JournalSettings settings) {
        return new Bus(
                BusSettings.DEFAULT.withBounds(1_024, 16, 64).withJournal(settings),
                store,
                Clock.systemUTC(),
                System::nanoTime);
    }

    @AfterEach
    void stop() {
        store.full = false;
        store.hang.countDown();
        bus.stop();
    }

    private List<Event> journal() throws StoreException {
        List<Event> events = new ArrayList<>();
        bus.read(0, events::add);
        return events;
    }

    private void publish(int n) {
        for (int i = 0; i < n; i++) {
            bus.publish(new TimerElapsed(i), Cause.CLOCK);
        }
    }

    @Test
    void aFullDiskStopsNothingAndWhatFitsIntoTheBacklogIsWrittenLater() throws Exception {
        List<Event> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("rules", Overflow.WAIT, 64, seen::add);
        store.full = true;
        publish(100);
        await().until(() -> seen.size() == 100);
        assertThatThrownBy(() -> bus.publishDurably(new TimerElapsed(1), Cause.CLOCK)
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StoreException.class)
                .hasMessageContaining("disk is full");
        assertThat(bus.trouble().failing()).isTrue();
        long committed = bus.committedSequence();
        assertThat(committed).isLessThan(seen.get(99).sequence());

        store.full = false;
        await().until(() -> bus.committedSequence() == bus.lastSequence());
        assertThat(bus.trouble().failing()).isFalse();
        assertThat(bus.trouble().missing()).isZero();
        assertThat(journal()).containsAll(seen);
    }

    /** Who is killed before its start is on disk was never up: what was due until then was missed, and not done late. */
    @Test
    void aStartThatDidNotReachTheDiskIsNoSignOfLife() throws Exception {
        publish(3);
        await().until(() -> bus.committedSequence() == bus.lastSequence());
        long last = bus.event(bus.lastSequence()).orElseThrow().timeMicros();
        store.full = true;
        Bus cutOff = later(1);
        assertThat(((RuntimeStarted) cutOff.event(cutOff.firstSequence())
                                .orElseThrow()
                                .fact())
                        .stoppedMicros())
                .isEqualTo(last);
        Bus next = later(2);
        assertThat(((RuntimeStarted)
                                next.event(next.firstSequence()).orElseThrow().fact())
                        .stoppedMicros())
                .isEqualTo(last);
        assertThat(next.firstSequence()).isGreaterThan(cutOff.firstSequence());
        next.stop();
        cutOff.stop();
    }

    private Bus later(int hours) {
        return new Bus(
                BusSettings.DEFAULT, store, Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)), System::nanoTime);
    }

    @Test
    void whatDoesNotFitIsCountedAndTheGapIsInTheJournal() throws Exception {
        List<Event> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("rules", Overflow.WAIT, 64, seen::add);
        await().until(() -> bus.committedSequence() == 1);
        store.full = true;
        for (int i = 0; i < 30; i++) {
            publish(200);
            int expected = (i + 1) * 200;
            await().until(() -> seen.size() == expected);
        }
        await().until(() -> bus.trouble().missing() > 0);
        store.full = false;
        await().until(() -> journal().stream().anyMatch(e -> e.fact() instanceof AuditRecorded));
        long missing = bus.trouble().missing();
        List<Event> journal = journal();
        assertThat(journal).extracting(Event::sequence).isSorted().doesNotHaveDuplicates();
        long inJournal =
                journal.stream().filter(e -> e.fact() instanceof TimerElapsed).count();
        assertThat(inJournal + missing).isEqualTo(6_000);
        AuditRecorded gap = (AuditRecorded) journal.stream()
                .map(Event::fact)
                .filter(AuditRecorded.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(gap.action()).isEqualTo("journal.gap");
        assertThat(gap.detail()).contains(String.valueOf(missing));
    }

    @Test
    void aDiskThatHangsHoldsTheBusForAWhileAndThenNoLonger() throws Exception {
        List<Event> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("rules", Overflow.WAIT, 64, seen::add);
        CountDownLatch hang = new CountDownLatch(1);
        store.hang = hang;
        int before = store.appends;
        publish(10);
        await().until(() -> store.appends > before);
        publish(5_000);
        await().until(() -> seen.size() == 5_010);
        assertThat(bus.committedSequence()).isLessThan(100);
        hang.countDown();
        await().until(() -> bus.trouble().missing() > 0 && bus.committedSequence() >= bus.lastSequence());
        long inJournal =
                journal().stream().filter(e -> e.fact() instanceof TimerElapsed).count();
        assertThat(inJournal + bus.trouble().missing()).isEqualTo(5_010);
    }

    @Test
    void aSnapshotNeverKnowsMoreThanTheJournal() throws Exception {
        publish(10);
        bus.putSnapshot("rules", new Snapshot(bus.lastSequence(), new byte[] {1}));
        assertThat(bus.committedSequence()).isGreaterThanOrEqualTo(11);
        store.full = true;
        publish(10);
        assertThatThrownBy(() -> bus.putSnapshot("rules", new Snapshot(bus.lastSequence(), new byte[] {2})))
                .isInstanceOf(StoreException.class);
        assertThat(bus.snapshots("rules")).extracting(Snapshot::sequence).containsExactly(11L);
    }

    @Test
    void whatIsPutAheadIsOnDiskBeforeTheEventsThatRelyOnIt() throws Exception {
        bus.stop();
        bus = start(JournalSettings.DEFAULT.withCommit(Duration.ZERO));
        for (int i = 1; i <= 100; i++) {
            publish(3);
            bus.putSnapshotAhead("program", new byte[] {(byte) i});
            long relying = bus.publishDurably(new TimerElapsed(i), Cause.CLOCK)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .sequence();
            assertThat(store.there.ceilingEntry(relying).getValue()).isEqualTo(i);
        }
    }

    @Test
    void whatReliesOnASnapshotWaitsWhileItCannotBeWritten() throws Exception {
        await().until(() -> bus.committedSequence() == bus.lastSequence());
        store.noSnapshots = true;
        bus.putSnapshotAhead("program", new byte[] {7});
        publish(10);
        await().until(() -> !bus.trouble().message().isEmpty());
        assertThat(bus.committedSequence()).isLessThanOrEqualTo(bus.lastSequence() - 10);
        assertThat(bus.snapshots("program")).isEmpty();
        store.noSnapshots = false;
        await().until(() -> bus.committedSequence() == bus.lastSequence());
        assertThat(bus.snapshots("program")).hasSize(1);
        assertThat(bus.trouble().missing()).isZero();
    }

    @Test
    void whatIsPutAheadCanBeReadAtOnce() throws Exception {
        bus.putSnapshotAhead("program", new byte[] {7});
        assertThat(bus.snapshots("program").get(0).data()).containsExactly(7);
    }

    /** What was numbered and seen but not on disk when the process was killed keeps its number for ever. */
    @Test
    void numbersAreNotUsedAgainAfterAKill() throws Exception {
        await().until(() -> bus.committedSequence() >= 1);
        store.hang = new CountDownLatch(1);
        publish(50);
        long seen = bus.lastSequence();
        Trouble left = new Trouble();
        store.read(0, block -> {
            try {
                left.append(List.of(block));
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        left.putSnapshot(Recovery.MARK, store.snapshots(Recovery.MARK).get(0));
        Bus next = new Bus(BusSettings.DEFAULT, left, Clock.systemUTC(), System::nanoTime);
        try {
            assertThat(next.firstSequence()).isGreaterThan(seen);
            Event started = next.event(next.firstSequence()).orElseThrow();
            assertThat(((RuntimeStarted) started.fact()).clean()).isFalse();
        } finally {
            next.stop();
        }
    }

    /** Nothing of the run was on disk but its mark. */
    @Test
    void aRunThatIsKilledAtOnceIsNoticed() throws Exception {
        bus.stop();
        Trouble left = new Trouble();
        left.putSnapshot(Recovery.MARK, store.snapshots(Recovery.MARK).get(0));
        long last = bus.lastSequence();
        store.read(0, block -> {
            try {
                left.append(List.of(block));
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        CountDownLatch release = new CountDownLatch(1);
        left.hang = release;
        Bus killed = new Bus(BusSettings.DEFAULT, left, Clock.systemUTC(), System::nanoTime);
        assertThat(killed.firstSequence()).isEqualTo(last + 1);
        left.hang = new CountDownLatch(0);
        Bus next = new Bus(BusSettings.DEFAULT, left, Clock.systemUTC(), System::nanoTime);
        try {
            assertThat(next.firstSequence()).isGreaterThan(last + 1);
            RuntimeStarted started = (RuntimeStarted)
                    next.event(next.firstSequence()).orElseThrow().fact();
            assertThat(started.clean()).isFalse();
        } finally {
            next.stop();
            release.countDown();
            killed.stop();
        }
    }

    @Test
    void theJournalIsPrunedButNotBeyondWhatIsNeeded() throws Exception {
        publish(500);
        await().until(() -> bus.committedSequence() == bus.lastSequence());
        for (int i = 0; i < 20; i++) {
            publish(500);
            long last = bus.lastSequence();
            await().until(() -> bus.committedSequence() >= last);
        }
        JournalSettings small = JournalSettings.DEFAULT.withRetention(Duration.ofDays(1), store.size() / 2);
        bus.retain("rules", 300);
        bus.pruner().prune(small, bus.nowMicros());
        assertThat(store.firstSequence()).isLessThanOrEqualTo(300);
        bus.retain("rules", 1_000_000);
        bus.pruner().prune(small, bus.nowMicros());
        assertThat(store.firstSequence()).isGreaterThan(3_000).isLessThan(bus.lastSequence());
        assertThat(store.size()).isLessThanOrEqualTo(small.retainBytes());
    }
}
