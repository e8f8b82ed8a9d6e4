package org.fieldhouse.rules.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.ConfigurationParticipant.Prepared;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.rules.test.TestRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules in a runtime that can be killed at any moment. */
class DriverTest {
    private static final PointId MOTION = PointId.of("hall-motion", "occupancy");
    private static final PointId LIGHT = PointId.of("hall-light", "onoff");
    private static final String HALL =
            """
            rule "hall" when Hall.Motion turns on mode restart
            do
              turn on Hall.Light
              wait until Hall.Motion is off for 5 min
              turn off Hall.Light
            end
            """;

    private static final String HOLDING =
            """
            control Hall.Light
              on when Hall.Motion is on for 5 min
              off when Hall.Motion is off
              fail off
            end
            """;

    private final FakeRuntime runtime = new FakeRuntime();
    private RuleEngineService rules;

    private static DeviceInfo device(String id, String name, PointSpec point) {
        return new DeviceInfo(
                new DeviceId(id),
                name,
                "test",
                null,
                "",
                Set.of(),
                DeviceDescription.of("thing", point),
                Status.ONLINE);
    }

    @BeforeEach
    void begin() {
        runtime.model = new HouseModel(List.of(
                device("hall-motion", "Hall.Motion", PointSpec.state("occupancy", ValueSpec.ON_OFF)),
                device("hall-light", "Hall.Light", PointSpec.control("onoff", ValueSpec.ON_OFF))));
        rules = service();
    }

    @AfterEach
    void end() {
        rules.stop();
    }

    private RuleEngineService service() {
        RuleEngineService made = new RuleEngineService(runtime, runtime, runtime.journal(), runtime, new Config());
        made.start();
        return made;
    }

    private List<Problem> load(String text) {
        Prepared prepared = rules.prepare(List.of(new SourceFile("rules/a.rules", text)), runtime.model);
        if (prepared.problems().stream().noneMatch(Problem::isError)) {
            prepared.activate(1);
            runtime.settle();
        }
        return prepared.problems();
    }

    private List<String> sent() {
        return runtime.sent.stream()
                .map(command -> command.request() instanceof Request.SetPoint set
                        ? set.point().device() + "=" + set.value()
                        : command.request().toString())
                .toList();
    }

    /** Kills the runtime without letting the rules say good-bye. */
    private void kill(Duration down) {
        runtime.kill(down);
        rules = service();
        runtime.settle();
    }

    @Test
    void anEventBecomesACommandThatSaysWhy() {
        assertThat(load(HALL)).isEmpty();
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        assertThat(sent()).containsExactly("hall-light=on");
        var cause = runtime.sent.get(0).cause();
        assertThat(cause.rule()).hasToString("\"hall\" (rules/a.rules:3)");
        assertThat(runtime.events().get((int) cause.parent() - 1).fact()).isInstanceOf(Fact.StateChanged.class);
        RuleInfo info = rules.rules().get(0);
        assertThat(info.runs()).isEqualTo(1);
        assertThat(info.waiting()).isEqualTo(1);
    }

    @Test
    void whatWaitsSaysUntilWhenOnTheClockOfTheHouse() {
        load("rule \"late\" when Hall.Motion turns on mode restart do\nwait 5 min turn off Hall.Light end");
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        String until = LocalDateTime.ofInstant(Instant.ofEpochSecond(1_750_000_300), ZoneId.systemDefault())
                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        assertThat(rules.rules().get(0).detail()).isEqualTo("line 2 until " + until);
    }

    @Test
    void aWarmUpIsHeardByNobody() {
        String text = HALL + "rule \"up\" when started do turn on Hall.Light end\n"
                + "while Hall.Motion is on keep Hall.Light = on end\n";
        load(text);
        runtime.report(MOTION, Bool.ON);
        List<String> sent = sent();
        long events = runtime.lastSequence();
        Compiled compiled = Compiled.of(List.of(new SourceFile("rules/a.rules", text)), runtime.model);
        new WarmUp(() -> compiled, TestRunner.ANYWHERE).once();
        runtime.settle();
        assertThat(compiled.isClean()).isTrue();
        assertThat(sent()).isEqualTo(sent);
        assertThat(runtime.lastSequence()).isEqualTo(events);
    }

