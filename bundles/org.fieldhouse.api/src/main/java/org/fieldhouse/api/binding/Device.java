package org.fieldhouse.api.binding;

import org.fieldhouse.api.command.Command;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One physical or virtual machine. The runtime calls {@link #open}, {@link #handle}, {@link #close} and the timers of the
 * context on the device's own lane, never two at a time, so a device needs no locks. One instance lives for many openings.
 *
 * <p>A bridge is a device too: its children are opened after it, closed before it, and reach it by
 * {@link DeviceContext#bridge}.
 */
@ConsumerType
public interface Device {
    /**
     * Connects. When it returns, the device is ONLINE, unless it has called {@link DeviceContext#status} to say otherwise. It may
     * block; the lane's thread is interrupted when the runtime gives up.
     *
     * @param context valid until {@link #close} has returned; each opening has a new one
     * @throws BindingException if not; the runtime shows the reason and tries again with back-off, unless it is permanent
     */
    void open(DeviceContext context) throws BindingException, InterruptedException;

    /**
     * Does what a command asks. Returning means: handed to the transport. Whether it arrived is known from the point's
     * feedback, see {@code PointSpec.Feedback}. The request is valid: the point is described and writable, the value in range and
     * in the point's unit. Commands for a device that is not online never get here.
     *
     * @throws BindingException if it could not be handed over; the command fails with the reason
     */
    default void handle(Command command) throws BindingException, InterruptedException {
        throw new BindingException("this device takes no commands");
    }

    /**
     * Lets go of everything. Called once for each {@link #open}, also for one that threw. Threads and timers of the context are
     * ended by the runtime afterwards.
     */
    default void close() {}
}
