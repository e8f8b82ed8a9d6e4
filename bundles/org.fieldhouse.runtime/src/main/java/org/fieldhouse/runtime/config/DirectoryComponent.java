package org.fieldhouse.runtime.config;

import java.nio.file.Path;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.host.HostComponent;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The configuration directory in the container: the framework property {@code fieldhouse.home} says where it is. */
@Component(service = DirectoryComponent.class, immediate = true)
public final class DirectoryComponent {
    private final Directory directory;

    @Activate
    public DirectoryComponent(@Reference HostComponent host, @Reference Ingress ingress, BundleContext context) {
        String home = context.getProperty("fieldhouse.home");
        Path root = Path.of(home == null ? "." : home).toAbsolutePath().normalize();
        directory = new Directory(root, root.resolve("data"), host.host(), ingress);
    }

    Directory directory() {
        return directory;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addParticipant(ConfigurationParticipant participant) {
        directory.add(participant);
    }

    void removeParticipant(ConfigurationParticipant participant) {
        directory.remove(participant);
    }

    @Deactivate
    void stop() {
        directory.close();
    }
}
