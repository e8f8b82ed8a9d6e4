package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.benchmarks.load.LiveHeap;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.fieldhouse.benchmarks.load.ProcessStat;
import org.fieldhouse.benchmarks.subject.BundleVersions;
import org.fieldhouse.benchmarks.subject.BundleVersions.Broken;
import org.fieldhouse.benchmarks.subject.Homes;
import org.fieldhouse.benchmarks.subject.House;
import org.fieldhouse.benchmarks.subject.NodeRed;

/**
 * The MQTT binding is replaced again and again while 1,000 numbered messages a second go in through it and come out through it, by a
 * rule; each tenth new version is broken. Node-RED deploys its flow at 500/s instead. The gap is the longest pause between two
 * answers around an update, seen from outside.
 */
final class SwapBench {
    private static final int RATE = 1_000;
    private static final int NODE_RED_RATE = 500;
    private static final int DEVICES = 10;
    /** Each speaks every 4 s: a newer set of a point takes the place of one that waits, and that must not look like a loss. */
    private static final int TOPICS = 4_000;

    private static final int ROUND_SECONDS = TOPICS / RATE;
    private static final String BINDING = "org.fieldhouse.binding.mqtt";
    private static final double MEBIBYTE = 1024.0 * 1024;
    private static final String ROW = "Fieldhouse";
    private static final Pattern KEPT = Pattern.compile("(\\d+) kept; heap [\\d.]+ MB in use, (\\d+) threads");

    private final Options options;
    private final Report report;

    /** Replaces something under load; what it says of it. */
    @FunctionalInterface
    private interface Update {
        String update(int number) throws IOException;
    }

    SwapBench(Options options) throws IOException {
        this.options = options;
        report = new Report("swap");
    }

    Report run() throws IOException {
        int updates = options.number("updates", options.isShort() ? 20 : 100);
        try (Mosquitto broker = new Mosquitto(options.work())) {
            String only = options.value("only").orElse("fieldhouse,nodered");
            if (only.contains("fieldhouse")) {
                fieldhouse(broker, updates);
            }
            Optional<NodeRed> nodeRed = only.contains("nodered") ? NodeRed.install(options.work()) : Optional.empty();
            if (nodeRed.isPresent()) {
                nodeRed(nodeRed.get(), broker, Math.min(updates, 25));
            }
        }
        return report;
    }

    /** A few devices with many points each, as a PLC or a gateway has them. */
    private static String devices(int port) {
        StringBuilder text = new StringBuilder(Homes.broker(port, "3.1.1"));
        for (int d = 0; d < DEVICES; d++) {
            String[] in = new String[TOPICS / DEVICES];
            String[] out = new String[in.length];
            for (int p = 0; p < in.length; p++) {
                int topic = p * DEVICES + d;
                in[p] = "{name: v" + p + ", topic: fieldhouse/in/" + topic + "}";
                out[p] = "{name: v" + p + ", command: fieldhouse/out/" + topic + "}";
            }
            text.append(Homes.topics("S" + d, "points", in)).append(Homes.topics("O" + d, "points", out));
        }
        return text.toString();
    }

    private static String rules() {
        StringBuilder text = new StringBuilder();
        for (int d = 0; d < DEVICES; d++) {
            for (int p = 0; p < TOPICS / DEVICES; p++) {
                text.append(
                        "rule \"Copy %1$d %2$d\"\n  when S%1$d.v%2$d changes\ndo\n  set O%1$d.v%2$d = S%1$d.v%2$d\nend\n"
                                .formatted(d, p));
            }
        }
        return text.toString();
    }

