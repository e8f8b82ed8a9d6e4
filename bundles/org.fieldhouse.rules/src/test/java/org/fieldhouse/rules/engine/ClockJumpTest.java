package org.fieldhouse.rules.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the table "When the clock is set" in semantics.md says of the engine, each also with an engine that is saved and restored
 * between all events. The journal's time itself is the bus's matter.
 */
class ClockJumpTest {
    private static final long SECOND = 1_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    /** 12:01 on a Monday. */
    private static final long START = Instant.parse("2026-06-15T12:01:00Z").toEpochMilli() * 1000;

    private static final Calendar.Place PLACE = new Calendar.Place(ZoneOffset.UTC, 51.48, 0, Set.of());

    private final List<String> done = new ArrayList<>();
    private Engine engine = new Engine(PLACE);
    private boolean saving;
    private Program program = Program.EMPTY;
    private long sequence;
    /** What passes, from {@link #START}; and what the bus makes of it. */
    private long steady;

    private Timescale bus = Timescale.ONE;

    private void load(String text) {
        program = program(text);
        engine.load(program, event(new Fact.TimerElapsed(START)), this::note);
    }

    private static Program program(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        assertThat(checked.diagnostics()).isEmpty();
        return new Lowering(checked.program()).program();
    }

    private Event event(Fact fact) {
        return new Event(++sequence, bus.journalAt(START + steady), Cause.CLOCK, fact);
    }

    private void note(Output output) {
        if (output instanceof Output.Log log) {
            done.add(log.text());
        } else if (output instanceof Output.AlarmChanged alarm) {
            done.add(alarm.alarm() + " " + alarm.state());
        } else if (output instanceof Output.Notify notify) {
            done.add(notify.recipient() + " told");
        }
    }

    private void happens(Fact fact) {
        step(event(fact));
    }

