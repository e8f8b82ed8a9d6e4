package org.fieldhouse.rules.test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.FunctionFacts;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.engine.Probe;
import org.fieldhouse.rules.engine.Timescale;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.program.Source;
import org.jspecify.annotations.Nullable;

/**
 * A house in virtual time: an engine, and devices that report every command at once as done. Time stands still while something
 * happens.
 */
public final class SimulatedHouse {
    /** Events that may follow from one another at one moment; more is a loop through a device. */
    private static final int MAX_REACTIONS = 10_000;

    private static final Cause RULES = new Cause(0, Cause.Origin.RULE, "rules", null);
    private static final Cause OPERATOR = new Cause(0, Cause.Origin.USER, "operator", null);
    private static final Cause OUTSIDE = new Cause(0, Cause.Origin.EXTERNAL, "test", null);

    private final Program program;
    private final Calendar.Place place;
    private final Map<PointId, State> states = new HashMap<>();
    private final Map<PointId, TreeMap<Integer, Value>> slots = new HashMap<>();
    private final Set<DeviceId> offline = new HashSet<>();
    private final ArrayDeque<Output> outputs = new ArrayDeque<>();
    private final List<Output> log = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final @Nullable Probe probe;
    private Engine engine;
    private @Nullable Boolean sun;
    /** When it began, steady time. */
    private final long start;
    /** When points became what they are, counted from the start; without those that are as they were given. */
    private final Map<PointId, Duration> became = new HashMap<>();
    /** Steady time. */
    private long now;

    private Timescale scale = Timescale.ONE;
    private long sequence;

    /**
     * What calls of a function get.
     *
     * @param value null for an action without a result
     * @param failure why they fail; null if they do not
     */
    record Answer(@Nullable Value value, @Nullable String failure) {}

    /** A house in which nothing was ever reported, at that time. */
    public SimulatedHouse(Program program, Calendar.Place place, long startMicros) {
        this(program, place, startMicros, null);
    }

    /** @param probe is told where the rules come through; null for nobody */
    SimulatedHouse(Program program, Calendar.Place place, long startMicros, @Nullable Probe probe) {
        this.probe = probe;
        this.program = program;
        this.place = place;
        this.start = startMicros;
        this.now = startMicros;
        this.engine = fresh();
    }

    private Engine fresh() {
        Engine made = new Engine(place, (spec, arguments) -> {
            Answer answer = answers.get(spec.name());
            return answer == null ? null : answer.value();
        });
        made.probe(probe);
        return made;
    }

    /** What calls of a function get from the beginning. */
    void givenAnswer(String function, Answer answer) {
        answers.put(function, answer);
        engine.seedFunction(function);
    }

    /** What calls of a function get from now on. */
    void answer(String function, Answer answer) {
        answers.put(function, answer);
        publish(FunctionFacts.changed(function, true), RULES);
    }

    /** What a point is before the rules are loaded. */
    public void given(PointId point, State state) {
        states.put(point, state);
        engine.seed(point, state);
    }

    /** What a variable is before the rules are loaded. */
    public void givenVariable(String name, Value value) {
        engine.seed(name, value);
    }

    public void givenSun(boolean up) {
        sun = up;
        engine.calendar().overrideSun(up);
    }

    public void givenOffline(DeviceId device) {
        offline.add(device);
    }

    /** Loads the rules. */
    public void begin() {
        states.replaceAll((point, state) -> {
            if (!offline.contains(point.device())) {
                return state;
            }
            State unreachable = state.withQuality(Quality.OFFLINE, now());
            engine.seed(point, unreachable);
            return unreachable;
        });
        for (Source source : program.sources()) {
            if (source instanceof Source.OfDevice device) {
                engine.seed(device.id(), !offline.contains(device.id()));
            }
        }
        engine.load(program, event(new Fact.ConfigurationActivated(1, Map.of(), List.of()), OUTSIDE), outputs::add);
        react();
    }

    private Event event(Fact fact, Cause cause) {
        return new Event(++sequence, now(), cause, fact);
    }

    /** Lets time pass, as if the wall clock were never set; what is due by then happens. */
    public void advance(long toMicros) {
        while (engine.nextDue() <= toMicros) {
            now = Math.max(now, engine.nextDue());
            publish(new Fact.TimerElapsed(scale.wallAt(now)), Cause.CLOCK);
        }
        now = Math.max(now, toMicros);
    }

    /** Something happens outside. */
    public void happens(Fact fact) {
        publish(fact, OUTSIDE);
    }

    /** A person does something. */
    public void operated(Fact fact) {
        publish(fact, OPERATOR);
    }

    private void publish(Fact fact, Cause cause) {
        engine.step(event(fact, cause), outputs::add);
        react();
    }

    /** A device reports. */
    public void report(PointId point, Value value, Quality quality) {
        State before = states.getOrDefault(point, State.NONE);
        State after = new State(value, quality, now(), now());
        states.put(point, after);
        boolean same = value.equals(before.value()) && quality == before.quality();
        became(point, before, after);
        happens(same ? new Fact.StateReported(point, after) : new Fact.StateChanged(point, before, after));
    }

