package org.fieldhouse.runtime.bus;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.model.PointId;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with a queue of its own: COALESCE, and those that may be further behind than the ring reaches. Filled by the
 * holder of the baton, under a lock that is held for a few instructions.
 */
final class QueueSubscription extends HandlerThread {
    private final Overflow overflow;
    private final int capacity;

    // Guarded by this. A doubly linked list, so that a report can be taken out of the middle.
    private final Node head = new Node();
    private final Map<PointId, Node> reports = new HashMap<>();
    private int size;
    private long dropped;
    private long filled;
    private boolean overrun;

    private static final class Node {
        @Nullable
        Event event;

        Node previous = this;
        Node next = this;
    }

    QueueSubscription(
            String name,
            Overflow overflow,
            int capacity,
            EventRing ring,
            EventHandler handler,
            Consumer<HandlerThread> onClosed) {
        super(name, false, ring, handler, ring.published(), onClosed);
        this.overflow = overflow;
        this.capacity = capacity;
        this.filled = cursor();
    }

    /** Holder of the baton. */
    @Override
    public void wake(long published) {
        if (isClosed()) {
            return;
        }
        synchronized (this) {
            for (long next = filled + 1; next <= published; next++) {
                Event event = ring.get(next);
                if (event != null) {
                    add(event);
                }
            }
            filled = published;
        }
        super.wake(published);
    }

    private void add(Event event) {
        if (overrun) {
            dropped++;
            return;
        }
        PointId point = overflow == Overflow.COALESCE ? reportedPoint(event.fact()) : null;
        Node same = point == null ? null : reports.get(point);
        if (same != null) {
            remove(same);
            dropped++;
        } else if (size >= capacity) {
            dropped++;
            if (overflow == Overflow.DISCONNECT) {
                overrun = true;
                return;
            }
            remove(head.next);
        }
        Node node = new Node();
        node.event = event;
        node.previous = head.previous;
        node.next = head;
        head.previous.next = node;
        head.previous = node;
        size++;
        if (point != null) {
            reports.put(point, node);
        }
    }

    private @Nullable Event remove(Node node) {
        Event event = node.event;
        node.previous.next = node.next;
        node.next.previous = node.previous;
        size--;
        PointId point = overflow == Overflow.COALESCE && event != null ? reportedPoint(event.fact()) : null;
        if (point != null) {
            reports.remove(point, node);
        }
        return event;
    }

    private static @Nullable PointId reportedPoint(Fact fact) {
        if (fact instanceof StateReported reported) {
            return reported.point();
        }
        return fact instanceof StateChanged changed ? changed.point() : null;
    }

    @Override
    synchronized boolean hasMore() {
        return size > 0 || overrun;
    }

    @Override
    @Nullable
    Event poll() {
        synchronized (this) {
            if (!overrun) {
                return size == 0 ? null : remove(head.next);
            }
            end();
            return null;
        }
    }

    @Override
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized int waiting() {
        return size;
    }
}