    private void fieldhouse(Mosquitto broker, int updates) throws IOException {
        Path home = Homes.fresh(options.work().resolve("swap-home"));
        Files.writeString(home.resolve("devices/bench.yaml"), devices(broker.port()));
        Files.writeString(home.resolve("rules/copy.rules"), rules());
        BundleVersions versions = new BundleVersions(
                options.distribution(), BINDING, options.work().resolve("versions"));
        Broken[] broken = Broken.values();
        try (House house = House.startAgain(
                        options.distribution(),
                        home,
                        "core,rules,mqtt,shell",
                        options.value("java-options").orElse(""));
                OpenLoop load = new OpenLoop(broker.port(), "fieldhouse", TOPICS)) {
            house.awaitReady(Duration.ofMinutes(1));
            // A first value is no change: each point has one before anything is counted.
            answers(load, RATE, ROUND_SECONDS);
            // Every class loaded and compiled once; a first version has no predecessor that it could leak.
            for (int i = 0; i < 3; i++) {
                swap(house, versions.good());
            }
            answers(load, RATE, ROUND_SECONDS);
            Matcher before = kept(house);
            LiveHeap heapBefore = LiveHeap.of(house.pid());
            Map<String, Integer> starts = starts(house);
            AtomicLong rolledBack = new AtomicLong();
            int bad = measure(ROW, load, RATE, updates, n -> {
                boolean isBroken = n % 10 == 5;
                Path jar = isBroken ? versions.broken(broken[n / 10 % broken.length]) : versions.good();
                String said = swap(house, jar);
                if (isBroken && said.contains("ROLLED_BACK")) {
                    rolledBack.incrementAndGet();
                }
                boolean right = said.contains(isBroken ? "ROLLED_BACK" : "REPLACED");
                return (isBroken ? "broken " : "") + (right ? "" : "WRONG ") + said.strip();
            });
            answers(load, RATE, ROUND_SECONDS);
            Matcher after = kept(house);
            LiveHeap heapAfter = LiveHeap.of(house.pid());
            Map<String, Integer> later = starts(house);
            starts.remove(BINDING);
            later.remove(BINDING);
            report.put(ROW, "rolled back", rolledBack.get());
            report.put(ROW, "loaders kept", Long.parseLong(after.group(1)));
            report.put(ROW, "heap MB before", heapBefore.bytes() / MEBIBYTE);
            report.put(ROW, "heap MB after", heapAfter.bytes() / MEBIBYTE);
            double grown = heapAfter.bytes() - heapBefore.bytes();
            System.out.printf(Locale.ROOT, "Grown by %.1f KB; most of it:%n", grown / 1024);
            heapAfter.grownSince(heapBefore, 12).forEach(System.out::println);
            report.put(ROW, "threads before", Long.parseLong(before.group(2)));
            report.put(ROW, "threads after", Long.parseLong(after.group(2)));
            report.put(ROW, "RSS MB", ProcessStat.residentBytes(house.pid()) / MEBIBYTE);
            report.goal("all broken ones rolled back, all others in place", bad == 0);
            report.goal("start counters of all other bundles unchanged", starts.equals(later));
            report.goal("no class loader kept", after.group(1).equals("0"));
            report.goal("heap flat (≤ 2 MB more)", grown <= 2 * MEBIBYTE);
            report.goal(
                    "threads flat (≤ 2 more)", Long.parseLong(after.group(2)) - Long.parseLong(before.group(2)) <= 2);
        }
    }

    /** What is not signed has to be allowed, whatever door it comes through. */
    private static String swap(House house, Path jar) throws IOException {
        house.shell("trust:allow " + jar + " made-by-the-bench");
        StringBuilder said = new StringBuilder();
        house.ask(said, "swap " + BINDING + " " + jar); // fails if it was taken back
        return said.toString();
    }

    private static Matcher kept(House house) throws IOException {
        String said = house.shell("leaks");
        Matcher m = KEPT.matcher(said);
        if (!m.find()) {
            throw new IOException("leaks says: " + said);
        }
        if (!m.group(1).equals("0")) {
            System.out.println(house.shell("leaks heap"));
        }
        return m;
    }

