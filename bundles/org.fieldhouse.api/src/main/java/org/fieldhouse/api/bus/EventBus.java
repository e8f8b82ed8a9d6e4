package org.fieldhouse.api.bus;

import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one ordered, journalled event bus. Reports of devices come in through their {@code DeviceContext}, commands through the
 * {@code CommandRouter}; this service is for reading, and for the facts of other bundles. One instance per using bundle, which
 * gives the cause's origin. All methods may be called from any thread.
 */
@ProviderType
public interface EventBus {
    /**
     * Subscribes to everything that is sequenced from now on. All subscriptions of a bundle end when the bundle stops.
     *
     * @param name for counters and thread names, unique among the running subscriptions of the bundle
     * @param overflow what happens when the handler is behind by {@code capacity}
     * @param capacity events that may wait, 1 to 1,048,576
     */
    Subscription subscribe(String name, Overflow overflow, int capacity, EventHandler handler);

    /**
     * Replays the journal from a sequence number and goes on live, without gap or repetition. Never drops: the cursor waits for
     * the handler.
     *
     * @param fromSequence the first event wanted; what was pruned is skipped
     */
    Subscription follow(String name, long fromSequence, EventHandler handler);

    /**
     * Publishes a fact. Waits while the core is behind.
     *
     * @return completes with the event when it is sequenced <em>and</em> on disk; need not be waited for
     * @throws IllegalArgumentException for facts that only the runtime may state (states, commands, status), and for a bundle whose
     *     manifest does not name {@code publish} in {@code Fieldhouse-Permissions}
     */
    CompletionStage<Event> publish(Fact fact, Cue cue);

    /** The number of the newest event. */
    long lastSequence();

    /** What came in since the start. */
    default Traffic traffic() {
        return Traffic.NONE;
    }
}
