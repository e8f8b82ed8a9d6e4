package org.fieldhouse.benchmarks.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.test.TestRunner;

/**
 * The same journal gives the same outputs and the same state, byte for byte. Within one process that says little: the order of a
 * {@code Set.of}, the hash of an enum and the moment of compilation are chosen once per process. So it is asked of many processes,
 * of several Java versions, whose locale, time zone, character set, hash codes and compilers differ.
 */
public final class SameAgain {
    private static final int EVENTS = 2_000;
    private static final long SEED = 42;

    /** How the processes differ. */
    private static final List<List<String>> MANNERS = List.of(
            List.of(),
            List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.timezone=Pacific/Apia"),
            List.of("-Duser.language=tr", "-Dfile.encoding=ISO-8859-1", "-XX:+UseParallelGC"),
            List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2", "-XX:TieredStopAtLevel=1"),
            List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=3", "-XX:-TieredCompilation"),
            List.of("-Xint", "-Duser.timezone=America/St_Johns"));

    /** The engine under test; a test puts a broken one in its place. */
    interface Run {
        String hash(RuleSet rules, List<Event> events);
    }

    private SameAgain() {}

    /** {@code times [java-home …]}: in all, over the given Java versions; {@code --child times} prints the hash. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("--child")) {
            System.out.println("hash " + repeat(SameAgain::run, Integer.parseInt(args[1])));
            return;
        }
        int times = Integer.parseInt(args[0]);
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        for (int i = 1; i < args.length; i++) {
            homes.add(Path.of(args[i]));
        }
        Set<String> hashes = processes(homes, times);
        System.out.println(hashes.size() == 1 ? "the same: " + hashes : "DIFFERENT: " + hashes);
        System.exit(hashes.size() == 1 ? 0 : 1);
    }

    /** Runs so often with each Java, shared out among processes of every manner; the different hashes that came out. */
    static Set<String> processes(List<Path> homes, int times) throws IOException, InterruptedException {
        Set<String> hashes = new LinkedHashSet<>();
        for (Path home : homes) {
            for (List<String> manner : MANNERS) {
                boolean slow = manner.contains("-Xint");
                int share = slow ? Math.max(1, times / 100) : Math.max(1, times / (MANNERS.size() - 1));
                String hash = child(home, manner, share);
                System.out.println(home + " " + manner + " " + share + " times: " + hash);
                hashes.add(hash);
            }
        }
        return hashes;
    }

    private static String child(Path home, List<String> manner, int times) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString(), "-Xmx256m"));
        command.addAll(manner);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), SameAgain.class.getName(), "--child", "" + times));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            String hash = out.lines().filter(line -> line.startsWith("hash ")).reduce("no answer", (a, b) -> b);
            return process.waitFor() == 0 ? hash : "ended with " + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** @throws IllegalStateException if a run differs from the first */
    static String repeat(Run run, int times) {
        RuleSet rules = RuleSet.everyConstruct();
        List<Event> events = new Course(rules, SEED).take(EVENTS);
        String first = run.hash(rules, events);
        for (int i = 1; i < times; i++) {
            // Now and then everything from the text on.
            RuleSet used = i % 10 == 0 ? RuleSet.everyConstruct() : rules;
            String again = run.hash(used, events);
            if (!again.equals(first)) {
                throw new IllegalStateException("run " + i + " gave " + again + " and not " + first);
            }
        }
        return first;
    }

    /** All that came out, and what the engine knows at the end. */
    static String run(RuleSet rules, List<Event> events) {
        Trace trace = new Trace();
        Engine engine = new Engine(TestRunner.ANYWHERE);
        engine.load(rules.program(), Course.first(), trace);
        for (Event event : events) {
            engine.step(event, trace);
        }
        if (engine.failures() > 0) {
            throw new IllegalStateException("the engine met defects: " + trace.lines());
        }
        trace.add(engine.save());
        return trace.count() + " outputs " + trace.hash();
    }

    /** Java versions that are installed here, but for the running one. */
    static List<Path> otherJavas() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> found = new ArrayList<>();
        try (var all = Files.list(folder)) {
            for (Path each : all.sorted().toList()) {
                if (!Files.isSymbolicLink(each)
                        && Files.isExecutable(each.resolve("bin/java"))
                        && !each.toRealPath().equals(own)) {
                    found.add(each);
                }
            }
        }
        return found;
    }
}
