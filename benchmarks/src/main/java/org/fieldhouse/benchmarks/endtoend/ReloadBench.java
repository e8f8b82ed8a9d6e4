package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;
import org.fieldhouse.benchmarks.subject.NodeRed;

/**
 * A rule file is saved again and again while 500 msg/s flow through its 100 rules, 900 other rules beside it: from the save to the
 * first answer by the new text (every 2 ms there is one to see it by), and how many messages got no answer. Node-RED deploys its
 * flow instead.
 */
final class ReloadBench {
    private static final int TOPICS = 100;
    private static final int RATE = 500;

    private final Options options;
    private final Report report;
    private final Samples samples = new Samples();

    /** Brings a new generation in force; its rules add that to each number. */
    @FunctionalInterface
    private interface Save {
        void save(String plus) throws IOException, InterruptedException;
    }

    ReloadBench(Options options) throws IOException {
        this.options = options;
        report = new Report("reload");
    }

    Report run() throws IOException {
        int saves = options.number("saves", options.isShort() ? 6 : 25);
        try (Mosquitto broker = new Mosquitto(options.work())) {
            String only = options.value("only").orElse("fieldhouse,nodered");
            if (only.contains("fieldhouse")) {
                fieldhouse(broker, saves);
            }
            Optional<NodeRed> nodeRed = only.contains("nodered") ? NodeRed.install(options.work()) : Optional.empty();
            if (nodeRed.isPresent()) {
                nodeRed(nodeRed.get(), broker, saves);
            }
        }
        samples.mediansTo(report);
        samples.rows().forEach(r -> {
            report.put(r, "worst ms to active", samples.max(r, "ms to active"));
            report.put(r, "lost in all", samples.sum(r, "lost"));
            report.put(r, "saves", saves);
        });
        if (!samples.has("Fieldhouse")) {
            return report;
        }
        report.goal("active in ≤ 100 ms (median)", samples.median("Fieldhouse", "ms to active") <= 100);
        report.goal("0 lost", samples.sum("Fieldhouse", "lost") == 0);
        return report;
    }

    private void fieldhouse(Mosquitto broker, int saves) throws IOException {
        Path home = Homes.fresh(options.work().resolve("reload-home"));
        Files.writeString(
                home.resolve("devices/bench.yaml"),
                Homes.broker(broker.port(), "3.1.1") + Homes.sensors("fieldhouse", OpenLoop.TOPICS));
        Path edited = home.resolve("rules/edited.rules");
        Files.writeString(edited, Homes.copyRules(0, TOPICS, ""));
        Files.writeString(home.resolve("rules/others.rules"), Homes.copyRules(TOPICS, OpenLoop.TOPICS, ""));
        try (House house = House.start(options.distribution(), home, "core,rules,mqtt", "");
                OpenLoop load = new OpenLoop(broker.port(), "fieldhouse", TOPICS)) {
            house.awaitReady(Duration.ofMinutes(1));
            measure("Fieldhouse", load, saves, plus -> Homes.save(edited, Homes.copyRules(0, TOPICS, " + 0" + plus)));
        }
    }

    private void nodeRed(NodeRed nodeRed, Mosquitto broker, int saves) throws IOException {
        try (OpenLoop load = new OpenLoop(broker.port(), nodeRed.id(), TOPICS)) {
            nodeRed.start(broker.port());
            measure(nodeRed.title(), load, saves, plus -> {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + nodeRed.httpPort() + "/flows"))
                        .header("Content-Type", "application/json")
                        .header("Node-RED-Deployment-Type", "full")
                        .POST(HttpRequest.BodyPublishers.ofString(nodeRed.flows(broker.port(), plus)))
                        .build();
                // A client for each: Node closes connections that were idle for 5 s, and a race with that is not of
                // interest.
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() >= 300) {
                    throw new IOException("Node-RED refused the flow: " + answer.body());
                }
            });
        } finally {
            nodeRed.close();
        }
    }

    private void measure(String row, OpenLoop load, int saves, Save save) throws IOException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (load.run(RATE, 1).lost() > 0) {
            if (System.nanoTime() > until) {
                throw new IOException(row + " does not answer");
            }
        }
        load.run(RATE, options.isShort() ? 3 : 10);
        for (int i = 0; i < saves; i++) {
            String plus = i % 2 == 0 ? ".5" : ".25";
            AtomicLong active = new AtomicLong();
            load.observe((number, rest, nanos) -> {
                if (rest.equals(plus)) {
                    active.compareAndSet(0, nanos);
                }
            });
            CompletableFuture<OpenLoop.Outcome> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return load.run(RATE, 2.5);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            // At another moment of the schedule each time.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700 + i * 13L));
            long saved = System.nanoTime();
            try {
                save.save(plus);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            OpenLoop.Outcome outcome = running.join();
            double millis = active.get() == 0 ? Double.POSITIVE_INFINITY : (active.get() - saved) / 1e6;
            samples.add(row, "ms to active", millis);
            samples.add(row, "lost", (double) outcome.lost());
            samples.add(row, "p99 ms meanwhile", outcome.p99Millis());
            System.out.printf(
                    Locale.ROOT,
                    "%-16s save %2d  active after %.1f ms  lost %d  twice %d  out of order %d  p99 %.1f ms%n",
                    row,
                    i + 1,
                    millis,
                    outcome.lost(),
                    outcome.twice(),
                    outcome.disordered(),
                    outcome.p99Millis());
        }
    }
}
