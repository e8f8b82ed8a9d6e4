package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.rules.AlarmInfo;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.rules.TestReport;
import org.fieldhouse.api.value.Value;
import org.junit.jupiter.api.Test;

class AlarmCommandsTest {
    private static final SourceSpan PLACE = new SourceSpan("rules/a.rules", 3, 1, 0);

    private final List<String> acts = new ArrayList<>();

    /** A book with one alarm, one good test and one bad one. */
    private final class Book implements RuleBook {
        @Override
        public List<RuleInfo> rules() {
            return List.of();
        }

        @Override
        public Explanation why(PointId point) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation why(long command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation whyNot(String rule, Instant time) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Event> setVariable(String name, Value value, Cue cue) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<AlarmInfo> alarms() {
            return List.of(new AlarmInfo(
                    "TankHigh", PLACE, "out_of_service", "critical", true, 1_000_000L, 0, "Tank at 97 %"));
        }

        @Override
        public CompletionStage<Event> act(String alarm, AlarmAct act, Duration duration, Cue cue) {
            if (act == AlarmAct.UNSHELVE) {
                throw new IllegalArgumentException("TankHigh is out of service, not shelved");
            }
            acts.add(alarm + " " + act + " " + duration);
            return CompletableFuture.completedFuture(new Event(1, 1, Cause.RUNTIME, new Fact.RuntimeStopped()));
        }

        @Override
        public TestReport test() {
            return new TestReport(
                    List.of(
                            new TestReport.Outcome("good", PLACE, List.of()),
                            new TestReport.Outcome("bad", PLACE, List.of("rules/a.rules:9:1: expected x, but y"))),
                    List.of(
                            new TestReport.Reached("rule \"r\"", TestReport.Part.DECLARATION, "runs", PLACE, 1),
                            new TestReport.Reached("rule \"r\"", TestReport.Part.BRANCH, "the if is true", PLACE, 0)));
        }
    }

    private final AlarmCommands alarms =
            new AlarmCommands(new Book(), Clock.fixed(Instant.ofEpochSecond(61), ZoneOffset.UTC));
    private final TestCommands tests = new TestCommands(new Book());

    private static String printed(Runnable task) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            task.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsThemAndActsOnThem() {
        assertThat(printed(alarms::alarms))
                .isEqualToNormalizingNewlines(
                        """
                        ALARM     PRIORITY  STATE           SINCE  TEXT
                        TankHigh  critical  out of service  60 s   Tank at 97 %
                        """);
        printed(() -> alarms.ack("TankHigh"));
        printed(() -> alarms.shelve("TankHigh", "1", "h", "30", "min"));
        printed(() -> alarms.suppress("TankHigh"));
        assertThat(acts)
                .containsExactly("TankHigh ACKNOWLEDGE null", "TankHigh SHELVE PT1H30M", "TankHigh SUPPRESS null");
        assertThatThrownBy(() -> alarms.ack("TankHihg")).hasMessageContaining("did you mean TankHigh");
        assertThatThrownBy(() -> alarms.unshelve("TankHigh")).hasMessage("TankHigh is out of service, not shelved");
    }

    @Test
    void runsTestsAndSaysWhatNoneReaches() {
        assertThatThrownBy(() -> printed(tests::test)).hasMessage("2 tests, 1 failed");
        assertThat(printed(() -> tests.test("good"))).contains("ok    good", "1 test, 0 failed");
        assertThat(printed(tests::coverage))
                .isEqualToNormalizingNewlines(
                        """
                        rules/a.rules:3:1: rule "r": the if is true
                        1 of 2 parts reached by 2 tests
                        """);
    }
}
