package org.fieldhouse.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that the benchmark started, and that ends with it. Its output goes to a file. */
public final class Child implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Thread hook;
    private final long startNanos;

    private Child(Process process, Path log, long startNanos) {
        this.process = process;
        this.log = log;
        this.startNanos = startNanos;
        hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a command in a directory. */
    public static Child start(List<String> command, Path directory, Map<String, String> environment, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long startNanos = System.nanoTime();
        return new Child(builder.start(), log, startNanos);
    }

    public long pid() {
        return process.pid();
    }

    /** {@link System#nanoTime} just before exec. */
    public long startNanos() {
        return startNanos;
    }

    public Path log() {
        return log;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL, and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        await(10);
        forget();
    }

    /** SIGTERM; SIGKILL after 10 s. */
    @Override
    public void close() {
        process.destroy();
        if (!await(10)) {
            process.destroyForcibly();
            await(10);
        }
        forget();
    }

    private boolean await(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // already shutting down: the hook runs
        }
    }
}
