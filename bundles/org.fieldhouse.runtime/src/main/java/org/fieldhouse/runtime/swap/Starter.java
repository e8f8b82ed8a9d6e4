package org.fieldhouse.runtime.swap;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts bundles whose start may never return. On judging threads. */
final class Starter {
    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** How long an interrupted start may take to end. */
    private static final long OUT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Duration limit;

    /** @param limit after which whoever starts the bundle is interrupted */
    Starter(Duration limit) {
        this.limit = limit;
    }

    /** Starts the bundle, or waits for the thread that does and holds its lock; why it has not started, or null. */
    @Nullable
    String start(Trial trial, Bundle bundle) {
        FutureTask<Void> starting = new FutureTask<>(() -> {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        });
        Thread thread = new Thread(starting, "fieldhouse-swap-start");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        try {
            try {
                starting.get(limit.toMillis(), TimeUnit.MILLISECONDS);
                return null;
            } catch (TimeoutException e) {
                String where = interruptAll(trial, bundle, starting);
                return "it did not return from its start within " + limit.toSeconds() + " s" + where;
            }
        } catch (ExecutionException e) {
            return Words.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            starting.cancel(true);
            Thread.currentThread().interrupt();
            return Judge.STOPPED;
        }
    }

    /**
     * Interrupts whoever starts the bundle until nobody does: once the thread that updates it is out, the one that waits for its lock
     * starts it again.
     */
    private static String interruptAll(Trial trial, Bundle bundle, Future<?> starting) throws InterruptedException {
        String where = interrupt(trial, bundle);
        for (long end = System.nanoTime() + OUT_NANOS; System.nanoTime() < end; interrupt(trial, bundle)) {
            try {
                starting.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
                return where;
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException ended) {
                LOG.debug("{}: ended by interruption", bundle, ended);
                return where;
            }
        }
        starting.cancel(true);
        return where;
    }

    /** Gets a thread out of the bundle's activator or component; says where it was. */
    static String interrupt(Trial trial, Bundle bundle) {
        Thread starter = trial.starter;
        if (starter == null) {
            return "";
        }
        for (StackTraceElement frame : starter.getStackTrace()) {
            if (Words.isOf(frame, bundle)) {
                starter.interrupt();
                return "; it is in " + frame;
            }
        }
        return "";
    }
}
