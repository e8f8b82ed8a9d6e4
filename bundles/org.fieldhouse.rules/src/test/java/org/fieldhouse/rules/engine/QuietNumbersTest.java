package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A trigger is not asked about numbers that cannot matter to it. What an engine does that knows which those are is compared with one that
 * was restored before each event: it does not know, and asks each time.
 */
class QuietNumbersTest {
    private static final long START = 1_780_000_000_000_000L;
    private static final String ABOVE = "rule \"above\" when Bath becomes > 25 °C do log \"above\" end\n";
    private static final String BELOW = "rule \"below\" when Bath becomes <= 20 °C do log \"below\" end\n";
    private static final String EQUAL = "rule \"equal\" when Bath becomes = 22 °C do log \"equal\" end\n";
    private static final String EACH = "rule \"each\" when Bath changes by 0.4 K do log \"each\" end\n";
    /** On both sides of each limit: far, near, and nearer than what counts as equal. */
    private static final double[] NUMBERS = {
        18, 20 - 1e-7, 20 - 1e-9, 20, 20 + 1e-9, 20 + 1e-7, 21, 22 - 1e-9, 22, 22 + 1e-7, 23, 25 - 1e-9, 25, 25 + 1e-9,
        25 + 1e-7, 30
    };

    @ParameterizedTest
    @ValueSource(strings = {ABOVE, BELOW, EQUAL, ABOVE + BELOW, ABOVE + BELOW + EQUAL, ABOVE + EACH})
    void nothingIsMissed(String rules) throws IOException {
        Program program = program("expect Bath: thermometer\n" + rules);
        PointId bath = program.sources().stream()
                .map(source -> ((Source.OfPoint) source).id())
                .findFirst()
                .orElseThrow();
        List<String> did = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        Engine engine = new Engine(TestRunner.ANYWHERE);
        Engine asking = new Engine(TestRunner.ANYWHERE);
        engine.load(program, event(1, new Fact.TimerElapsed(START)), output -> {});
        asking.load(program, event(1, new Fact.TimerElapsed(START)), output -> {});
        Random random = new Random(11);
        for (int i = 2; i < 4_000; i++) {
            Quantity number = new Quantity(NUMBERS[random.nextInt(NUMBERS.length)], Units.CELSIUS);
            Quality quality = random.nextInt(9) == 0 ? Quality.STALE : Quality.GOOD;
            State state = new State(number, quality, START + i, START + i);
            Event event = event(i, new Fact.StateChanged(bath, State.NONE, state));
            engine.step(event, output -> did.add(output.toString()));
            asking = Engine.restore(asking.save(), program, TestRunner.ANYWHERE, output -> {});
            asking.step(event, output -> expected.add(output.toString()));
        }
        assertThat(did).isEqualTo(expected).hasSizeGreaterThan(100);
    }

    private static Event event(long sequence, Fact fact) {
        return new Event(sequence, START + sequence, Cause.CLOCK, fact);
    }

    private static Program program(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        assertThat(checked.isClean()).isTrue();
        return new Lowering(checked.program()).program();
    }
}
