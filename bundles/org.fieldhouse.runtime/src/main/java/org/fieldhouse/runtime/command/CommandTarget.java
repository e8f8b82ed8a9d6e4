package org.fieldhouse.runtime.command;

import java.time.Duration;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.runtime.bus.Mailbox;
import org.jspecify.annotations.Nullable;

/** A device as the router sees it. */
public interface CommandTarget {
    /** Whether a command can leave now. */
    enum Readiness {
        /** Yes. */
        READY,
        /** Not yet, and soon: the device is being opened for the first time, or its binding is being replaced. */
        SOON,
        /** No; the device's status says why. */
        NO
    }

    DeviceInfo info();

    Readiness readiness();

    /** How long a change of a point made by hand keeps rules away; null if it does not. */
    @Nullable
    Duration hold(String point);

    Mailbox mailbox();

    /** Runs on the device's lane as soon as it is free. */
    void execute(Runnable task);

    /** Gives the device a command. On its lane only. */
    void handle(Command command) throws BindingException, InterruptedException;
}
