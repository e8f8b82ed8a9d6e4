package org.fieldhouse.rules.service;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.program.Source;
import org.jspecify.annotations.Nullable;

/** Looks back through the journal. */
final class Past {
    private static final long DAY = Duration.ofDays(1).toNanos() / 1000;
    /** Events read for one question. */
    private static final long MOST = 2_000_000;

    private final Journal journal;
    private final House house;
    private final FunctionRegistry functions;

    Past(Journal journal, House house, FunctionRegistry functions) {
        this.journal = journal;
        this.house = house;
        this.functions = functions;
    }

    Optional<Event> event(long sequence) {
        return sequence <= 0 ? Optional.empty() : journal.event(sequence);
    }

    /** The last event that is not after that time. */
    long upTo(long micros) {
        return journal.sequenceAt(micros + 1).orElse(journal.committedSequence() + 1) - 1;
    }

    /** The last event up to that number that is so, among the last {@value #MOST}. */
    Optional<Event> last(long upTo, Predicate<Event> wanted) throws StoreException {
        long to = upTo;
        long window = 2_000;
        while (to > 0 && upTo - to < MOST) {
            long from = Math.max(1, to - window + 1);
            long end = to;
            Event[] found = new Event[1];
            journal.read(from, event -> {
                if (event.sequence() > end) {
                    return false;
                }
                if (wanted.test(event)) {
                    found[0] = event;
                }
                return true;
            });
            if (found[0] != null) {
                return Optional.of(found[0]);
            }
            to = from - 1;
            window *= 8;
        }
        return Optional.empty();
    }

    /** The last event from that number on that is so, among the next {@value #MOST}. */
    Optional<Event> lastFrom(long from, Predicate<Event> wanted) throws StoreException {
        Event[] found = new Event[1];
        journal.read(from, event -> {
            if (event.sequence() >= from + MOST) {
                return false;
            }
            if (wanted.test(event)) {
                found[0] = event;
            }
            return true;
        });
        return Optional.ofNullable(found[0]);
    }

    /** The first event from that number on that is so, among the next {@code most}. */
    Optional<Event> next(long from, long most, Predicate<Event> wanted) throws StoreException {
        Event[] found = new Event[1];
        journal.read(from, event -> {
            if (event.sequence() >= from + most) {
                return false;
            }
            if (wanted.test(event)) {
                found[0] = event;
                return false;
            }
            return true;
        });
        return Optional.ofNullable(found[0]);
    }

    /**
     * An engine as it would have been at that time with that program, from what the journal says of the day before. What did not
     * change in that day is known from now.
     */
    Engine engineAt(long micros, Program program, Calendar.Place place) throws StoreException {
        return engineAt(micros, upTo(micros) + 1, program, place);
    }

    /**
     * The same for a moment between two events.
     *
     * @param end the first event that it has not seen
     */
    Engine engineAt(long micros, long end, Program program, Calendar.Place place) throws StoreException {
        long start = Math.max(
                Math.max(1, end - MOST), journal.sequenceAt(micros - DAY).orElse(1));
        Engine engine = new Engine(place, functions);
        seed(engine, program, start, end);
        Event[] first = new Event[1];
        journal.read(start, event -> {
            if (event.sequence() >= end || event.timeMicros() > micros) {
                return false;
            }
            if (first[0] == null) {
                first[0] = event;
                engine.load(program, event, output -> {});
            }
            engine.step(event, output -> {});
            return true;
        });
        if (first[0] == null) {
            Fact nothing = new Fact.TimerElapsed(micros);
            engine.load(program, new Event(Math.max(1, end - 1), micros, Cause.CLOCK, nothing), output -> {});
        }
        return engine;
    }

    /** What was before the first event: what the first change of each thing says, or what it is now if it never changed. */
    private void seed(Engine engine, Program program, long start, long end) throws StoreException {
        Map<PointId, State> states = new HashMap<>();
        Map<DeviceId, Boolean> online = new HashMap<>();
        Map<String, @Nullable Value> variables = new HashMap<>();
        journal.read(start, event -> {
            Fact fact = event.fact();
            if (fact instanceof Fact.StateChanged changed) {
                states.putIfAbsent(changed.point(), changed.before());
            } else if (fact instanceof Fact.StatusChanged status) {
                online.putIfAbsent(status.device(), status.before().isOnline());
            } else if (fact instanceof Fact.VariableChanged variable && !variables.containsKey(variable.name())) {
                variables.put(variable.name(), variable.before());
            }
            return event.sequence() < end + MOST;
        });
        for (Source source : program.sources()) {
            if (source instanceof Source.OfPoint point) {
                State known = states.get(point.id());
                engine.seed(point.id(), known == null ? house.state(point.id()) : known);
            } else if (source instanceof Source.OfDevice device) {
                boolean now = house.model()
                        .device(device.id())
                        .map(DeviceInfo::status)
                        .map(s -> s.isOnline())
                        .orElse(false);
                engine.seed(device.id(), online.getOrDefault(device.id(), now));
            } else if (source instanceof Source.OfDeclaration declaration) {
                functions.names().stream()
                        .filter(each -> declaration.declaration().equals("function " + each))
                        .forEach(engine::seedFunction);
            } else if (source instanceof Source.OfVariable variable) {
                Value known = variables.get(variable.name());
                if (known != null) {
                    engine.seed(variable.name(), known);
                }
            }
        }
    }
}
