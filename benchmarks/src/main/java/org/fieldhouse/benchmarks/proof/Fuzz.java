package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;
import org.fieldhouse.rules.test.TestRunner;
import org.jspecify.annotations.Nullable;

/**
 * Gives the checker texts and the engine programs and events, none of which may make them throw, hang or keep memory. Every input
 * follows from the seed and its number, so that one that fails can be given again.
 */
public final class Fuzz {
    /** What the checker and the engine are to be. A test puts a broken one in its place. */
    interface Subject {
        CheckResult check(String text);

        /** Throws, or returns an output that tells of a defect; null if all is well. */
        @Nullable
        String run(RuleSet rules, long seed, int events);
    }

    /**
     * @param input its number
     * @param what the exception, or how long it took
     */
    record Failure(long seed, long input, String what, String text) {}

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern ONE_LINE = Pattern.compile("^(expect|variable|group|counter) .*");
    /** Blocks that others name. */
    private static final Pattern NAMED = Pattern.compile("^(scene|alarm) ");

    private static final Pattern NAME = Pattern.compile("^\\w+ +([^ =:\\n]+)");

    private final Subject subject;
    private final long seed;
    private final List<String> pieces = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private long clean;
    private long events;
    private long slowestNanos;

    Fuzz(Subject subject, long seed, List<String> corpus) {
        this.subject = subject;
        this.seed = seed;
        corpus.forEach(file -> pieces.addAll(pieces(file)));
        words.addAll(RulesLexerBase.keywords());
        words.addAll(List.of(
                "Hall.Motion",
                "Hall.Light",
                "Living.Temp",
                "Tank",
                "Hot",
                "Cosy",
                "Rounds",
                ".brightness",
                "\"text {Tank}\"",
                "\"{\"",
                "`x`",
                "`",
                "\"",
                "5",
                "0",
                "5 min",
                "21 °C",
                "60 %",
                "0.3 K",
                "06:30",
                "2026-02-30",
                "(",
                ")",
                ",",
                "=",
                "<",
                ">",
                "->",
                "+",
                "-",
                "*",
                "/",
                ":",
                "|",
                "end",
                "end",
                "do",
                "rule \"r\"",
                "\n",
                "#",
                "\uD83D\uDE00",
                "5 \uD83D\uDE00",
                "°",
                "1e9",
                "1e308",
                "99999999999999999999",
                "\u0000",
                "\uFEFF",
                "\uD800",
                "\r\n",
                "\\",
                "{",
                "}"));
    }

    public static void main(String[] args) throws IOException {
        long inputs = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        Fuzz fuzz = new Fuzz(new Real(), seed, corpus(Path.of(args.length > 2 ? args[2] : "examples")));
        long start = System.nanoTime();
        long said = start;
        for (long i = 0; i < inputs; i++) {
            fuzz.input(i);
            if (System.nanoTime() - said > 60e9) {
                said = System.nanoTime();
                fuzz.say(i + 1, start);
            }
        }
        fuzz.say(inputs, start);
        System.exit(fuzz.failures.isEmpty() ? 0 : 1);
    }

