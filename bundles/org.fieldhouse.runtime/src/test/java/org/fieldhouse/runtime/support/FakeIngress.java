package org.fieldhouse.runtime.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.bus.BusCounters;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.bus.Mailbox;

/** A bus that numbers everything at once, keeps it, and commits when the test says so. */
public final class FakeIngress implements Ingress {
    private final List<Event> events = new ArrayList<>();
    private final Map<PointId, State> states = new ConcurrentHashMap<>();
    private final List<Runnable> uncommitted = new ArrayList<>();
    private final AtomicLong now = new AtomicLong(1_000_000_000L);
    private final AtomicLong steady = new AtomicLong(now.get());
    private final List<Runnable> steps = new ArrayList<>();
    private boolean autoCommit = true;
    private volatile Consumer<Fact> listener = fact -> {};

    /** Hears each fact in the moment that it is published, as the quickest subscriber would. */
    public void onFact(Consumer<Fact> newListener) {
        listener = newListener;
    }

    /** From now on {@link #publishDurably} completes at {@link #commit} only. */
    public synchronized void holdCommits() {
        autoCommit = false;
    }

    public void commit() {
        List<Runnable> due;
        synchronized (this) {
            due = new ArrayList<>(uncommitted);
            uncommitted.clear();
        }
        due.forEach(Runnable::run);
    }

    public void advanceMicros(long micros) {
        now.addAndGet(micros);
        steady.addAndGet(micros);
    }

    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    public synchronized <F extends Fact> List<F> facts(Class<F> type) {
        return events.stream()
                .map(Event::fact)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private Event put(Fact fact, Cause cause) {
        Event event;
        synchronized (this) {
            event = new Event(events.size() + 1, nowMicros(), cause, fact);
            events.add(event);
        }
        listener.accept(fact);
        return event;
    }

    @Override
    public Mailbox mailbox(DeviceId device) {
        return new Box(device);
    }

    @Override
    public void publish(Fact fact, Cause cause) {
        put(fact, cause);
    }

    @Override
    public CompletionStage<Event> publishDurably(Fact fact, Cause cause) {
        Event event = put(fact, cause);
        CompletableFuture<Event> done = new CompletableFuture<>();
        synchronized (this) {
            if (!autoCommit) {
                uncommitted.add(() -> done.complete(event));
                return done;
            }
        }
        done.complete(event);
        return done;
    }

    @Override
    public State state(PointId point) {
        return states.getOrDefault(point, State.NONE);
    }

    @Override
    public long nowMicros() {
        return now.get();
    }

    @Override
    public long steadyMicros() {
        return steady.get();
    }

    @Override
    public long timeAt(long steadyMicros) {
        return now.get() + steadyMicros - steady.get();
    }

    @Override
    public void onClockStep(Runnable listener) {
        steps.add(listener);
    }

    /** The wall clock is set forward: stamps follow, what lasts does not. */
    public void stepForward(long micros) {
        now.addAndGet(micros);
        steps.forEach(Runnable::run);
    }

    @Override
    public synchronized long lastSequence() {
        return events.size();
    }

    @Override
    public long firstSequence() {
        return 1;
    }

    @Override
    public BusCounters counters() {
        return new BusCounters(lastSequence(), 0, 0, 0, 0, 0);
    }

    private final class Box implements Mailbox {
        private final DeviceId device;

        Box(DeviceId device) {
            this.device = device;
        }

        @Override
        public void report(String point, Value value, Quality quality, long sourceMicros) {
            PointId id = new PointId(device, point);
            State before = state(id);
            State after = new State(value == null ? before.value() : value, quality, nowMicros(), nowMicros());
            states.put(id, after);
            put(new Fact.StateChanged(id, before, after), Cause.device(device));
        }

        @Override
        public boolean signal(String event, Map<String, Value> arguments) {
            put(new Fact.DeviceSignalled(device, event, arguments), Cause.device(device));
            return true;
        }

        @Override
        public void publish(Fact fact, Cause cause) {
            put(fact, cause);
        }

        @Override
        public void say(Fact fact, Cause cause) {
            publish(fact, cause);
        }

        @Override
        public void attend() {}

        @Override
        public CompletionStage<Event> publishDurably(Fact fact, Cause cause) {
            return FakeIngress.this.publishDurably(fact, cause);
        }

        @Override
        public void offline() {
            states.replaceAll((id, s) ->
                    id.device().equals(device) && s.value() != null ? s.withQuality(Quality.OFFLINE, nowMicros()) : s);
        }

        @Override
        public void online() {
            states.replaceAll((id, s) -> id.device().equals(device) && s.quality() == Quality.OFFLINE
                    ? s.withQuality(Quality.GOOD, nowMicros())
                    : s);
        }

        @Override
        public long coalesced() {
            return 0;
        }

        @Override
        public long refused() {
            return 0;
        }

        @Override
        public int waiting() {
            return 0;
        }
    }
}
