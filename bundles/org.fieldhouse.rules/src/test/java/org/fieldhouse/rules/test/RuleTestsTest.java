package org.fieldhouse.rules.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** The promises of the language, said in the language itself. */
class RuleTestsTest {
    private static final String HALL =
            """
            expect Hall.Motion: motion
            expect Hall.Light: light
            rule "Hall light follows motion after dark"
              when Hall.Motion turns on
              if   sun is down or Hall.Motion.illuminance < 20 lx
              mode restart
              after outage resume
            do
              turn on Hall.Light with brightness 60 %, fade 2 s
              wait until Hall.Motion is off for 5 min
              turn off Hall.Light
            end
            """;

    static List<TestResult> run(String text) {
        CheckResult checked = RuleCompiler.check(List.of(new SourceFile("rules/a.rules", text)), HouseModel.EMPTY);
        assertThat(checked.diagnostics().stream().filter(Diagnostic::isError).map(Diagnostic::render))
                .isEmpty();
        return TestRunner.run(checked.program(), TestRunner.ANYWHERE);
    }

    static void passes(String text) {
        List<TestResult> results = run(text);
        assertThat(results).isNotEmpty();
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.failures()).as(result.name()).isEmpty());
    }

    @Test
    void lightGoesOffFiveMinutesAfterTheLastMotionAlsoOverARestart() {
        passes(
                HALL
                        + """
                test "light goes off five minutes after the last motion, also over a restart"
                  given sun down, Hall.Motion off, Hall.Light off
                  at 0 s   Hall.Motion = on
                  at 1 min Hall.Motion = off
                  at 3 min restart
                  expect at 1 s Hall.Light is on
                  expect at 1 s Hall.Light.brightness is 60 %
                  expect at 5 min 59 s Hall.Light is on
                  expect at 6 min 1 s  Hall.Light is off
                end
                test "motion again begins the time anew"
                  given sun down, Hall.Motion off, Hall.Light off
                  at 0 s   Hall.Motion = on
                  at 1 min Hall.Motion = off
                  at 4 min Hall.Motion = on
                  at 5 min Hall.Motion = off
                  expect at 9 min 59 s Hall.Light is on
                  expect at 10 min 1 s Hall.Light is off
                end
                test "not by day"
                  given sun up, Hall.Motion off, Hall.Light off, Hall.Motion.illuminance 500 lx
                  at 0 s   Hall.Motion = on
                  expect at 1 s Hall.Light is off
                end
                """);
    }

    @Test
    void aFailedExpectationSaysWhatWas() {
        List<TestResult> results = run(
                HALL
                        + """
                test "wrong"
                  given sun down, Hall.Motion off, Hall.Light off
                  at 0 s Hall.Motion = on
                  expect at 1 s Hall.Light is off
                end
                """);
        assertThat(results).hasSize(1);
        assertThat(results.get(0).failures()).hasSize(1);
        assertThat(results.get(0).failures().get(0))
                .hasToString("rules/a.rules:16:17: expected this to be so, but Hall.Light is on since 0 s");
    }

    @Test
    void controlHoldsItsDeadBandAndItsTime() {
        passes(
                """
                expect Living.Temp: thermometer
                expect Living.Valve: switch
                variable Setpoint = 21 °C
                control Living.Valve class comfort
                  on  when Living.Temp < Setpoint - 0.3 K
                  off when Living.Temp > Setpoint + 0.3 K
                  hold at least 4 min
                  fail off when Living.Temp is bad for 15 min
                end
                test "dead band"
                  given Living.Temp 21 °C
                  at 1 min Living.Temp = 20.6 °C
                  expect at 1 min Living.Valve is on
                  at 2 min Living.Temp = 21.2 °C
                  expect at 2 min Living.Valve is on
                  at 3 min Living.Temp = 21.4 °C
                  expect at 3 min Living.Valve is on
                  expect at 4 min 59 s Living.Valve is on
                  expect at 5 min Living.Valve is off
                end
                test "setpoint triggers as well"
                  given Living.Temp 21 °C
                  at 1 min Setpoint = 23 °C
                  expect at 1 min Living.Valve is on
                end
                test "fails after a quarter of an hour, also over a restart"
                  given Living.Temp 19 °C
                  expect at 1 min Living.Valve is on
                  at 10 min Living.Temp bad
                  at 20 min restart
                  expect at 24 min 59 s Living.Valve is on
                  expect at 25 min Living.Valve is off
                  at 40 min Living.Temp = 19 °C
                  expect at 40 min Living.Valve is on
                end
                """);
    }

    @Test
    void schedulesFollowTheClockTheSunAndTheWeek() {
        passes(
                """
                expect Lamp: light
                expect Pump: switch
                expect Bell: switch
                rule "morning" when at 07:00 each workday do turn on Lamp end
                rule "evening" when at sunset - 30 min do turn on Pump end
                rule "quarter" when every 15 min do toggle Bell end
                rule "cron" when cron "30 22 * * 6" do turn off Lamp end
                test "on Monday"
                  given date 2026-06-15, Lamp off
                  expect at 6 h 59 min Lamp is off
                  expect at 7 h Lamp is on
                end
                test "not on Sunday, but on Saturday night"
                  given date 2026-06-13, Lamp on
                  expect at 22 h 29 min Lamp is on
                  expect at 22 h 31 min Lamp is off
                  expect at 40 h Lamp is off
                end
                test "before sunset in Greenwich, which is 20:19 UTC"
                  given date 2026-06-15, Pump off
                  expect at 19 h 47 min Pump is off
                  expect at 19 h 51 min Pump is on
                end
                test "quarters"
                  given date 2026-06-15, Bell off
                  expect at 14 min 59 s Bell is off
                  expect at 15 min Bell is on
                  expect at 30 min Bell is off
                end
                """);
    }

    @Test
    void outagePolicies() {
        passes(
                """
                expect A: switch
                expect B: switch
                expect C: switch
                expect Go: switch
                rule "resume" when Go turns on mode single after outage resume do turn on A wait 1 h turn off A end
                rule "skip" when Go turns on mode single after outage skip do turn on B wait 1 h turn off B end
                rule "fire" when at 07:00 after outage fire do turn on C end
                test "down past the time"
                  given date 2026-06-15, Go off, C off
                  at 6 h Go = on
                  at 6 h 30 min restart after 2 h
                  expect at 6 h 30 min A is off
                  expect at 6 h 30 min B is on
                  expect at 6 h 30 min C is on
                end
                """);
    }

    @Test
    void bodies() {
        passes(
                """
                expect Door: door
                expect Lamp: light
                expect Button: button
                group Doors = Door
                variable Count = 0
                variable Mode: home | away = home
                scene Evening
                  Lamp = on
                  Lamp.brightness = 40 %
                end
                rule "press" when Button pressed mode parallel 3
                do
                  let Before = Count
                  repeat 3 times
                    set Count = Count + 1
                  end
                  if Before > 5 then
                    set Mode = away
                  else if Before is 3
                    activate scene Evening
                  else
                    notify Family "first {Before} and {Door}"
                  end
                  wait until Door is open within 1 min else do notify Family "closed still" end
                  notify Family "over"
                end
                test "runs"
                  given Door closed, Lamp off
                  at 1 s Button pressed
                  expect at 1 s Count is 3
                  expect at 1 s notified Family "first 0 and closed"
                  at 2 s Button pressed
                  expect at 2 s Lamp.brightness is 40 %
                  at 3 s Button pressed
                  expect at 3 s Mode is away
                  expect at 3 s Count is 9
                  expect at 59 s not notified Family "closed still"
                  expect at 2 min notified Family "closed still"
                  expect at 2 min notified Family "over"
                end
                """);
    }

    @Test
    void unknownIsNeitherTrueNorFalse() {
        passes(
                """
                expect T: thermometer
                expect U: thermometer
                expect A: switch
                expect B: switch
                expect D: switch
                rule "or" when T becomes > 20 °C if U < 10 °C or T > 15 °C do turn on A end
                rule "not" when T becomes > 20 °C if not (U < 10 °C) do turn on B end
                rule "first" when D turns on do turn on B end
                test "kleene"
                  given A off, B off, T 10 °C
                  at 1 s T = 25 °C
                  expect at 1 s A is on
                  expect at 1 s B is off
                end
                test "an outage of a sensor is no edge"
                  given A off, T 25 °C
                  at 1 s T offline
                  at 2 s T = 26 °C
                  at 2 s T online
                  expect at 3 s A is off
                end
                test "the first value ever is an edge"
                  given B off
                  at 1 s D = on
                  expect at 1 s B is on
                end
                """);
    }

    @Test
    void sequencesStepByStepOrFail() {
        passes(
                """
                expect Start: button
                expect Level: level
                expect V1: valve
                expect P1: pump
                expect Flow: flow
                alarm P1StartFailed priority high
                  requires ack
                  message "P1 did not start"
                  notify Operators
                end
                sequence "Start transfer pump P1"
                  when Start pressed
                  require Level > 20 %, P1.fault is off
                  step "open valve"
                    open V1
                    wait until V1.position > 95 % within 10 s else fail "V1 did not open"
                  step "start"
                    turn on P1
                    wait until Flow > 3 m³/h within 30 s else fail "no flow"
                  on fail
                    turn off P1
                    close V1
                    raise alarm P1StartFailed
                end
                test "starts"
                  given Level 50 %, P1.fault off, P1 off, V1 closed, V1.position 0 %, Flow 0 m³/h
                  at 0 s Start pressed
                  at 5 s V1.position = 100 %
                  expect at 6 s P1 is on
                  at 20 s Flow = 5 m³/h
                  expect at 2 min P1 is on
                  expect at 2 min alarm P1StartFailed is normal
                end
                test "fails, also over a restart"
                  given Level 50 %, P1.fault off, P1 off, V1 closed, V1.position 0 %, Flow 0 m³/h
                  at 0 s Start pressed
                  at 5 s V1.position = 100 %
                  at 10 s restart
                  expect at 34 s P1 is on
                  expect at 36 s P1 is off
                  expect at 36 s V1 is closed
                  expect at 36 s alarm P1StartFailed is unacknowledged
                  expect at 36 s notified Operators "P1 did not start"
                  at 1 min acknowledge alarm P1StartFailed
                  expect at 1 min alarm P1StartFailed is acknowledged
                end
                test "not permitted"
                  given Level 10 %, P1.fault off, P1 off, V1 closed
                  at 0 s Start pressed
                  expect at 1 s V1 is closed
                end
                """);
    }

    @Test
    void alarmsLiveAsIsaSays() {
        passes(
                """
                expect Tank1: level
                alarm Tank1HighHigh priority critical
                  when  Tank1.level > 95 % for 3 s
                  clear when Tank1.level < 92 % for 10 s
                  requires ack
                  message "Tank 1 at {Tank1.level}"
                  notify Operators
                  escalate to Supervisor after 5 min unless acked
                  shelve at most 8 h
                end
                test "raised, acknowledged, returned"
                  given Tank1.level 90 %
                  at 1 s Tank1.level = 96 %
                  expect at 3 s alarm Tank1HighHigh is normal
                  expect at 4 s alarm Tank1HighHigh is unacknowledged
                  expect at 4 s notified Operators "Tank 1 at 96 %"
                  at 1 min acknowledge alarm Tank1HighHigh
                  expect at 10 min not notified Supervisor
                  at 11 min Tank1.level = 90 %
                  expect at 11 min 9 s alarm Tank1HighHigh is active
                  expect at 11 min 10 s alarm Tank1HighHigh is normal
                end
                test "escalates, returns unacknowledged, also over a restart"
                  given Tank1.level 90 %
                  at 1 s Tank1.level = 96 %
                  at 2 min restart
                  expect at 5 min not notified Supervisor
                  expect at 5 min 4 s notified Supervisor
                  at 6 min Tank1.level = 90 %
                  expect at 7 min alarm Tank1HighHigh is returned
                  at 8 min acknowledge alarm Tank1HighHigh
                  expect at 8 min alarm Tank1HighHigh is normal
                end
                test "shelved for eight hours"
                  given Tank1.level 90 %
                  at 1 s Tank1.level = 96 %
                  at 1 min shelve alarm Tank1HighHigh
                  expect at 1 h alarm Tank1HighHigh is shelved
                  at 2 h restart
                  expect at 8 h 59 s alarm Tank1HighHigh is shelved
                  expect at 8 h 1 min alarm Tank1HighHigh is unacknowledged
                end
                """);
    }

    @Test
    void countersAddUpAndLinksForward() {
        passes(
                """
                expect P1: pump
                expect Front.Door: door
                expect Dimmer: dimmer
                expect Lamp: light
                counter P1Hours measures time while P1 is on
                counter P1Energy integrates P1.power in kWh reset daily at 00:00
                counter Openings counts Front.Door turns open reset daily at 00:00
                rule "service" when P1Hours becomes >= 2 h do notify Service "due" end
                link Dimmer -> Lamp
                  copy onoff, brightness
                  run at device else gateway
                end
                while P1 is on keep Lamp.brightness = 90 % otherwise Lamp.brightness = 10 % end
                test "a day"
                  given date 2026-06-15, P1 off, P1.power 0 W, Front.Door closed, Lamp off, Dimmer off, Lamp.brightness 50 %
                  at 1 h P1 = on, P1.power = 2000 W
                  at 1 h 30 min restart
                  expect at 2 h P1Hours is 1 h
                  expect at 2 h 59 min not notified Service
                  expect at 3 h notified Service "due"
                  at 3 h P1 = off, P1.power = 0 W
                  expect at 4 h P1Energy is 4 kWh
                  expect at 4 h P1Hours is 2 h
                  at 4 h Front.Door = open, Front.Door = closed, Front.Door = open
                  expect at 4 h Openings is 2
                  expect at 24 h Openings is 0
                  expect at 24 h P1Energy is 0 kWh
                  expect at 24 h P1Hours is 2 h
                end
                test "what was in an outage was not measured, and all before it was"
                  given date 2026-06-15, P1 on, P1.power 2000 W
                  at 60 s restart after 1 h
                  expect at 2 h P1Hours is 1 h
                  expect at 2 h P1Energy is 2 kWh
                end
                test "a dimmer drives a lamp"
                  given Dimmer off, Lamp off, P1 off, Lamp.brightness 50 %
                  at 1 s Dimmer = on
                  expect at 1 s Lamp is on
                  at 2 s P1 = on
                  expect at 2 s Lamp.brightness is 90 %
                  at 3 s P1 = off
                  expect at 3 s Lamp.brightness is 10 %
                end
                """);
    }

    @Test
    void aGroupIsGivenAValueAndAQualityLikeEachOfItsMembers() {
        passes(
                """
                expect Bath.Window: window
                expect Hall.Window: window
                expect Siren: siren
                group Windows = Bath.Window, Hall.Window
                rule "open"
                  when any of Windows turns open
                do
                  turn on Siren
                end
                test "all of them"
                  given Windows closed, Siren off
                  expect at 1 s all of Windows is closed
                  at 2 s Windows = open
                  expect at 3 s Bath.Window is open and Hall.Window is open and Siren is on
                  at 4 s Windows goes bad
                  expect at 5 s Bath.Window is bad and Hall.Window is bad
                end
                test "out of reach"
                  given Windows closed
                  at 1 s Windows goes offline
                  expect at 2 s Bath.Window is offline and Hall.Window is offline and Bath.Window is bad
                  at 3 s Windows goes online
                  expect at 4 s all of Windows is closed
                end
                group None = every siren in "Attic"
                test "a group without members"
                  given None on
                  at 1 s None = off
                end
                """);
    }

    @Test
    void whatIsOfflineFromTheBeginningIsNotGood() {
        passes(
                """
                expect Temp: thermometer
                expect Heater: heater
                control Heater
                  on  when Temp < 20 °C
                  off when Temp > 21 °C
                  fail off
                end
                test "no reading, no heat"
                  given Temp 15 °C, Temp offline, Heater on
                  expect at 1 s Temp is bad and Heater is off
                  at 1 min Temp online
                  expect at 2 min Temp < 16 °C and Heater is on
                end
                """);
    }

    @Test
    void aPointIsHeldOnceInEachClass() {
        passes(
                """
                expect Smoke: smoke
                expect Temp: thermometer
                expect Fan: fan
                control Fan
                  on  when Temp > 25 °C
                  off when Temp < 23 °C
                  fail off
                end
                while Smoke is on class safety keep Fan = off end
                while Temp > 40 °C class economy keep Fan = on end
                test "smoke is stronger, and lets go"
                  given Smoke off, Temp 30 °C, Fan off
                  expect at 1 s Fan is on
                  at 2 s Smoke = on
                  expect at 3 s Fan is off
                  at 4 s Smoke = off
                  expect at 5 s Fan is on
                end
                """);
    }

    @Test
    void escalationsComeByTimeHoweverTheyAreWritten() {
        passes(
                """
                expect Leak: leak
                alarm Water
                  when Leak is on
                  requires ack
                  escalate to Chief after 10 min unless acked
                  escalate to Boss after 5 min
                end
                test "five comes before ten"
                  given Leak off
                  at 1 s Leak = on
                  expect at 6 min notified Boss
                  expect at 6 min not notified Chief
                  expect at 11 min notified Chief
                end
                test "what is acknowledged goes to the boss all the same"
                  given Leak off
                  at 1 s Leak = on
                  at 2 s acknowledge Water
                  expect at 11 min notified Boss
                  expect at 11 min not notified Chief
                end
                """);
    }

    @Test
    void whatIsNotKnownCannotBeReported() {
        List<TestResult> results = run(
                """
                expect A: thermometer
                expect B: thermometer
                test "unknown"
                  at 1 s A = B.temperature
                end
                """);
        assertThat(results.get(0).failures())
                .hasToString("[rules/a.rules:4:10: expected a value to report, but it is unknown]");
    }

    @Test
    void aFailedExpectationSaysSinceWhenItIsOtherwise() {
        List<TestResult> results = run(
                """
                expect Motion: motion
                expect Fan: fan
                rule "fan" when Motion turns on mode restart
                do
                  turn on Fan
                  wait 10 min
                  wait until Motion is off for 3 min
                  turn off Fan
                end
                test "it waits again after the ten minutes"
                  given Motion off, Fan off
                  at 0 s      Motion = on
                  at 1 min 5 s Motion = off
                  expect at 12 min Fan is on and Motion is off
                end
                """);
        assertThat(results.get(0).failures())
                .singleElement()
                .asString()
                .endsWith("but Motion is off since 1 min 5 s, Fan is off since 10 min");
    }
}
