package org.fieldhouse.runtime.host;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.command.CommandCentre;
import org.fieldhouse.runtime.command.CommandIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The device host in the container: knows OSGi, and nothing else. */
@Component(service = HostComponent.class, immediate = true, configurationPid = "org.fieldhouse.runtime.host")
@Designate(ocd = HostSettings.class)
public final class HostComponent {
    /** Property of the bindings of processes: the feature that they belong to. */
    private static final String ISOLATED = "fieldhouse.isolated";

    private final DeviceHost host;
    private final MemoryKeeper keeper;

    @Activate
    public HostComponent(@Reference Ingress ingress, @Reference Journal journal, HostSettings settings) {
        DeviceHost.Limits limits = new DeviceHost.Limits(
                Duration.ofSeconds(settings.updateHoldSeconds()),
                Duration.ofSeconds(settings.openLimitSeconds()),
                Duration.ofSeconds(settings.taskLimitSeconds()));
        CommandCentre.Times times = new CommandCentre.Times(
                Duration.ofSeconds(settings.commandDeadlineSeconds()),
                Duration.ofMinutes(settings.manualHoldMinutes()));
        HouseMemory memory = HouseMemory.read(journal, ingress.firstSequence());
        host = new DeviceHost(ingress, Clock.systemUTC(), new CommandIds(journal)::next, limits, times);
        host.restore(memory);
        keeper = new MemoryKeeper(host, ingress, journal);
    }

    public DeviceHost host() {
        return host;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addBinding(Binding binding, Map<String, Object> properties) {
        if (properties.containsKey(ISOLATED)) {
            host.addIsolated(binding);
        } else {
            host.add(binding);
        }
    }

    void removeBinding(Binding binding) {
        host.remove(binding);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFinder(Finder finder) {
        host.add(finder);
    }

    void removeFinder(Finder finder) {
        host.remove(finder);
    }

    @Deactivate
    void stop() {
        host.close();
        keeper.close();
    }
}
