package org.fieldhouse.runtime.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.runtime.journal.EventSource;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, by number. One writer (the holder of the baton), any readers. A reader that is overtaken finds another
 * number in the slot; events are immutable, so it never sees half of one.
 */
final class EventRing implements EventSource {
    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup().findVarHandle(EventRing.class, "published", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Event[] slots;
    private final int mask;
    private volatile long published;

    EventRing(int size, long lastSequence) {
        slots = new @Nullable Event[size];
        mask = size - 1;
        published = lastSequence;
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
        PUBLISHED.setVolatile(this, sequence);
    }

    /** The number of the newest event that can be read. */
    @Override
    public long published() {
        return published;
    }

    /** The event of that number; null if it is not there any more, or not yet. */
    @Override
    public @Nullable Event get(long sequence) {
        Event event = slots[(int) (sequence & mask)];
        return event != null && event.sequence() == sequence ? event : null;
    }
}
