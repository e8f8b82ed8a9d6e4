package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.fieldhouse.benchmarks.load.ProcessStat;
import org.fieldhouse.benchmarks.subject.Echo;
import org.fieldhouse.benchmarks.subject.Fieldhouse;
import org.fieldhouse.benchmarks.subject.NodeRed;
import org.fieldhouse.benchmarks.subject.Subject;

/**
 * MQTT in, rule, MQTT out, beside a bare echo and Node-RED. All run at once on one broker, and rounds go A B C A B C, so that what
 * else the machine does hits all of them; the table has medians of the rounds.
 */
final class PathBench {
    private static final double HOLDS_P99_MILLIS = 250;
    /** Windows of 16,000 messages before anything is measured. */
    private static final int LEAST_WARM = 6;

    private static final int MOST_WARM = 16;
    /** Where the search for the highest rate begins, messages a second, and how long it tries a rate while it climbs. */
    private static final double FIRST_RATE = 16_000;

    private static final int CLIMB_SECONDS = 2;
    private static final int MOST_CLIMBS = 14;
    /** A trial that did not hold says nothing if others took more than that of one processor meanwhile; it is made again so often. */
    private static final double DISTURBED = 0.15;

    private static final int MOST_AGAIN = 3;

    private final Options options;
    private final Report report;
    private final String defaults;
    private final Samples samples = new Samples();

    private PathBench(Options options, String name, String defaults) throws IOException {
        this.options = options;
        this.defaults = defaults;
        report = new Report(name);
    }

    static PathBench of(Options options) throws IOException {
        return new PathBench(options, "path", "echo,nodered,fieldhouse");
    }

    /** The same for client libraries alone. */
    static PathBench ofClients(Options options) throws IOException {
        return new PathBench(options, "clients", "echo,paho5,vertx,hivemq");
    }

    /** A system with its load. */
    private record Lane(Subject subject, OpenLoop load, int[] disturbed) {
        /** CPU time of all its processes, ns. */
        long cpuNanos() throws IOException {
            long nanos = 0;
            for (long pid : ProcessStat.family(subject.pid())) {
                nanos += ProcessStat.cpuNanos(pid);
            }
            return nanos;
        }

        /** Of all its processes. */
        long residentBytes() throws IOException {
            long bytes = 0;
            for (long pid : ProcessStat.family(subject.pid())) {
                bytes += ProcessStat.residentBytes(pid);
            }
            return bytes;
        }

        /** CPU time of their threads, ns. */
        Map<String, Long> threads() throws IOException {
            Map<String, Long> threads = new HashMap<>();
            for (long pid : ProcessStat.family(subject.pid())) {
                threads.putAll(ProcessStat.threads(pid));
            }
            return threads;
        }
    }

    Report run() throws IOException {
        Path work = options.work();
        List<Subject> subjects = subjects(work);
        try (Mosquitto broker = new Mosquitto(work)) {
            List<Lane> lanes = new ArrayList<>();
            for (Subject subject : subjects) {
                subject.start(broker.port());
                OpenLoop load = new OpenLoop(broker.port(), subject.id());
                awaitAnswers(subject, load);
                lanes.add(new Lane(subject, load, new int[1]));
            }
            warm(lanes);
            int rounds = options.number("rounds", options.isShort() ? 2 : 5);
            String phases = options.value("phase").orElse("steady,most");
            for (int round = 1; round <= rounds; round++) {
                if (phases.contains("steady")) {
                    for (Lane lane : lanes) {
                        steady(lane, 1_000, options.isShort() ? 10 : 20, round);
                    }
                    for (Lane lane : lanes) {
                        steady(lane, 10_000, options.isShort() ? 5 : 10, round);
                    }
                }
                if (phases.contains("fixed")) {
                    for (String rate : options.value("rate").orElse("20000").split(",")) {
                        for (Lane lane : lanes) {
                            fixed(lane, broker, Integer.parseInt(rate), round);
                        }
                    }
                }
            }
            if (phases.contains("most")) {
                most(lanes, rounds, broker);
            }
            for (Lane lane : lanes) {
                lane.load.close();
            }
        } finally {
            subjects.forEach(Subject::close);
        }
        samples.mediansTo(report);
        isolation();
        goals();
        return report;
    }

