package org.fieldhouse.runtime.bus;

import java.util.concurrent.atomic.AtomicLongArray;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.runtime.journal.EventSource;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, by number. One writer (the holder of the baton), any readers. A reader that is overtaken finds another
 * number in the slot; events are immutable, so it never sees half of one.
 */
final class EventRing implements EventSource {
    private static final int CACHE_LINE = 16;

    private final @Nullable Event[] slots;
    private final int mask;
    /** Changes with every event, so it has a cache line of its own: the one element in the middle. */
    private final AtomicLongArray published = new AtomicLongArray(2 * CACHE_LINE);

    EventRing(int size, long lastSequence) {
        slots = new @Nullable Event[size];
        mask = size - 1;
        published.set(CACHE_LINE, lastSequence);
    }

    @Override
    public int size() {
        return slots.length;
    }

    void put(Event event) {
        slots[(int) (event.sequence() & mask)] = event;
    }

    /** Everything put so far can be read; a full fence, so that a reader that goes to park either sees it or is seen. */
    void publish(long sequence) {
        published.set(CACHE_LINE, sequence);
    }

    /** The number of the newest event that can be read. */
    @Override
    public long published() {
        return published.get(CACHE_LINE);
    }

    /** The event of that number; null if it is not there any more, or not yet. */
    @Override
    public @Nullable Event get(long sequence) {
        Event event = slots[(int) (sequence & mask)];
        return event != null && event.sequence() == sequence ? event : null;
    }
}
