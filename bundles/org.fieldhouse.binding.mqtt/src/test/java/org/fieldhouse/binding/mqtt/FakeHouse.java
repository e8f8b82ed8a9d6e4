package org.fieldhouse.binding.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.binding.mqtt.publisher.Outlets;

/**
 * A house of a few devices, whose bus the test drives by hand. What the binding asks of no bus (to follow the journal, to publish)
 * throws: a test of code that begins to ask for it fails here.
 */
final class FakeHouse implements House, EventBus, CommandRouter {
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<PointId, State> states = new ConcurrentHashMap<>();
    private final List<EventHandler> handlers = new CopyOnWriteArrayList<>();
    private volatile HouseModel model = HouseModel.EMPTY;

    Outlets outlets() {
        return new Outlets(this, this, this);
    }

    void devices(DeviceInfo... devices) {
        model = new HouseModel(List.of(devices));
    }

    void state(String device, String point, Value value) throws Exception {
        PointId id = PointId.of(device, point);
        State after = new State(value, Quality.GOOD, 1, 1);
        State before = states.getOrDefault(id, State.NONE);
        states.put(id, after);
        happens(new Fact.StateChanged(id, before, after));
    }

    void happens(Fact fact) throws Exception {
        for (EventHandler h : handlers) {
            h.onEvent(new Event(1, 1, Cause.RUNTIME, fact));
        }
    }

    @Override
    public HouseModel model() {
        return model;
    }

    @Override
    public State state(PointId point) {
        return states.getOrDefault(point, State.NONE);
    }

    @Override
    public PriorityArray priorities(PointId point) {
        return PriorityArray.EMPTY;
    }

    @Override
    public List<Candidate> candidates() {
        return new ArrayList<>();
    }

    @Override
    public Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler) {
        handlers.add(handler);
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
                handlers.remove(handler);
            }
        };
    }

    @Override
    public Subscription follow(String name, long fromSequence, EventHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Event> publish(Fact fact, Cue cue) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long lastSequence() {
        return 0;
    }

    @Override
    public CommandTicket send(Request request, Cue cue) {
        requests.add(cue.actor().replaceAll(":\\d+", "") + " " + request);
        return new CommandTicket(
                requests.size(),
                CompletableFuture.completedFuture(null),
                CompletableFuture.completedFuture(CommandResult.SENT));
    }
}
