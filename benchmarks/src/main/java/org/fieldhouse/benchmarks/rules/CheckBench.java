package org.fieldhouse.benchmarks.rules;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.cli.Main;
import org.fieldhouse.rules.syntax.SourceFile;

/**
 * How long 10,000 lines take that have every construct of the language: from text to findings in a process that has run for a while,
 * and as {@code fieldhouse check} from start to end, with and without its class archive. Exits with 1 if a goal was missed.
 */
public final class CheckBench {
    private static final int LINES = 10_000;
    private static final Pattern NAME = Pattern.compile("(?<![\\w.\"°])[A-Z]\\w*|(?<=rule \")|(?<=sequence \")|`");

    private CheckBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<SourceFile> files = files();
        long lines =
                files.stream().mapToLong(file -> file.text().lines().count()).sum();
        List<long[]> warm = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            warm.add(once(files));
        }
        long[] first = warm.get(0);
        long[] best = warm.stream()
                .skip(12)
                .sorted((a, b) -> Long.compare(a[1], b[1]))
                .toList()
                .get(5);
        Path folder = Files.createTempDirectory("fieldhouse-check");
        for (SourceFile file : files) {
            Files.writeString(folder.resolve(file.path()), file.text());
        }
        Path archive = folder.resolve("check.jsa");
        long[] cold = process(folder, List.of());
        process(folder, List.of("-XX:ArchiveClassesAtExit=" + archive));
        long[] archived = process(folder, List.of("-XX:SharedArchiveFile=" + archive));
        System.out.printf("%,d lines in %d files%n", lines, files.size());
        say("first in a process", first);
        say("warm, median", best);
        say("fieldhouse check, cold", cold);
        say("fieldhouse check, class archive", archived);
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
        System.exit(best[0] <= 500_000_000L && cold[0] <= 1_500_000_000L ? 0 : 1);
    }

    private static void say(String what, long[] nanos) {
        System.out.printf(Locale.ROOT, "%-32s %6.0f ms, %6.0f ms of CPU%n", what, nanos[0] / 1e6, nanos[1] / 1e6);
    }

    /** Wall clock, and CPU of this thread. */
    private static long[] once(List<SourceFile> files) {
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        CheckResult result = RuleCompiler.check(files, HouseModel.EMPTY);
        cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        long wall = System.nanoTime() - start;
        if (!result.isClean()) {
            throw new IllegalStateException(result.diagnostics().stream()
                    .filter(d -> d.isError())
                    .findFirst()
                    .orElseThrow()
                    .render());
        }
        return new long[] {wall, cpu};
    }

    /** Copies of the file with every construct; each names its own devices. */
    private static List<SourceFile> files() throws IOException {
        String text;
        try (InputStream in = CheckBench.class.getResourceAsStream("/proof/every-construct.rules")) {
            if (in == null) {
                throw new IllegalStateException("the resource is missing");
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        text = text.lines()
                .filter(line -> !line.contains("Lights") && !line.contains("every device"))
                .reduce("", (a, b) -> a + b + "\n");
        List<SourceFile> files = new ArrayList<>();
        long each = text.lines().count();
        for (int i = 0; i * each < LINES; i++) {
            files.add(new SourceFile("copy" + i + ".rules", named(text, i)));
        }
        return files;
    }

    private static String named(String text, int copy) {
        StringBuilder all = new StringBuilder();
        for (String line : text.split("\n")) {
            int comment = line.indexOf('#');
            Matcher names = NAME.matcher(comment == 0 ? "" : line);
            StringBuilder named = new StringBuilder();
            while (names.find()) {
                String name = names.group();
                boolean unit = name.length() == 1 && !name.equals("C") && !name.equals("T") && !name.equals("P");
                names.appendReplacement(named, unit || name.equals("`") ? name : "X" + copy + name);
            }
            if (comment != 0) {
                names.appendTail(named);
            }
            all.append(named.toString().replace("`küche", "`küche" + copy)).append('\n');
        }
        return all.toString().replaceAll("(test \")", "$1" + copy + " ");
    }

    /** The command as the script starts it. */
    private static long[] process(Path folder, List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "check", folder.toString()));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Duration cpu = Duration.ZERO;
        while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
            cpu = process.info().totalCpuDuration().orElse(cpu);
        }
        long wall = System.nanoTime() - start;
        if (process.exitValue() != 0) {
            throw new IllegalStateException("the check ended with " + process.exitValue());
        }
        return new long[] {wall, cpu.toNanos()};
    }
}
