package org.fieldhouse.rules.service;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.value.Value;

/** A runtime in memory that can be killed: what was not committed is gone then. */
final class FakeRuntime implements EventBus, Journal, CommandRouter, House {
    private final List<Event> events = new ArrayList<>();
    private final Map<String, List<Snapshot>> snapshots = new HashMap<>();
    private final Map<PointId, State> states = new HashMap<>();
    final Map<PointId, PriorityArray> priorities = new HashMap<>();
    final List<Command> sent = new ArrayList<>();
    HouseModel model = HouseModel.EMPTY;
    boolean autoCommit = true;
    private long committed;
    private long now = 1_750_000_000_000_000L;
    private long commands;
    private EventHandler handler = event -> {};
    private ExecutorService thread = Executors.newSingleThreadExecutor();

    private int boots;

    /** The journal as one process sees it: what a killed one still writes comes to nothing. */
    Journal journal() {
        int boot = boots;
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                    if (boot != boots && method.getName().startsWith("putSnapshot")) {
                        return null;
                    }
                    return method.invoke(this, args);
                });
    }

    /** The events that a crash now would leave. */
    synchronized void commit() {
        committed = events.size();
    }

    synchronized void commitUpTo(long sequence) {
        committed = sequence;
    }

    /** Kills everything: uncommitted events are gone, the thread too. */
    synchronized void kill(Duration down) {
        boots++;
        thread.shutdownNow();
        thread = Executors.newSingleThreadExecutor();
        handler = event -> {};
        while (events.size() > committed) {
            events.remove(events.size() - 1);
        }
        long stopped = now;
        now += down.toNanos() / 1000;
        publish(new Fact.RuntimeStarted(stopped, false), new Cue(0, "runtime", null));
        commit();
    }

    /** Time goes by, and no wake-up is in the journal yet. */
    synchronized void pass(Duration by) {
        now += by.toNanos() / 1000;
    }

    void advance(Duration by) {
        synchronized (this) {
            now += by.toNanos() / 1000;
        }
        publish(new Fact.TimerElapsed(now), Cue.NONE);
        settle();
    }

    /** The wall clock is set forward. */
    void clockIsSet(Duration forward) {
        long before;
        synchronized (this) {
            before = now;
            now += forward.toNanos() / 1000;
        }
        publish(new Fact.ClockStepped(before, before, now), Cue.NONE);
        settle();
    }

    void report(PointId point, Value value) {
        synchronized (this) {
            State before = states.getOrDefault(point, State.NONE);
            State after = new State(value, Quality.GOOD, now, now);
            states.put(point, after);
            add(new Fact.StateChanged(point, before, after), Cause.device(point.device()));
        }
        settle();
    }

    /** Returns when everything that follows from what was published is done. */
    void settle() {
        long before;
        do {
            before = lastSequence();
            try {
                thread.submit(() -> {}).get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        } while (lastSequence() != before);
    }

    private synchronized Event add(Fact fact, Cause cause) {
        Event event = new Event(events.size() + 1, now, cause, fact);
        events.add(event);
        if (autoCommit) {
            commit();
        }
        EventHandler to = handler;
        thread.execute(() -> {
            try {
                to.onEvent(event);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return event;
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler to) {
        handler = to;
        return new Subscription() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long delivered() {
                return 0;
            }

            @Override
            public long dropped() {
                return 0;
            }

            @Override
            public long failures() {
                return 0;
            }

            @Override
            public int waiting() {
                return 0;
            }

            @Override
            public void close() {
                handler = event -> {};
            }
        };
    }

    @Override
    public Subscription follow(String name, long fromSequence, EventHandler to) {
        throw new UnsupportedOperationException();
    }

    /** Another bundle publishes something. */
    void publishAs(Fact fact, String bundle) {
        add(fact, new Cause(0, Cause.Origin.EXTERNAL, bundle, null));
    }

    void statusOnline(String device) {
        add(new Fact.StatusChanged(new DeviceId(device), Status.offline("test"), Status.ONLINE), Cause.RUNTIME);
        settle();
    }

    @Override
    public CompletionStage<Event> publish(Fact fact, Cue cue) {
        Cause.Origin origin = cue.actor().equals("runtime")
                ? Cause.Origin.RUNTIME
                : cue.actor().isEmpty() ? Cause.Origin.RULE : Cause.Origin.USER;
        String actor = cue.rule() == null
                ? cue.actor().isEmpty() ? "rules" : cue.actor()
                : cue.rule().name();
        return CompletableFuture.completedFuture(add(fact, new Cause(cue.parent(), origin, actor, cue.rule())));
    }

    @Override
    public synchronized long lastSequence() {
        return events.size();
    }

    @Override
    public synchronized CommandTicket send(Request request, Cue cue) throws CommandRefusedException {
        if (model.device(request.device()).isEmpty()) {
            throw new CommandRefusedException("no device " + request.device());
        }
        String rule = cue.rule() == null ? "" : cue.rule().name();
        return take(request, new Cause(cue.parent(), Cause.Origin.RULE, rule, cue.rule()));
    }

    /** A person asks for something. */
    synchronized void asks(Request request, String person) {
        take(request, new Cause(0, Cause.Origin.USER, person, null));
    }

    private CommandTicket take(Request request, Cause cause) {
        Command command = new Command(++commands, request, cause, now, now + 10_000_000);
        sent.add(command);
        add(new Fact.CommandAccepted(command), cause);
        return new CommandTicket(command.id(), CompletableFuture.completedFuture(null), new CompletableFuture<>());
    }

    @Override
    public synchronized Optional<Event> event(long sequence) {
        return sequence < 1 || sequence > committed ? Optional.empty() : Optional.of(events.get((int) sequence - 1));
    }

    @Override
    public void read(long fromSequence, Predicate<Event> reader) {
        List<Event> all;
        synchronized (this) {
            all = List.copyOf(events.subList(0, (int) committed));
        }
        for (int i = (int) Math.max(0, fromSequence - 1); i < all.size(); i++) {
            if (!reader.test(all.get(i))) {
                return;
            }
        }
    }

    @Override
    public synchronized OptionalLong sequenceAt(long micros) {
        return events.stream()
                .filter(e -> e.timeMicros() >= micros)
                .mapToLong(Event::sequence)
                .findFirst();
    }

    @Override
    public synchronized long committedSequence() {
        return committed;
    }

    @Override
    public synchronized void putSnapshot(String name, Snapshot snapshot) {
        List<Snapshot> all = snapshots.computeIfAbsent(name, n -> new ArrayList<>());
        all.add(0, snapshot);
        while (all.size() > 2) {
            all.remove(2);
        }
    }

    @Override
    public synchronized void putSnapshotAhead(String name, byte[] data) {
        putSnapshot(name, new Snapshot(committed, data));
    }

    @Override
    public synchronized List<Snapshot> snapshots(String name) {
        return List.copyOf(snapshots.getOrDefault(name, List.of()));
    }

    @Override
    public void retain(String who, long fromSequence) {}

    @Override
    public HouseModel model() {
        return model;
    }

    @Override
    public synchronized State state(PointId point) {
        return states.getOrDefault(point, State.NONE);
    }

    @Override
    public PriorityArray priorities(PointId point) {
        return priorities.getOrDefault(point, PriorityArray.EMPTY);
    }

    @Override
    public List<Candidate> candidates() {
        return List.of();
    }
}
