package org.fieldhouse.runtime.bus;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.bus.Traffic;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.event.Fact.ExternalFact;
import org.fieldhouse.api.event.Fact.NotificationRequested;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.event.Fact.VariableChanged;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The bus as one using bundle sees it: takes facts if it declared that, gives them their origin, and ends its subscriptions with it. */
@Component(service = EventBus.class, scope = ServiceScope.BUNDLE)
public final class BundleBus implements EventBus {
    private static final String PUBLISH = "publish";
    private static final String RULES = "org.fieldhouse.rules";

    private final Bus bus;
    private final String bundle;
    private final boolean publishes;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

    @Activate
    public BundleBus(@Reference BusComponent bus, ComponentContext context) {
        this(bus, symbolicName(context.getUsingBundle()), Declared.has(context.getUsingBundle(), PUBLISH));
    }

    BundleBus(Bus bus, String bundle, boolean publishes) {
        this.bus = bus;
        this.bundle = bundle;
        this.publishes = publishes;
    }

    private static String symbolicName(Bundle using) {
        String name = using.getSymbolicName();
        return name == null ? "bundle-" + using.getBundleId() : name;
    }

    @Override
    public Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler) {
        checkName(name);
        return keep(bus.subscribe(title(name), overflow, capacity, handler));
    }

    @Override
    public Subscription follow(String name, long fromSequence, EventHandler handler) {
        checkName(name);
        return keep(bus.follow(title(name), fromSequence, handler));
    }

    private void checkName(String name) {
        subscriptions.removeIf(s -> s instanceof HandlerThread thread && thread.isClosed());
        if (subscriptions.stream().anyMatch(s -> s.name().equals(title(name)))) {
            throw new IllegalArgumentException(bundle + " has a subscription '" + name + "' already");
        }
    }

    private String title(String name) {
        return bundle.replaceFirst("^org\\.fieldhouse\\.", "") + "/" + name;
    }

    private Subscription keep(Subscription subscription) {
        subscriptions.add(subscription);
        return subscription;
    }

    @Override
    public CompletionStage<Event> publish(Fact fact, Cue cue) {
        if (!publishes) {
            throw new IllegalArgumentException(
                    bundle + " cannot publish a " + fact.getClass().getSimpleName() + ": " + Declared.cure(PUBLISH));
        }
        boolean rules = bundle.equals(RULES);
        boolean allowed = fact instanceof ExternalFact
                || fact instanceof NotificationRequested
                || fact instanceof AuditRecorded
                || rules && (fact instanceof TimerElapsed || fact instanceof VariableChanged);
        if (!allowed) {
            throw new IllegalArgumentException(
                    bundle + " cannot publish a " + fact.getClass().getSimpleName() + ": only the runtime states that");
        }
        Cause cause = fact instanceof TimerElapsed && cue.rule() == null ? Cause.CLOCK : Origins.cause(bundle, cue);
        return bus.publishDurably(fact, cause);
    }

    @Override
    public long lastSequence() {
        return bus.lastSequence();
    }

    @Override
    public Traffic traffic() {
        BusCounters now = bus.counters();
        return new Traffic(now.sequenced(), now.reported(), now.coalesced(), now.refused(), now.waiting());
    }

    @Deactivate
    void release() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
    }
}
