package org.fieldhouse.runtime.journal;

import org.fieldhouse.api.event.Event;
import org.jspecify.annotations.Nullable;

/** The newest events in memory. */
public interface EventSource {
    /** The number of the newest event that can be read. */
    long published();

    /** The event of that number; null if it is not there any more, or not yet. */
    @Nullable
    Event get(long sequence);

    /** How many events are kept. */
    int size();
}
