package org.fieldhouse.binding.mqtt.publisher;

import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.model.House;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The services of the house that a publisher needs, together; a service of its own, so that the binding can do without them. */
@Component(service = Outlets.class)
public final class Outlets {
    private final House house;
    private final EventBus bus;
    private final CommandRouter router;

    @Activate
    public Outlets(@Reference House house, @Reference EventBus bus, @Reference CommandRouter router) {
        this.house = house;
        this.bus = bus;
        this.router = router;
    }

    House house() {
        return house;
    }

    EventBus bus() {
        return bus;
    }

    CommandRouter router() {
        return router;
    }
}
