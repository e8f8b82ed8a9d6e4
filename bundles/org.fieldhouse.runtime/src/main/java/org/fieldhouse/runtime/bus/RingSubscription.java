package org.fieldhouse.runtime.bus;

import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Event;
import org.jspecify.annotations.Nullable;

/** A subscription that reads the ring at its own pace: WAIT, DROP_OLDEST, DISCONNECT. It has no queue to be filled. */
final class RingSubscription extends HandlerThread implements Gate {
    private final Overflow overflow;
    private final int capacity;
    private final Sequencer sequencer;
    /** After so many events a stalled sequencer is told that there is room. */
    private final int stride;
    /** Own thread. */
    private long available;
    /** Events skipped. Written by the own thread. */
    private volatile long skipped;

    RingSubscription(
            String name,
            Overflow overflow,
            int capacity,
            EventRing ring,
            Sequencer sequencer,
            EventHandler handler,
            Consumer<HandlerThread> onClosed) {
        super(name, overflow == Overflow.WAIT, ring, handler, ring.published(), onClosed);
        this.overflow = overflow;
        this.capacity = Math.min(capacity, ring.size());
        this.sequencer = sequencer;
        this.available = cursor();
        this.stride = Math.max(1, this.capacity / 4);
    }

    @Override
    public long limit() {
        return isClosed() ? Long.MAX_VALUE : cursor() + capacity;
    }

    @Override
    boolean hasMore() {
        return ring.published() > cursor();
    }

    @Override
    @Nullable
    Event poll() {
        return overflow == Overflow.WAIT ? pollAll() : pollNewest();
    }

    private @Nullable Event pollAll() {
        long next = cursor() + 1;
        if (next > available) {
            doneForAll(next - 1);
            sequencer.resume();
            available = Math.min(ring.published(), next - 1 + stride);
            if (next > available) {
                return null;
            }
        }
        return ring.get(next);
    }

    private @Nullable Event pollNewest() {
        while (true) {
            long cursor = cursor();
            long lag = ring.published() - cursor;
            if (lag == 0) {
                return null;
            }
            if (lag > capacity) {
                if (overflow == Overflow.DISCONNECT) {
                    skipped += lag;
                    done(cursor + lag);
                    end();
                    return null;
                }
                skipped += lag - capacity;
                done(cursor + lag - capacity);
                continue;
            }
            Event event = ring.get(cursor + 1);
            if (event != null) {
                return event;
            }
        }
    }

    @Override
    public long dropped() {
        return overflow == Overflow.WAIT ? 0 : skipped + Math.max(0, lag() - capacity);
    }

    private long lag() {
        return isClosed() ? 0 : ring.published() - cursor();
    }

    @Override
    public int waiting() {
        return (int) Math.min(lag(), capacity);
    }
}
