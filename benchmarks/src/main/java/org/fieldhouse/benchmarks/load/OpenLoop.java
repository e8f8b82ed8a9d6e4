package org.fieldhouse.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends numbered messages by the clock, whatever comes back, and takes the time of each answer from the moment its message was
 * <em>due</em>: a sender or a system that falls behind cannot hide it (no coordinated omission). The number is the payload, and the
 * schedule is a function of the number, so nothing but digits travels.
 */
public final class OpenLoop implements AutoCloseable {
    public static final int TOPICS = 1_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * One run.
     *
     * @param sent messages
     * @param answered different messages whose answer came
     * @param twice answers beyond the first
     * @param disordered answers that came after a later one of the same topic
     * @param latency from due to answered, ns
     * @param lagNanos by how much the sender was late at worst
     * @param tailNanos median latency of the last tenth of the messages
     */
    public record Outcome(
            long sent, long answered, long twice, long disordered, Histogram latency, long lagNanos, long tailNanos) {
        public long lost() {
            return sent - answered;
        }

        public double p50Millis() {
            return latency.getValueAtPercentile(50) / 1e6;
        }

        public double p99Millis() {
            return latency.getValueAtPercentile(99) / 1e6;
        }
    }

    /** Sees each answer with what follows the number, on the link's thread. */
    @FunctionalInterface
    public interface Observer {
        void onAnswer(long number, String rest, long nanos);
    }

    private final MqttLink link;
    private final byte[][] topics;
    private volatile @Nullable Observer observer;
    private volatile Run run = new Run(1, 1, 0, 0, 1);
    private long next = 1;

    /** Messages go to {@code id + "/in/" + n}, n from 0 to 999, and answers come from {@code id + "/out/#"}. */
    public OpenLoop(int port, String id) throws IOException {
        this(port, id, TOPICS);
    }

    /** The same over fewer topics. */
    public OpenLoop(int port, String id, int count) throws IOException {
        topics = new byte[count][];
        for (int i = 0; i < count; i++) {
            topics[i] = (id + "/in/" + i).getBytes(StandardCharsets.UTF_8);
        }
        link = new MqttLink(port, "load-" + id, (b, t, tl, p, pl, nanos) -> answered(b, p, pl, nanos));
        link.subscribe(id + "/out/#");
    }

    /** One who sees the answers from now on; null for nobody. */
    public void observe(@Nullable Observer next) {
        observer = next;
    }

    private void answered(byte[] b, int at, int length, long nanos) {
        long number = 0;
        int i = at;
        for (; i < at + length && b[i] >= '0' && b[i] <= '9'; i++) {
            number = number * 10 + (b[i] - '0');
        }
        run.answered(number, nanos);
        Observer watching = observer;
        if (watching != null) {
            watching.onAnswer(number, new String(b, i, at + length - i, StandardCharsets.US_ASCII), nanos);
        }
    }

    /** Runs for that long, and then waits for answers that are still on their way (while they come, and at most 20 s). */
    public Outcome run(double perSecond, double seconds) throws IOException {
        return run(perSecond, seconds, () -> false);
    }

    /** The same, ended earlier when told so. */
    public Outcome run(double perSecond, double seconds, BooleanSupplier done) throws IOException {
        long count = Math.max(1, (long) (perSecond * seconds));
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
        Run current = new Run(next, (int) count, start, 1e9 / perSecond, topics.length);
        next += count;
        run = current;
        long lag = send(current, done);
        current.settle(20_000);
        return current.outcome(lag);
    }

    private long send(Run current, BooleanSupplier done) throws IOException {
        byte[] digits = new byte[20];
        long lag = 0;
        int i = 0;
        while (i < current.count) {
            if (done.getAsBoolean()) {
                current.end(i);
                break;
            }
            long now = System.nanoTime();
            long due = current.due(i);
            if (due > now) {
                link.flush();
                LockSupport.parkNanos(due - now);
                continue;
            }
            lag = Math.max(lag, now - due);
            // One flush for what is due now: at most 64, so that a late sender does not make bursts without end.
            for (int n = 0; n < 64 && i < current.count && current.due(i) <= now; n++, i++) {
                int length = digits(current.first + i, digits);
                link.publish(topics[i % topics.length], digits, length, false);
            }
            link.flush();
        }
        return lag;
    }

    /** Writes a number's decimal digits to the front of the buffer and returns how many. */
    static int digits(long number, byte[] buffer) {
        int length = 1;
        for (long n = number; n >= 10; n /= 10) {
            length++;
        }
        long left = number;
        for (int i = length - 1; i >= 0; i--, left /= 10) {
            buffer[i] = (byte) ('0' + left % 10);
        }
        return length;
    }

    @Override
    public void close() throws IOException {
        link.close();
    }

    /** What is known of one run. The reader's thread writes, the sender's reads after the answers have settled. */
    private static final class Run {
        private final long first;
        private volatile int count;
        private final long start;
        private final double interval;
        private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        private final Histogram tail = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        private final BitSet seen;
        private final long[] newest;
        private long twice;
        private long disordered;
        private int answered;

        Run(long first, int count, long start, double interval, int topics) {
            this.first = first;
            this.count = count;
            this.start = start;
            this.interval = interval;
            seen = new BitSet(count);
            newest = new long[topics];
        }

        long due(int i) {
            return start + (long) (i * interval);
        }

        synchronized void answered(long number, long nanos) {
            if (number < first || number >= first + count) {
                return; // of an earlier run
            }
            int index = (int) (number - first);
            if (seen.get(index)) {
                twice++;
                return;
            }
            seen.set(index);
            answered++;
            int topic = index % newest.length;
            if (number < newest[topic]) {
                disordered++;
            }
            newest[topic] = Math.max(newest[topic], number);
            long took = Math.min(Math.max(0, nanos - due(index)), latency.getHighestTrackableValue());
            latency.recordValue(took);
            if (index >= count - count / 10) {
                tail.recordValue(took);
            }
        }

        /** No more than that many are sent. */
        synchronized void end(int sent) {
            count = sent;
        }

        void settle(int millis) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            int before = -1;
            long progress = System.nanoTime();
            while (System.nanoTime() < until) {
                int now = answered();
                if (now != before) {
                    before = now;
                    progress = System.nanoTime();
                }
                if (now == count || System.nanoTime() - progress > QUIET_NANOS) {
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }

        private synchronized int answered() {
            return answered;
        }

        synchronized Outcome outcome(long lag) {
            return new Outcome(count, answered, twice, disordered, latency.copy(), lag, tail.getValueAtPercentile(50));
        }
    }
}
