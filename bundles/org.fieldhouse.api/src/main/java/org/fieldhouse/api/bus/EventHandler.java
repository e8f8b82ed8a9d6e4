package org.fieldhouse.api.bus;

import org.fieldhouse.api.event.Event;

/** Receives events in order, one at a time, on the subscription's own thread. What it throws is logged once and counted. */
@FunctionalInterface
public interface EventHandler {
    void onEvent(Event event) throws Exception;

    /** Called when nothing more is waiting: the place to flush what {@link #onEvent} gathered. */
    default void onIdle() throws Exception {}
}
