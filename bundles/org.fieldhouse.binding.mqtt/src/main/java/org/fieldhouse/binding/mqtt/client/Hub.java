package org.fieldhouse.binding.mqtt.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.binding.mqtt.client.MqttLink.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of many parties over one link: each message is brought to those who want it, the broker is asked once and in
 * batches. Thread-safe; one lock for the plan, which is not held while messages are brought.
 */
public final class Hub {
    /** Filters in one packet; keeps it below the smallest packet size that brokers insist on. */
    private static final int BATCH = 64;

    private final Router router = new Router();
    private final Object lock = new Object();
    private final SubscriptionPlan plan = new SubscriptionPlan();
    private final Deque<Step> steps = new ArrayDeque<>();
    /** Of a kept session: what is given back if nobody stops before. Guarded by lock. */
    private final Deque<Step> departures = new ArrayDeque<>();

    private @Nullable Runnable departLater;
    private final Map<String, List<Consumer<String>>> refusals = new ConcurrentHashMap<>();
    private @Nullable Runnable flusher;
    /** While a version takes over: how many parties of each filter have not come back, and what the broker still sends. Guarded by lock. */
    private final Map<String, Integer> expected = new LinkedHashMap<>();

    private final Set<String> stale = new LinkedHashSet<>();
    private boolean frozen;
    /** Whether what gathers waits until messages go on: the broker still sends what the version before asked for. */
    private boolean patient;

    private int quietTicks;

    /**
     * What a hub leaves to its successor.
     *
     * @param parties how many want each filter
     * @param atBroker filters that the broker has
     * @param parked messages that nobody has seen, in the order received
     */
    record Remains(Map<String, Integer> parties, Set<String> atBroker, List<Message> parked) {}

    private record Step(Wanted wanted, boolean subscribe) {}

    /**
     * Starts anew.
     *
     * @param flushLater called when there is something to {@link #flush}, from any thread
     * @param keepUnclaimed whether messages without a handler wait for one, until {@link #dropUnclaimed}
     */
    public void start(Runnable flushLater, boolean keepUnclaimed) {
        stop();
        synchronized (lock) {
            flusher = flushLater;
        }
        if (keepUnclaimed) {
            router.startParking();
        }
    }

    /**
     * For a session that the broker keeps, after a start: what is closed is not given back at once. Devices close before their broker
     * does, and a house that stops wants its messages when it is back.
     *
     * @param later called when there is something to {@link #depart}, from any thread
     */
    public void departLater(Runnable later) {
        synchronized (lock) {
            departLater = later;
        }
    }

    /** Gives back what was closed; {@link #flush} then sends it. */
    public void depart() {
        synchronized (lock) {
            steps.addAll(departures);
            departures.clear();
        }
    }

    /** Forgets all subscriptions. What is closed later does nothing. */
    public void stop() {
        synchronized (lock) {
            flusher = null;
            departLater = null;
            departures.clear();
            plan.clear();
            steps.clear();
            expected.clear();
            stale.clear();
            frozen = false;
            patient = false;
        }
        refusals.clear();
        router.clear();
    }

    /**
     * Asks for messages.
     *
     * @param refused told, on the receiving thread, if the broker will not have it
     */
    public Subscription subscribe(String filter, int qos, MessageHandler handler, Consumer<String> refused) {
        router.add(filter, handler);
        refusals.computeIfAbsent(filter, f -> new java.util.concurrent.CopyOnWriteArrayList<>())
                .add(refused);
        change(filter, qos, true);
        boolean[] closed = {false};
        return () -> {
            synchronized (closed) {
                if (closed[0]) {
                    return;
                }
                closed[0] = true;
            }
            router.remove(filter, handler);
            refusals.computeIfPresent(filter, (f, all) -> {
                all.remove(refused);
                return all.isEmpty() ? null : all;
            });
            change(filter, qos, false);
        };
    }

