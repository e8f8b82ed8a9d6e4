package org.fieldhouse.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.command.Request.CallAction;
import org.fieldhouse.api.command.Request.Relinquish;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.PriorityArray.Entry;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.bus.Mailbox;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.Test;

class CommandCentreTest {
    private static final PointId ONOFF = PointId.of("lamp", "onoff");
    private static final PointId BRIGHTNESS = PointId.of("lamp", "brightness");
    private static final Cause RULE = new Cause(7, Cause.Origin.RULE, "Evening", null);
    private static final Cause ANNA = new Cause(0, Cause.Origin.USER, "anna", null);

    private final FakeIngress ingress = new FakeIngress();
    private final ManualTime time = new ManualTime();
    private final AtomicLong ids = new AtomicLong();
    private final CommandCentre centre =
            new CommandCentre(ingress, ids::incrementAndGet, time, CommandCentre.Times.DEFAULT);
    private final Lamp lamp = new Lamp();

    CommandCentreTest() {
        centre.add(lamp);
    }

    private CommandTicket send(Request request, Cause cause) throws CommandRefusedException {
        return centre.send(request, cause, id -> "no device " + id);
    }

    private CommandTicket set(PointId point, Value value, int slot, Cause cause) throws CommandRefusedException {
        return send(new SetPoint(point, value, slot, null, Map.of()), cause);
    }

    private static Outcome outcome(CommandTicket ticket) {
        return ticket.ended()
                .toCompletableFuture()
                .getNow(new CommandResult(Outcome.UNKNOWN, "not ended"))
                .outcome();
    }

    private static boolean ended(CommandTicket ticket) {
        return ticket.ended().toCompletableFuture().isDone();
    }

    private void refused(Request request, String message) {
        assertThatThrownBy(() -> send(request, RULE))
                .isInstanceOf(CommandRefusedException.class)
                .hasMessage(message);
        assertThat(ingress.events()).isEmpty();
    }

    @Test
    void refusesWhatTheDeviceCannotDoAndSaysWhatItCan() {
        refused(new SetPoint(PointId.of("lmap", "onoff"), Bool.ON, 12, null, Map.of()), "no device lmap");
        refused(
                new SetPoint(PointId.of("lamp", "onof"), Bool.ON, 12, null, Map.of()),
                "Hall.Lamp has no point 'onof': did you mean onoff?");
        refused(
                new SetPoint(PointId.of("lamp", "power"), Quantity.of(5, "W"), 12, null, Map.of()),
                "Hall.Lamp.power can only be read");
        refused(
                new SetPoint(BRIGHTNESS, Quantity.of(120, "%"), 12, null, Map.of()),
                "Hall.Lamp.brightness: 120 % is outside 0 to 100 %");
        refused(
                new SetPoint(BRIGHTNESS, Quantity.of(20, "°C"), 12, null, Map.of()),
                "Hall.Lamp.brightness: 20 °C is °C (temperature), expected % (number or ratio)");
        refused(
                new SetPoint(ONOFF, new Choice("on"), 12, null, Map.of()),
                "Hall.Lamp.onoff: 'on' is a choice, expected on or off");
        refused(
                new SetPoint(ONOFF, Bool.ON, 12, null, Map.of("brigthness", Quantity.of(5, "%"))),
                "Hall.Lamp.onoff takes no 'brigthness': did you mean brightness?");
        refused(
                new SetPoint(ONOFF, Bool.ON, 12, Duration.ofDays(1_000_000), Map.of()),
                "a hold is at most ten years; without end it is zero");
        refused(
                new CallAction(new DeviceId("lamp"), "blnk", Map.of()),
                "Hall.Lamp has no action 'blnk': did you mean blink?");
        refused(
                new CallAction(new DeviceId("lamp"), "blink", Map.of("times", Quantity.of(1))),
                "Hall.Lamp.blink takes no 'times'");
    }

    @Test
    void aReportOfTheAskedValueConfirms() throws Exception {
        CommandTicket ticket = set(BRIGHTNESS, Quantity.of(0.5, ""), 12, RULE);
        lamp.work();
        assertThat(((SetPoint) lamp.handled.get(0).request()).value()).isEqualTo(Quantity.of(50, "%"));
        lamp.report("brightness", Quantity.of(49, "%"));
        assertThat(ended(ticket)).isFalse();
        lamp.report("brightness", Quantity.of(50, "%"));
        assertThat(outcome(ticket)).isEqualTo(Outcome.CONFIRMED);
        assertThat(ingress.facts(Fact.CommandAccepted.class)).singleElement().satisfies(a -> {
            assertThat(a.command().cause()).isEqualTo(RULE);
            assertThat(a.command().deadlineMicros() - a.command().acceptedMicros())
                    .isEqualTo(10_000_000);
        });
    }

