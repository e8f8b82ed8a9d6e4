package org.fieldhouse.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a process prints, on both of its streams, into the house's log: with the feature's name, 1,000 characters a line, and about 50
 * lines a second after a burst of 500. A process that prints more waits.
 */
final class ChildLog {
    private static final int LINE = 1_000;
    private static final int BURST = 500;
    private static final long NANOS_PER_LINE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";
    private static final int KILLED = 128 + 9;
    private static final int EXIT_ON_OUT_OF_MEMORY = 3;

    private final Logger log;
    private final Process process;
    private final Thread thread;
    private volatile boolean outOfMemory;
    private volatile boolean ended;
    private long allowedFrom = System.nanoTime() - BURST * NANOS_PER_LINE;

    ChildLog(String feature, Process process) {
        this.log = LoggerFactory.getLogger("isolated." + feature);
        this.process = process;
        thread = new Thread(this::read, "fieldhouse-isolated-" + feature + "/log");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    void begin() {
        thread.start();
    }

    private void read() {
        byte[] line = new byte[LINE];
        int length = 0;
        byte[] block = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                for (int i = 0; i < n; i++) {
                    boolean newline = block[i] == '\n';
                    if (!newline && length < LINE) {
                        line[length++] = block[i];
                    } else if (newline) {
                        say(new String(line, 0, length, StandardCharsets.UTF_8));
                        length = 0;
                    }
                }
            }
        } catch (IOException e) {
            log.debug("Its output ends: {}", e.getMessage());
        }
        if (length > 0) {
            say(new String(line, 0, length, StandardCharsets.UTF_8));
        }
    }

    private void say(String printed) {
        if (printed.startsWith(OUT_OF_MEMORY)) {
            outOfMemory = true;
        }
        long now = System.nanoTime();
        allowedFrom = Math.max(allowedFrom + NANOS_PER_LINE, now - BURST * NANOS_PER_LINE);
        while (allowedFrom > now && !ended) {
            LockSupport.parkNanos(allowedFrom - now);
            now = System.nanoTime();
        }
        // Nothing that it prints may look like a line of the house's own.
        String text = printed.replaceAll("\\p{Cntrl}", " ");
        if (text.startsWith("ERROR ")) {
            log.error("{}", text.substring("ERROR ".length()).strip());
        } else if (text.startsWith("WARN ")) {
            log.warn("{}", text.substring("WARN ".length()).strip());
        } else if (text.startsWith("DEBUG ") || text.startsWith("TRACE ")) {
            log.debug("{}", text.substring("DEBUG ".length()).strip());
        } else {
            log.info(
                    "{}",
                    text.startsWith("INFO ") ? text.substring("INFO ".length()).strip() : text);
        }
    }

    /** Why a process that has ended did, for people. Waits a moment for its last words. */
    String cause(Process gone) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int code = gone.exitValue();
        if (outOfMemory && code == EXIT_ON_OUT_OF_MEMORY) {
            return "it ran out of memory; `feature:isolate NAME MEGABYTES` gives it more";
        }
        return code == KILLED ? "it was killed" : "it exited with " + code;
    }

    /** What is still printed is not waited for. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
