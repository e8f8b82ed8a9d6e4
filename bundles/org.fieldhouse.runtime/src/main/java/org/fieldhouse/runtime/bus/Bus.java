package org.fieldhouse.runtime.bus;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.ClockStepped;
import org.fieldhouse.api.event.Fact.DeviceRemoved;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.event.Fact.RuntimeStopped;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.JournalStatus;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.journal.JournalReader;
import org.fieldhouse.runtime.journal.JournalTrouble;
import org.fieldhouse.runtime.journal.JournalWriter;
import org.fieldhouse.runtime.journal.Pruner;
import org.fieldhouse.runtime.state.StateTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sequencer, states, journal and subscriptions put together. Running from its constructor to {@link #stop}. This is a list of
 * services more than a class of one thought; what is not one line is in the classes it holds.
 */
public class Bus implements Ingress, Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final int MAX_CAPACITY = 1 << 20;
    /** How often the wall clock is looked at. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BusSettings settings;
    private final JournalStore store;
    private final StateTable states = new StateTable();
    private final BusTime time;
    private final EventRing ring;
    private final Admission admission;
    private final Sequencer sequencer;
    private final JournalReader reader;
    private final JournalWriter writer;
    private final Gate journalGate;
    private final Pruner pruner;
    private final Keeper keeper;
    private final ThreadPoolExecutor acks;
    private final Thread busThread;
    private final long base;
    private final ConcurrentHashMap<DeviceId, DeviceMailbox> mailboxes = new ConcurrentHashMap<>();
    private final List<HandlerThread> subscriptions = new CopyOnWriteArrayList<>();
    private final Retired retired = new Retired();
    private final List<Runnable> stepListeners = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    /** Whether the run has been stated, so that the wall clock may be looked at. */
    private volatile boolean started;

    private volatile boolean lookNow;

    // The bus thread alone.
    private long lookedNano = System.nanoTime();
    private @Nullable CompletableFuture<BusTime.@Nullable Step> stepping;

    /** Counters of mailboxes whose devices are gone. */
    private static final class Retired {
        long reported;
        long coalesced;
        long refused;

        synchronized void add(DeviceMailbox mailbox) {
            reported += mailbox.reported();
            coalesced += mailbox.coalesced();
            refused += mailbox.refused();
        }
    }

    /** Restores what was, and states that the runtime has started. */
    public Bus(BusSettings settings, JournalStore store, Clock wall, LongSupplier nanos) {
        this.settings = settings;
        this.store = store;
        this.reader = new JournalReader(store);
        long now = TimeUnit.MILLISECONDS.toMicros(wall.millis());
        Recovery recovery = Recovery.read(store, reader, states, now);
        this.base = recovery.base();
        this.time = new BusTime(wall, nanos, recovery.lastMicros());
        this.ring = new EventRing(settings.recent(), base);
        this.admission = new Admission(settings.publications());
        this.pruner = new Pruner(store);
        this.keeper = new Keeper(store, settings.journal(), states, time, pruner, this, base);
        this.acks = newAcks();
        this.writer = new JournalWriter(ring, store, settings.journal(), acks, keeper, CoreThread::new);
        this.sequencer =
                new Sequencer(ring, states, time, writer::await, this::onFact, admission, base, recovery.lastMicros());
        this.journalGate = writer::limit;
        sequencer.addGate(journalGate);
        sequencer.addReader(writer::wake);
        this.busThread = new CoreThread(this::helpOut, "fieldhouse-bus");
        markQuietly(recovery.lastMicros());
        writer.start();
        sequencer.start(busThread);
        busThread.start();
        publish(new RuntimeStarted(recovery.lastMicros(), recovery.clean()), Cause.RUNTIME);
        started = true;
        tick();
    }

    private static ThreadPoolExecutor newAcks() {
        ThreadPoolExecutor acks = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), r -> {
            Thread thread = new Thread(r, "fieldhouse-acks");
            thread.setDaemon(true);
            return thread;
        });
        acks.allowCoreThreadTimeOut(true);
        return acks;
    }

    private void markQuietly(long alive) {
        try {
            keeper.mark(base, alive);
        } catch (StoreException | RuntimeException e) {
            LOG.error("the journal's store cannot be written: {}", e.getMessage(), e);
        }
    }

    private void onFact(Fact fact) {
        if (fact instanceof DeviceRemoved removed) {
            DeviceMailbox gone = mailboxes.remove(removed.device());
            if (gone != null) {
                retired.add(gone);
            }
        }
    }

    /** The bus thread: takes up a baton that was put down, and looks after max-ages and the wall clock. */
    private void helpOut() {
        while (!stopping || !sequencer.isClosed()) {
            lookAtClock();
            if (sequencer.takeUp()) {
                continue;
            }
            if (sequencer.isStalled()) {
                if (!writer.bypassIfHanging()) {
                    LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(10));
                }
                continue;
            }
            if (sequencer.isClosed()) {
                return;
            }
            long now = time.nowMicros();
            long check = states.nextCheck();
            if (check <= now) {
                Runnable stale = sequencer::sequenceStale;
                sequencer.submit(stale);
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
                continue;
            }
            sequencer.helperSleepsUntil(check);
            if (states.nextCheck() == check && !sequencer.isStalled() && !sequencer.isClosed()) {
                long pause = check == Long.MAX_VALUE ? LOOK_NANOS : TimeUnit.MICROSECONDS.toNanos(check - now);
                LockSupport.parkNanos(this, Math.min(pause, LOOK_NANOS));
            }
        }
    }

    private void lookAtClock() {
        CompletableFuture<BusTime.@Nullable Step> open = stepping;
        if (open != null) {
            if (open.isDone()) {
                stepping = null;
                stepped(open.join());
            }
            return;
        }
        if (!started || stopping || !lookNow && System.nanoTime() - lookedNano < LOOK_NANOS) {
            return;
        }
        lookNow = false;
        lookedNano = System.nanoTime();
        if (time.look()) {
            CompletableFuture<BusTime.@Nullable Step> done = new CompletableFuture<>();
            stepping = done;
            Runnable step = () -> {
                try {
                    done.complete(sequencer.sequenceStep());
                } finally {
                    done.complete(null);
                    LockSupport.unpark(busThread);
                }
            };
            sequencer.submit(step);
        }
    }

    private void stepped(BusTime.@Nullable Step step) {
        if (step != null) {
            ClockStepped fact = step.fact();
            LOG.warn(
                    "The wall clock was set: it shows {} and would have shown {}",
                    instant(fact.afterMicros()),
                    instant(fact.beforeMicros()));
            keeper.clockStepped(fact.afterMicros() - fact.beforeMicros());
            stepListeners.forEach(Runnable::run);
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Looks at the clocks now. */
    final void tick() {
        lookNow = true;
        LockSupport.unpark(busThread);
    }

    Pruner pruner() {
        return pruner;
    }

    void moved() {
        sequencer.resume();
    }

    void exclusively(JournalWriter.StoreTask task) throws StoreException {
        writer.exclusively(task);
    }

    // Ingress

    @Override
    public Mailbox mailbox(DeviceId device) {
        DeviceMailbox known = mailboxes.get(device);
        return known != null
                ? known
                : mailboxes.computeIfAbsent(
                        device, d -> new DeviceMailbox(d, sequencer, states, time, settings.signals()));
    }

    @Override
    public void publish(Fact fact, Cause cause) {
        put(fact, cause, null);
    }

    @Override
    public CompletionStage<Event> publishDurably(Fact fact, Cause cause) {
        CompletableFuture<Event> committed = new CompletableFuture<>();
        put(fact, cause, committed);
        return committed;
    }

    private void put(Fact fact, Cause cause, @Nullable CompletableFuture<Event> committed) {
        if (sequencer.tryEnter(false)) {
            try {
                if (sequencer.room() > 0) {
                    sequencer.sequence(fact, cause, committed);
                    sequencer.publish();
                    return;
                }
            } finally {
                sequencer.exit();
            }
        }
        if (stopping && sequencer.isClosed()) {
            if (committed != null) {
                committed.completeExceptionally(new StoreException("the bus was stopped"));
            }
            return;
        }
        admission.enter();
        sequencer.submit(new Publication(fact, cause, committed));
    }

    @Override
    public State state(PointId point) {
        return states.state(point);
    }

    @Override
    public long nowMicros() {
        return time.nowMicros();
    }

    @Override
    public long steadyMicros() {
        return time.steadyMicros();
    }

    @Override
    public long timeAt(long steadyMicros) {
        return time.timeAt(steadyMicros);
    }

    @Override
    public void onClockStep(Runnable listener) {
        stepListeners.add(listener);
    }

    @Override
    public long lastSequence() {
        return ring.published();
    }

    @Override
    public long firstSequence() {
        return base + 1;
    }

    @Override
    public BusCounters counters() {
        long reported;
        long coalesced;
        long refused;
        synchronized (retired) {
            reported = retired.reported;
            coalesced = retired.coalesced;
            refused = retired.refused;
        }
        int waiting = 0;
        for (DeviceMailbox mailbox : mailboxes.values()) {
            reported += mailbox.reported();
            coalesced += mailbox.coalesced();
            refused += mailbox.refused();
            waiting += mailbox.waiting();
        }
        return new BusCounters(ring.published() - base, reported, coalesced, refused, waiting, sequencer.stalls());
    }

    // Subscriptions

    /** See {@code EventBus.subscribe}. */
    public Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not 1 to " + MAX_CAPACITY);
        }
        boolean own = overflow == Overflow.COALESCE || overflow != Overflow.WAIT && capacity > ring.size() / 2;
        HandlerThread subscription = own
                ? new QueueSubscription(name, overflow, capacity, ring, handler, this::forget)
                : new RingSubscription(name, overflow, capacity, ring, sequencer, handler, this::forget);
        if (subscription instanceof RingSubscription gate && overflow == Overflow.WAIT) {
            sequencer.addGate(gate);
        }
        return begin(subscription);
    }

    /** See {@code EventBus.follow}. */
    public Subscription follow(String name, long fromSequence, EventHandler handler) {
        return begin(new Follower(name, Math.max(1, fromSequence), ring, this, base + 1, handler, this::forget));
    }

    private Subscription begin(HandlerThread subscription) {
        if (stopping) {
            throw new IllegalStateException("the bus is stopped");
        }
        subscriptions.add(subscription);
        sequencer.addReader(subscription);
        subscription.start();
        return subscription;
    }

    private void forget(HandlerThread subscription) {
        subscriptions.remove(subscription);
        sequencer.removeReader(subscription);
        if (subscription instanceof Gate gate) {
            sequencer.removeGate(gate);
        }
    }

    // Journal

    @Override
    public Optional<Event> event(long sequence) {
        Event recent = ring.get(sequence);
        if (recent != null && sequence <= ring.published()) {
            return Optional.of(recent);
        }
        try {
            return reader.event(sequence);
        } catch (StoreException e) {
            LOG.warn("event {} cannot be read", sequence, e);
            return Optional.empty();
        }
    }

    @Override
    public void read(long fromSequence, Predicate<Event> eventReader) throws StoreException {
        reader.read(fromSequence, eventReader);
    }

    @Override
    public OptionalLong sequenceAt(long micros) {
        try {
            return reader.sequenceAt(micros);
        } catch (StoreException e) {
            LOG.warn("the journal cannot be searched by time", e);
            return OptionalLong.empty();
        }
    }

    @Override
    public long committedSequence() {
        return writer.committed();
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        notOurs(name);
        awaitCommitted(snapshot.sequence());
        exclusively(() -> store.putSnapshot(name, snapshot));
    }

    @Override
    public void putSnapshotAhead(String name, byte[] data) {
        notOurs(name);
        writer.putAhead(name, data);
    }

    private static void notOurs(String name) {
        if (name.startsWith("runtime.states") || name.equals(Recovery.MARK)) {
            throw new IllegalArgumentException("a snapshot of the runtime's own: " + name);
        }
    }

    /** A snapshot must not know more than the journal. */
    private void awaitCommitted(long sequence) throws StoreException {
        Event event = sequence > writer.committed() ? ring.get(sequence) : null;
        if (event == null) {
            return;
        }
        CompletableFuture<Event> done = new CompletableFuture<>();
        writer.await(event, done);
        writer.wake(ring.published());
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new StoreException("the journal before the snapshot is not on disk", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        }
    }

    @Override
    public List<Snapshot> snapshots(String name) throws StoreException {
        try {
            writer.writeAhead();
        } catch (StoreException e) {
            LOG.warn("the newest snapshots of {} are not on disk yet: {}", name, e.getMessage());
        }
        return store.snapshots(name);
    }

    @Override
    public void retain(String who, long fromSequence) {
        pruner.retain(who, fromSequence);
    }

    @Override
    public JournalStatus status() {
        JournalTrouble trouble = writer.trouble();
        long bytes;
        try {
            bytes = store.size();
        } catch (StoreException e) {
            bytes = -1;
        }
        long unreadable = store.unreadable() + reader.unreadableBlocks() + reader.unknownEvents();
        return new JournalStatus(
                trouble.message(),
                writer.pending(),
                trouble.missing(),
                trouble.from(),
                trouble.to(),
                unreadable,
                bytes);
    }

    /** What is wrong with the journal, if anything. */
    public JournalTrouble trouble() {
        return writer.trouble();
    }

    /** States that the runtime stops, writes everything, and ends all threads. */
    public final void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        sequencer.finish(new RuntimeStopped(), Cause.RUNTIME);
        if (!awaitClosed(2_000)) {
            LOG.warn("a subscription that the bus waits for does not move; stopping without it");
            sequencer.openGates(journalGate);
            if (!awaitClosed(1_000)) {
                sequencer.close();
            }
        }
        admission.close();
        LockSupport.unpark(busThread);
        writer.stop();
        snapshotAtStop();
        for (HandlerThread subscription : subscriptions) {
            subscription.close();
        }
        for (Object rest = sequencer.pollRemaining(); rest != null; rest = sequencer.pollRemaining()) {
            if (rest instanceof Publication publication && publication.committed() != null) {
                publication.committed().completeExceptionally(new StoreException("the bus was stopped"));
            }
        }
        acks.shutdown();
    }

    private boolean awaitClosed(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!sequencer.isClosed() && System.nanoTime() < end) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
        }
        return sequencer.isClosed();
    }

    private void snapshotAtStop() {
        try {
            if (writer.committed() == ring.published()) {
                keeper.snapshot(writer.committed());
                keeper.markEnd(writer.committed());
            }
        } catch (StoreException | RuntimeException e) {
            LOG.warn("the last snapshot of the states could not be written; the next start takes longer", e);
        }
    }
}
