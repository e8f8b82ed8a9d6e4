package org.fieldhouse.serial.port;

import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialPorts;
import org.fieldhouse.serial.SerialSettings;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The service as one bundle has it: when that goes, its ports are kept for its next version. */
@Component(scope = ServiceScope.BUNDLE)
public final class PortsOfABundle implements SerialPorts {
    private final Lines lines;
    private final User user;

    @Activate
    public PortsOfABundle(@Reference Lines lines, ComponentContext context) {
        this(lines, context.getUsingBundle().getSymbolicName());
    }

    PortsOfABundle(Lines lines, String bundle) {
        this.lines = lines;
        this.user = new User(bundle);
    }

    @Override
    public SerialPort open(String path, SerialSettings settings) throws BindingException {
        return lines.open(path, settings, user);
    }

    @Override
    public List<String> available() {
        return Access.available();
    }

    /** The bundle has let the service go: it stopped, or is being replaced. */
    @Deactivate
    public void close() {
        lines.userGone(user);
    }
}
