package org.fieldhouse.runtime.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every event to the store, in groups. Its thread sleeps while there is nothing to write. Telemetry is gathered for the
 * commit interval; an event that somebody waits for is committed at once, but not sooner after the last commit than the interval.
 * So there are at most {@code 1 / interval} commits a second, and none when nothing happens.
 *
 * <p>A store that fails stops nothing: events are encoded and kept in a bounded backlog, the oldest of which is lost first, and
 * written when the store works again. A store that hangs stops the bus for {@code stall}; then the bus goes on without it. What is
 * lost is counted from number to number. Nobody is told that an event is on disk when it is not.
 */
public final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int BLOCK_EVENTS = 8_192;
    private static final int APPEND_BLOCKS = 64;
    /** Snapshots that wait for a store that fails; of more, the oldest is dropped. */
    private static final int MOST_AHEAD = 8;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int RUNNING = 0;
    private static final int IDLE = 1;
    private static final int GATHERING = 2;
    /** Gathering for somebody who waits: one more who waits changes nothing. */
    private static final int HURRIED = 3;

    private final EventSource ring;
    private final JournalStore store;
    private final JournalSettings settings;
    private final Executor acks;
    private final Upkeep upkeep;
    private final Thread thread;
    private final BlockWriter writer = new BlockWriter();
    private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    /** To be written before the next events. */
    private final ConcurrentLinkedQueue<Ahead> ahead = new ConcurrentLinkedQueue<>();
    /** Held while the store is written to: it has one writer at a time. */
    private final Object storeLock = new Object();

    /** Own thread. */
    private final Deque<JournalBlock> backlog = new ArrayDeque<>();

    private long backlogBytes;
    private long lastCommitNanos;
    private long nextTryNanos;

    private volatile long cursor;
    private volatile long committed;
    private volatile int mode = RUNNING;
    private volatile boolean urgent;
    private volatile boolean bypassed;
    /** When the running call of the store began; 0 if none is running. */
    private volatile long busySince;

    private volatile boolean stopping;
    private volatile JournalTrouble trouble = JournalTrouble.NONE;

    /** Somebody who waits for an event to be on disk. */
    private record Waiting(Event event, CompletableFuture<Event> committed) {}

    /** A snapshot that events rely on. */
    private record Ahead(String name, byte[] data) {}

    /** What is done now and then by the journal's thread, while the store works. */
    public interface Upkeep {
        /** After a commit, or after a minute without one. */
        void afterCommit(long committed) throws StoreException;

        /** There is room again for the bus. Returns at once. */
        void moved();

        /** The store works again, and this is missing for good. Must not wait for the bus. */
        void recovered(JournalTrouble trouble);
    }

    /** @param threads makes the journal's thread from its task and its name */
    public JournalWriter(
            EventSource ring,
            JournalStore store,
            JournalSettings settings,
            Executor acks,
            Upkeep upkeep,
            BiFunction<Runnable, String, Thread> threads) {
        this.ring = ring;
        this.store = store;
        this.settings = settings;
        this.acks = acks;
        this.upkeep = upkeep;
        this.cursor = ring.published();
        this.committed = cursor;
        this.lastCommitNanos = System.nanoTime() - settings.commit().toNanos();
        this.thread = threads.apply(this::run, "fieldhouse-journal");
    }

    public void start() {
        thread.start();
    }

    /** Writes what there is and ends. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.error("the journal's store does not answer; events from {} on are not on disk", committed + 1);
        }
    }

    /** As far as the sequencer may go; the journal is a gate for the bus. */
    public long limit() {
        return bypassed ? Long.MAX_VALUE : cursor + ring.size() - 1;
    }

    /** For the sequencer: there is something new. */
    public void wake(long published) {
        int now = mode;
        boolean gathering = now == HURRIED || now == GATHERING && !urgent;
        if (now == RUNNING || gathering && published - cursor < ring.size() / 2) {
            return;
        }
        mode = RUNNING;
        LockSupport.unpark(thread);
    }

    /** For the sequencer: somebody wants to know when that event is on disk. Before the event can be read. */
    public void await(Event event, CompletableFuture<Event> whenCommitted) {
        waiting.add(new Waiting(event, whenCommitted));
        urgent = true;
    }

    /** For the bus thread while the bus is stalled: whether the bus goes on without a store that hangs. */
    public boolean bypassIfHanging() {
        long since = busySince;
        if (since == 0
                || bypassed
                || System.nanoTime() - since < settings.stall().toNanos()) {
            return false;
        }
        LOG.error(
                "the journal's store has not answered for {} ms; going on without it",
                settings.stall().toMillis());
        bypassed = true;
        return true;
    }

    public long committed() {
        return committed;
    }

    public JournalTrouble trouble() {
        return trouble;
    }

    /** Events that are not on disk yet. */
    public long pending() {
        return ring.published() - committed;
    }

    /** Has a snapshot written before any event that is published from now on. Returns at once. */
    public void putAhead(String name, byte[] data) {
        ahead.add(new Ahead(name, data));
        while (ahead.size() > MOST_AHEAD) {
            ahead.poll();
        }
    }

    /** Writes the snapshots that wait for the next events, for who wants to read them now. */
    public void writeAhead() throws StoreException {
        if (ahead.isEmpty()) {
            return; // a store that hangs is waited for by nobody who need not
        }
        synchronized (storeLock) {
            for (@Nullable Ahead next = ahead.peek(); next != null; next = ahead.peek()) {
                store.putSnapshot(next.name(), new Snapshot(committed, next.data()));
                ahead.remove(next);
            }
        }
    }

    /** Runs something that writes to the store, while nobody else does. */
    public void exclusively(StoreTask task) throws StoreException {
        synchronized (storeLock) {
            task.run();
        }
    }

    /** Something that writes to the store. */
    @FunctionalInterface
    public interface StoreTask {
        void run() throws StoreException;
    }

    private void run() {
        while (true) {
            gather();
            boolean last = stopping;
            encode();
            commit();
            upkeep();
            if (last && cursor >= ring.published()) {
                break;
            }
        }
        failWaiting(Long.MAX_VALUE, new StoreException("the bus was stopped"));
    }

    private boolean nothingNew() {
        return ring.published() == cursor && !stopping;
    }

    /** Own thread: returns when it is time to write. */
    private void gather() {
        if (nothingNew() && (backlog.isEmpty() || System.nanoTime() < nextTryNanos)) {
            mode = IDLE;
            if (nothingNew()) {
                long most = backlog.isEmpty() ? IDLE_NANOS : nextTryNanos - System.nanoTime();
                LockSupport.parkNanos(this, most);
            }
            mode = RUNNING;
        }
        long now = System.nanoTime();
        long interval = settings.commit().toNanos();
        long deadline = now + interval;
        boolean hurried = false;
        while (!stopping && ring.published() - cursor < ring.size() / 2) {
            if (urgent && !hurried) {
                hurried = true;
                deadline = Math.min(deadline, lastCommitNanos + interval);
            }
            now = System.nanoTime();
            if (now >= deadline || nothingNew()) {
                return;
            }
            mode = hurried ? HURRIED : GATHERING;
            if (urgent == hurried && !stopping && ring.published() - cursor < ring.size() / 2) {
                LockSupport.parkNanos(this, deadline - now);
            }
            mode = RUNNING;
        }
    }

    private void encode() {
        urgent = false;
        long last = ring.published();
        long next = cursor + 1;
        while (next <= last) {
            Event event = ring.get(next);
            if (event == null) {
                long resume = ring.published() - ring.size() * 3L / 4;
                lost(next, resume - 1);
                next = resume;
                continue;
            }
            try {
                writer.add(event);
            } catch (RuntimeException e) {
                LOG.error("event {} cannot be journalled: {}", next, event, e);
                lost(next, next);
            }
            if (writer.size() >= BLOCK_BYTES || writer.count() >= BLOCK_EVENTS) {
                enqueue();
                cursor = next;
            }
            next++;
        }
        enqueue();
        cursor = last;
        bypassed = false;
        upkeep.moved();
    }

    private void enqueue() {
        if (writer.isEmpty()) {
            return;
        }
        JournalBlock block = writer.build();
        backlog.add(block);
        backlogBytes += block.data().length;
        while (trouble.failing() && backlogBytes > settings.backlogBytes() && backlog.size() > 1) {
            JournalBlock oldest = backlog.remove();
            backlogBytes -= oldest.data().length;
            lost(oldest.firstSequence(), oldest.lastSequence());
        }
    }

    private void lost(long from, long to) {
        trouble = trouble.lost(from, to);
        List<Waiting> gone = new ArrayList<>();
        waiting.removeIf(w -> w.event().sequence() >= from && w.event().sequence() <= to && gone.add(w));
        StoreException why = new StoreException("the store was too slow; the event is not on disk and will not be");
        if (!gone.isEmpty()) {
            acks.execute(() -> gone.forEach(w -> w.committed().completeExceptionally(why)));
        }
    }

    private void commit() {
        while (!backlog.isEmpty()) {
            if (trouble.failing() && System.nanoTime() < nextTryNanos && !stopping) {
                failWaiting(cursor, trouble.exception());
                return;
            }
            List<JournalBlock> blocks = new ArrayList<>(Math.min(backlog.size(), APPEND_BLOCKS));
            for (JournalBlock block : backlog) {
                if (blocks.size() == APPEND_BLOCKS) {
                    break;
                }
                blocks.add(block);
            }
            // What came ahead of an event was there before the event could be encoded.
            if (!ahead.isEmpty() && !write(this::writeAhead) || !write(() -> store.append(blocks))) {
                return;
            }
            for (JournalBlock block : blocks) {
                backlog.remove();
                backlogBytes -= block.data().length;
            }
            committed = blocks.get(blocks.size() - 1).lastSequence();
            completeWaiting(committed);
        }
        if (trouble.failing()) {
            JournalTrouble over = trouble;
            trouble = over.over();
            LOG.info("the journal can be written again; {} events are missing", over.missing());
            upkeep.recovered(over);
        } else if (trouble.missing() > 0 && !trouble.told()) {
            JournalTrouble untold = trouble;
            trouble = untold.over();
            upkeep.recovered(untold);
        }
    }

    private boolean write(StoreTask task) {
        busySince = Math.max(1, System.nanoTime());
        try {
            exclusively(task);
            return true;
        } catch (StoreException | RuntimeException e) {
            if (!trouble.failing()) {
                LOG.error("the journal cannot be written; the house goes on without it: {}", e.getMessage(), e);
            }
            trouble = trouble.failed(String.valueOf(e.getMessage()));
            nextTryNanos = System.nanoTime() + RETRY_NANOS;
            failWaiting(cursor, trouble.exception());
            return false;
        } finally {
            busySince = 0;
            lastCommitNanos = System.nanoTime();
        }
    }

    private void completeWaiting(long upTo) {
        List<Waiting> done = takeWaiting(upTo);
        if (!done.isEmpty()) {
            acks.execute(() -> done.forEach(w -> w.committed().complete(w.event())));
        }
    }

    private void failWaiting(long upTo, StoreException why) {
        List<Waiting> done = takeWaiting(upTo);
        if (!done.isEmpty()) {
            acks.execute(() -> done.forEach(w -> w.committed().completeExceptionally(why)));
        }
    }

    private List<Waiting> takeWaiting(long upTo) {
        List<Waiting> done = new ArrayList<>();
        for (@Nullable Waiting w = waiting.peek(); w != null && w.event().sequence() <= upTo; w = waiting.peek()) {
            done.add(w);
            waiting.remove();
        }
        return done;
    }

    private void upkeep() {
        if (trouble.failing() || !backlog.isEmpty()) {
            return;
        }
        try {
            upkeep.afterCommit(committed);
        } catch (StoreException | RuntimeException e) {
            LOG.warn("upkeep of the journal failed; it is tried again: {}", e.getMessage(), e);
        }
    }
}