    @Test
    void whatACrashCutOffIsSentAgainAndNothingTwice() {
        load(HALL);
        runtime.report(MOTION, Bool.OFF);
        runtime.autoCommit = false;
        runtime.report(MOTION, Bool.ON);
        assertThat(sent()).containsExactly("hall-light=on");
        long accepted = runtime.lastSequence();

        // Killed with the trigger on disk, and the command's record not.
        runtime.autoCommit = true;
        runtime.sent.clear();
        runtime.commitUpTo(accepted - 1);
        kill(Duration.ZERO);
        assertThat(sent()).as("sent again").containsExactly("hall-light=on");

        // Killed with everything on disk.
        runtime.sent.clear();
        kill(Duration.ZERO);
        assertThat(sent()).as("not a third time").isEmpty();
    }

    @Test
    void aWaitSurvivesAKillAndEndsWhileTheRuntimeIsDown() {
        load(HALL);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        runtime.advance(Duration.ofMinutes(1));
        runtime.report(MOTION, Bool.OFF);
        runtime.advance(Duration.ofMinutes(2));
        runtime.sent.clear();
        kill(Duration.ofMinutes(1));
        assertThat(sent()).isEmpty();
        runtime.advance(Duration.ofMinutes(1).plusSeconds(59));
        assertThat(sent()).isEmpty();
        runtime.advance(Duration.ofSeconds(1));
        assertThat(sent()).containsExactly("hall-light=off");
        runtime.sent.clear();
        kill(Duration.ofMinutes(10));
        assertThat(sent()).isEmpty();
    }

    /** The step is in the journal: before and behind the snapshot, a wait lasts as long as it says. */
    @Test
    void aWaitSurvivesAKillAndAClockThatIsSet() {
        load(HALL);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        runtime.report(MOTION, Bool.OFF);
        runtime.sent.clear();
        runtime.advance(Duration.ofMinutes(1));
        runtime.clockIsSet(Duration.ofDays(90));
        runtime.advance(Duration.ofMinutes(1));
        kill(Duration.ZERO);
        runtime.clockIsSet(Duration.ofHours(1));
        kill(Duration.ofMinutes(1));
        runtime.advance(Duration.ofMinutes(1).plusSeconds(59));
        assertThat(sent()).isEmpty();
        runtime.advance(Duration.ofSeconds(1));
        assertThat(sent()).containsExactly("hall-light=off");
    }

    @Test
    void anEditThatMeansTheSameKeepsTheWait() {
        load(HALL);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        runtime.report(MOTION, Bool.OFF);
        runtime.advance(Duration.ofMinutes(4));
        runtime.sent.clear();
        load("# a comment\nvariable Guests = off\n" + HALL.replace("\n", "\n\n"));
        assertThat(rules.rules().get(0).waiting()).isEqualTo(1);
        runtime.advance(Duration.ofMinutes(1));
        assertThat(sent()).containsExactly("hall-light=off");
        load(HALL.replace("5 min", "6 min"));
        assertThat(rules.rules().get(0).waiting()).isZero();
    }

