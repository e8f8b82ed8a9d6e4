package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** What the table "When the clock is wrong" in semantics.md says of the engine. The journal's time itself is the bus's matter. */
class ClockJumpTest {
    private static final long MINUTE = 60_000_000L;
    private static final long START = Instant.parse("2026-06-15T12:01:00Z").toEpochMilli() * 1000;

    private final List<String> done = new ArrayList<>();
    private final Engine engine = new Engine(new Calendar.Place(ZoneOffset.UTC, 51.48, 0, Set.of()));
    private long sequence;

    private void load(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        assertThat(checked.diagnostics()).isEmpty();
        engine.load(new Lowering(checked.program()).program(), event(START, new Fact.TimerElapsed(START)), this::note);
    }

    private Event event(long micros, Fact fact) {
        return new Event(++sequence, micros, Cause.CLOCK, fact);
    }

    private void note(Output output) {
        if (output instanceof Output.Log log) {
            done.add(log.text());
        }
    }

    private void timeIs(long micros) {
        engine.step(event(micros, new Fact.TimerElapsed(micros)), this::note);
    }

    @Test
    void whatAForwardJumpPassesFiresOnceAndGoesOnFromThere() {
        load("rule \"tick\" when every 10 min do log \"tick\" end");
        timeIs(START + 9 * MINUTE);
        assertThat(done).containsExactly("tick");
        timeIs(START + 3 * 60 * MINUTE);
        assertThat(done).hasSize(2);
        timeIs(START + 3 * 60 * MINUTE + 9 * MINUTE);
        assertThat(done).hasSize(3);
    }

    @Test
    void aWaitThatAForwardJumpPassesEndsOnceAtItsOwnTime() {
        load(
                """
                variable Go = off
                rule "wait" when Go turns on mode single do
                  wait 30 min
                  log "first"
                  wait 30 min
                  log "second"
                end
                """);
        engine.step(event(START, new Fact.VariableChanged("Go", Bool.OFF, Bool.ON)), this::note);
        timeIs(START + 45 * MINUTE);
        assertThat(done).containsExactly("first");
        timeIs(START + 59 * MINUTE);
        assertThat(done).containsExactly("first");
        timeIs(START + 60 * MINUTE);
        assertThat(done).containsExactly("first", "second");
    }

    /** The bus never gives an earlier time than before; if a store did, nothing would fire twice. */
    @Test
    void nothingFiresTwiceWhenTimeStandsStill() {
        load("rule \"tick\" when every 10 min do log \"tick\" end");
        timeIs(START + 9 * MINUTE);
        timeIs(START + 5 * MINUTE);
        timeIs(START + 9 * MINUTE);
        assertThat(done).containsExactly("tick");
    }
}
