package org.fieldhouse.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.model.House;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the house says, to one foreign event service: on a subscription of its own, which begins with the first listener, drops its
 * oldest when the listeners are slow, and passes only what a listener's topics ask for. It ends with the last listener: what strangers
 * leave behind on its thread, thread-locals above all, goes with it.
 */
final class Outflow implements EventHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outflow.class);

    /** Hands one event to the foreign service; on the subscription's thread, which it may hold up. */
    @FunctionalInterface
    interface Outlet {
        void deliver(String topic, Map<String, Object> properties) throws Exception;
    }

    private final String name;
    private final EventBus bus;
    private final House house;
    private final BridgeConfig config;
    private final Outlet outlet;
    /** By service id. */
    private final Map<Long, List<String>> listeners = new ConcurrentHashMap<>();

    private @Nullable Subscription subscription;
    private int subscriptions;
    private boolean closed;
    private long said;

    Outflow(String name, EventBus bus, House house, BridgeConfig config, Outlet outlet) {
        this.name = name;
        this.bus = bus;
        this.house = house;
        this.config = config;
        this.outlet = outlet;
    }

    /** @param topics value of the listener's {@code event.topics}: a String or several; anything else listens to nothing */
    synchronized void listen(long service, @Nullable Object topics) {
        listeners.put(service, topics(topics));
        if (subscription == null && !closed && listens(Topics.ROOT)) {
            // The one before may be ending still.
            String title = subscriptions++ == 0 ? name : name + "-" + subscriptions;
            subscription = bus.subscribe(title, Overflow.DROP_OLDEST, config.waiting(), this);
            said = 0;
        }
    }

    synchronized void leave(long service) {
        listeners.remove(service);
        Subscription last = subscription;
        if (last != null && !listens(Topics.ROOT)) {
            subscription = null;
            // A listener that hangs must not hold up who takes it away.
            Thread thread = new Thread(last::close, "fieldhouse-bridge-end");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static List<String> topics(@Nullable Object topics) {
        if (topics instanceof String one) {
            return List.of(one);
        } else if (topics instanceof String[] several) {
            return List.of(several);
        } else if (topics instanceof Iterable<?> several) {
            List<String> all = new ArrayList<>();
            several.forEach(each -> all.add(String.valueOf(each)));
            return List.copyOf(all);
        }
        return List.of();
    }

    /** Whether anybody can hear something on the topics that begin so. */
    private boolean listens(String prefix) {
        return listeners.values().stream()
                .flatMap(List::stream)
                .anyMatch(each -> each.startsWith(prefix) || Topics.covers(each, prefix));
    }

    private boolean hears(String topic) {
        for (List<String> topics : listeners.values()) {
            for (String each : topics) {
                if (Topics.covers(each, topic)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void onEvent(Event event) throws Exception {
        String topic = Topics.of(event);
        if (topic == null || topic.equals(Topics.REPORTED) && !config.reported() || !hears(topic)) {
            return;
        }
        outlet.deliver(topic, EventProperties.of(event, house.model()));
    }

    @Override
    public synchronized void onIdle() {
        long dropped = dropped();
        if (dropped > said) {
            LOG.warn("{} events were dropped because handlers of {} were slow", dropped - said, name);
            said = dropped;
        }
    }

    synchronized long dropped() {
        return subscription == null ? 0 : subscription.dropped();
    }

    /** Not under the lock that {@link #onIdle} takes: the subscription waits for its handler. */
    @Override
    public void close() {
        Subscription running;
        synchronized (this) {
            closed = true;
            running = subscription;
        }
        if (running != null) {
            running.close();
        }
    }
}