    /** What a process of its own costs a binding. */
    private void isolation() {
        String isolated = "Fieldhouse, isolated";
        for (String column : List.of("p50 ms", "p99 ms", "µs CPU")) {
            for (String at : List.of(" @1k", " @10k")) {
                if (samples.has(isolated, column + at) && samples.has("Fieldhouse", column + at)) {
                    report.put("isolated ÷ not", column + at, ratio(isolated, "Fieldhouse", column + at));
                }
            }
        }
        if (samples.has(isolated, "lost @1k")) {
            report.goal("nothing lost at 1,000/s, isolated", samples.max(isolated, "lost @1k") == 0);
        }
    }

    private void goals() {
        String house = "Fieldhouse";
        String echo = "Paho v3 echo";
        if (!samples.has(house)) {
            return;
        }
        boolean steady = samples.has(house, "p50 ms @1k");
        if (steady) {
            report.goal("nothing lost", samples.max(house, "lost @1k") + samples.max(house, "lost @10k") == 0);
        }
        if (samples.has(echo) && steady) {
            report.goal("p50 at 1,000/s ≤ the echo's + 0.2 ms", beyond(house, echo, "p50 ms @1k") <= 0.2);
            report.goal("p99 at 1,000/s ≤ the echo's + 1 ms", beyond(house, echo, "p99 ms @1k") <= 1);
            report.goal("≤ 10 µs of CPU beyond the echo at 10,000/s", beyond(house, echo, "µs CPU @10k") <= 10);
        }
        boolean most = samples.has(house, "most msg/s");
        if (samples.has(echo) && most) {
            report.goal("sustained rate ≥ 0.85 × the echo's", ratio(house, echo, "most msg/s") >= 0.85);
        }
        samples.rows().filter(r -> r.startsWith("Node-RED")).forEach(nodeRed -> {
            if (most) {
                report.goal("sustained rate ≥ Node-RED's", ratio(house, nodeRed, "most msg/s") >= 1);
            }
            if (steady) {
                report.goal("p50 at 1,000/s ≤ half of Node-RED's", ratio(house, nodeRed, "p50 ms @1k") <= 0.5);
            }
        });
    }

    private double beyond(String row, String other, String column) {
        return samples.median(row, column) - samples.median(other, column);
    }

    private double ratio(String row, String other, String column) {
        return samples.median(row, column) / samples.median(other, column);
    }

    private List<Subject> subjects(Path work) throws IOException {
        List<Subject> subjects = new ArrayList<>();
        for (String name : options.value("only").orElse(defaults).split(",")) {
            switch (name) {
                case "echo" -> subjects.add(Echo.paho3(work));
                case "paho5" -> subjects.add(Echo.paho5(work));
                case "vertx" -> subjects.add(Echo.vertx(work));
                case "hivemq" -> subjects.add(Echo.hiveMq(work));
                case "fieldhouse" -> subjects.add(new Fieldhouse(options.distribution(), work, "3.1.1"));
                case "before" -> subjects.add(Fieldhouse.before(options.before(), work));
                case "isolated" -> subjects.add(Fieldhouse.isolated(options.distribution(), work));
                case "fieldhouse5" -> subjects.add(new Fieldhouse(options.distribution(), work, "5"));
                case "nodered" -> NodeRed.install(work).ifPresent(subjects::add);
                default -> throw new IllegalArgumentException("there is no system '" + name + "' to measure");
            }
        }
        return subjects;
    }