    private void step(Event event) {
        if (saving) {
            try {
                engine = Engine.restore(engine.save(), program, PLACE, this::note);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        engine.step(event, this::note);
    }

    private void turnOn(String variable) {
        happens(new Fact.VariableChanged(variable, Bool.OFF, Bool.ON));
    }

    /** Time passes; the engine is woken when it wants to be, and hears of a second in between now and then. */
    private void passes(long micros) {
        long end = steady + micros;
        while (engine.nextDue() <= START + end) {
            steady = Math.max(steady, engine.nextDue() - START);
            happens(new Fact.TimerElapsed(0));
        }
        steady = end;
        happens(new Fact.TimerElapsed(0));
    }

    private void clockIsSet(long byMicros) {
        long at = bus.journalAt(START + steady);
        long before = bus.wallAt(START + steady);
        long after = before + byMicros;
        bus = bus.stepped(Math.max(at, after), START + steady, after);
        happens(new Fact.ClockStepped(at, before, after));
    }

    /** What happens since the last look. */
    private List<String> heard() {
        List<String> all = List.copyOf(done);
        done.clear();
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWaitLastsHoweverTheClockIsSet(boolean restarts) {
        saving = restarts;
        load(
                """
                variable Go = off
                rule "wait" when Go turns on mode single do
                  wait 30 min
                  log "first"
                  wait until Go is off for 1 h within 30 min
                  log "second"
                end
                """);
        turnOn("Go");
        passes(10 * MINUTE);
        clockIsSet(5 * HOUR);
        passes(19 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("first");
        clockIsSet(-7 * HOUR);
        passes(20 * MINUTE);
        clockIsSet(40 * MINUTE);
        passes(9 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("second");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatHoldsForAWhileAndAlarmsAndCountersMeasureWhatPasses(boolean restarts) {
        saving = restarts;
        load(
                """
                variable Wet = off
                variable Lamp = off
                rule "held" when Wet is on for 20 min do log "held" end
                alarm Leak priority high
                  when Wet is on for 10 min
                  requires ack
                  notify Family
                  escalate to Plumber after 30 min unless acked
                  shelve at most 1 h
                end
                counter WetTime measures time while Wet is on
                rule "hour" when WetTime becomes > 1 h do log "an hour" end
                control Lamp
                  on when Wet is on
                  off when Wet is off
                  fail off
                  hold at least 15 min
                end
                rule "lamp" when Lamp changes do log "lamp {Lamp}" end
                """);
        turnOn("Wet");
        passes(5 * MINUTE);
        clockIsSet(3 * HOUR);
        passes(4 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("Leak unacknowledged", "Family told");
        clockIsSet(-8 * HOUR);
        passes(4 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("lamp on");
        passes(4 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("held");
        passes(19 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("Plumber told");
        Map<String, org.fieldhouse.api.value.Value> shelve =
                Map.of("alarm", new Text("Leak"), "act", new Text("shelve"));
        step(new Event(
                ++sequence,
                bus.journalAt(START + steady),
                new Cause(0, Cause.Origin.USER, "ada", null),
                new Fact.ExternalFact(AlarmFacts.ACT, shelve)));
        assertThat(heard()).containsExactly("Leak shelved");
        clockIsSet(2 * HOUR);
        passes(20 * MINUTE);
        assertThat(heard()).containsExactly("an hour");
        passes(39 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("Leak unacknowledged", "Family told");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAClockSetForwardPassesIsMissedAsInAnOutage(boolean restarts) {
        saving = restarts;
        load(
                """
                rule "resume" when at 13:00 do log "resume" end
                rule "fire" when at 13:00 after outage fire do log "fire" end
                rule "skip" when at 13:00 after outage skip do log "skip" end
                rule "tick" when every 10 min do log "tick" end
                rule "later" when at 16:00 do log "later" end
                variable Door = off
                counter Openings counts Door turns on reset daily at 14:00
                """);
        turnOn("Door");
        assertThat(openings()).isEqualTo("1");
        passes(4 * MINUTE); // 12:05
        clockIsSet(3 * HOUR); // 15:05
        assertThat(heard()).containsExactly("fire");
        assertThat(openings()).as("a reset that was passed over is made up for").isEqualTo("0");
        passes(4 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).as("15:10").containsExactly("tick");
        passes(50 * MINUTE);
        assertThat(heard()).as("16:00").hasSize(6).contains("later");
        passes(21 * HOUR);
        assertThat(heard()).contains("resume", "fire", "skip");
    }

    private String openings() {
        return engine.standings().stream()
                .filter(each -> each.head().name().equals("Openings"))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    /** A small correction over the hour must not cost the alarm clock. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsPassedByLessThanAMinuteIsOnlyLate(boolean restarts) {
        saving = restarts;
        load(
                """
                rule "bell" when at 13:00 do log "bell" end
                variable Ticks = 0
                rule "tick" when every 7 s do set Ticks = Ticks + 1 end
                """);
        passes(58 * MINUTE + 40 * SECOND); // 12:59:40
        String before = String.valueOf(engine.variable("Ticks"));
        clockIsSet(50 * SECOND);
        assertThat(heard()).containsExactly("bell");
        assertThat(engine.variable("Ticks"))
                .as("once, not for each that was passed")
                .isEqualTo(Quantity.of(Integer.parseInt(before) + 1));
        passes(2 * HOUR);
        assertThat(heard()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatHasRunDoesNotRunAgainWhenTheClockIsSetBack(boolean restarts) {
        saving = restarts;
        load(
                """
                rule "noon" when at 12:30 do log "noon" end
                rule "cron" when cron "30 12,13 * * *" do log "cron" end
                rule "tick" when every 20 min do log "tick" end
                rule "next" when at 13:00 do log "next" end
                """);
        passes(40 * MINUTE); // 12:41
        assertThat(heard()).containsExactly("tick", "cron", "noon", "tick");
        clockIsSet(-5 * MINUTE); // 12:36, and 12:40 again
        passes(10 * MINUTE);
        assertThat(heard()).as("12:40 was 6 minutes ago").isEmpty();
        clockIsSet(-HOUR); // 11:46
        passes(HOUR);
        assertThat(heard()).as("every 20 min by the clock, 12:30 not again").containsExactly("tick", "tick", "tick");
        passes(20 * MINUTE); // 13:06
        assertThat(heard()).containsExactly("next", "tick");
        passes(24 * HOUR);
        assertThat(heard()).contains("noon", "cron", "next");
    }

    /** Somebody slips with the date, notices, and mends it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongDateForAWhileCostsNothing(boolean restarts) {
        saving = restarts;
        load(
                """
                rule "evening" when at 18:00 do log "evening" end
                rule "noon" when at 12:00 do log "noon" end
                """);
        passes(MINUTE);
        clockIsSet(365 * 24 * HOUR);
        passes(MINUTE);
        clockIsSet(-365 * 24 * HOUR);
        passes(6 * HOUR);
        assertThat(heard()).containsExactly("evening");
        passes(24 * HOUR);
        assertThat(heard()).containsExactly("noon", "evening");
        clockIsSet(-48 * HOUR);
        passes(24 * HOUR);
        assertThat(heard()).as("two days ago is another day").containsExactly("noon", "evening");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void conditionsOnTheTimeOfDayFollowTheClock(boolean restarts) {
        saving = restarts;
        load(
                """
                variable Night = off
                while time between 22:00 and 06:00 keep
                  Night = on
                otherwise
                  Night = off
                end
                rule "night" when Night changes do log "night {Night}" end
                rule "dark" when sun is down do log "dark" end
                """);
        passes(MINUTE);
        assertThat(heard()).isEmpty();
        clockIsSet(11 * HOUR); // 23:02
        assertThat(heard()).containsExactlyInAnyOrder("night on", "dark");
        clockIsSet(-11 * HOUR);
        assertThat(heard()).containsExactly("night off");
        passes(9 * HOUR + 58 * MINUTE);
        assertThat(heard()).as("22:00").containsExactly("dark", "night on");
    }

    /** The outage is only known by the wall clock; a clock that is behind after it is set right by a step. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBoardWithoutABatteryComesUpWithTheTimeOfTheLastEvent(boolean restarts) {
        saving = restarts;
        load(
                """
                variable Go = off
                rule "wait" when Go turns on mode single do wait 30 min log "over" end
                rule "at" when at 13:00 after outage fire do log "fire" end
                """);
        turnOn("Go");
        passes(10 * MINUTE);
        long stopped = bus.journalAt(START + steady);
        happens(new Fact.RuntimeStarted(stopped, false));
        clockIsSet(-30 * 365 * 24 * HOUR);
        passes(10 * MINUTE);
        assertThat(heard()).isEmpty();
        clockIsSet(30 * 365 * 24 * HOUR + 2 * HOUR);
        assertThat(heard()).containsExactly("fire");
        passes(9 * MINUTE + 59 * SECOND);
        assertThat(heard()).isEmpty();
        passes(SECOND);
        assertThat(heard()).containsExactly("over");
    }

    /** Saved by an engine that knew one time alone: a wait, a schedule, a counter, a lasting condition. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStateOfAnOlderEngineIsRead(boolean restarts) throws IOException {
        saving = restarts;
        program = program(OLD_RULES);
        engine = Engine.restore(Base64.getMimeDecoder().decode(OLD_STATE), program, PLACE, this::note);
        sequence = engine.sequence();
        steady = 10 * MINUTE;
        assertThat(heard()).isEmpty();
        passes(20 * MINUTE);
        assertThat(heard()).containsExactly("held", "waited");
        clockIsSet(-10 * MINUTE);
        passes(39 * MINUTE);
        assertThat(heard()).containsExactly("bell");
        assertThat(engine.standings().stream().map(Standing::detail)).contains("1.15 h");
    }

    private static final String OLD_RULES =
            """
            variable Go = off
            rule "wait" when Go turns on mode single do wait 30 min log "waited" end
            rule "held" when Go is on for 30 min do log "held" end
            rule "bell" when at 13:00 do log "bell" end
            counter Long measures time while Go is on reset daily at 00:00
            counter Ticks counts every 1 h
            """;

    private static final String OLD_STATE =
            """
            /bkCnQAAAAIAAAAAAAAAAwAGVEm4M50AAAAAAAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAkdvAAAAAAABAAAA
            AAAAAAIAAAAMY291bnRlciBMb25nAAAAAAE/xVVVVVVVVQAAAAFoAQAAAA1jb3VudGVyIFRpY2tzAAAAAAEAAAAAAAAAAAAAAAAB
            AAAABgAAAE1jb3VudGVyIExvbmcgZGJiODFmNmZhYTYyZTZiZTU1ZDYyZGEyOTRkODNjYjgzY2IwNTc1NzQ5NTBkODM3YTBjMmI0
            Nzk2YTk4MzY0MQAAAEo/xVVVVVVVVT8yNFZ4mrzfAAZUSbgznQAAAAAAAAAAAQAAAAAAAAACAQAGVEm7xyQAAAAAAAAAAAcBAAZU
            U5/IgAAAAAAAAAAAAAAAAE5jb3VudGVyIFRpY2tzIGZhNDg3N2YyOTU5ZWEzODRlOGJmNmIxYWMzMzM2YTI5OWVkZmMwMzM5NjY0
            Nzg1M2E0N2NhZTExMzE3YzhhZmYAAAA7AAAAAAAAAAB/+AAAAAAAAAAGVEmUcFcAAAAAAAAAAAAAAAAAAAAAAAAAAQAGVEpncHQA
            AAAAAAAAAAEAAABSaGVsZCBydWxlIGhlbGQgZmQ1YjM3YmUzMzZlMjNhNmRkNWMzMGM4NjQ4YjRjYjQ0YTE2OWEyMjNkYmMzYzM0
            Y2I1ZDU1OTY0MmM2MDU1OCBoMAAAAA0ABlRJlHBXAAAAAAIAAAAASnJ1bGUgYmVsbCBjZjQ0ZTY1ZWUwNmRiNGVjODYzZmRlYjAy
            NzcxMDNiMzI5ZDFjY2RkOWMyYmI2YTVmNjQ2MGNkMzIzOWIyYWVlAAAARwAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAAAAAAAAA
            AAAAAQAAAAJlMAAAABEBAAZUSmdwdAAAAAAAAAAAAgAAAAAAAAAAAAAASnJ1bGUgaGVsZCBmZDViMzdiZTMzNmUyM2E2ZGQ1YzMw
            Yzg2NDhiNGNiNDRhMTY5YTIyM2RiYzNjMzRjYjVkNTU5NjQyYzYwNTU4AAAASwAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAAAAA
            AAAAAAAAAQAAAAJlMAAAABUAAAAAAQAGVEn/uikAAAAAAAAAAAQAAAAAAAAAAAAAAEpydWxlIHdhaXQgMWJhMzM1YWMwNDkxZjg3
            OWQ3NjJmOWE0YzM5YTk0MDI1MDhmM2MyOGIzYjM1MDA1OGEyNjcyM2M0NDhkOTQ3YgAAAH0AAAAAAAAAAQAAAAAAAAACAAZUSZRw
            VwAAAAAAAAAAAAAAAAEAAAACZTAAAAAFAAAAAgAAAAABAAAAAAAAAAIAAAAAAAAAAAAAAAD/////AAAAAAAAAAB//////////wAA
            AAAAAAAAAAEABlRJ/7opAAAAAAAAAAAFAAAAAA==
            """;
}
