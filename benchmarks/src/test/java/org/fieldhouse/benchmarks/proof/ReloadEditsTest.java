package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Edits of comments, spacing and order, also into other files, change nothing that can be observed: a house in which every construct is at
 * work, and all stories, are edited again and again while anything happens to them, beside the same house that nobody edits.
 */
class ReloadEditsTest {
    private static final int EVENTS = 250;
    private static final int COURSES = 4;

    /** A set of rules and what it is called. */
    record Named(String name, RuleSet rules) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Named> sets() throws IOException {
        List<Named> all = new ArrayList<>(List.of(new Named("every construct", RuleSet.everyConstruct())));
        StringBuilder together = new StringBuilder();
        try (Stream<Path> stories = Files.list(Path.of("../examples/stories"))) {
            for (Path each : stories.filter(file -> file.toString().endsWith(".rules"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(each);
                together.append(text).append('\n');
                all.add(new Named(each.getFileName().toString(), RuleSet.of(text)));
            }
        }
        all.add(new Named("all stories", RuleSet.of(together.toString())));
        return all;
    }

    @ParameterizedTest
    @MethodSource("sets")
    void editsThatMeanTheSameChangeNothing(Named set) {
        int said = 0;
        for (int seed = 0; seed < COURSES; seed++) {
            Random random = new Random(seed);
            List<Event> events = new Course(set.rules, seed).take(EVENTS);
            List<String> expected = run(events, set.rules.program(), seed, program -> program);
            List<String> actual = run(events, set.rules.program(), seed, program -> edited(set.rules, random));
            assertThat(actual).as("course %s", seed).isEqualTo(expected);
            said += expected.size();
        }
        assertThat(said).as("that much is there to compare").isGreaterThan(10);
    }

    /** Negative control: an edit that means something else is seen. */
    @Test
    void anotherWaitIsSeen() {
        RuleSet rules = RuleSet.everyConstruct();
        Program other =
                compile(List.of(new SourceFile("a.rules", rules.text().replace("for 5 min", "for 4 min"))), rules);
        boolean[] seen = {false};
        for (int seed = 0; seed < COURSES; seed++) {
            List<Event> events = new Course(rules, seed).take(EVENTS);
            seen[0] |= !run(events, rules.program(), seed, program -> program)
                    .equals(run(events, rules.program(), seed, program -> other));
        }
        assertThat(seen[0]).isTrue();
    }

    /** Plays the events, and now and then goes over to what an edit makes of the program. */
    private static List<String> run(List<Event> events, Program program, long seed, UnaryOperator<Program> edit) {
        List<String> out = new ArrayList<>();
        Engine engine = new Engine(TestRunner.ANYWHERE);
        engine.load(program, Course.first(), output -> out.add(text(output)));
        Random when = new Random(seed);
        for (Event event : events) {
            if (when.nextInt(20) == 0) {
                engine.load(edit.apply(program), before(event), output -> out.add(text(output)));
            }
            engine.step(event, output -> out.add(text(output)));
        }
        assertThat(engine.failures()).as("%s", out).isZero();
        engine.standings().forEach(each -> out.add(each.head().name() + " " + each.runs() + " " + each.waiting()));
        return out;
    }

    /** The time is the event's, unless that is the one that changes it. */
    private static Event before(Event event) {
        long time = event.fact() instanceof Fact.ClockStepped step ? step.atMicros() : event.timeMicros();
        return new Event(event.sequence(), time, Cause.CLOCK, new Fact.TimerElapsed(time));
    }

    /** Places are where the text stands, which is what is edited. */
    private static String text(Output output) {
        return output.toString()
                .replaceAll("\\([^()]*\\.rules:\\d+\\)", "(place)")
                .replaceAll("line \\d+", "line");
    }

    private static Program edited(RuleSet rules, Random random) {
        SourceFile whole = new SourceFile("rules/proof.rules", rules.text());
        List<String> declarations = new ArrayList<>();
        for (Decl each : RuleParser.parse(whole).file().declarations()) {
            declarations.add(
                    rules.text().substring(each.span().start(), each.span().end()));
        }
        Collections.shuffle(declarations, random);
        List<StringBuilder> files = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            files.add(new StringBuilder());
        }
        for (String each : declarations) {
            files.get(random.nextInt(files.size())).append(spaced(each, random)).append('\n');
        }
        List<SourceFile> sources = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            sources.add(new SourceFile("rules/edit" + i + ".rules", files.get(i).toString()));
        }
        return compile(sources, rules);
    }

    /** Other indentation, empty lines, comments, wider gaps, and lines that are joined where no comment ends them. */
    private static String spaced(String declaration, Random random) {
        StringBuilder out = new StringBuilder();
        for (String line : declaration.split("\n")) {
            String bare = line.strip();
            if (random.nextInt(4) == 0) {
                out.append(random.nextBoolean() ? "\n\n" : "\n\t# if \"nothing\" end\n");
            }
            out.append(" ".repeat(random.nextInt(6)));
            boolean plain = !bare.contains("\"") && !bare.contains("#") && !bare.contains("`");
            out.append(plain && random.nextBoolean() ? bare.replace(" ", "  ") : bare);
            boolean joins = plain && random.nextInt(3) == 0;
            out.append(joins ? " " : random.nextInt(3) == 0 ? " # edited\n" : "\n");
        }
        return out.toString();
    }

    private static Program compile(List<SourceFile> files, RuleSet rules) {
        CheckResult result = RuleCompiler.check(files, rules.model());
        assertThat(result.diagnostics().stream().filter(each -> each.isError()).map(each -> each.render()))
                .isEmpty();
        return new Lowering(result.program()).program();
    }
}