    private static Map<String, Integer> starts(House house) throws IOException {
        Map<String, Integer> out = new TreeMap<>();
        for (String line : house.shell("swaps").split("\\R")) {
            if (line.startsWith("starts  ")) {
                for (String one : line.substring(8).split(", ")) {
                    String[] words = one.split(" ");
                    out.put(words[0], Integer.valueOf(words[1]));
                }
            }
        }
        return out;
    }

    private void nodeRed(NodeRed nodeRed, Mosquitto broker, int deploys) throws IOException {
        // An offer of HTTP/2 is an upgrade to Node-RED's server, which hangs up: it knows those of its web sockets
        // alone.
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (OpenLoop load = new OpenLoop(broker.port(), nodeRed.id())) {
            nodeRed.start(broker.port());
            answers(load, NODE_RED_RATE, 1);
            load.run(NODE_RED_RATE, 3);
            measure(nodeRed.title(), load, NODE_RED_RATE, deploys, n -> {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + nodeRed.httpPort() + "/flows"))
                        .header("Content-Type", "application/json")
                        .header("Node-RED-Deployment-Type", "full")
                        .POST(HttpRequest.BodyPublishers.ofString(nodeRed.flows(broker.port(), n % 2 == 0 ? "" : ".0")))
                        .build();
                try {
                    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                    return "deploy " + answer.statusCode();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        } finally {
            nodeRed.close();
        }
    }

    private static void answers(OpenLoop load, int rate, int seconds) throws IOException {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (load.run(rate, seconds).lost() > 0) {
            if (System.nanoTime() > until) {
                throw new IOException("no answers");
            }
        }
    }

    /** One run of the load through all updates. Returns how many did not go as they should. */
    private int measure(String row, OpenLoop load, int rate, int updates, Update update) throws IOException {
        int wrong = 0;
        double[] gaps = new double[updates];
        java.util.List<Double> good = new ArrayList<>();
        long sent = 0;
        long lost = 0;
        long twice = 0;
        long disordered = 0;
        for (int first = 0; first < updates; first += 10) {
            AtomicLong last = new AtomicLong();
            AtomicLong longest = new AtomicLong();
            load.observe((number, rest, nanos) -> {
                long before = last.getAndSet(nanos);
                if (before != 0) {
                    longest.accumulateAndGet(nanos - before, Math::max);
                }
            });
            java.util.concurrent.atomic.AtomicBoolean done = new java.util.concurrent.atomic.AtomicBoolean();
            CompletableFuture<OpenLoop.Outcome> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return load.run(rate, 60, done::get);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            for (int i = first; i < Math.min(updates, first + 10); i++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + i * 13L % 100));
                longest.set(0);
                String said = update.update(i);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                gaps[i] = longest.get() / 1e6;
                boolean isBroken = said.startsWith("broken ");
                if (!isBroken) {
                    good.add(gaps[i]);
                }
                wrong += said.contains("WRONG ") ? 1 : 0;
                System.out.printf(Locale.ROOT, "%-12s %3d  gap %.1f ms  %s%n", row, i + 1, gaps[i], said);
            }
            done.set(true);
            OpenLoop.Outcome outcome = running.join();
            sent += outcome.sent();
            lost += outcome.lost();
            twice += outcome.twice();
            disordered += outcome.disordered();
        }
        double[] sorted =
                good.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        Arrays.sort(gaps);
        report.put(row, "messages", sent);
        report.put(row, "updates", updates);
        report.put(row, "lost", lost);
        report.put(row, "twice", twice);
        report.put(row, "out of order", disordered);
        report.put(row, "gap p50 ms", sorted[sorted.length / 2]);
        report.put(row, "gap p99 ms", sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
        report.put(row, "longest gap ms, broken ones too", gaps[gaps.length - 1]);
        if (row.equals(ROW)) {
            report.goal("0 lost, 0 twice, order kept", lost + twice + disordered == 0);
            report.goal("gap p99 ≤ 150 ms", sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] <= 150);
        }
        return wrong;
    }
}
