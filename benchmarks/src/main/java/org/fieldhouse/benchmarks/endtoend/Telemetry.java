package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.benchmarks.load.MqttLink;

/** A stream of numbers to {@code prefix + n} at a steady rate, each another than the one before, on a thread of its own. */
final class Telemetry implements AutoCloseable {
    private final MqttLink link;
    private final byte[][] topics;
    private final double interval;
    private final Thread thread;
    private volatile boolean stop;
    private volatile long sent;

    Telemetry(int port, String prefix, int count, double perSecond) throws IOException {
        link = new MqttLink(port, "telemetry", (b, t, tl, p, pl, nanos) -> {});
        topics = new byte[count][];
        for (int i = 0; i < count; i++) {
            topics[i] = (prefix + i).getBytes(StandardCharsets.UTF_8);
        }
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread = new Thread(this::run, "telemetry");
        thread.setDaemon(true);
        thread.start();
    }

    /** Messages handed to the broker's socket so far. */
    long sent() {
        return sent;
    }

    private void run() {
        long start = System.nanoTime();
        try {
            for (long i = 0; !stop; ) {
                long now = System.nanoTime();
                long due = start + (long) (i * interval);
                if (due > now) {
                    LockSupport.parkNanos(due - now);
                    continue;
                }
                for (int n = 0; n < 256 && start + (long) (i * interval) <= now; n++, i++) {
                    byte[] payload = Long.toString(i).getBytes(StandardCharsets.US_ASCII);
                    link.publish(topics[(int) (i % topics.length)], payload, payload.length, false);
                }
                link.flush();
                sent = i;
            }
        } catch (IOException e) {
            System.err.println("telemetry ended: " + e.getMessage());
        }
    }

    /** Sends no more; the connection stays until {@link #close}. */
    void stop() {
        stop = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        link.close();
    }
}
