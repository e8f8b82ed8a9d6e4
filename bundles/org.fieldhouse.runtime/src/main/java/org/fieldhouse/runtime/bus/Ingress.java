package org.fieldhouse.runtime.bus;

import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.State;

/**
 * The way onto the bus for the runtime's own parts: device host, command router, configuration directory. Every method may be
 * called from any thread.
 *
 * <p>The state table listens to the facts that pass: {@code DeviceDescribed} gives it the max-age of points, {@code DeviceRemoved}
 * makes it forget the device. Max-ages survive a restart with the states.
 */
public interface Ingress {
    /** The mailbox of a device; the same one for as long as the device is in the house. */
    Mailbox mailbox(DeviceId device);

    /**
     * Publishes a fact. Waits while the core is behind, except on the threads of WAIT subscriptions, which the core itself
     * waits for.
     */
    void publish(Fact fact, Cause cause);

    /**
     * Publishes a fact. Waits like {@link #publish}.
     *
     * @return completes with the event when it is sequenced and on disk, on a thread of its own; exceptionally with a
     *     {@code StoreException} while the journal cannot be written (the event is on the bus nevertheless, and is written later
     *     if there is room to keep it)
     */
    CompletionStage<Event> publishDurably(Fact fact, Cause cause);

    /** The state of a point; {@link State#NONE} for one that is unknown or has never reported. */
    State state(PointId point);

    /**
     * Time of the bus, µs since 1970-01-01T00:00Z: never goes back, and is slowed rather than set back with the wall clock. It
     * follows a wall clock that is set forward, so it is for stamps; what lasts is measured with {@link #steadyMicros}.
     */
    long nowMicros();

    /** Time that passes, whatever the wall clock does, µs. At the start of the run it is {@link #nowMicros}. */
    long steadyMicros();

    /** What {@link #nowMicros} will be when steady time has come so far, unless the wall clock is set until then. */
    long timeAt(long steadyMicros);

    /** Is called when the wall clock was set, on the bus thread, after the event that says so. Must neither wait nor publish. */
    void onClockStep(Runnable listener);

    /** The number of the newest event. */
    long lastSequence();

    /** The number of this run's {@code RuntimeStarted}. Nothing in an earlier run was numbered this or above. */
    long firstSequence();

    /** What came in, went out and was coalesced since the start. */
    BusCounters counters();
}
