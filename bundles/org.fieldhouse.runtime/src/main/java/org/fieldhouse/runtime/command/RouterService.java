package org.fieldhouse.runtime.command;

import org.fieldhouse.api.command.CommandRefusedException;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.runtime.bus.Declared;
import org.fieldhouse.runtime.bus.Origins;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.HostComponent;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The door of the command router for one bundle: open if it declared that it commands; the cause's origin comes from who holds it. */
@Component(scope = ServiceScope.BUNDLE)
public final class RouterService implements CommandRouter {
    private static final String COMMAND = "command";

    private final DeviceHost host;
    private final String bundle;
    private final boolean commands;

    @Activate
    public RouterService(@Reference HostComponent component, ComponentContext context) {
        this.host = component.host();
        Bundle user = context.getUsingBundle();
        this.bundle = user == null || user.getSymbolicName() == null ? "unknown" : user.getSymbolicName();
        this.commands = user != null && Declared.has(user, COMMAND);
    }

    @Override
    public CommandTicket send(Request request, Cue cue) throws CommandRefusedException {
        if (!commands) {
            throw new CommandRefusedException(bundle + " may not send commands: " + Declared.cure(COMMAND));
        }
        return host.commands().send(request, Origins.cause(bundle, cue), host::unknownDevice);
    }
}