    /** What is known of a point changes, its last value stays. */
    public void quality(PointId point, Quality quality) {
        State before = states.getOrDefault(point, State.NONE);
        State after = before.withQuality(before.value() == null ? Quality.NEVER_REPORTED : quality, now());
        states.put(point, after);
        became(point, before, after);
        happens(new Fact.StateChanged(point, before, after));
    }

    public void online(DeviceId device, boolean online) {
        boolean was = online ? offline.remove(device) : offline.add(device);
        if (!was) {
            return;
        }
        Status status = online ? Status.ONLINE : Status.offline("test");
        happens(new Fact.StatusChanged(device, online ? Status.offline("test") : Status.ONLINE, status));
        for (PointId point : List.copyOf(states.keySet())) {
            if (point.device().equals(device)) {
                quality(point, online ? Quality.GOOD : Quality.OFFLINE);
            }
        }
    }

    public void sun(boolean up) {
        sun = up;
        engine.calendar().overrideSun(up);
        engine.sunMoved(event(new Fact.TimerElapsed(now()), Cause.CLOCK), outputs::add);
        react();
    }

    /** Somebody sets the wall clock. */
    void setClock(UnaryOperator<LocalDateTime> to) {
        long before = scale.wallAt(now);
        Instant shown = Instant.EPOCH.plus(before, ChronoUnit.MICROS);
        Instant wanted = to.apply(LocalDateTime.ofInstant(shown, place.zone()))
                .atZone(place.zone())
                .toInstant();
        long after = ChronoUnit.MICROS.between(Instant.EPOCH, wanted);
        Fact step = new Fact.ClockStepped(now(), before, after);
        scale = scale.stepped(Math.max(now(), after), now, after);
        publish(step, Cause.CLOCK);
    }

    /** The runtime is killed and comes back: the engine goes through its bytes. */
    public void restart(long downMicros) {
        long stopped = now();
        byte[] saved = engine.save();
        now += downMicros;
        try {
            engine = Engine.restore(saved, program, fresh(), outputs::add);
        } catch (IOException e) {
            throw new IllegalStateException("what was saved cannot be read", e);
        }
        engine.calendar().overrideSun(sun);
        publish(new Fact.RuntimeStarted(stopped, false), Cause.RUNTIME);
    }

    private void react() {
        for (int i = 0; !outputs.isEmpty() && i < MAX_REACTIONS; i++) {
            Output output = outputs.remove();
            log.add(output);
            Cause cause =
                    new Cause(output.parent(), Cause.Origin.RULE, output.rule().name(), output.rule());
            if (output instanceof Output.Send send) {
                command(send.request(), cause);
            } else if (output instanceof Output.Invoke invoke) {
                engine.step(event(answered(invoke), cause), outputs::add);
            } else if (output instanceof Output.SetVariable set) {
                engine.step(
                        event(new Fact.VariableChanged(set.name(), set.before(), set.after()), cause), outputs::add);
            }
        }
        outputs.clear();
    }

    private Fact answered(Output.Invoke invoke) {
        Answer answer = answers.getOrDefault(invoke.function(), new Answer(null, null));
        return answer.failure() == null
                ? FunctionFacts.returned(invoke.call(), invoke.function(), answer.value())
                : FunctionFacts.failed(invoke.call(), invoke.function(), answer.failure());
    }

    private void command(Request request, Cause cause) {
        if (request instanceof Request.SetPoint set) {
            put(set.point(), set.slot(), set.value(), cause);
            set.parameters().forEach((name, value) -> {
                PointId sibling = new PointId(set.point().device(), name);
                if (states.containsKey(sibling) || isKnown(sibling)) {
                    put(sibling, set.slot(), value, cause);
                }
            });
        } else if (request instanceof Request.Relinquish free) {
            put(free.point(), free.slot(), null, cause);
        }
    }

    private boolean isKnown(PointId point) {
        return program.sources().stream().anyMatch(s -> s instanceof Source.OfPoint p && p.id().equals(point));
    }

    private void put(PointId point, int slot, @Nullable Value value, Cause cause) {
        TreeMap<Integer, Value> asked = slots.computeIfAbsent(point, p -> new TreeMap<>());
        if (value == null) {
            asked.remove(slot);
        } else {
            asked.put(slot, value);
        }
        if (asked.isEmpty() || offline.contains(point.device())) {
            return;
        }
        Value strongest = asked.firstEntry().getValue();
        State before = states.getOrDefault(point, State.NONE);
        if (!strongest.equals(before.good())) {
            State after = new State(strongest, Quality.GOOD, now(), now());
            states.put(point, after);
            became(point, before, after);
            engine.step(event(new Fact.StateChanged(point, before, after), cause), outputs::add);
        }
    }

    private void became(PointId point, State before, State after) {
        if (!Objects.equals(before.value(), after.value()) || before.quality() != after.quality()) {
            became.put(point, Duration.of(now - start, ChronoUnit.MICROS));
        }
    }

    /** When a point became what it is, counted from the start; empty if it is as it was given. */
    Optional<Duration> became(PointId point) {
        return Optional.ofNullable(became.get(point));
    }

    /** Everything that was put out so far. */
    public List<Output> log() {
        return log;
    }

    public State state(PointId point) {
        return states.getOrDefault(point, State.NONE);
    }

    public Engine engine() {
        return engine;
    }

    /** Time of the journal. */
    public long now() {
        return scale.journalAt(now);
    }
}
