package org.fieldhouse.benchmarks.bus;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.bus.Mailbox;

/**
 * What one report costs when nothing is hurried: from {@code report} to the handler, and CPU of the whole process per report, less
 * the same loop without a bus. Arguments: reports per second, seconds.
 */
public final class BusLatency {
    private BusLatency() {}

    public static void main(String[] args) throws Exception {
        int perSecond = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        Bus bus = new Bus(BusSettings.DEFAULT, new NullStore(), Clock.systemUTC(), System::nanoTime);
        Histogram histogram = new Histogram(3);
        long[] sentNanos = new long[1 << 16];
        bus.subscribe("latency", Overflow.WAIT, 16_384, event -> {
            if (event.fact() instanceof StateChanged change && change.after().value() instanceof Quantity q) {
                histogram.recordValue(Math.max(0, System.nanoTime() - sentNanos[(int) q.number() & 0xffff]));
            }
        });
        Mailbox mailbox = bus.mailbox(new DeviceId("sensor"));
        for (int i = 0; i < 2_000_000; i++) {
            mailbox.report("p" + i % 10, Quantity.of(i), Quality.GOOD, 0);
        }
        run(perSecond, 3, sentNanos, mailbox);
        histogram.reset();
        Map<String, Long> before = threads();
        double with = run(perSecond, seconds, sentNanos, mailbox);
        Map<String, Long> after = threads();
        double without = run(perSecond, seconds, sentNanos, null);
        System.out.printf(
                "%d/s: p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs; CPU %.1f µs a report, %.1f µs of them the pacing loop%n",
                perSecond,
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(99) / 1e3,
                histogram.getValueAtPercentile(99.9) / 1e3,
                with,
                without);
        int reports = perSecond * seconds;
        after.forEach((name, nanos) -> {
            double micros = (nanos - before.getOrDefault(name, 0L)) / 1e3 / reports;
            if (micros >= 0.05) {
                System.out.printf("  %-20s %.2f µs a report%n", name, micros);
            }
        });
        bus.stop();
    }

    /** CPU of every thread of the process, ns, by its name (proc(5), schedstat). */
    private static Map<String, Long> threads() throws IOException {
        Map<String, Long> cpu = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                String name = Files.readString(task.resolve("comm")).strip();
                long nanos = Long.parseLong(
                        Files.readString(task.resolve("schedstat")).split(" ")[0]);
                cpu.merge(name, nanos, Long::sum);
            }
        }
        return cpu;
    }

    private static double run(
            int perSecond, int seconds, long[] sentNanos, @org.jspecify.annotations.Nullable Mailbox mailbox) {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = os.getProcessCpuTime();
        long pause = 1_000_000_000L / perSecond;
        long next = System.nanoTime();
        int count = perSecond * seconds;
        for (int i = 0; i < count; i++) {
            next += pause;
            for (long now = System.nanoTime(); now < next; now = System.nanoTime()) {
                LockSupport.parkNanos(next - now);
            }
            sentNanos[i & 0xffff] = System.nanoTime();
            if (mailbox != null) {
                mailbox.report("p" + i % 10, Quantity.of(i), Quality.GOOD, 0);
            }
        }
        return (os.getProcessCpuTime() - cpu) / 1e3 / count;
    }
}