    private void change(String filter, int qos, boolean add) {
        Runnable wake = null;
        synchronized (lock) {
            if (flusher == null) {
                return;
            }
            if (frozen && !add) {
                return; // the next version will want it
            }
            if (add) {
                quietTicks = 0;
                expected.computeIfPresent(filter, (f, n) -> n > 1 ? n - 1 : null);
            }
            boolean idle = steps.isEmpty();
            SubscriptionPlan.Steps next = add ? plan.add(filter, qos) : plan.remove(filter, qos);
            Deque<Step> into = add || departLater == null ? steps : departures;
            boolean first = into.isEmpty();
            if (add) {
                // In the order of the plan, else filters would overlap.
                depart();
            }
            next.subscribe().forEach(w -> into.add(new Step(w, true)));
            next.unsubscribe().forEach(f -> into.add(new Step(new Wanted(f, 0), false)));
            if (into == departures) {
                wake = first && !departures.isEmpty() ? departLater : null;
            } else if (idle && !steps.isEmpty() && !(frozen && patient)) {
                wake = flusher;
            }
        }
        if (wake != null) {
            wake.run();
        }
    }

    /** Sends what has gathered. Not on the receiving thread. */
    public void flush(MqttLink link) throws BindingException {
        while (true) {
            List<Wanted> batch = new ArrayList<>();
            boolean subscribe;
            synchronized (lock) {
                Step first = steps.peek();
                if (first == null) {
                    return;
                }
                subscribe = first.subscribe();
                while (batch.size() < BATCH && first != null && first.subscribe() == subscribe) {
                    batch.add(first.wanted());
                    steps.remove();
                    first = steps.peek();
                }
            }
            if (subscribe) {
                link.subscribe(batch);
            } else {
                link.unsubscribe(batch.stream().map(Wanted::filter).toList());
            }
        }
    }

    /** Brings a message to its handlers. */
    public void dispatch(Message message) {
        router.dispatch(message);
    }

    /** Tells those who asked for a filter that the broker will not have it. */
    public void refused(String filter, String reason) {
        refusals.getOrDefault(filter, List.of()).forEach(r -> r.accept(reason));
    }

    // ---- while the binding is replaced

    /** From now on all messages wait, and what is closed is not given back to the broker. */
    public void freeze() {
        synchronized (lock) {
            frozen = true;
        }
        router.freeze(List.of());
    }

    /** What the next version needs; for a frozen hub. */
    Remains remains() {
        synchronized (lock) {
            Map<String, Integer> parties = plan.parties();
            expected.forEach((filter, n) -> parties.merge(filter, n, Integer::sum));
            Set<String> filters = new LinkedHashSet<>(stale);
            filters.addAll(plan.atBroker());
            departures.stream()
                    .filter(s -> !s.subscribe())
                    .forEach(s -> filters.add(s.wanted().filter()));
            return new Remains(parties, filters, router.takeParked());
        }
    }

    /**
     * Starts where another one ended: frozen, until {@link #tick} finds that all parties are back, or that nobody comes any more.
     *
     * @param goesOn whether the broker still sends what was asked for
     */
    void start(Runnable flushLater, Remains remains, boolean goesOn) {
        start(flushLater, false);
        synchronized (lock) {
            frozen = true;
            patient = goesOn;
            expected.putAll(remains.parties);
            stale.addAll(remains.atBroker);
            quietTicks = 0;
        }
        router.freeze(remains.parked);
    }

    /**
     * To be called every few milliseconds after {@link #start(Runnable, Remains, boolean)}, on the lane.
     *
     * @param patience ticks without a new party until messages are let go to those that are there
     * @param end ticks until messages that nobody wants are dropped
     * @return false when there is nothing left to do
     */
    public boolean tick(int patience, int end) {
        boolean thaw;
        boolean done;
        Runnable wake = null;
        synchronized (lock) {
            quietTicks++;
            boolean back = expected.isEmpty();
            thaw = frozen && (back || quietTicks > patience);
            frozen &= !thaw;
            if (thaw && patient && !steps.isEmpty()) {
                wake = flusher;
            }
            done = !frozen && (back || quietTicks > end);
            if (done) {
                // What the version before asked for and this one does not.
                stale.removeAll(plan.atBroker());
                boolean idle = steps.isEmpty();
                stale.forEach(f -> steps.add(new Step(new Wanted(f, 0), false)));
                stale.clear();
                expected.clear();
                wake = idle && !steps.isEmpty() ? flusher : wake;
            }
        }
        if (thaw) {
            router.startParking();
        }
        if (done) {
            router.stopParking();
        }
        if (wake != null) {
            wake.run();
        }
        return !done;
    }

    /** Messages of a kept session wait no longer; returns how many nobody wanted. */
    public long dropUnclaimed() {
        return router.stopParking();
    }
}