    @Test
    void withoutAnAnswerItTimesOutAndWithTheValueAlreadySoItIsConfirmed() throws Exception {
        CommandTicket silent = set(ONOFF, Bool.ON, 12, RULE);
        lamp.work();
        time.advance(Duration.ofSeconds(11));
        assertThat(outcome(silent)).isEqualTo(Outcome.TIMED_OUT);
        lamp.report("onoff", Bool.ON);
        CommandTicket already = set(ONOFF, Bool.ON, 12, RULE);
        lamp.work();
        time.advance(Duration.ofSeconds(11));
        assertThat(outcome(already)).isEqualTo(Outcome.CONFIRMED);
    }

    @Test
    void theStrongestSlotIsInForceAndReleasingItFallsBack() throws Exception {
        set(ONOFF, Bool.OFF, 12, RULE);
        lamp.work();
        set(ONOFF, Bool.ON, 8, ANNA);
        lamp.work();
        CommandTicket weaker = set(ONOFF, Bool.OFF, 12, RULE);
        assertThat(outcome(weaker)).isEqualTo(Outcome.OVERRIDDEN);
        assertThat(weaker.ended().toCompletableFuture().getNow(null).reason()).isEqualTo("user anna asks for on");
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(8, 12);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.OFF, Bool.ON);
        CommandTicket release = send(new Relinquish(ONOFF, 8), ANNA);
        lamp.work();
        assertThat(outcome(release)).isEqualTo(Outcome.CONFIRMED);
        assertThat(lamp.values()).containsExactly(Bool.OFF, Bool.ON, Bool.OFF);
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(12);
    }

    /** All four classes; the sixteen slots below them are BACnet's, and count as well. */
    @Test
    void whatEachClassAsksForComesBackWhenTheStrongerAreReleased() throws Exception {
        set(BRIGHTNESS, Quantity.of(10, "%"), PriorityClass.ECONOMY.slot(), RULE);
        set(BRIGHTNESS, Quantity.of(30, "%"), PriorityClass.COMFORT.slot(), RULE);
        set(BRIGHTNESS, Quantity.of(80, "%"), PriorityClass.MANUAL.slot(), ANNA);
        set(BRIGHTNESS, Quantity.of(0, "%"), PriorityClass.SAFETY.slot(), RULE);
        set(BRIGHTNESS, Quantity.of(5, "%"), 16, RULE);
        CommandTicket hand = set(BRIGHTNESS, Quantity.of(90, "%"), PriorityClass.MANUAL.slot(), ANNA);
        assertThat(outcome(hand)).as("safety is stronger than a person").isEqualTo(Outcome.OVERRIDDEN);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Quantity.of(0, "%"));
        assertThat(centre.priorities(BRIGHTNESS).entries())
                .extracting(Entry::slot, entry -> entry.value().toString(), Entry::holder)
                .containsExactly(
                        tuple(2, "0 %", "rule Evening"),
                        tuple(8, "90 %", "user anna"),
                        tuple(12, "30 %", "rule Evening"),
                        tuple(15, "10 %", "rule Evening"),
                        tuple(16, "5 %", "rule Evening"));
        assertThat(ingress.facts(Fact.PrioritiesChanged.class)).hasSize(6);
        for (int slot : new int[] {2, 8, 12, 15, 16}) {
            send(new Relinquish(BRIGHTNESS, slot), RULE);
            lamp.work();
        }
        assertThat(lamp.values())
                .as("released for good, it stays as it is")
                .extracting(Value::toString)
                .containsExactly("0 %", "90 %", "30 %", "10 %", "5 %");
        assertThat(centre.priorities(BRIGHTNESS)).isEqualTo(PriorityArray.EMPTY);
        assertThat(outcome(send(new Relinquish(BRIGHTNESS, 8), ANNA)))
                .as("what is not held can be released")
                .isEqualTo(Outcome.CONFIRMED);
    }

    @Test
    void aHoldIsSaidPerPointAndByThePersonHerself() throws Exception {
        lamp.brightnessHold = Duration.ofMinutes(30);
        set(ONOFF, Bool.ON, 8, ANNA);
        set(BRIGHTNESS, Quantity.of(40, "%"), 8, ANNA);
        time.advance(Duration.ofMinutes(31));
        assertThat(centre.priorities(BRIGHTNESS).entries()).isEmpty();
        assertThat(centre.priorities(ONOFF).entries()).hasSize(1);
        send(new SetPoint(ONOFF, Bool.ON, 8, Duration.ZERO, Map.of()), ANNA);
        time.advance(Duration.ofDays(400));
        assertThat(centre.priorities(ONOFF).entries())
                .as("for ever is not two hours")
                .extracting(Entry::untilMicros)
                .containsExactly(0L);
        send(new SetPoint(ONOFF, Bool.ON, 8, Duration.ofMinutes(5), Map.of()), ANNA);
        time.advance(Duration.ofMinutes(6));
        assertThat(centre.priorities(ONOFF).entries()).isEmpty();
    }

    /** While it is away its slots go on being decided; what is in force when it comes back is what it is told. */
    @Test
    void isDecidedAlsoWhileTheDeviceIsAway() throws Exception {
        set(ONOFF, Bool.OFF, 12, RULE);
        lamp.work();
        lamp.report("onoff", Bool.OFF);
        lamp.status(Status.offline("unplugged"), CommandTarget.Readiness.NO);
        set(ONOFF, Bool.ON, 8, ANNA);
        set(ONOFF, Bool.OFF, 2, RULE);
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(2, 8, 12);
        send(new Relinquish(ONOFF, 2), RULE);
        lamp.status(Status.ONLINE, CommandTarget.Readiness.READY);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.OFF, Bool.ON);
        lamp.status(Status.offline("unplugged"), CommandTarget.Readiness.NO);
        time.advance(Duration.ofHours(3));
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(12);
    }

    @Test
    void whatAPersonAsksForHoldsTwoHoursAndThenTheRuleIsInForceAgain() throws Exception {
        set(ONOFF, Bool.OFF, 12, RULE);
        set(ONOFF, Bool.ON, 8, ANNA);
        lamp.work();
        time.advance(Duration.ofMinutes(119));
        assertThat(centre.priorities(ONOFF).strongest().orElseThrow().slot()).isEqualTo(8);
        time.advance(Duration.ofSeconds(61));
        assertThat(centre.priorities(ONOFF).strongest().orElseThrow().slot()).isEqualTo(12);
        lamp.work();
        assertThat(lamp.values()).endsWith(Bool.OFF);
    }

    /** People are told the end as the new clock shows it; it comes when it would have come. */
    @Test
    void aHoldAndADeadlineLastHoweverTheClockIsSet() throws Exception {
        set(ONOFF, Bool.OFF, 12, RULE);
        set(ONOFF, Bool.ON, 8, ANNA);
        lamp.work();
        lamp.report("onoff", Bool.ON);
        CommandTicket waiting = set(BRIGHTNESS, Quantity.of(50, "%"), 12, RULE);
        lamp.work();
        Entry before = centre.priorities(ONOFF).entries().get(0);
        time.advance(Duration.ofSeconds(5));
        ingress.stepForward(Duration.ofDays(30).toNanos() / 1000);
        time.advance(Duration.ofSeconds(4));
        assertThat(ended(waiting)).isFalse();
        Entry after = centre.priorities(ONOFF).entries().get(0);
        assertThat(after.untilMicros() - before.untilMicros())
                .isEqualTo(Duration.ofDays(30).toNanos() / 1000);
        assertThat(ingress.facts(Fact.PrioritiesChanged.class))
                .as("and recorded")
                .anySatisfy(fact -> assertThat(fact.priorities().entries()).contains(after));
        time.advance(Duration.ofSeconds(2));
        assertThat(outcome(waiting)).isEqualTo(Outcome.TIMED_OUT);
        time.advance(Duration.ofMinutes(119));
        assertThat(centre.priorities(ONOFF).entries()).hasSize(2);
        time.advance(Duration.ofMinutes(1));
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(12);
    }

    @Test
    void onlyTheNewestOfWhatWaitsForASlowDeviceLeaves() throws Exception {
        List<CommandTicket> tickets = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            tickets.add(set(BRIGHTNESS, Quantity.of(i, "%"), 12, RULE));
        }
        lamp.work();
        assertThat(lamp.values()).containsExactly(Quantity.of(5, "%"));
        assertThat(tickets.subList(0, 4)).allMatch(t -> outcome(t) == Outcome.SUPERSEDED);
        assertThat(ended(tickets.get(4))).isFalse();
    }

    @Test
    void actionsKeepTheirOrderAndLeaveAfterTheirRecord() throws Exception {
        ingress.holdCommits();
        CommandTicket blink = send(new CallAction(new DeviceId("lamp"), "blink", Map.of()), RULE);
        CommandTicket beep = send(new CallAction(new DeviceId("lamp"), "beep", Map.of()), RULE);
        CommandTicket user = set(ONOFF, Bool.ON, 8, ANNA);
        lamp.work();
        assertThat(lamp.actions()).containsExactly("beep");
        assertThat(outcome(beep)).isEqualTo(Outcome.SENT);
        assertThat(blink.accepted().toCompletableFuture()).isNotDone();
        ingress.commit();
        lamp.work();
        assertThat(blink.accepted().toCompletableFuture()).isDone();
        assertThat(lamp.actions()).containsExactly("beep", "blink");
        assertThat(lamp.values()).containsExactly(Bool.ON);
        assertThat(outcome(blink)).isEqualTo(Outcome.SENT);
        assertThat(ended(user)).isFalse();
    }

    @Test
    void aFailureOfTheDeviceIsTheResult() throws Exception {
        lamp.refuse = "no route";
        CommandTicket ticket = set(ONOFF, Bool.ON, 12, RULE);
        lamp.work();
        assertThat(ticket.ended().toCompletableFuture().getNow(null))
                .hasToString("CommandResult[outcome=FAILED, reason=no route]");
    }

    @Test
    void whatNobodyKnowsIsUnknownUnlessItMayBeDoneAgain() throws Exception {
        lamp.refuse = "its process died";
        lamp.unknown = true;
        CommandTicket blink = send(new CallAction(new DeviceId("lamp"), "blink", Map.of()), RULE);
        CommandTicket beep = send(new CallAction(new DeviceId("lamp"), "beep", Map.of()), RULE);
        CommandTicket set = set(ONOFF, Bool.ON, 12, RULE);
        lamp.work();
        assertThat(blink.ended().toCompletableFuture().getNow(null))
                .hasToString("CommandResult[outcome=UNKNOWN, reason=its process died]");
        assertThat(outcome(beep)).isEqualTo(Outcome.FAILED);
        assertThat(outcome(set)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aDeviceThatIsNotThereFailsAtOnceAndIsToldWhenItIsBack() throws Exception {
        lamp.status(Status.offline("unplugged"), CommandTarget.Readiness.NO);
        CommandTicket set = set(ONOFF, Bool.ON, 12, RULE);
        CommandTicket action = send(new CallAction(new DeviceId("lamp"), "beep", Map.of()), RULE);
        assertThat(set.ended().toCompletableFuture().getNow(null).reason())
                .isEqualTo("Hall.Lamp is offline: unplugged; it will be set when it is back");
        assertThat(outcome(action)).isEqualTo(Outcome.FAILED);
        lamp.status(Status.ONLINE, CommandTarget.Readiness.READY);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.ON);
        assertThat(lamp.actions()).isEmpty();
    }

    @Test
    void whatARuleOnceGotIsNotRepeatedWhenTheDeviceComesBack() throws Exception {
        set(ONOFF, Bool.ON, 12, RULE);
        lamp.work();
        lamp.report("onoff", Bool.ON);
        lamp.report("onoff", Bool.OFF); // somebody switched it off at the device
        lamp.status(Status.offline("unplugged"), CommandTarget.Readiness.NO);
        lamp.status(Status.ONLINE, CommandTarget.Readiness.READY);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.ON);
        set(ONOFF, Bool.ON, 2, RULE);
        lamp.work();
        lamp.report("onoff", Bool.ON);
        lamp.report("onoff", Bool.OFF); // safety insists
        lamp.status(Status.offline("unplugged"), CommandTarget.Readiness.NO);
        lamp.status(Status.ONLINE, CommandTarget.Readiness.READY);
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.ON, Bool.ON, Bool.ON);
    }

    @Test
    void aHandAtTheDeviceKeepsRulesAwayForAWhile() throws Exception {
        lamp.hold = Duration.ofHours(2);
        set(ONOFF, Bool.OFF, 12, RULE);
        lamp.work();
        lamp.report("onoff", Bool.OFF);
        assertThat(centre.priorities(ONOFF).entries()).hasSize(1);
        time.advance(Duration.ofMinutes(1));
        lamp.report("onoff", Bool.ON);
        assertThat(centre.priorities(ONOFF).entries()).extracting(Entry::slot).containsExactly(8, 12);
        assertThat(centre.priorities(ONOFF).entries().get(0).holder()).isEqualTo("a hand at the device");
        assertThat(outcome(set(ONOFF, Bool.OFF, 12, RULE))).isEqualTo(Outcome.OVERRIDDEN);
        time.advance(Duration.ofHours(2).plusMillis(1));
        lamp.work();
        assertThat(lamp.values()).containsExactly(Bool.OFF, Bool.OFF);
    }

    @Test
    void furtherPointsOfTheDeviceGoInOneCommand() throws Exception {
        CommandTicket ticket =
                send(new SetPoint(ONOFF, Bool.ON, 12, null, Map.of("brightness", Quantity.of(60, "%"))), RULE);
        lamp.work();
        assertThat(lamp.handled).hasSize(1);
        assertThat(centre.priorities(BRIGHTNESS).entries())
                .extracting(Entry::value)
                .containsExactly(Quantity.of(60, "%"));
        lamp.report("onoff", Bool.ON);
        assertThat(outcome(ticket)).isEqualTo(Outcome.CONFIRMED);
    }

    /** A device whose lane runs when the test says so. */
    private final class Lamp implements CommandTarget {
        final List<Command> handled = new ArrayList<>();
        private final Deque<Runnable> lane = new ArrayDeque<>();
        private final Mailbox mailbox = ingress.mailbox(new DeviceId("lamp"));
        private Status status = Status.ONLINE;
        private Readiness readiness = Readiness.READY;
        Duration hold;
        Duration brightnessHold;
        String refuse;
        boolean unknown;

        void work() {
            while (!lane.isEmpty()) {
                lane.poll().run();
            }
        }

        void report(String point, Value value) {
            mailbox.report(point, value, Quality.GOOD, 0);
            centre.reported(new DeviceId("lamp"), Lamps.LAMP.point(point).orElseThrow(), value);
        }

        void status(Status newStatus, Readiness newReadiness) {
            status = newStatus;
            readiness = newReadiness;
            centre.readinessChanged(new DeviceId("lamp"));
        }

        List<Value> values() {
            return handled.stream()
                    .filter(c -> c.request() instanceof SetPoint)
                    .map(c -> ((SetPoint) c.request()).value())
                    .toList();
        }

        List<String> actions() {
            return handled.stream()
                    .filter(c -> c.request() instanceof CallAction)
                    .map(c -> ((CallAction) c.request()).action())
                    .toList();
        }

        @Override
        public DeviceInfo info() {
            return new DeviceInfo(new DeviceId("lamp"), "Hall.Lamp", "lamps", null, "", Set.of(), Lamps.LAMP, status);
        }

        @Override
        public Readiness readiness() {
            return readiness;
        }

        @Override
        public Duration hold(String point) {
            return point.equals("brightness") && brightnessHold != null ? brightnessHold : hold;
        }

        @Override
        public Mailbox mailbox() {
            return mailbox;
        }

        @Override
        public void execute(Runnable task) {
            lane.add(task);
        }

        @Override
        public void handle(Command command) throws BindingException {
            if (refuse != null) {
                throw unknown ? BindingException.unknown(refuse) : new BindingException(refuse);
            }
            handled.add(command);
        }
    }

    /** Time that the test moves, together with the bus's. */
    private final class ManualTime implements org.fieldhouse.runtime.host.Scheduler {
        private record Due(long at, Runnable task) {}

        private final List<Due> due = new ArrayList<>();
        private long now;

        @Override
        public org.fieldhouse.api.binding.DeviceContext.Cancellable after(Duration delay, Runnable task) {
            Due entry = new Due(now + delay.toNanos() / 1000, task);
            due.add(entry);
            return () -> due.remove(entry);
        }

        void advance(Duration by) {
            long end = now + by.toNanos() / 1000;
            while (true) {
                Due next = due.stream()
                        .filter(d -> d.at <= end)
                        .min(java.util.Comparator.comparingLong(Due::at))
                        .orElse(null);
                if (next == null) {
                    break;
                }
                due.remove(next);
                ingress.advanceMicros(next.at - now);
                now = next.at;
                next.task.run();
            }
            ingress.advanceMicros(end - now);
            now = end;
        }
    }
}
