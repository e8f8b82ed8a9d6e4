package org.fieldhouse.runtime.bus;

import java.util.concurrent.CompletableFuture;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.jspecify.annotations.Nullable;

/**
 * A fact that waits for its number.
 *
 * @param committed to be completed when the event is on disk; null if nobody asked
 */
record Publication(Fact fact, Cause cause, @Nullable CompletableFuture<Event> committed) {}
