package org.fieldhouse.benchmarks.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.benchmarks.proof.Plant.Asked;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.Origins;

/** What the rules live on: the real bus and journal, and a router that hands every command to the world. Any thread. */
final class Services implements EventBus, CommandRouter, House {
    private static final String RULES = "org.fieldhouse.rules";

    private final Bus bus;
    private final HouseModel model;
    private final BooleanSupplier dead;
    private final Consumer<Asked> tap;
    private final List<Asked> asked = new ArrayList<>();
    private final AtomicLong ids;
    private final AtomicInteger acting = new AtomicInteger();

    /** The process is dead: nothing leaves it. */
    static final class DeadException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    Services(Bus bus, HouseModel model, BooleanSupplier dead, Consumer<Asked> tap) {
        this.bus = bus;
        this.model = model;
        this.dead = dead;
        this.tap = tap;
        this.ids = new AtomicLong(bus.firstSequence());
    }

    private void checkAlive() {
        if (dead.getAsBoolean()) {
            throw new DeadException();
        }
    }

    /** Actions that wait for the disk. */
    int acting() {
        return acting.get();
    }

    List<Asked> take() {
        synchronized (asked) {
            List<Asked> all = List.copyOf(asked);
            asked.clear();
            return all;
        }
    }

    /** What leaves at once leaves at once; an action leaves when its record is on disk. */
    @Override
    public CommandTicket send(Request request, Cue cue) {
        checkAlive();
        Cause cause = Origins.cause(RULES, cue);
        Command command =
                new Command(ids.incrementAndGet(), request, cause, bus.nowMicros(), bus.nowMicros() + 10_000_000);
        Fact fact = new Fact.CommandAccepted(command);
        if (request instanceof Request.SetPoint set) {
            bus.publish(fact, cause);
            ask(new Asked(set.point(), set.slot(), set.value()));
            set.parameters().forEach((name, value) -> {
                PointId sibling = new PointId(set.point().device(), name);
                if (model.device(sibling.device())
                        .orElseThrow()
                        .description()
                        .point(name)
                        .isPresent()) {
                    ask(new Asked(sibling, set.slot(), value));
                }
            });
        } else if (request instanceof Request.Relinquish free) {
            bus.publish(fact, cause);
            ask(new Asked(free.point(), free.slot(), null));
        } else {
            acting.incrementAndGet();
            bus.publishDurably(fact, cause).whenComplete((event, failure) -> acting.decrementAndGet());
        }
        return new CommandTicket(command.id(), CompletableFuture.completedFuture(null), new CompletableFuture<>());
    }

    private void ask(Asked what) {
        synchronized (asked) {
            checkAlive();
            asked.add(what);
            tap.accept(what);
        }
    }

    @Override
    public Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler) {
        return bus.subscribe(name, overflow, capacity, handler);
    }

    @Override
    public Subscription follow(String name, long fromSequence, EventHandler handler) {
        return bus.follow(name, fromSequence, handler);
    }

    @Override
    public CompletionStage<Event> publish(Fact fact, Cue cue) {
        checkAlive();
        boolean clock = fact instanceof Fact.TimerElapsed && cue.rule() == null;
        return bus.publishDurably(fact, clock ? Cause.CLOCK : Origins.cause(RULES, cue));
    }

    @Override
    public long lastSequence() {
        return bus.lastSequence();
    }

    @Override
    public HouseModel model() {
        return model;
    }

    @Override
    public State state(PointId point) {
        return bus.state(point);
    }

    @Override
    public PriorityArray priorities(PointId point) {
        return PriorityArray.EMPTY;
    }

    @Override
    public List<Candidate> candidates() {
        return List.of();
    }

    /** The real journal; whoever waits for one that was killed need not wait any longer. */
    Journal journal() {
        return new Journal() {
            @Override
            public Optional<Event> event(long sequence) {
                return bus.event(sequence);
            }

            @Override
            public void read(long fromSequence, Predicate<Event> reader) throws StoreException {
                bus.read(fromSequence, reader);
            }

            @Override
            public OptionalLong sequenceAt(long micros) {
                return bus.sequenceAt(micros);
            }

            @Override
            public long committedSequence() {
                return dead.getAsBoolean() ? Long.MAX_VALUE : bus.committedSequence();
            }

            @Override
            public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
                bus.putSnapshot(name, snapshot);
            }

            @Override
            public void putSnapshotAhead(String name, byte[] data) {
                bus.putSnapshotAhead(name, data);
            }

            @Override
            public List<Snapshot> snapshots(String name) throws StoreException {
                return bus.snapshots(name);
            }

            @Override
            public void retain(String who, long fromSequence) {
                bus.retain(who, fromSequence);
            }
        };
    }
}
