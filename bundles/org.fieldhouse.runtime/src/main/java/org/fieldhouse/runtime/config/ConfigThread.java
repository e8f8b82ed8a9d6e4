package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration thread: all of {@link Directory} that changes anything happens on it. Any thread may give it tasks. A task that
 * throws is logged and changes nothing; after {@link #close} there is nobody to do them.
 */
final class ConfigThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigThread.class);

    private final ScheduledThreadPoolExecutor executor;

    ConfigThread() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-config");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Returns at once. */
    void submit(Runnable task) {
        after(0, task);
    }

    /** Returns at once. */
    void after(long millis, Runnable task) {
        try {
            executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("The configuration thread stumbled; the running generation stays", e);
            }
        };
    }

    /** Waits for the task. What keeps it from being done is a problem among the others. */
    List<Problem> await(Callable<List<Problem>> task) {
        try {
            return executor.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(stopped("interrupted"));
        } catch (ExecutionException e) {
            LOG.error("The configuration thread stumbled; the running generation stays", e.getCause());
            return List.of(stopped("internal error: " + e.getCause()));
        } catch (RejectedExecutionException e) {
            return List.of(stopped("the runtime is stopping"));
        }
    }

    private static Problem stopped(String why) {
        return Problem.error("C031", SourceSpan.file(""), "not done: " + why);
    }

    /** Waits for the task, which reads what is in memory. */
    <T> T tell(Callable<T> task) {
        try {
            return tellOrFail(task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the task. */
    <T> T tellOrFail(Callable<T> task) throws IOException {
        try {
            return executor.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException("internal error", e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("the runtime is stopping", e);
        }
    }

    /** Ends what has been begun, for 10 s at most. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
