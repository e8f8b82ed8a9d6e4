package org.fieldhouse.api.binding;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A device that lives on when its binding is replaced: implement it beside {@link Device} where opening anew would lose something (a
 * connection with messages on it, a counter, a pairing under way). All three are called on the device's lane. Devices without it are
 * closed and opened anew, and lose nothing either if their peer keeps what it has to say.
 *
 * <p>The order: the next version's {@link Binding#create}, while this one still works, or after it has left if it has to; {@link #quiesce}
 * of all devices of the binding, bridges included, while all of them are still open; then {@link #handOver}, children before their
 * bridges; then {@link #takeOver}, bridges before their children. Commands wait meanwhile, in order, until their deadline. If the next version does not come up, the same
 * happens in the other direction, with what was left.
 */
@ConsumerType
public interface Swappable extends Device {
    /**
     * The binding is about to be replaced: from now on report nothing, hold what comes. A bridge does so for its children, which are
     * still open and will be closed one by one after this. Returns soon (the limit is 1 s for all devices together).
     */
    default void quiesce() throws BindingException, InterruptedException {}

    /**
     * Closes, in place of {@link #close}, and leaves what the next version needs.
     *
     * @throws BindingException if nothing can be left; {@link #close} is called, and the next version opens as if new
     */
    HandOver handOver() throws BindingException, InterruptedException;

    /**
     * Opens, in place of {@link #open}, with what the version before left. Versions older and newer than one's own may come: newer
     * ones when an update is taken back.
     *
     * @return false if it cannot be used, and nothing of it was: the runtime closes its transports and calls {@link #open}
     * @throws BindingException as {@link #open}; whatever it throws, {@link #close} is not called, and the transports stay the runtime's:
     *     they are offered again, to this version or, if that is taken back, to the one before
     */
    boolean takeOver(DeviceContext context, HandOver left) throws BindingException, InterruptedException;
}
