package org.fieldhouse.rules.service;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rings when the engine wants to be woken. It goes by the engine's steady time, which it knows from the last event and the monotonic
 * clock: a wall clock that jumps does not mislead it. Any thread.
 */
final class WakeUp implements AutoCloseable {
    /** A ring whose event comes back too early is repeated after this at the earliest. */
    private static final long LEAST_MICROS = 1_000;

    private final LongConsumer ring;
    private final ScheduledThreadPoolExecutor executor;
    private long wanted = Long.MAX_VALUE;
    private long armed = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> task;
    private long steadyMicros;
    private long atNano;

    /** @param ring told the time that was waited for; may block */
    WakeUp(LongConsumer ring) {
        this.ring = ring;
        this.atNano = System.nanoTime();
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-rules-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * An event was handled.
     *
     * @param micros steady time of it
     * @param due when to ring, and not before, steady; {@link Long#MAX_VALUE} for never. A later time than before costs nothing
     */
    synchronized void seen(long micros, long due) {
        steadyMicros = micros;
        atNano = System.nanoTime();
        at(due);
    }

    private void at(long micros) {
        wanted = micros;
        if (micros < armed && !executor.isShutdown()) {
            if (task != null) {
                task.cancel(false);
            }
            armed = micros;
            long delay = Math.max(LEAST_MICROS, micros - now());
            task = executor.schedule(this::due, delay, TimeUnit.MICROSECONDS);
        }
    }

    private long now() {
        return steadyMicros + (System.nanoTime() - atNano) / 1_000;
    }

    private void due() {
        long time;
        synchronized (this) {
            armed = Long.MAX_VALUE;
            time = wanted;
            if (time == Long.MAX_VALUE) {
                return;
            }
            if (now() < time) {
                at(time);
                return;
            }
        }
        ring.accept(time);
    }

    @Override
    public synchronized void close() {
        executor.shutdownNow();
    }
}
