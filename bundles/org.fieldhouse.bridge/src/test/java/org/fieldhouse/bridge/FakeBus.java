package org.fieldhouse.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;

/** Hands on at once what a test says, and keeps what is published. */
final class FakeBus implements EventBus {
    final List<Fact> published = new ArrayList<>();
    final List<EventHandler> handlers = new CopyOnWriteArrayList<>();
    Overflow overflow = Overflow.WAIT;
    int capacity;
    long dropped;
    private long sequence;

    void say(Fact fact, Cause cause) {
        Event event = new Event(++sequence, sequence * 1000, cause, fact);
        for (EventHandler handler : List.copyOf(handlers)) {
            try {
                handler.onEvent(event);
                handler.onIdle();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public Subscription subscribe(String name, Overflow chosen, int waiting, EventHandler handler) {
        overflow = chosen;
        capacity = waiting;
        handlers.add(handler);
        return new Subscription() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long delivered() {
                return sequence;
            }

            @Override
            public long dropped() {
                return dropped;
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
        published.add(fact);
        return new CompletableFuture<>();
    }

    @Override
    public long lastSequence() {
        return sequence;
    }
}
