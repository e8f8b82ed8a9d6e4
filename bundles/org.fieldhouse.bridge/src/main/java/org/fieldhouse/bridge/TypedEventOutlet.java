package org.fieldhouse.bridge;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.model.House;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.TypedEventConstants;
import org.osgi.service.typedevent.TypedEventHandler;
import org.osgi.service.typedevent.UntypedEventHandler;

/**
 * The house on the Typed Event Service (Compendium 8.1, chapter 157), as untyped events: each handler gets them as a map, or as a
 * type of its own with fields of these names.
 */
@Component(service = TypedEventOutlet.class, immediate = true, configurationPid = "org.fieldhouse.bridge")
public final class TypedEventOutlet {
    private final Outflow outflow;
    private final Window window = new Window();
    private final ServiceRegistration<UntypedEventHandler> marks;

    @Activate
    public TypedEventOutlet(
            @Reference TypedEventBus typed,
            @Reference EventBus bus,
            @Reference House house,
            BridgeConfig config,
            BundleContext context) {
        outflow = new Outflow("typedevent", bus, house, config, (topic, properties) -> {
            if (window.next()) {
                typed.deliverUntyped(Topics.MARK, Map.of());
            }
            typed.deliverUntyped(topic, properties);
        });
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(TypedEventConstants.TYPED_EVENT_TOPICS, Topics.MARK);
        properties.put("fieldhouse.bridge", "marks");
        marks = context.registerService(UntypedEventHandler.class, (topic, mark) -> window.arrived(), properties);
    }

    @Reference(
            service = UntypedEventHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(!(fieldhouse.bridge=*))",
            updated = "addUntyped",
            unbind = "removeUntyped")
    void addUntyped(ServiceReference<UntypedEventHandler> handler) {
        listen(handler);
    }

    void removeUntyped(ServiceReference<UntypedEventHandler> handler) {
        outflow.leave(id(handler));
    }

    @Reference(
            service = TypedEventHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "addTyped",
            unbind = "removeTyped")
    void addTyped(ServiceReference<TypedEventHandler<?>> handler) {
        listen(handler);
    }

    void removeTyped(ServiceReference<TypedEventHandler<?>> handler) {
        outflow.leave(id(handler));
    }

    private void listen(ServiceReference<?> handler) {
        outflow.listen(id(handler), handler.getProperty(TypedEventConstants.TYPED_EVENT_TOPICS));
    }

    private static long id(ServiceReference<?> service) {
        return (Long) service.getProperty(Constants.SERVICE_ID);
    }

    @Deactivate
    void close() {
        window.close();
        outflow.close();
        marks.unregister();
    }
}
