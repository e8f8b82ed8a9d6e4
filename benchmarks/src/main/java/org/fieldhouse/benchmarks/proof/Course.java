package org.fieldhouse.benchmarks.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Source;

/** Any course of events that a house can have: everything its devices can say, as a seed has it. The same seed gives the same. */
final class Course {
    static final long START = 1_780_000_000_000_000L;

    private static final List<String> ACTS =
            List.of("acknowledge", "shelve", "unshelve", "out_of_service", "in_service", "nonsense");
    private static final Cause CAUSE = new Cause(0, Cause.Origin.EXTERNAL, "course", null);

    private final Random random;
    private final List<Map.Entry<PointId, ValueSpec>> points = new ArrayList<>();
    private final List<DeviceId> devices = new ArrayList<>();
    private final List<Map.Entry<DeviceId, EventSpec>> signals = new ArrayList<>();
    private final List<Source.OfVariable> variables = new ArrayList<>();
    private final List<String> alarms;
    private final Map<PointId, State> states = new HashMap<>();
    private long now = START;
    private long sequence = 1;

    Course(RuleSet rules, long seed) {
        random = new Random(seed);
        for (DeviceInfo device : rules.model().devices()) {
            devices.add(device.id());
            for (PointSpec point : device.description().points()) {
                points.add(Map.entry(new PointId(device.id(), point.name()), point.value()));
            }
            device.description().events().forEach(event -> signals.add(Map.entry(device.id(), event)));
        }
        for (Source source : rules.program().sources()) {
            if (source instanceof Source.OfVariable variable) {
                variables.add(variable);
            }
        }
        TreeSet<String> names = new TreeSet<>();
        for (Code code : rules.program().codes()) {
            if (code instanceof Code.Alarm) {
                names.add(code.head().name());
            }
        }
        alarms = List.copyOf(names);
    }

    /** The first event of every course; a program is loaded at it. */
    static Event first() {
        return new Event(1, START, Cause.RUNTIME, new Fact.RuntimeStarted(0, true));
    }

    List<Event> take(int length) {
        List<Event> events = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            events.add(next());
        }
        return events;
    }

    /** The next event, up to some minutes after the last. */
    Event next() {
        now += random.nextInt(4) == 0 ? 0 : (long) (random.nextDouble() * random.nextInt(240) * 1e6);
        Fact fact = fact(); // before the event is made: an outage takes time
        return new Event(++sequence, now, CAUSE, fact);
    }

    private Fact fact() {
        int which = random.nextInt(100);
        if (which < 70 && !points.isEmpty()) {
            return state();
        } else if (which < 80 && !signals.isEmpty()) {
            return signal();
        } else if (which < 85 && !variables.isEmpty()) {
            Source.OfVariable variable = variables.get(random.nextInt(variables.size()));
            return new Fact.VariableChanged(variable.name(), null, value(variable.spec()));
        } else if (which < 91) {
            DeviceId device = devices.get(random.nextInt(devices.size()));
            boolean online = random.nextBoolean();
            return new Fact.StatusChanged(
                    device, online ? Status.CONNECTING : Status.ONLINE, online ? Status.ONLINE : Status.CONNECTING);
        } else if (which < 96 && !alarms.isEmpty()) {
            return new Fact.ExternalFact(
                    "org.fieldhouse.rules.AlarmAct",
                    Map.of(
                            "alarm", new Text(alarms.get(random.nextInt(alarms.size()))),
                            "act", new Text(ACTS.get(random.nextInt(ACTS.size())))));
        } else if (which < 98) {
            long stopped = now;
            now += random.nextInt(7200) * 1_000_000L;
            return new Fact.RuntimeStarted(stopped, random.nextBoolean());
        }
        if (random.nextInt(4) == 0) {
            return clockStepped();
        }
        return random.nextInt(20) == 0
                ? new Fact.DeviceRemoved(devices.get(random.nextInt(devices.size())), "gone")
                : new Fact.TimerElapsed(now);
    }

    /** The wall clock is set, by up to two days; the time of events follows forward only. */
    private Fact clockStepped() {
        long before = now;
        long after = before + (random.nextInt(2 * 172_800) - 172_800) * 1_000_000L;
        now = Math.max(before, after);
        return new Fact.ClockStepped(before, before, after);
    }

    private Fact state() {
        Map.Entry<PointId, ValueSpec> chosen = points.get(random.nextInt(points.size()));
        PointId point = chosen.getKey();
        Quality quality = random.nextInt(10) == 0 ? Quality.values()[random.nextInt(5)] : Quality.GOOD;
        State before = states.getOrDefault(point, State.NONE);
        State after = new State(value(chosen.getValue()), quality, now, now);
        states.put(point, after);
        return before.quality() == after.quality()
                        && after.value() != null
                        && after.value().equals(before.value())
                ? new Fact.StateReported(point, after)
                : new Fact.StateChanged(point, before, after);
    }

    private Fact signal() {
        Map.Entry<DeviceId, EventSpec> signal = signals.get(random.nextInt(signals.size()));
        Map<String, Value> arguments = new HashMap<>();
        for (ArgumentSpec argument : signal.getValue().arguments()) {
            if (random.nextBoolean()) {
                arguments.put(argument.name(), value(argument.value()));
            }
        }
        return new Fact.DeviceSignalled(signal.getKey(), signal.getValue().name(), arguments);
    }

    private Value value(ValueSpec spec) {
        return switch (spec.kind()) {
            case BOOL -> Bool.of(random.nextBoolean());
            case QUANTITY -> quantity(spec);
            case TEXT -> new Text("t" + random.nextInt(5));
            case CHOICE ->
                new Choice(spec.options().get(random.nextInt(spec.options().size())));
            case MOMENT -> new Moment(java.time.Instant.ofEpochSecond(now / 1_000_000));
            case COLOUR -> new Colour(random.nextInt(4) / 4.0, random.nextInt(4) / 4.0);
        };
    }

    /** Mostly near where rules have their limits, now and then anything. */
    private Value quantity(ValueSpec spec) {
        Unit unit = spec.unit() == null ? Unit.ONE : spec.unit();
        double low = spec.min() == null ? 0 : spec.min();
        double high = spec.max() == null ? 100 : spec.max();
        double number = random.nextInt(50) == 0 ? (random.nextDouble() - 0.5) * 1e9 : 16 + random.nextInt(20) / 2.0;
        if (random.nextInt(3) == 0) {
            number = low + random.nextInt(11) / 10.0 * (high - low);
        }
        boolean fits = (spec.min() == null || number >= spec.min()) && (spec.max() == null || number <= spec.max());
        return new Quantity(fits ? number : low, unit);
    }
}
