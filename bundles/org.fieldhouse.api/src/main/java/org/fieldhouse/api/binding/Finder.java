package org.fieldhouse.api.binding;

import java.util.List;
import org.fieldhouse.api.model.Candidate;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks for devices that are reached through no other one, so that the first of them need not be written down: a bridge, mostly,
 * which then offers the rest ({@link DeviceContext#offer}). A binding registers it as a service; what it found is offered as long as
 * the service is there.
 *
 * <p>The runtime owns the rest: it calls {@link #look} on a thread of its own, never twice at a time, from when the house knows its
 * devices, with growing pauses up to a minute; it leaves out what is in the house, and takes the offers back when the service goes.
 */
@ConsumerType
public interface Finder {
    /** What is looked for and where, in a few words for people: {@code Zigbee2MQTT at 127.0.0.1:1883}. */
    String title();

    /**
     * Looks once, and keeps nothing open. May block for some seconds; interrupted after 30 s, and when the service goes.
     *
     * @return all that is there now: what is new is offered, what was offered and is not among it is taken back. Empty if there is
     *     nothing to accept, because it is in the house already
     * @throws BindingException if it is not there; the reason is shown to people in one line
     */
    List<Candidate> look(FinderContext context) throws BindingException, InterruptedException;
}
