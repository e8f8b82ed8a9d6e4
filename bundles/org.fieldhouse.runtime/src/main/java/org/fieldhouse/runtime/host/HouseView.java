package org.fieldhouse.runtime.host;

import java.util.List;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceStatistics;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.runtime.bus.Ingress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The house as everybody reads it. */
@Component
public final class HouseView implements House {
    private final DeviceHost host;
    private final Ingress ingress;

    @Activate
    public HouseView(@Reference HostComponent component, @Reference Ingress ingress) {
        this.host = component.host();
        this.ingress = ingress;
    }

    @Override
    public HouseModel model() {
        return host.model();
    }

    @Override
    public State state(PointId point) {
        return ingress.state(point);
    }

    @Override
    public PriorityArray priorities(PointId point) {
        return host.commands().priorities(point);
    }

    @Override
    public DeviceStatistics statistics(DeviceId device) {
        return host.counters(device).map(DeviceCounters::statistics).orElse(DeviceStatistics.NONE);
    }

    @Override
    public List<Candidate> candidates() {
        return host.candidates();
    }

    @Override
    public List<String> searches() {
        return host.searches();
    }
}
