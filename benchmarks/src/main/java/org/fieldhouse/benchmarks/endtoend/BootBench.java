package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.MqttLink;
import org.fieldhouse.benchmarks.load.ProcessStat;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;
import org.fieldhouse.benchmarks.subject.NodeRed;

/**
 * From exec to {@code /health} = 200, with a warm cache and an empty house, beside Node-RED from exec to its first answered message.
 * The script's own time is in it: it replaces itself by the JVM.
 */
final class BootBench {
    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();

    BootBench(Options options) throws IOException {
        this.options = options;
        report = new Report("boot");
    }

    Report run() throws IOException {
        Path home = Homes.fresh(options.work().resolve("boot-home"));
        String features = options.value("features").orElse("");
        // The first start fills the bundle cache and, when it ends, writes the class data archive.
        for (int i = 0; i < 2; i++) {
            try (House house = House.start(options.distribution(), home, features, "")) {
                house.awaitReady(Duration.ofSeconds(60));
            }
        }
        Optional<NodeRed> nodeRed = options.value("only").orElse("nodered").contains("nodered")
                ? NodeRed.install(options.work())
                : Optional.empty();
        try (Mosquitto broker = new Mosquitto(options.work())) {
            int rounds = options.number("rounds", options.isShort() ? 5 : 15);
            for (int i = 0; i < rounds; i++) {
                fieldhouse(home, features);
                if (nodeRed.isPresent()) {
                    peer(nodeRed.get(), broker.port());
                }
            }
        }
        samples.mediansTo(report);
        report.goal("≤ 2.0 CPU-seconds to /health", samples.median("Fieldhouse", "CPU s") <= 2.0);
        report.goal("≤ 1.5 s to /health on a quiet machine", samples.median("Fieldhouse", "s") <= 1.5);
        report.goal("≤ 120 MB resident", samples.median("Fieldhouse", "RSS MB") <= 120);
        return report;
    }

    private void fieldhouse(Path home, String features) throws IOException {
        try (House house = House.start(options.distribution(), home, features, "")) {
            long nanos = house.awaitReady(Duration.ofSeconds(60));
            sample("Fieldhouse", nanos, house.pid());
        }
    }

    private void peer(NodeRed nodeRed, int port) throws IOException {
        boolean[] answered = new boolean[1];
        try (MqttLink link = new MqttLink(port, "boot", MqttLink.Receiver.ofText((t, p) -> {
            synchronized (answered) {
                answered[0] = true;
            }
        }))) {
            link.subscribe(nodeRed.id() + "/out/#");
            long start = System.nanoTime();
            nodeRed.start(port);
            while (true) {
                link.publish(nodeRed.id() + "/in/1", "1");
                synchronized (answered) {
                    if (answered[0]) {
                        break;
                    }
                }
                if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
                    throw new IOException("Node-RED does not answer");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            sample(nodeRed.title(), System.nanoTime() - start, nodeRed.pid());
        } finally {
            nodeRed.close();
        }
    }

    private void sample(String row, long nanos, long pid) throws IOException {
        double cpu = ProcessStat.cpuNanos(pid) / 1e9;
        double resident = ProcessStat.residentBytes(pid) / 1e6;
        System.out.printf(Locale.ROOT, "%-16s %.2f s  %.2f CPU-s  %.0f MB%n", row, nanos / 1e9, cpu, resident);
        samples.add(row, "s", nanos / 1e9);
        samples.add(row, "CPU s", cpu);
        samples.add(row, "RSS MB", resident);
    }
}
