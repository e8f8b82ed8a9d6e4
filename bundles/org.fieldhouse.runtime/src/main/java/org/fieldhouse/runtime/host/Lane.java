package org.fieldhouse.runtime.host;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one device, one at a time and in order, on whichever thread of the pool is free. Costs an object, not a
 * thread. Tasks catch what they throw. Any thread may add tasks.
 */
final class Lane {
    /** Then another lane has its turn. */
    private static final int BATCH = 64;

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;

    private final LanePool pool;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final AtomicInteger size = new AtomicInteger();
    /** Where its tasks are run from now on; null while that is here. */
    private volatile @Nullable Lane next;

    private volatile @Nullable Thread runner;
    private volatile long sinceNanos;

    Lane(LanePool pool) {
        this.pool = pool;
    }

    void execute(Runnable task) {
        size.incrementAndGet();
        tasks.add(task);
        Lane successor = next;
        if (successor != null) {
            handTo(successor);
        } else if (state.get() == IDLE && state.compareAndSet(IDLE, SCHEDULED)) {
            pool.run(this);
        }
    }

    /**
     * A lane that goes on where this one is stuck: first the given task, then those that wait here. The task that is stuck is the last
     * of this lane, should it ever return.
     */
    Lane successor(Runnable first) {
        Lane successor = new Lane(pool);
        successor.execute(first);
        next = successor;
        handTo(successor);
        return successor;
    }

    private void handTo(Lane successor) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            size.decrementAndGet();
            successor.execute(task);
        }
    }

    /** Called by the pool. */
    void work() {
        Thread current = Thread.currentThread();
        runner = current;
        for (int i = 0; i < BATCH; i++) {
            Runnable task = next == null ? tasks.poll() : null;
            if (task == null) {
                break;
            }
            size.decrementAndGet();
            sinceNanos = System.nanoTime();
            task.run();
        }
        leave();
        state.set(IDLE);
        if (next == null && !tasks.isEmpty() && state.compareAndSet(IDLE, SCHEDULED)) {
            pool.run(this);
        }
    }

    private synchronized void leave() {
        runner = null;
        // An interruption meant for a task of this lane must not reach the next lane.
        Thread.interrupted();
    }

    /** Interrupts the task that runs now, if one does. */
    synchronized void interrupt() {
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    /** The thread that runs a task of this lane now; null if none does. */
    @Nullable
    Thread runner() {
        return runner;
    }

    /** How long the task that runs now has been running, ns; 0 if none runs. */
    long busyNanos() {
        return runner == null ? 0 : System.nanoTime() - sinceNanos;
    }

    /** Tasks that wait. */
    int waiting() {
        return size.get();
    }
}
