package org.fieldhouse.rules.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** What semantics.md says of the wall clock: daylight saving, days off, and runs that were missed. Berlin, 2026. */
class ClockTest {
    private static final Calendar.Place BERLIN = new Calendar.Place(
            ZoneId.of("Europe/Berlin"), 52.52, 13.4, Set.of(LocalDate.of(2026, 12, 25), LocalDate.of(2026, 5, 14)));

    private static void passes(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), HouseModel.EMPTY);
        assertThat(checked.diagnostics().stream().filter(Diagnostic::isError).map(Diagnostic::render))
                .isEmpty();
        List<TestResult> results = TestRunner.run(checked.program(), BERLIN);
        assertThat(results).isNotEmpty();
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.failures()).as(result.name()).isEmpty());
    }

    /** 2026-03-29: 02:00 becomes 03:00; what falls into the gap happens at its end, once. */
    @Test
    void inSpringTheMissingHourHappensAtItsEnd() {
        passes(
                """
                expect A: switch
                expect Go: switch
                variable Quarters = 0
                variable Runs = 0
                rule "gap" when at 02:30 do set Runs = Runs + 1 end
                rule "cron" when cron "15 2 * * *" do turn on A end
                rule "quarter" when every 15 min do set Quarters = Quarters + 1 end
                rule "duration" when Go turns on mode single do wait 2 h turn off Go end
                test "spring forward"
                  given date 2026-03-29 01:00, A off, Go off
                  at 30 min Go = on
                  expect at 59 min 59 s Runs is 0
                  expect at 1 h Runs is 1
                  expect at 1 h A is on
                  expect at 1 h Quarters is 4
                  expect at 2 h Quarters is 8
                  expect at 2 h 29 min Go is on
                  expect at 2 h 30 min Go is off
                  expect at 23 h Runs is 1
                end
                """);
    }

    /** 2026-10-25: 03:00 becomes 02:00; what would come twice happens the first time only. */
    @Test
    void inAutumnTheDoubleHourHappensOnce() {
        passes(
                """
                expect Go: switch
                variable Runs = 0
                variable Hours = 0
                rule "twice" when at 02:30 do set Runs = Runs + 1 end
                rule "hourly" when every 1 h do set Hours = Hours + 1 end
                rule "duration" when Go turns on mode single do wait 2 h turn off Go end
                test "fall back"
                  given date 2026-10-25 01:00, Go off
                  at 1 h 15 min Go = on
                  expect at 1 h 30 min Runs is 1
                  expect at 2 h 45 min Runs is 1
                  expect at 3 h Hours is 3
                  expect at 3 h 14 min Go is on
                  expect at 3 h 15 min Go is off
                  expect at 24 h Runs is 1
                end
                """);
    }

    @Test
    void aDayOffIsNoWorkday() {
        passes(
                """
                expect Bell: switch
                variable Runs = 0
                rule "work" when at 07:00 each workday do set Runs = Runs + 1 end
                rule "off" when at 09:00 each holiday do turn on Bell end
                test "Christmas week"
                  given date 2026-12-24, Bell off
                  expect at 8 h Runs is 1
                  expect at 24 h Bell is off
                  expect at 32 h Runs is 1
                  expect at 34 h Bell is on
                  expect at 3 d Runs is 1
                  expect at 103 h 30 min Runs is 2
                end
                """);
    }

    /** What was due while the runtime was down: left out, or made up for once, never several times. */
    @Test
    void missedRunsAreMadeUpForOnceOrNotAtAll() {
        passes(
                """
                variable Left = 0
                variable Once = 0
                variable Skipped = 0
                rule "resume" when every 10 min after outage resume do set Left = Left + 1 end
                rule "fire" when every 10 min after outage fire do set Once = Once + 1 end
                rule "skip" when every 10 min after outage skip do set Skipped = Skipped + 1 end
                test "down for an hour"
                  given date 2026-06-15 12:01
                  at 1 min restart after 1 h
                  expect at 61 min Left is 0
                  expect at 61 min Once is 1
                  expect at 61 min Skipped is 0
                  expect at 69 min Left is 1
                  expect at 69 min Once is 2
                  expect at 69 min Skipped is 1
                end
                """);
    }

    /** Somebody sets the clock: what lasts goes on, what goes by the clock goes by the new one. */
    @Test
    void aTestCanSetTheClock() {
        passes(
                """
                expect Go: switch
                variable Bells = 0
                variable Made = 0
                rule "wait" when Go turns on mode single do wait 2 h turn off Go end
                rule "bell" when at 13:00 do set Bells = Bells + 1 end
                rule "made" when at 13:00 after outage fire do set Made = Made + 1 end
                test "set forward, then back, over a restart"
                  given date 2026-06-15 12:00, Go off
                  at 30 min Go = on
                  at 45 min time 14:00
                  expect at 46 min Bells is 0
                  expect at 46 min Made is 1
                  at 1 h restart
                  at 75 min time 12:30
                  expect at 75 min Go is on
                  expect at 105 min Bells is 1
                  expect at 105 min Made is 1
                  expect at 2 h 29 min Go is on
                  expect at 2 h 30 min Go is off
                  at 3 h date 2026-06-16 12:59
                  expect at 3 h 1 min Bells is 2
                  at 4 h date 2026-06-16
                  expect at 17 h Bells is 2
                end
                """);
    }

    /** A clock that is set on the day on which daylight saving ends. */
    @Test
    void aClockIsSetBackOverTheDoubleHour() {
        passes(
                """
                expect Go: switch
                variable Runs = 0
                rule "twice" when at 02:30 do set Runs = Runs + 1 end
                rule "duration" when Go turns on mode single do wait 3 h turn off Go end
                test "fall back"
                  given date 2026-10-25 01:00, Go off
                  at 1 h Go = on
                  expect at 1 h 31 min Runs is 1
                  at 1 h 40 min time 01:30
                  expect at 2 h 41 min Runs is 1
                  expect at 5 h Runs is 1
                  expect at 3 h 59 min Go is on
                  expect at 4 h Go is off
                  expect at 27 h 39 min Runs is 1
                  expect at 27 h 40 min Runs is 2
                end
                """);
    }

    /** 02:10 comes twice on 2026-10-25: a condition says each time what the clock shows, and ends each time. */
    @Test
    void aConditionOnTheTimeFollowsTheClockThroughTheDoubleHour() {
        passes(
                """
                expect Night: light
                expect Quarter: light
                expect Late: light
                expect Motion: motion
                while time between 22:00 and 02:30 and Motion is on keep Night = on otherwise Night = off end
                while time between 02:15 and 02:45 keep Quarter = on otherwise Quarter = off end
                while time >= 02:30 keep Late = on otherwise Late = off end
                test "fall back"
                  given date 2026-10-25 01:00, Motion off
                  at 2 h 10 min Motion = on
                  expect at 74 min Quarter is off
                  expect at 76 min Quarter is on
                  expect at 91 min Late is on
                  expect at 106 min Quarter is off
                  expect at 121 min Late is off
                  expect at 2 h 11 min Night is on
                  expect at 2 h 16 min Quarter is on
                  expect at 2 h 31 min Night is off
                  expect at 2 h 31 min Late is on
                  expect at 2 h 46 min Quarter is off
                  expect at 20 h Night is off
                  expect at 22 h 1 min Night is on
                end
                test "spring forward"
                  given date 2026-03-29 01:00, Motion on
                  expect at 59 min Night is on
                  expect at 1 h 1 s Night is off
                  expect at 1 h 1 s Late is on
                  expect at 1 h 1 s Quarter is off
                  expect at 20 h 1 min Night is on
                end
                """);
    }

    /** What runs in every hour runs in each of 25; what names its hours runs in the first 02:00 alone. */
    @Test
    void cronOfEveryHourRunsInBothDoubleHours() {
        passes(
                """
                variable Quarters = 0
                variable Named = 0
                rule "every hour" when cron "*/15 * * * *" do set Quarters = Quarters + 1 end
                rule "named hours" when cron "*/15 1-3 * * *" do set Named = Named + 1 end
                test "fall back"
                  given date 2026-10-25 01:01
                  expect at 1 h 58 min Quarters is 7
                  expect at 2 h Quarters is 8
                  expect at 2 h 58 min Quarters is 11
                  expect at 3 h Quarters is 12
                  expect at 3 h Named is 8
                end
                test "spring forward"
                  given date 2026-03-29 01:01
                  expect at 1 h Quarters is 4
                  expect at 2 h Quarters is 8
                end
                """);
    }
}
