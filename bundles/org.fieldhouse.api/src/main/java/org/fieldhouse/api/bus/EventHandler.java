package org.fieldhouse.api.bus;

import org.fieldhouse.api.event.Event;

/**
 * Receives events in order, one at a time, on the subscription's own thread, or on a publisher's if it {@link #isPrompt}. What it
 * throws is logged once and counted.
 */
@FunctionalInterface
public interface EventHandler {
    void onEvent(Event event) throws Exception;

    /** Called when nothing more is waiting: the place to flush what {@link #onEvent} gathered. */
    default void onIdle() throws Exception {}

    /**
     * Whether {@link #onEvent} and {@link #onIdle} return within microseconds now, wait for nobody and call no binding, so that a
     * publisher's thread may run them while the subscription's own sleeps: it spares waking that. Asked for a subscription that
     * is {@link Overflow#WAIT}, by any thread.
     *
     * @since 1.1
     */
    default boolean isPrompt() {
        return false;
    }
}