    private static void awaitAnswers(Subject subject, OpenLoop load) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        // 1,000 messages: each of the topics must answer.
        while (load.run(5_000, 0.2).lost() > 0) {
            subject.pid(); // throws if it has ended
            if (System.nanoTime() > until) {
                throw new IOException(subject.title() + " does not answer");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /**
     * The just-in-time compilers settle: windows of the same load for everybody in turn, until nobody's CPU per message falls by
     * more than a twelfth from one to the next.
     */
    private void warm(List<Lane> lanes) throws IOException {
        double[] before = new double[lanes.size()];
        Arrays.fill(before, Double.MAX_VALUE);
        boolean settled = false;
        for (int window = 0; window < MOST_WARM && !(settled && window >= LEAST_WARM); window++) {
            settled = true;
            for (int i = 0; i < before.length; i++) {
                Lane lane = lanes.get(i);
                long cpu = lane.cpuNanos();
                lane.load.run(window % 2 == 0 ? 8_000 : 4_000, window % 2 == 0 ? 2 : 4);
                double now = lane.cpuNanos() - cpu;
                settled &= now > before[i] * 11 / 12;
                before[i] = now;
            }
        }
    }

    private void steady(Lane lane, int rate, int seconds, int round) throws IOException {
        Map<String, Long> threads = lane.threads();
        long cpu = lane.cpuNanos();
        OpenLoop.Outcome outcome = lane.load.run(rate, seconds);
        double micros = (lane.cpuNanos() - cpu) / 1e3 / outcome.sent();
        String at = rate / 1_000 + "k";
        sample(lane, "p50 ms @" + at, outcome.p50Millis());
        sample(lane, "p99 ms @" + at, outcome.p99Millis());
        sample(lane, "µs CPU @" + at, micros);
        sample(lane, "lost @" + at, (double) outcome.lost());
        sample(lane, "RSS MB", lane.residentBytes() / 1e6);
        System.out.printf(
                Locale.ROOT,
                "round %d  %-16s %,7d/s  p50 %.3f ms  p99 %.3f ms  %.1f µs/msg  lost %d%s%n",
                round,
                lane.subject.title(),
                rate,
                outcome.p50Millis(),
                outcome.p99Millis(),
                micros,
                outcome.lost(),
                outcome.twice() + outcome.disordered() == 0
                        ? ""
                        : "  twice " + outcome.twice() + ", out of order " + outcome.disordered());
        if (options.has("threads")) {
            printThreads(threads, lane.threads(), outcome.sent());
        }
    }

    /** One rate of the caller's choice, with what broker and driver take of the processors that all share. */
    private void fixed(Lane lane, Mosquitto broker, int rate, int round) throws IOException {
        Map<String, Long> threads = lane.threads();
        long cpu = lane.cpuNanos();
        long brokerCpu = ProcessStat.cpuNanos(broker.pid());
        long driverCpu = ProcessStat.cpuNanos(ProcessHandle.current().pid());
        OpenLoop.Outcome outcome = lane.load.run(rate, options.number("seconds", 5));
        double sent = outcome.sent() * 1e3;
        double micros = (lane.cpuNanos() - cpu) / sent;
        double brokers = (ProcessStat.cpuNanos(broker.pid()) - brokerCpu) / sent;
        double drivers = (ProcessStat.cpuNanos(ProcessHandle.current().pid()) - driverCpu) / sent;
        String at = " @" + rate;
        sample(lane, "p99 ms" + at, outcome.p99Millis());
        sample(lane, "µs CPU" + at, micros);
        sample(lane, "of broker" + at, brokers);
        sample(lane, "of driver" + at, drivers);
        System.out.printf(
                Locale.ROOT,
                "round %d  %-16s %,7d/s  p50 %.3f ms  p99 %.3f ms  %.1f + %.1f + %.1f µs/msg  lost %d%n",
                round,
                lane.subject.title(),
                rate,
                outcome.p50Millis(),
                outcome.p99Millis(),
                micros,
                brokers,
                drivers,
                outcome.lost());
        if (options.has("threads")) {
            printThreads(threads, lane.threads(), outcome.sent());
        }
    }

    /** Where the time went, by thread. */
    private static void printThreads(Map<String, Long> before, Map<String, Long> after, long messages) {
        after.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), (e.getValue() - before.getOrDefault(e.getKey(), 0L)) / 1e3 / messages))
                .filter(e -> e.getValue() >= 0.1)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(e -> System.out.printf(Locale.ROOT, "    %6.1f µs/msg  %s%n", e.getValue(), e.getKey()));
    }

    /** The highest rate of each, trial by trial in turn: see {@link RateSearch}. */
    private void most(List<Lane> lanes, int rounds, Mosquitto broker) throws IOException {
        Set<Long> own = own(lanes, broker);
        List<RateSearch> searches = new ArrayList<>();
        lanes.forEach(lane -> searches.add(new RateSearch(FIRST_RATE)));
        int seconds = options.number("seconds", options.isShort() ? 4 : 5);
        boolean climbs = true;
        for (int pass = 0; climbs && pass < MOST_CLIMBS; pass++) {
            climbs = false;
            for (int i : inTurn(pass, lanes.size())) {
                RateSearch search = searches.get(i);
                if (search.climbs()) {
                    trial(lanes.get(i), search, CLIMB_SECONDS, own);
                    climbs |= search.climbs();
                }
            }
        }
        int trials = options.isShort() ? 7 : 8;
        for (int round = 1; round <= rounds; round++) {
            Samples cpu = new Samples();
            for (int pass = 0; pass < trials; pass++) {
                for (int i : inTurn(pass, lanes.size())) {
                    Lane lane = lanes.get(i);
                    cpu.add(lane.subject.title(), "", trial(lane, searches.get(i), seconds, own));
                }
            }
            for (int i = 0; i < lanes.size(); i++) {
                String title = lanes.get(i).subject.title();
                double rate = searches.get(i).round();
                double micros = cpu.median(title, "");
                sample(lanes.get(i), "most msg/s", rate);
                sample(lanes.get(i), "µs CPU at most", micros);
                System.out.printf(
                        Locale.ROOT, "round %d  %-16s holds %,.0f/s  %.1f µs/msg%n", round, title, rate, micros);
            }
        }
    }

    /** Who is first once is last the next time. */
    private static int[] inTurn(int pass, int count) {
        return IntStream.range(0, count)
                .map(i -> pass % 2 == 0 ? i : count - 1 - i)
                .toArray();
    }

    /** One trial, again if others disturbed it; CPU a message in µs. */
    private double trial(Lane lane, RateSearch search, int seconds, Set<Long> own) throws IOException {
        for (int again = 0; ; again++) {
            double rate = search.next();
            Map<Long, Long> before = ProcessStat.everybody();
            long start = System.nanoTime();
            long cpu = lane.cpuNanos();
            OpenLoop.Outcome outcome = lane.load.run(rate, seconds);
            double micros = (lane.cpuNanos() - cpu) / 1e3 / outcome.sent();
            double others = others(before, own) / (double) (System.nanoTime() - start);
            boolean held = holds(outcome);
            boolean disturbed = others > DISTURBED && !held;
            if (options.has("trials")) {
                System.out.printf(
                        Locale.ROOT,
                        "    %-16s %,7.0f/s  %s  p50 %.1f ms  p99 %.1f ms  %.1f µs/msg  lost %d  others %.2f%n",
                        lane.subject.title(),
                        rate,
                        held ? "held" : disturbed ? "disturbed" : "did not",
                        outcome.p50Millis(),
                        outcome.p99Millis(),
                        micros,
                        outcome.lost(),
                        others);
            }
            if (disturbed) {
                report.put(lane.subject.title(), "disturbed", ++lane.disturbed[0]);
            }
            if (!disturbed || again == MOST_AGAIN) {
                search.tried(held);
                return micros;
            }
        }
    }

    /** CPU time of processes that are not part of the measurement, ns. */
    private static long others(Map<Long, Long> before, Set<Long> own) throws IOException {
        long nanos = 0;
        for (Map.Entry<Long, Long> each : ProcessStat.everybody().entrySet()) {
            if (!own.contains(each.getKey())) {
                nanos += Math.max(0, each.getValue() - before.getOrDefault(each.getKey(), 0L));
            }
        }
        return nanos;
    }

    private static Set<Long> own(List<Lane> lanes, Mosquitto broker) {
        Set<Long> own = new HashSet<>(List.of(ProcessHandle.current().pid(), broker.pid()));
        lanes.forEach(lane -> own.addAll(ProcessStat.family(lane.subject.pid())));
        return own;
    }

    /** Nothing lost, and no backlog: not at the end, not in the middle. */
    private static boolean holds(OpenLoop.Outcome outcome) {
        return outcome.lost() == 0
                && outcome.p99Millis() < HOLDS_P99_MILLIS
                && outcome.tailNanos() < TimeUnit.MILLISECONDS.toNanos(100);
    }

    private void sample(Lane lane, String what, double value) {
        samples.add(lane.subject.title(), what, value);
    }
}