    @Test
    void aFileWithAnErrorOrAFailingTestIsNotTaken() {
        load(HALL);
        assertThat(load(HALL.replace("Hall.Motion turns", "Hall.Motoin turns")))
                .anySatisfy(problem -> assertThat(problem.code()).isEqualTo("E101"));
        assertThat(
                        load(
                                HALL
                                        + """
                        test "wrong"
                          given Hall.Motion off, Hall.Light off
                          at 0 s Hall.Motion = on
                          expect at 1 s Hall.Light is off
                        end
                        """))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .isEqualTo("rules/a.rules:10:17: error [E601] test \"wrong\" fails: expected this to be so,"
                                + " but Hall.Light is on since 0 s"));
        assertThat(rules.rules()).hasSize(1);
    }

    @Test
    void variablesAreSetFromOutsideAndByRules() {
        load(
                """
                variable Guests = off
                variable Count = 0
                rule "guests" when Guests turns on do set Count = Count + 1 set Count = Count + 1 end
                """);
        rules.setVariable("Guests", Bool.ON, Cue.user("anna"));
        runtime.settle();
        assertThat(runtime.events().stream()
                        .filter(e -> e.fact() instanceof Fact.VariableChanged)
                        .count())
                .isEqualTo(3);
        kill(Duration.ZERO);
        rules.setVariable("Guests", Bool.OFF, Cue.user("anna"));
        rules.setVariable("Guests", Bool.ON, Cue.user("anna"));
        runtime.settle();
        assertThat(runtime.events().stream()
                        .map(e -> e.fact() instanceof Fact.VariableChanged v
                                        && v.name().equals("Count")
                                ? v.after()
                                : null)
                        .filter(v -> v != null))
                .containsExactly(Quantity.of(1), Quantity.of(2), Quantity.of(3), Quantity.of(4));
    }

    @Test
    void whyWalksUpToTheWorldOutside() {
        load(HALL);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        runtime.report(LIGHT, Bool.ON);
        assertThat(lines(rules.why(LIGHT)).map(line -> line.replaceAll(" at \\d.*", "")))
                .containsExactly(
                        "Hall.Light is on",
                        "Hall.Light became on",
                        "command 1: Hall.Light = on",
                        "rule \"hall\" (rules/a.rules:3) decided it",
                        "Hall.Motion became on",
                        "the device reported it");
    }

    @Test
    void whyShowsAllThatIsAskedOfAPoint() {
        load(HALL);
        runtime.report(LIGHT, Bool.OFF);
        runtime.priorities.put(
                LIGHT,
                new PriorityArray(List.of(
                        new PriorityArray.Entry(2, Bool.OFF, 0, "rule \"fire\""),
                        new PriorityArray.Entry(8, Bool.ON, 1_000_000, "user anna"),
                        new PriorityArray.Entry(16, Bool.ON, 0, "bridge"))));
        assertThat(lines(rules.why(LIGHT)).map(line -> line.replaceAll(" until .*", " until then")))
                .containsSubsequence(
                        "asked of it, strongest first",
                        "off by rule \"fire\", safety",
                        "on by user anna, manual until then",
                        "on by bridge, slot 16");
    }

    @Test
    void whyTellsOfACommandThatTheDeviceDidNotFollow() {
        load(HALL);
        runtime.report(LIGHT, Bool.OFF);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        assertThat(lines(rules.why(LIGHT)).map(line -> line.replaceAll(" at \\d.*", "")))
                .containsExactly(
                        "Hall.Light is off",
                        "Hall.Light became off",
                        "the device reported it",
                        "command 1: Hall.Light = on",
                        "rule \"hall\" (rules/a.rules:3) decided it",
                        "Hall.Motion became on",
                        "the device reported it");
    }

    @Test
    void whyPutsWhatATimeBroughtDownToNoEventThatCameBetween() {
        assertThat(load(HOLDING)).noneMatch(Problem::isError);
        runtime.report(MOTION, Bool.ON);
        runtime.pass(Duration.ofMinutes(6));
        runtime.report(PointId.of("hall-motion", "battery"), Bool.ON);
        assertThat(sent()).last().isEqualTo("hall-light=on");
        runtime.report(LIGHT, Bool.ON);
        assertThat(lines(rules.why(LIGHT)).map(line -> line.replaceAll(" at \\d.*", "")))
                .contains("rule \"Hall.Light\" (rules/a.rules:2) decided it", "a time came that it had waited for")
                .noneMatch(line -> line.contains("battery"));
    }

    @Test
    void whyShowsWhatALevelWentByWhenItWasLoaded() {
        runtime.report(MOTION, Bool.ON);
        assertThat(load(HOLDING.replace(" for 5 min", ""))).noneMatch(Problem::isError);
        assertThat(sent()).containsExactly("hall-light=on");
        runtime.report(MOTION, Bool.OFF);
        assertThat(lines(rules.why(1)).map(line -> line.replaceAll(" at \\d.*", "")))
                .containsExactly(
                        "command 1: Hall.Light = on",
                        "rule \"Hall.Light\" (rules/a.rules:2) decided it",
                        "on when: Hall.Motion is on — holds (rules/a.rules:2)",
                        "Hall.Motion is on",
                        "the rules were loaded");
    }

    @Test
    void whyShowsWhatALevelDidNotKnowWhenItFailed() {
        runtime.report(MOTION, Bool.ON);
        assertThat(load(HOLDING)).noneMatch(Problem::isError);
        runtime.publishAs(new Fact.StateChanged(MOTION, runtime.state(MOTION), State.NONE), "test");
        runtime.settle();
        assertThat(sent()).last().isEqualTo("hall-light=off");
        assertThat(lines(rules.why(runtime.sent.get(runtime.sent.size() - 1).id()))
                        .map(line -> line.replaceAll(" at \\d.*", "")))
                .contains(
                        "rule \"Hall.Light\" (rules/a.rules:4) decided it",
                        "on when: Hall.Motion is on for 5 min — is unknown (rules/a.rules:2)",
                        "off when: Hall.Motion is off — is unknown (rules/a.rules:3)",
                        "Hall.Motion is unknown");
    }

    @Test
    void whyShowsWhatALevelWentByAndNotWhatCameAtTheSameMoment() {
        assertThat(load(HOLDING.replace(" for 5 min", ""))).noneMatch(Problem::isError);
        runtime.report(MOTION, Bool.ON);
        runtime.report(MOTION, Bool.OFF);
        assertThat(sent()).containsExactly("hall-light=off", "hall-light=on", "hall-light=off");
        assertThat(lines(rules.why(2)))
                .containsSubsequence("on when: Hall.Motion is on — holds (rules/a.rules:2)", "Hall.Motion is on");
        assertThat(lines(rules.why(3)))
                .containsSubsequence("off when: Hall.Motion is off — holds (rules/a.rules:3)", "Hall.Motion is off");
    }

    @Test
    void aWakeUpIsTheTimeItself() {
        assertThat(load(HOLDING)).noneMatch(Problem::isError);
        runtime.report(MOTION, Bool.ON);
        runtime.advance(Duration.ofMinutes(6));
        assertThat(sent()).last().isEqualTo("hall-light=on");
        assertThat(lines(rules.why(LIGHT))).anyMatch(line -> line.startsWith("the time came: "));
    }

    @Test
    void whyDoesNotNameACommandThatWasInNoForce() {
        load(HALL);
        runtime.report(LIGHT, Bool.OFF);
        runtime.report(MOTION, Bool.OFF);
        runtime.asks(new Request.SetPoint(LIGHT, Bool.ON, 8, null, Map.of()), "anna");
        runtime.report(MOTION, Bool.ON);
        long second = runtime.sent.get(1).id();
        runtime.publishAs(
                new Fact.CommandEnded(second, new CommandResult(CommandResult.Outcome.OVERRIDDEN, "slot 8")),
                "runtime");
        runtime.report(LIGHT, Bool.ON);
        assertThat(lines(rules.why(LIGHT)).map(line -> line.replaceAll(" at \\d.*", "")))
                .startsWith(
                        "Hall.Light is on", "Hall.Light became on", "command 1: Hall.Light = on", "anna asked for it");
    }

    @Test
    void whyNotNamesTheConditionThatFailed() {
        load(HALL.replace("mode restart", "if Hall.Light is off and sun.elevation < 90 ° mode restart"));
        runtime.report(LIGHT, Bool.ON);
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        long at = runtime.events().get(runtime.events().size() - 1).timeMicros();
        assertThat(sent()).isEmpty();
        assertThat(lines(rules.whyNot("hall", Instant.ofEpochMilli(at / 1000))))
                .contains("condition: Hall.Light is off — does not hold (rules/a.rules:1)", "Hall.Light is on")
                .contains("condition: sun.elevation < 90 ° — holds (rules/a.rules:1)", "the device reported it")
                .anySatisfy(line -> assertThat(line).contains("it did not run: a condition does not hold"));
    }

    /** A trigger that came too early did not run the rule, and that is the answer. */
    @Test
    void whyNotSaysThatATriggerWasIgnored() {
        load(HALL.replace("mode restart", "mode queue 1"));
        runtime.report(MOTION, Bool.OFF);
        for (int i = 0; i < 3; i++) {
            runtime.report(MOTION, Bool.ON);
            Instant then = Instant.ofEpochMilli(
                    runtime.events().get(runtime.events().size() - 1).timeMicros() / 1000 + 1);
            assertThat(rules.whyNot("hall", then).text())
                    .contains(
                            i < 2
                                    ? "it last ran at "
                                    : ", which was ignored: it had not ended yet (mode queue 1); it waits: ");
            runtime.report(MOTION, Bool.OFF);
        }
    }

    @Test
    void whyNotSaysWhenTheFileWasAnotherThen() {
        runtime.report(MOTION, Bool.OFF);
        runtime.report(MOTION, Bool.ON);
        Instant before = Instant.ofEpochMilli(runtime.events().get(1).timeMicros() / 1000)
                .plusMillis(1);
        runtime.advance(Duration.ofHours(1));
        load(HALL);
        runtime.publishAs(
                new Fact.ConfigurationActivated(2, Map.of("rules/a.rules", "1"), List.of("rules/a.rules")), "test");
        runtime.settle();
        assertThat(rules.whyNot("hall", before).text()).contains(", had its file been as it is since ");
        Instant now = Instant.ofEpochMilli(
                runtime.events().get(runtime.events().size() - 1).timeMicros() / 1000 + 1);
        assertThat(rules.whyNot("hall", now).text()).doesNotContain("had its file been");
    }

    @Test
    void whyNotAnswersForWhatHoldsLevelsToo() {
        load(
                """
                control Hall.Light
                  on when Hall.Motion is on
                  off when Hall.Motion is off
                  fail off
                end
                alarm Stuck when Hall.Light is on for 1 h requires ack end
                sequence "s" when Hall.Light turns on require Hall.Motion is on
                  step "a" turn off Hall.Light
                end
                """);
        runtime.report(LIGHT, Bool.OFF);
        runtime.report(MOTION, Bool.OFF);
        long at = runtime.events().get(runtime.events().size() - 1).timeMicros() + 1_000;
        Instant then = Instant.ofEpochMilli(at / 1000);
        assertThat(lines(rules.whyNot("Hall.Light", then)))
                .contains("on when: Hall.Motion is on — does not hold (rules/a.rules:2)", "Hall.Motion is off")
                .contains("off when: Hall.Motion is off — holds (rules/a.rules:3)");
        assertThat(lines(rules.whyNot("Stuck", then)))
                .contains("when: Hall.Light is on for 1 h — does not hold (rules/a.rules:6)");
        assertThat(lines(rules.whyNot("s", then)))
                .contains("permissive: Hall.Motion is on — does not hold (rules/a.rules:7)")
                .contains("trigger: Hall.Light turns on (rules/a.rules:7)");
        assertThat(rules.whyNot("nobody", then).text()).startsWith("there is no rule");
    }

    @Test
    void whatHoldsNothingSaysSo() {
        load("while Hall.Motion is on keep Hall.Light = on end");
        assertThat(rules.rules()).extracting(RuleInfo::detail).containsExactly("nothing decided yet");
        runtime.report(MOTION, Bool.OFF);
        assertThat(rules.rules()).extracting(RuleInfo::detail).containsExactly("otherwise: nothing");
        runtime.report(MOTION, Bool.ON);
        assertThat(rules.rules()).extracting(RuleInfo::detail).containsExactly("holds [on]");
    }

    @Test
    void aControlAndAWhileOfOnePointAreToldApart() {
        load(
                """
                control Hall.Light
                  on when Hall.Motion is on
                  off when Hall.Motion is off
                  fail off
                end
                while Hall.Motion is on for 1 h keep Hall.Light = off end
                while Hall.Motion is on for 2 h class safety keep Hall.Light = on end
                """);
        runtime.report(MOTION, Bool.ON);
        runtime.advance(Duration.ofMinutes(61));
        assertThat(sent()).last().isEqualTo("hall-light=off");
        assertThat(lines(rules.why(runtime.sent.get(runtime.sent.size() - 1).id())))
                .contains("while: Hall.Motion is on for 1 h — holds (rules/a.rules:6)")
                .noneMatch(line -> line.startsWith("on when: "));
        Instant then = Instant.ofEpochMilli(runtime.events().get(0).timeMicros() / 1000)
                .plusSeconds(3660);
        assertThat(lines(rules.whyNot("Hall.Light", then)))
                .contains("3 are called \"Hall.Light\"")
                .contains("on when: Hall.Motion is on — holds (rules/a.rules:2)")
                .contains("while: Hall.Motion is on for 2 h — does not hold (rules/a.rules:7)");
        assertThat(rules.whyNot("Hall.Light class safety", then).text())
                .startsWith("while \"Hall.Light class safety\" (rules/a.rules:7) at ");
    }

    private static Stream<String> lines(Explanation explanation) {
        return Stream.concat(
                Stream.of(explanation.text()), explanation.because().stream().flatMap(DriverTest::lines));
    }

    /** The defaults, but in UTC. */
    static final class Config implements RulesConfig {
        @Override
        public String zone() {
            return "UTC";
        }

        @Override
        public double latitude() {
            return 51.48;
        }

        @Override
        public double longitude() {
            return 0;
        }

        @Override
        public String[] holidays() {
            return new String[] {"2026-12-25", "nonsense"};
        }

        @Override
        public boolean failingTestsWarn() {
            return false;
        }

        @Override
        public int snapshotSeconds() {
            return 3600;
        }

        @Override
        public int snapshotEvents() {
            return 1_000_000;
        }

        @Override
        public int capacity() {
            return 65_536;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return RulesConfig.class;
        }
    }
}
