package org.fieldhouse.runtime.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all lanes share. A lane that has something to do is handed to the thread that went idle last (its caches are
 * warm), unless as many as there are processors (at least two) are running and not in the same lane for {@value #STALL_MILLIS} ms;
 * then it waits in line, and a running thread takes it without anybody being woken. A thread that has found lanes in line offers its
 * processor once before it sleeps, and takes what has come by then.
 *
 * <p>While lanes wait and nothing moves for {@value #STALL_MILLIS} ms because the running ones block, more are set to work, up to a
 * maximum. Threads beyond the base end after {@value #IDLE_SECONDS} s without work.
 *
 * <p>A thread that is stuck in a lane's task, ignoring interruption, can be written off ({@link #abandon}): it no longer counts, so
 * stuck devices do not use up the pool.
 */
final class LanePool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LanePool.class);
    private static final long STALL_MILLIS = 5;
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS);
    private static final long IDLE_SECONDS = 30;

    private final int base;
    private final int max;
    private final Runnable offer;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock, as all below. The first is the one that went idle last. */
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();

    private final ArrayDeque<Lane> waiting = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Thread watcher;
    private int counted;
    private int numbered;
    private volatile boolean closed;
    /** Whether the watcher looks again by itself. */
    private volatile boolean watching;

    /** Lanes taken since the start; tells the watcher whether anything moves. */
    private volatile long taken;

    LanePool(int base, int max) {
        this(base, max, Thread::yield);
    }

    /** @param offer called by a thread that is about to sleep in the middle of a burst: lets others run, and returns soon */
    LanePool(int base, int max, Runnable offer) {
        this.base = base;
        this.offer = offer;
        this.max = Math.max(base, max);
        this.watcher = new Thread(this::watch, "fieldhouse-lanes");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** As many threads as processors, at least two, growing to 64 while they block. */
    static LanePool standard() {
        return new LanePool(Math.max(2, Runtime.getRuntime().availableProcessors()), 64);
    }

    /** Runs the lane soon. Called by lanes alone, which see to it that they are never here twice. */
    void run(Lane lane) {
        Worker woken = null;
        boolean watch = false;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (moving() < base && canAdd()) {
                woken = set(lane);
            } else {
                waiting.addLast(lane);
                watch = !watching && canAdd();
                watching |= watch;
            }
        } finally {
            lock.unlock();
        }
        if (woken != null) {
            LockSupport.unpark(woken.thread);
        } else if (watch) {
            LockSupport.unpark(watcher);
        }
    }

    /** Threads that are at work and not in the same lane for so long that they seem to block. */
    private int moving() {
        int running = counted - idle.size();
        if (running < base) {
            return running;
        }
        long now = System.nanoTime();
        for (int i = 0; i < workers.size(); i++) { // on the path of every command
            Worker worker = workers.get(i);
            if (worker.busy && !worker.abandoned && now - worker.sinceNanos > STALL_NANOS) {
                running--;
            }
        }
        return running;
    }

    /** Sets another thread to work on the lane; the one that has to be woken, null if it is a new one. */
    private @Nullable Worker set(Lane lane) {
        Worker ready = idle.pollFirst();
        if (ready == null) {
            start(lane);
            return null;
        }
        ready.next = lane;
        taken++;
        return ready;
    }

    private boolean canAdd() {
        return !idle.isEmpty() || counted < max;
    }

    private void start(@Nullable Lane first) {
        Worker worker = new Worker(first);
        workers.add(worker);
        counted++;
        taken++;
        worker.thread.start();
    }

    /** The thread is stuck for good: another may take its place, and it ends when it comes back. */
    void abandon(Thread stuck) {
        lock.lock();
        try {
            for (Worker worker : workers) {
                if (worker.thread == stuck && !worker.abandoned) {
                    worker.abandoned = true;
                    counted--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sets more threads to work while lanes wait and none was taken for a while. */
    private void watch() {
        while (true) {
            long before;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                watching = !waiting.isEmpty() && canAdd();
                before = taken;
            } finally {
                lock.unlock();
            }
            if (watching) {
                sleepOut();
                relieve(before);
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void sleepOut() {
        long end = System.nanoTime() + STALL_NANOS;
        for (long left = end - System.nanoTime(); left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void relieve(long before) {
        Worker woken = null;
        lock.lock();
        try {
            Lane next = taken == before && canAdd() && !closed ? waiting.pollFirst() : null;
            if (next != null) {
                woken = set(next);
            }
        } finally {
            lock.unlock();
        }
        if (woken != null) {
            LockSupport.unpark(woken.thread);
        }
    }

    /** Threads now, those written off left out. */
    int threads() {
        lock.lock();
        try {
            return counted;
        } finally {
            lock.unlock();
        }
    }

    /** Lanes that have something to do and no thread. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; what is running is interrupted after a second. */
    @Override
    public void close() {
        List<Worker> all;
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            all = new ArrayList<>(workers);
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(watcher);
        all.forEach(w -> LockSupport.unpark(w.thread));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        for (Worker worker : all) {
            try {
                worker.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (worker.thread.isAlive()) {
                worker.thread.interrupt();
            }
        }
    }

    private final class Worker implements Runnable {
        final Thread thread;
        /** Handed over under the lock; taken by the worker alone. */
        volatile @Nullable Lane next;

        boolean abandoned;
        /** Whether a lane was in line for it since it last slept. Of the worker alone. */
        private boolean inBurst;
        /** Written by the worker alone. */
        volatile boolean busy;

        volatile long sinceNanos;

        Worker(@Nullable Lane first) {
            this.next = first;
            this.thread = new Thread(this, "fieldhouse-lane-" + ++numbered);
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            Lane lane = next;
            next = null;
            while (true) {
                if (lane != null) {
                    work(lane);
                }
                lane = await();
                if (lane == null) {
                    return;
                }
            }
        }

        private void work(Lane lane) {
            sinceNanos = System.nanoTime();
            busy = true;
            try {
                lane.work();
            } catch (Throwable e) {
                LOG.error("A lane let an exception through", e);
            }
            busy = false;
        }

        /** The next lane; null when this thread ends. */
        private @Nullable Lane await() {
            boolean last = !inBurst;
            while (true) {
                lock.lock();
                try {
                    if (closed || abandoned) {
                        return leave();
                    }
                    Lane ready = waiting.pollFirst();
                    if (ready != null) {
                        taken++;
                        inBurst = true;
                        return ready;
                    }
                    if (last) {
                        inBurst = false;
                        idle.addFirst(this);
                        break;
                    }
                } finally {
                    lock.unlock();
                }
                last = true;
                // Whoever fills lanes may be waiting for this processor: more in one go is cheaper than to sleep and be
                // woken.
                offer.run();
            }
            return parked();
        }

        private @Nullable Lane parked() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            while (true) {
                Lane handed = next;
                if (handed != null) {
                    next = null;
                    return handed;
                }
                long left = deadline - System.nanoTime();
                if (left > 0 && !closed) {
                    LockSupport.parkNanos(LanePool.this, left);
                    continue;
                }
                lock.lock();
                try {
                    if (next == null && (closed || counted > base) && idle.remove(this)) {
                        return leave();
                    }
                } finally {
                    lock.unlock();
                }
                deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            }
        }

        private @Nullable Lane leave() {
            workers.remove(this);
            if (!abandoned) {
                counted--;
            }
            return null;
        }
    }
}
