package org.fieldhouse.rules.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.DirectLinks;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.ConfigurationParticipant.Prepared;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.rules.AlarmInfo;
import org.fieldhouse.api.rules.FunctionException;
import org.fieldhouse.api.rules.RuleBook.Explanation;
import org.fieldhouse.api.rules.RuleFunction;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.rules.TestReport;
import org.fieldhouse.api.rules.Uplink;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other bundles bring to the rules (functions, uplinks, links in devices), in a runtime that can be killed. */
class ContributedTest {
    private static final PointId BUTTON = PointId.of("button", "onoff");
    private static final PointId LAMP = PointId.of("lamp", "onoff");
    private static final PointId TANK = PointId.of("tank", "level");
    private static final FunctionSpec TWICE = FunctionSpec.pure(
            "twice", ValueSpec.quantity(Units.PERCENT), new ArgumentSpec("x", ValueSpec.quantity(Units.PERCENT), true));
    private static final FunctionSpec ASK = FunctionSpec.action(
            "ask", ValueSpec.TEXT, Duration.ofSeconds(20), new ArgumentSpec("question", ValueSpec.TEXT, true));

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
    void start() {
        runtime.model = new HouseModel(List.of(
                device("button", "Button", PointSpec.control("onoff", ValueSpec.ON_OFF)),
                device("lamp", "Lamp", PointSpec.control("onoff", ValueSpec.ON_OFF)),
                device("tank", "Tank", PointSpec.measurement("level", ValueSpec.quantity(Units.PERCENT, 0, 100)))));
        rules = service();
        rules.start();
    }

    @AfterEach
    void stop() {
        rules.stop();
    }

    private RuleEngineService service() {
        return new RuleEngineService(runtime, runtime, runtime.journal(), runtime, new DriverTest.Config());
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

    private Stream<Fact.ExternalFact> facts(String type) {
        return runtime.events().stream()
                .map(Event::fact)
                .filter(fact -> fact instanceof Fact.ExternalFact external
                        && external.type().equals(type))
                .map(Fact.ExternalFact.class::cast);
    }

    /** A function that does what the test says. */
    private record Does(FunctionSpec spec, Body body) implements RuleFunction {
        interface Body {
            Value call(Map<String, Value> arguments) throws FunctionException, InterruptedException;
        }

        @Override
        public Value call(Map<String, Value> arguments) throws FunctionException, InterruptedException {
            return body.call(arguments);
        }
    }

    private static Does twice(double factor) {
        return new Does(TWICE, args -> new Quantity(((Quantity) args.get("x")).number() * factor, Units.PERCENT));
    }

    // ---- functions

    private static final String PURE = "rule \"full\" when twice(Tank.level) > 80 % do turn on Lamp end";

    @Test
    void aPureFunctionDecidesIsUnknownWhileItIsAwayAndSurvivesItsSwap() {
        assertThat(load(PURE)).extracting(Problem::code).containsExactly("E104");
        Does first = twice(2);
        rules.addFunction(first);
        assertThat(load(PURE)).isEmpty();
        runtime.report(TANK, new Quantity(30, Units.PERCENT));
        runtime.settle();
        assertThat(sent()).isEmpty();

        rules.removeFunction(first);
        runtime.settle();
        runtime.report(TANK, new Quantity(50, Units.PERCENT));
        assertThat(sent()).as("unknown while it is away").isEmpty();
        assertThat(load(PURE + " # edited meanwhile"))
                .as("the files stay right")
                .isEmpty();

        rules.addFunction(twice(2));
        runtime.settle();
        assertThat(sent()).as("looked at again when it comes").containsExactly("lamp=on");
        assertThat(facts(FunctionFacts.CHANGED)).hasSize(3);
    }

    private static final String ASKS =
            """
            rule "ask" when Button turns on mode single do
              let Answer = call ask("again?") within 10 s else do notify Family "no answer" end
              if Answer is "yes"
                turn on Lamp
              end
            end
            """;

    @Test
    void anActionRunsOutsideAndItsAnswerIsAnEventThatSaysWhy() {
        rules.addFunction(
                new Does(ASK, args -> new Text(args.get("question").toString().contains("again") ? "yes" : "")));
        assertThat(load(ASKS)).isEmpty();
        runtime.report(BUTTON, Bool.OFF);
        runtime.report(BUTTON, Bool.ON);
        await().until(() -> sent().contains("lamp=on"));
        assertThat(facts(FunctionFacts.CALLED)).hasSize(1);
        assertThat(facts(FunctionFacts.RETURNED)).hasSize(1);
        assertThat(lines(rules.why(1))).anySatisfy(line -> assertThat(line).contains("Button became on"));
    }

    @Test
    void anAnswerThatSomebodyMadeUpDoesNotCount() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        rules.addFunction(new Does(ASK, args -> {
            asked.countDown();
            go.await();
            return new Text("no");
        }));
        load(ASKS);
        runtime.report(BUTTON, Bool.OFF);
        runtime.report(BUTTON, Bool.ON);
        await().until(() -> asked.getCount() == 0);
        runtime.publishAs(FunctionFacts.returned(1, "ask", new Text("yes")), "com.acme");
        runtime.settle();
        go.countDown();
        await().until(() -> facts(FunctionFacts.RETURNED).count() == 2);
        runtime.settle();
        assertThat(sent()).isEmpty();
        assertThat(info("rule").waiting()).isZero();
    }

