package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kills a runtime at random instants of a virtual day, in the middle of a write, on the real journal's files, and compares what its
 * actuators did with a day on which it was not killed.
 */
public final class Kills {
    /** About so many steps has a day. */
    private static final int STEPS = 2_500;

    private final Path folder;
    private final RuleSet rules = RuleSet.of(RuleSet.resource("day.rules"));
    private final List<String> wrong = new ArrayList<>();
    private int kills;
    private int days;

    Kills(Path folder) {
        this.folder = folder;
    }

    /**
     * {@code kills seed [process]}: so many, half of them in days in which it is up again at once, and half after up to two hours;
     * in the middle of a write, or of processes.
     */
    public static void main(String[] args) throws IOException {
        int wanted = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        boolean processes = args.length > 2;
        Path folder = Files.createTempDirectory(shared(), "fieldhouse-kills");
        Kills all = new Kills(folder);
        long start = System.nanoTime();
        for (long s = seed; all.kills < wanted && all.wrong.size() < 20; s++) {
            int mostSeconds = s % 2 == 0 ? 0 : 7_200;
            if (processes) {
                all.processes(s, mostSeconds, 50);
            } else {
                all.day(s, mostSeconds, 12);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d days, %d kills, %d differences, %.0f s%n",
                    all.days,
                    all.kills,
                    all.wrong.size(),
                    (System.nanoTime() - start) / 1e9);
        }
        Day.clear(folder);
        System.exit(all.wrong.isEmpty() ? 0 : 1);
    }

    /** Where files cost no disk, if there is such a place: kills of a process lose nothing that the system has. */
    private static Path shared() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    List<String> wrong() {
        return wrong;
    }

    int kills() {
        return kills;
    }

    /** One day with about so many kills in the middle of a write, against the same day without. */
    void day(long seed, int mostSeconds, int wanted) throws IOException {
        Day.Outcome whole = whole(seed);
        Path files = folder.resolve("killed");
        long mean = Math.max(2, whole.writes() / wanted);
        judge(seed, mostSeconds, whole, new TornLives(rules, files, seed, mean, mostSeconds, s -> s));
    }

    /** One day in processes that are killed, about so many of them. */
    void processes(long seed, int mostSeconds, int wanted) throws IOException {
        Day.Outcome whole = whole(seed);
        Path files = folder.resolve("process");
        int steps = Math.max(2, STEPS / wanted);
        judge(seed, mostSeconds, whole, new KilledLives(rules, files, seed, steps, mostSeconds));
    }

    private Day.Outcome whole(long seed) throws IOException {
        Day.Outcome whole =
                new Day(rules, seed, new TornLives(rules, folder.resolve("whole"), seed, 0, 0, s -> s)).run();
        note(seed, "without a kill", Audit.differences(rules, whole.events()));
        note(seed, "without a kill", Policy.broken(whole.events()));
        return whole;
    }

    /** Lives the day with its kills; what is found is kept with all that it may have come from. */
    private void judge(long seed, int mostSeconds, Day.Outcome whole, Day.Lives lives) throws IOException {
        int before = wrong.size();
        List<String> journal = List.of();
        try {
            Day.Outcome killed = new Day(rules, seed, lives).run();
            journal = killed.events().stream().map(Day::text).toList();
            judge(seed, mostSeconds, whole, killed);
        } catch (RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            note(seed, "broken off after kill " + lives.remains().kills(), List.of(trace.toString()));
        }
        days++;
        kills += lives.remains().kills();
        if (wrong.size() > before) {
            Path kept = lives.remains().save(seed);
            Files.write(kept.resolve("found.txt"), wrong.subList(before, wrong.size()));
            Files.write(kept.resolve("journal.txt"), journal);
            Files.write(
                    kept.resolve("journal-without-a-kill.txt"),
                    whole.events().stream().map(Day::text).toList());
            wrong.add("seed " + seed + ": what the kills left, both journals and this are in " + kept);
            wrong.subList(before, wrong.size()).forEach(System.out::println);
        }
    }

    private void judge(long seed, int mostSeconds, Day.Outcome whole, Day.Outcome killed) {
        note(seed, "played again", Audit.differences(rules, killed.events()));
        note(seed, "restart policy", Policy.broken(killed.events()));
        note(seed, "counter", Policy.counter("Living.Heater", killed.events(), killed.standings(), "Heated"));
        if (mostSeconds == 0) {
            compare(seed, "actuators", byActuator(whole.trace()), byActuator(killed.trace()));
            compare(seed, "told", whole.told(), killed.told());
            compare(seed, "standings", exact(whole.standings()), exact(killed.standings()));
        }
    }

    /** The probes have their policy, and the counter of time its sum. */
    private static List<String> exact(List<String> standings) {
        return standings.stream()
                .filter(s -> !s.contains("probe") && !s.startsWith("counter Heated"))
                .toList();
    }

    /**
     * What each actuator did, from one moment to the next. What several do at one moment has no order; and what one does there and
     * back at the moment of a restart is left out: a level asks for what it is known to have decided, until its sensor has spoken.
     */
    private static List<String> byActuator(List<String> trace) {
        Map<String, List<String>> all = new TreeMap<>();
        for (String line : trace) {
            String[] part = line.split(" ", 4); // milliseconds, "ms", the point, "= value"
            List<String> own = all.computeIfAbsent(part[2], p -> new ArrayList<>());
            if (!own.isEmpty() && own.get(own.size() - 1).startsWith(part[0] + " ")) {
                own.remove(own.size() - 1);
            }
            if (own.isEmpty() || !own.get(own.size() - 1).endsWith(" " + part[3])) {
                own.add(line);
            }
        }
        return all.values().stream().flatMap(List::stream).toList();
    }

    private void note(long seed, String what, List<String> found) {
        found.forEach(each -> wrong.add("seed " + seed + ", " + what + ": " + each));
    }

    private void compare(long seed, String what, List<String> expected, List<String> actual) {
        List<String> missing = new ArrayList<>(expected);
        List<String> more = new ArrayList<>(actual);
        actual.forEach(missing::remove);
        expected.forEach(more::remove);
        missing.stream().limit(5).forEach(each -> wrong.add("seed " + seed + ", " + what + ", missing: " + each));
        more.stream().limit(5).forEach(each -> wrong.add("seed " + seed + ", " + what + ", too much: " + each));
        if (missing.isEmpty() && more.isEmpty() && !expected.equals(actual)) {
            wrong.add("seed " + seed + ", " + what + ": in another order");
        }
    }
}
