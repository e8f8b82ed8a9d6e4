package org.fieldhouse.api.binding;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Device} whose machine can command another one itself, so that the two work with the gateway switched off (a Zigbee
 * binding, a KNX group address). The runtime calls it on the lane of the device that the link comes from, while that is open.
 *
 * <p>Each method returns at once; its stage completes, from any thread, when the machine has answered. The runtime gives up after
 * 30 s.
 */
@ConsumerType
public interface LinkCapable {
    /**
     * Programs the machine. Doing it again does no harm.
     *
     * @return completes when the machine commands the other one; exceptionally with a {@link BindingException} if it cannot
     * @throws BindingException if the other device is out of its reach or a point cannot be carried; the reason is shown
     */
    CompletionStage<Void> program(DirectLink link) throws BindingException, InterruptedException;

    /** Takes a link out again. One that is not there is no error. */
    CompletionStage<Void> remove(DirectLink link) throws BindingException, InterruptedException;

    /** Whether the machine still has the link, as far as can be known. */
    CompletionStage<Boolean> verify(DirectLink link) throws BindingException, InterruptedException;
}
