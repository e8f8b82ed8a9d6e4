package org.fieldhouse.bridge;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Fact;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.typedevent.UntypedEventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Others' events below {@code org/fieldhouse/external/}, from both event services, as external facts on the bus and nothing else.
 * The publisher's thread waits while the core is behind. The first of each type that is taken, and of each topic that is refused,
 * stands in the audit.
 */
@Component(
        service = {EventHandler.class, UntypedEventHandler.class},
        property = {EventConstants.EVENT_TOPIC + "=" + Topics.EXTERNAL + "*", "fieldhouse.bridge=intake"})
public final class Intake implements EventHandler, UntypedEventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    /** Different ones that are told of; beyond that they are only counted. */
    private static final int MAX_TOLD = 100;

    private static final int SHOWN = 200;

    private final EventBus bus;
    private final Set<String> typesTold = ConcurrentHashMap.newKeySet();
    private final Set<String> refusalsTold = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();

    @Activate
    public Intake(@Reference EventBus bus) {
        this.bus = bus;
    }

    @Override
    public void handleEvent(Event event) {
        Map<String, Object> properties = new HashMap<>();
        for (String name : event.getPropertyNames()) {
            properties.put(name, event.getProperty(name));
        }
        take(event.getTopic(), properties);
    }

    @Override
    public void notifyUntyped(String topic, Map<String, Object> event) {
        take(topic, event);
    }

    private void take(String topic, Map<String, ?> properties) {
        Fact.ExternalFact fact;
        try {
            fact = ExternalFacts.of(topic, properties);
        } catch (IllegalArgumentException e) {
            refuse(topic, String.valueOf(e.getMessage()));
            return;
        }
        if (isNew(typesTold, fact.type())) {
            bus.publish(
                    new Fact.AuditRecorded("external.type", fact.type(), "the first since the bridge started"),
                    Cue.NONE);
        }
        bus.publish(fact, Cue.NONE);
    }

    private void refuse(String topic, String why) {
        refused.incrementAndGet();
        String shown = topic.length() > SHOWN ? topic.substring(0, SHOWN) + "…" : topic;
        if (isNew(refusalsTold, shown)) {
            LOG.warn("An event on {} was refused: {}. Further ones on this topic are only counted", shown, why);
            bus.publish(new Fact.AuditRecorded("external.refused", shown, why), Cue.NONE);
        }
    }

    private static boolean isNew(Set<String> told, String what) {
        return told.size() < MAX_TOLD && told.add(what);
    }

    long refused() {
        return refused.get();
    }
}