    private void say(long inputs, long start) {
        Runtime memory = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%,d inputs, %,d of them ran, %,d events, %d failures, slowest %.0f ms, %.0f s, heap %d of %d MB%n",
                inputs,
                clean,
                events,
                failures.size(),
                slowestNanos / 1e6,
                (System.nanoTime() - start) / 1e9,
                (memory.totalMemory() - memory.freeMemory()) >> 20,
                memory.maxMemory() >> 20);
    }

    /** Every construct, and the rule files below a folder. */
    static List<String> corpus(Path folder) {
        List<String> texts = new ArrayList<>(List.of(RuleSet.resource("every-construct.rules")));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path :
                    all.filter(p -> p.toString().endsWith(".rules")).sorted().toList()) {
                texts.add(Files.readString(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    List<Failure> failures() {
        return failures;
    }

    long clean() {
        return clean;
    }

    long events() {
        return events;
    }

    /** One text through lexer, parser and checker; if it is right, some events through its program. */
    void input(long number) {
        Random random = new Random(seed * 1_000_003 + number);
        String text = text(random);
        long start = System.nanoTime();
        try {
            judge(text, random, number);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(number, e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]), text);
        }
        long took = System.nanoTime() - start;
        slowestNanos = Math.max(slowestNanos, took);
        if (took > PATIENCE.toNanos()) {
            fail(number, "took " + took / 1_000_000 + " ms", text);
        }
    }

    private void judge(String text, Random random, long number) {
        CheckResult result = subject.check(text);
        for (Diagnostic each : result.diagnostics()) {
            int from = each.span().start();
            int to = each.span().end();
            if (from < 0
                    || from > to
                    || to > text.length()
                    || !each.render().contains(each.code().name())) {
                fail(number, "a place that is not there: " + from + " to " + to, text);
            }
        }
        if (result.isClean() && !result.program().declarations().isEmpty()) {
            clean++;
            int length = 5 + random.nextInt(40);
            Lowering lowering = new Lowering(result.program());
            Program program = lowering.program();
            if (!result.program().model().devices().isEmpty()) {
                events += length;
                String defect =
                        subject.run(new RuleSet(text, result.program().model(), program), random.nextLong(), length);
                if (defect != null) {
                    fail(number, defect, text);
                }
            }
        }
    }

    private void fail(long number, String what, String text) {
        Failure failure = new Failure(seed, number, what, text);
        failures.add(failure);
        if (failures.size() <= 20) {
            System.err.println("FAILED seed " + seed + " input " + number + ": " + what + "\n" + text + "\n");
        }
    }

    private String text(Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> anything(random);
            case 2, 3, 4, 5 -> soup(random);
            case 6 -> broken(random);
            case 7 -> mixed(random);
            default -> slips(random);
        };
    }

    private static String anything(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            text.append((char) (random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(128)));
        }
        return text.toString();
    }

    private String soup(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(25); i > 0; i--) {
            text.append(words.get(random.nextInt(words.size()))).append(' ');
        }
        return text.toString();
    }

    private String piece(Random random) {
        return pieces.get(random.nextInt(pieces.size()));
    }

    /** The declarations of a file one by one, each behind those lines that declare what it names. */
    static List<String> pieces(String file) {
        List<String> lines = new ArrayList<>();
        List<String> blocks = new ArrayList<>();
        for (String block : file.replaceAll("(?m)^#.*\\n", "").split("\\n\\n")) {
            boolean single =
                    block.lines().allMatch(line -> ONE_LINE.matcher(line).find());
            (single ? lines : blocks).addAll(single ? block.lines().toList() : List.of(block));
        }
        List<String> all = new ArrayList<>();
        for (String block : blocks) {
            Set<String> needed = new LinkedHashSet<>();
            need(block, lines, blocks, needed);
            needed.remove(block);
            all.add(String.join("\n", needed) + "\n" + block + "\n");
        }
        return all;
    }

    private static void need(String text, List<String> lines, List<String> blocks, Set<String> needed) {
        for (String each : Stream.concat(lines.stream(), blocks.stream().filter(b -> NAMED.matcher(b)
                        .find()))
                .toList()) {
            Matcher name = NAME.matcher(each);
            if (name.find() && text.contains(name.group(1)) && needed.add(each)) {
                need(each, lines, blocks, needed);
            }
        }
    }

    private String broken(Random random) {
        String text = piece(random);
        return text.substring(0, random.nextInt(text.length() + 1));
    }

    /** Two pieces, one put into the middle of the other. */
    private String mixed(Random random) {
        String one = piece(random);
        String other = piece(random);
        int at = random.nextInt(one.length() + 1);
        int from = random.nextInt(other.length() + 1);
        return one.substring(0, at)
                + other.substring(from, Math.min(other.length(), from + random.nextInt(200)))
                + one.substring(at);
    }

    private String slips(Random random) {
        StringBuilder text = new StringBuilder(piece(random));
        for (int i = random.nextInt(5); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(7)) {
                case 0 -> text.delete(at, to);
                case 1 -> text.insert(at, text.substring(at, to));
                case 2 -> text.insert(at, (char) random.nextInt(0x3000));
                case 3 -> text.insert(at, " " + words.get(random.nextInt(words.size())) + " ");
                case 4 -> number(text, random);
                case 5 -> word(text, random);
                default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    /** Another number where one stands: what is most likely to be still a rule. */
    private static void number(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        while (at < text.length() && !Character.isDigit(text.charAt(at))) {
            at++;
        }
        int end = at;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        String[] numbers = {"0", "1", "7", "60", "1000", "0.001", "1000000", "-3", "3600000", "1e30", "2147483648"};
        text.replace(at, end, numbers[random.nextInt(numbers.length)]);
    }

    /** One word of the text in the place of another. */
    private static void word(StringBuilder text, Random random) {
        String[] all = text.toString().split("\\s+");
        String one = all[random.nextInt(all.length)];
        int at = one.isEmpty() ? -1 : text.indexOf(one, random.nextInt(text.length()));
        if (at >= 0) {
            text.replace(at, at + one.length(), all[random.nextInt(all.length)]);
        }
    }

    /** The checker and the engine of this build. */
    static final class Real implements Subject {
        @Override
        public CheckResult check(String text) {
            return RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        }

        @Override
        @Nullable
        public String run(RuleSet rules, long seed, int length) {
            String[] defect = new String[1];
            long[] outputs = new long[1];
            Engine engine = new Engine(TestRunner.ANYWHERE);
            engine.load(rules.program(), Course.first(), output -> note(output, defect));
            Course course = new Course(rules, seed);
            for (int i = 0; i < length; i++) {
                engine.step(course.next(), output -> {
                    outputs[0]++;
                    note(output, defect);
                });
            }
            try {
                Engine again = Engine.restore(engine.save(), rules.program(), TestRunner.ANYWHERE, output -> {});
                if (!java.util.Arrays.equals(again.save(), engine.save())) {
                    return "restored, it is not what was saved";
                }
            } catch (IOException e) {
                return "what was saved cannot be restored: " + e.getMessage();
            }
            return outputs[0] > 2_000_000 ? outputs[0] + " outputs of " + length + " events" : defect[0];
        }

        private static void note(Output output, String[] defect) {
            if (output instanceof Output.Trouble trouble && trouble.bug() != null && defect[0] == null) {
                StackTraceElement[] trace = trouble.bug().getStackTrace();
                defect[0] = trouble.bug() + (trace.length == 0 ? "" : " at " + trace[0]);
            }
        }
    }
}
