package org.fieldhouse.isolation.child;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks of one device, one after the other, on threads that all lanes share. Thread-safe. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Executor pool;
    private final Deque<Task> waiting = new ArrayDeque<>();
    private boolean scheduled;
    private @Nullable Task running;
    private @Nullable Thread runner;

    /** @param call 0 if the house does not wait for it */
    private record Task(long call, Runnable run, Runnable cancelled) {}

    Lane(Executor pool) {
        this.pool = pool;
    }

    void execute(Runnable task) {
        execute(0, task, () -> {});
    }

    /** @param cancelled runs in the task's place if it was cancelled before its turn came */
    void execute(long call, Runnable task, Runnable cancelled) {
        synchronized (this) {
            waiting.add(new Task(call, task, cancelled));
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        pool.execute(this::run);
    }

    /** Interrupts the call if it runs, takes it out if it waits. */
    void cancel(long call) {
        Task found = null;
        synchronized (this) {
            if (running != null && running.call == call && runner != null) {
                runner.interrupt();
                return;
            }
            for (Task task : waiting) {
                if (task.call == call) {
                    found = task;
                }
            }
            if (found != null) {
                waiting.remove(found);
            }
        }
        if (found != null) {
            found.cancelled.run();
        }
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void run() {
        while (true) {
            Task task;
            synchronized (this) {
                running = waiting.poll();
                runner = running == null ? null : Thread.currentThread();
                if (running == null) {
                    scheduled = false;
                    return;
                }
                task = running;
            }
            try {
                task.run.run();
            } catch (RuntimeException | Error e) {
                LOG.error("The process stumbled", e);
            }
            synchronized (this) {
                runner = null;
                Thread.interrupted(); // meant for this task, not for the next
            }
        }
    }
}
