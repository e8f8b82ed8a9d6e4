package org.fieldhouse.bridge;

import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.model.House;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The house on OSGi EventAdmin (Compendium 8.1, chapter 113). Sent synchronously, because a queue of EventAdmin's has no bound: what
 * waits, waits in our subscription.
 */
@Component(service = EventAdminOutlet.class, immediate = true, configurationPid = "org.fieldhouse.bridge")
@Designate(ocd = BridgeConfig.class)
public final class EventAdminOutlet {
    private final Outflow outflow;

    @Activate
    public EventAdminOutlet(
            @Reference EventAdmin admin, @Reference EventBus bus, @Reference House house, BridgeConfig config) {
        outflow = new Outflow(
                "eventadmin", bus, house, config, (topic, properties) -> admin.sendEvent(new Event(topic, properties)));
    }

    @Reference(
            service = EventHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(!(fieldhouse.bridge=*))",
            updated = "addHandler",
            unbind = "removeHandler")
    void addHandler(ServiceReference<EventHandler> handler) {
        outflow.listen(id(handler), handler.getProperty(EventConstants.EVENT_TOPIC));
    }

    void removeHandler(ServiceReference<EventHandler> handler) {
        outflow.leave(id(handler));
    }

    private static long id(ServiceReference<?> service) {
        return (Long) service.getProperty(Constants.SERVICE_ID);
    }

    @Deactivate
    void close() {
        outflow.close();
    }
}
