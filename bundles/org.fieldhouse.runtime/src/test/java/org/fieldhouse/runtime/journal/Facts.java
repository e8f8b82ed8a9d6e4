package org.fieldhouse.runtime.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Access;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;

/** Any fact at all: one generator per member of the family. */
final class Facts {
    private Facts() {}

    static Arbitrary<String> text() {
        return Arbitraries.strings().withCharRange(' ', '\ud7ff').ofMaxLength(12);
    }

    static Arbitrary<String> member() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(5);
    }

    static Arbitrary<DeviceId> device() {
        return Arbitraries.of("lamp", "zigbee:0x00158d", "hall/motion.1", "a").map(DeviceId::new);
    }

    static Arbitrary<PointId> point() {
        return Combinators.combine(device(), Arbitraries.of("onoff", "power", "temperature"))
                .as(PointId::new);
    }

    static Arbitrary<Unit> unit() {
        return Arbitraries.of(
                Unit.ONE,
                Units.CELSIUS,
                Units.PERCENT,
                Units.of("kWh"),
                Units.of("m³/h"),
                new Unit("furlong", Dimension.LENGTH, 201.168, 0),
                new Unit("°C", Dimension.TEMPERATURE, 2, 5));
    }

    static Arbitrary<Double> number() {
        return Arbitraries.oneOf(
                Arbitraries.integers().map(Integer::doubleValue),
                Arbitraries.integers().between(-100_000, 100_000).map(i -> i / 100.0),
                Arbitraries.doubles(),
                Arbitraries.of(
                        Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e-300, 0.1 + 0.2, (double) (1L << 40)));
    }

    static Arbitrary<Value> value() {
        return Arbitraries.oneOf(
                Arbitraries.of(Bool.ON, Bool.OFF),
                Combinators.combine(number(), unit()).as(Quantity::new),
                text().map(Text::new),
                text().filter(s -> !s.isEmpty()).map(Choice::new),
                Combinators.combine(
                                Arbitraries.longs().between(-1L << 40, 1L << 40),
                                Arbitraries.integers().between(0, 999_999_999))
                        .as((s, n) -> new Moment(Instant.ofEpochSecond(s, n))),
                Combinators.combine(
                                Arbitraries.doubles().between(0, 1),
                                Arbitraries.doubles().between(0, 1))
                        .as(Colour::new));
    }

    static Arbitrary<Map<String, Value>> values() {
        return Arbitraries.maps(member(), value()).ofMaxSize(3);
    }

    static Arbitrary<Long> micros() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(1_700_000_000_000_000L, 1_700_000_100_000_000L),
                Arbitraries.longs().between(-1L << 60, 1L << 60),
                Arbitraries.of(0L));
    }

    static Arbitrary<State> state() {
        return Arbitraries.oneOf(
                Arbitraries.of(State.NONE),
                Combinators.combine(value().injectNull(0.2), Arbitraries.of(Quality.class), micros(), micros())
                        .as((v, q, s, r) -> new State(v, v == null && q.isGood() ? Quality.BAD : q, s, r)),
                Combinators.combine(value(), micros()).as((v, r) -> new State(v, Quality.GOOD, r, r)));
    }

    static Arbitrary<ValueSpec> valueSpec() {
        return Arbitraries.of(
                ValueSpec.ON_OFF,
                ValueSpec.TEXT,
                ValueSpec.MOMENT,
                ValueSpec.COLOUR,
                ValueSpec.choice(List.of("off", "heat")),
                ValueSpec.quantity(Units.CELSIUS, 5, 30).withStep(0.5),
                ValueSpec.quantity(Unit.ONE));
    }

    static Arbitrary<List<ArgumentSpec>> arguments() {
        return Combinators.combine(member(), valueSpec(), Arbitraries.of(true, false))
                .as(ArgumentSpec::new)
                .list()
                .ofMaxSize(2);
    }

    static Arbitrary<PointSpec> pointSpec(String name) {
        return Combinators.combine(
                        valueSpec(),
                        Arbitraries.of(Access.class),
                        Arbitraries.of(Category.class),
                        Arbitraries.of(Duration.ofSeconds(3), Duration.ofNanos(7))
                                .injectNull(0.5),
                        Arbitraries.of(PointSpec.Feedback.class),
                        arguments(),
                        text())
                .as((v, a, c, age, f, args, t) -> new PointSpec(name, v, a, c, age, f, args, t));
    }

    static Arbitrary<DeviceDescription> description() {
        return Combinators.combine(
                        member(),
                        pointSpec("onoff"),
                        pointSpec("power"),
                        arguments(),
                        Arbitraries.of(true, false),
                        Arbitraries.of("onoff").injectNull(0.5),
                        Arbitraries.maps(member(), text()).ofMaxSize(2),
                        text())
                .as((type, p, q, args, repeatable, main, details, title) -> new DeviceDescription(
                        type,
                        List.of(p, q),
                        List.of(new ActionSpec("toggle", args, repeatable, title)),
                        List.of(new EventSpec("pressed", args, title)),
                        main,
                        details));
    }

    static Arbitrary<Status> status() {
        return Combinators.combine(Arbitraries.of(Status.Condition.class), text())
                .as(Status::new);
    }

    static Arbitrary<PriorityArray> priorities() {
        return Combinators.combine(Arbitraries.integers().between(1, 16), value(), micros(), text())
                .as(PriorityArray.Entry::new)
                .list()
                .ofMaxSize(3)
                .map(PriorityArray::new);
    }

    static Arbitrary<Cause> cause() {
        Arbitrary<Cause.RuleRef> rule =
                Combinators.combine(text(), text(), Arbitraries.integers()).as(Cause.RuleRef::new);
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1L << 50),
                        Arbitraries.of(Cause.Origin.class),
                        text(),
                        rule.injectNull(0.5))
                .as(Cause::new);
    }

    static Arbitrary<Request> request() {
        return Arbitraries.oneOf(
                Combinators.combine(
                                point(),
                                value(),
                                Arbitraries.integers().between(1, 16),
                                Arbitraries.of(Duration.ofMillis(1_500)).injectNull(0.5),
                                values())
                        .as(Request.SetPoint::new),
                Combinators.combine(point(), Arbitraries.integers().between(1, 16))
                        .as(Request.Relinquish::new),
                Combinators.combine(device(), member(), values()).as(Request.CallAction::new),
                point().map(Request.Refresh::new));
    }

    static Arbitrary<Problem> problem() {
        return Combinators.combine(
                        Arbitraries.of(Problem.Severity.class),
                        text(),
                        Combinators.combine(
                                        text(), Arbitraries.integers(), Arbitraries.integers(), Arbitraries.integers())
                                .as(SourceSpan::new),
                        text())
                .as(Problem::new);
    }

    static Arbitrary<Map<String, Object>> settings() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                text().map(o -> o),
                Arbitraries.of(true, false).map(o -> o),
                Arbitraries.integers().map(o -> o),
                Arbitraries.longs().map(o -> o),
                number().map(o -> o),
                Arbitraries.of(List.of("a", 1), Map.of("k", List.of(2.5))));
        return Arbitraries.maps(member(), leaf).ofMaxSize(4);
    }

    static Arbitrary<Fact> fact() {
        Arbitrary<Candidate> candidate = Combinators.combine(
                        device(),
                        member(),
                        member(),
                        device().injectNull(0.5),
                        text(),
                        text(),
                        settings(),
                        Arbitraries.of(true, false))
                .as(Candidate::new);
        Arbitrary<Command> command = Combinators.combine(Arbitraries.longs(), request(), cause(), micros(), micros())
                .as(Command::new);
        List<Arbitrary<? extends Fact>> all = List.of(
                Combinators.combine(point(), state()).as(Fact.StateReported::new),
                Combinators.combine(point(), state(), state()).as(Fact.StateChanged::new),
                Combinators.combine(device(), member(), values()).as(Fact.DeviceSignalled::new),
                Combinators.combine(device(), status(), status()).as(Fact.StatusChanged::new),
                Combinators.combine(device(), text()).as(Fact.DeviceAdded::new),
                Combinators.combine(device(), text(), text()).as(Fact.DeviceRenamed::new),
                Combinators.combine(device(), description()).as(Fact.DeviceDescribed::new),
                Combinators.combine(device(), text()).as(Fact.DeviceRemoved::new),
                candidate.map(Fact.CandidateFound::new),
                device().map(Fact.CandidateGone::new),
                command.map(Fact.CommandAccepted::new),
                Combinators.combine(Arbitraries.longs(), Arbitraries.of(CommandResult.Outcome.class), text())
                        .as((id, o, r) -> new Fact.CommandEnded(id, new CommandResult(o, r))),
                Combinators.combine(point(), priorities()).as(Fact.PrioritiesChanged::new),
                Combinators.combine(member(), value().injectNull(0.5), value()).as(Fact.VariableChanged::new),
                micros().map(Fact.TimerElapsed::new),
                Combinators.combine(text(), text()).as(Fact.NotificationRequested::new),
                Combinators.combine(
                                Arbitraries.longs(),
                                Arbitraries.maps(text(), text()).ofMaxSize(3),
                                text().list().ofMaxSize(3))
                        .as(Fact.ConfigurationActivated::new),
                problem().list().ofMaxSize(3).map(Fact.ConfigurationRejected::new),
                Combinators.combine(micros(), Arbitraries.of(true, false)).as(Fact.RuntimeStarted::new),
                Combinators.combine(micros(), micros(), micros()).as(Fact.ClockStepped::new),
                Arbitraries.of(new Fact.RuntimeStopped()),
                Combinators.combine(text(), text(), text()).as(Fact.AuditRecorded::new),
                Combinators.combine(text(), values()).as(Fact.ExternalFact::new));
        return Arbitraries.of(all).flatMap(a -> a.map(f -> (Fact) f));
    }

    /** A run of events as the sequencer makes them: numbers and times rise. */
    static Arbitrary<List<Event>> events() {
        return Combinators.combine(fact(), cause(), Arbitraries.longs().between(0, 5_000_000))
                .as((fact, cause, pause) -> new Event(0, pause, cause, fact))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(Facts::number);
    }

    private static List<Event> number(List<Event> loose) {
        long sequence = 1_000;
        long micros = 1_700_000_000_000_000L;
        java.util.ArrayList<Event> events = new java.util.ArrayList<>();
        for (Event e : loose) {
            micros += e.timeMicros();
            events.add(new Event(++sequence, micros, e.cause(), e.fact()));
        }
        return events;
    }
}