    @Test
    void anActionThatFailsOrIsTooLateTakesTheElse() {
        FunctionSpec quick = new FunctionSpec(
                "ask", ASK.parameters(), ASK.result(), FunctionSpec.Kind.ACTION, Duration.ofMillis(50), false, "");
        CountDownLatch interrupted = new CountDownLatch(1);
        rules.addFunction(new Does(quick, args -> {
            try {
                new CountDownLatch(1).await();
                return new Text("never");
            } finally {
                interrupted.countDown();
            }
        }));
        load(ASKS);
        runtime.report(BUTTON, Bool.OFF);
        runtime.report(BUTTON, Bool.ON);
        await().until(() -> runtime.events().stream()
                .anyMatch(e -> e.fact() instanceof Fact.NotificationRequested n
                        && n.text().equals("no answer")));
        await().until(() -> interrupted.getCount() == 0);
        assertThat(facts(FunctionFacts.RETURNED).map(FunctionFacts::reason)).containsExactly("no answer within 0.05 s");
    }

    @Test
    void aCallThatACrashCutOffIsNotRepeatedUnlessItMayBe() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rules.addFunction(new Does(ASK, args -> {
            asked.countDown();
            never.await();
            return new Text("yes");
        }));
        load(ASKS);
        runtime.report(BUTTON, Bool.OFF);
        runtime.report(BUTTON, Bool.ON);
        await().until(() -> asked.getCount() == 0);
        runtime.kill(Duration.ofSeconds(1));
        RuleEngineService before = rules;
        List<String> calls = new CopyOnWriteArrayList<>();
        rules = service();
        rules.addFunction(new Does(ASK, args -> {
            calls.add("again");
            return new Text("yes");
        }));
        rules.start();
        await().until(() -> facts(FunctionFacts.RETURNED).count() == 1);
        runtime.settle();
        assertThat(facts(FunctionFacts.RETURNED).map(FunctionFacts::reason))
                .containsExactly("cut off by a restart; whether it was done is not known");
        assertThat(calls).isEmpty();
        assertThat(runtime.events().stream().map(Event::fact).filter(f -> f instanceof Fact.NotificationRequested))
                .hasSize(1);
        before.stop();
    }

    // ---- alarms

    @Test
    void anAlarmIsOperatedThroughTheApiAndStaysAsItIsOverAKill() {
        load(
                """
                alarm High priority critical
                  when Tank.level > 90 %
                  requires ack
                  message "Tank at {Tank.level}"
                  shelve at most 1 h
                end
                """);
        runtime.report(TANK, new Quantity(95, Units.PERCENT));
        assertThat(rules.alarms()).singleElement().satisfies(alarm -> assertThat(
                        alarm.state() + " " + alarm.priority() + " " + alarm.text())
                .isEqualTo("unacknowledged critical Tank at 95 %"));
        assertThatThrownBy(() -> rules.act("Hihg", AlarmAct.ACKNOWLEDGE, null, Cue.user("anna")))
                .hasMessage("there is no alarm Hihg");
        assertThatThrownBy(() -> rules.act("High", AlarmAct.SHELVE, Duration.ofHours(2), Cue.user("anna")))
                .hasMessage("High can be shelved for 1 h at most, not for 2 h");
        rules.act("High", AlarmAct.ACKNOWLEDGE, null, Cue.user("anna"));
        runtime.settle();
        assertThat(rules.alarms()).extracting(AlarmInfo::state).containsExactly("acknowledged");
        assertThatThrownBy(() -> rules.act("High", AlarmAct.ACKNOWLEDGE, null, Cue.user("anna")))
                .hasMessage("High is acknowledged, not unacknowledged or returned");
        rules.act("High", AlarmAct.OUT_OF_SERVICE, null, Cue.user("anna"));
        runtime.settle();
        runtime.kill(Duration.ofMinutes(1));
        rules = service();
        rules.start();
        assertThat(rules.alarms()).extracting(AlarmInfo::state).containsExactly("out_of_service");
    }

    @Test
    void onlyAPersonActsOnAnAlarm() {
        load("alarm High when Tank.level > 90 % requires ack end");
        runtime.report(TANK, new Quantity(95, Units.PERCENT));
        runtime.publishAs(
                new Fact.ExternalFact(
                        "org.fieldhouse.rules.AlarmAct",
                        Map.of("alarm", new Text("High"), "act", new Text("acknowledge"))),
                "com.acme");
        runtime.settle();
        assertThat(rules.alarms()).extracting(AlarmInfo::state).containsExactly("unacknowledged");
    }

    // ---- tests of rule files

    @Test
    void testsRunOnWhatIsInForce() {
        load(
                PURE.replace("twice(Tank.level)", "Tank.level")
                        + " test \"full\" given Tank.level 10 %, Lamp off at 1 s Tank.level = 90 % expect at 1 s Lamp is on end");
        TestReport report = rules.test();
        assertThat(report.outcomes()).singleElement().matches(TestReport.Outcome::passed);
        assertThat(report.missed()).isEmpty();
        assertThat(report.reached()).hasSize(2);
        assertThat(sent()).as("beside what runs").isEmpty();
    }

    // ---- uploads

    private static final class Plant implements Uplink {
        final List<Sample> taken = new CopyOnWriteArrayList<>();
        volatile boolean refuses;

        @Override
        public String name() {
            return "Plant";
        }

        @Override
        public void send(List<Sample> batch) throws UplinkException {
            if (refuses) {
                throw new UplinkException("503");
            }
            taken.addAll(batch);
        }

        List<String> values() {
            return taken.stream().map(s -> s.name() + "=" + s.value()).toList();
        }
    }

    @Test
    void whatTheOtherSideCannotTakeWaitsInOrderAlsoOverAKill() {
        load("upload Tank.level to Plant when changed by 5 % buffer 3000 d in order end");
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            runtime.report(TANK, new Quantity(i * 10, Units.PERCENT));
            expected.add("Tank.level=" + i * 10 + " %");
        }
        Plant plant = new Plant();
        rules.addUplink(plant);
        await().until(() -> plant.taken.size() == 9);
        assertThat(plant.values()).isEqualTo(expected);

        plant.refuses = true;
        runtime.report(TANK, new Quantity(33, Units.PERCENT));
        await().until(() -> info("upload").detail().contains("503"));
        rules.stop();
        runtime.kill(Duration.ofMinutes(5));
        rules = service();
        rules.start();
        Plant again = new Plant();
        rules.addUplink(again);
        runtime.report(TANK, new Quantity(66, Units.PERCENT));
        await().until(() -> again.taken.size() == 2);
        assertThat(again.values()).containsExactly("Tank.level=33 %", "Tank.level=66 %");
        assertThat(again.taken.get(0).sequence())
                .isGreaterThan(plant.taken.get(8).sequence());
    }

    // ---- links

    /** Machines that do as they are told, or say why not. */
    private static final class Radio implements DirectLinks {
        final List<String> said = new CopyOnWriteArrayList<>();
        volatile String refuses = "";
        volatile boolean lost;

        @Override
        public CompletionStage<Void> program(DirectLink link) {
            said.add("program " + link.points());
            lost = lost && !refuses.isEmpty();
            return refuses.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new BindingException(refuses));
        }

        @Override
        public CompletionStage<Void> remove(DirectLink link) {
            said.add("remove " + link.points());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Boolean> verify(DirectLink link) {
            said.add("verify " + link.points());
            return CompletableFuture.completedFuture(!lost);
        }
    }

    private static final String LINK = "link Button -> Lamp copy onoff run at device else gateway end";

    private RuleInfo info(String kind) {
        return rules.rules().stream()
                .filter(r -> r.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLinkRunsAtTheDeviceAndFallsBackToTheGateway() {
        Radio radio = new Radio();
        radio.refuses = "it is asleep";
        rules.directLinks = radio;
        load(LINK);
        await().until(() -> info("link").detail().equals("runs on the gateway: it is asleep"));
        runtime.report(LAMP, Bool.OFF);
        runtime.report(BUTTON, Bool.OFF);
        runtime.report(BUTTON, Bool.ON);
        assertThat(sent()).as("the gateway forwards").containsExactly("lamp=on");

        radio.refuses = "";
        runtime.statusOnline("button");
        await().until(() -> info("link").detail().equals("runs at the device"));
        runtime.report(BUTTON, Bool.OFF);
        assertThat(sent()).as("the machine does it").containsExactly("lamp=on");

        // After a restart the machine has lost it, and refuses: the gateway takes over again.
        radio.lost = true;
        radio.refuses = "table full";
        runtime.kill(Duration.ofSeconds(1));
        RuleEngineService before = rules;
        rules = service();
        rules.directLinks = radio;
        rules.start();
        await().until(() -> info("link").detail().equals("runs on the gateway: table full"));
        runtime.report(BUTTON, Bool.ON);
        runtime.settle();
        assertThat(sent()).containsExactly("lamp=on", "lamp=on");

        radio.said.clear();
        radio.refuses = "";
        load("variable X = off");
        await().until(() -> radio.said.contains("remove [onoff]"));
        before.stop();
    }

    private static Stream<String> lines(Explanation explanation) {
        return Stream.concat(
                Stream.of(explanation.text()), explanation.because().stream().flatMap(ContributedTest::lines));
    }

    static {
        org.awaitility.Awaitility.setDefaultTimeout(20, TimeUnit.SECONDS);
    }
}
