package org.fieldhouse.rules.engine;

import java.util.Arrays;

/** Timers by due time, then by the order in which they were set: a binary heap that can remove from the middle. */
final class Timers {
    private Timer[] heap = new Timer[64];
    private int size;
    private long nextOrder;

    long nextDue() {
        return size == 0 ? Long.MAX_VALUE : heap[0].due;
    }

    int size() {
        return size;
    }

    long nextOrder() {
        return nextOrder;
    }

    void nextOrder(long order) {
        nextOrder = order;
    }

    /** Sets a timer, or moves it; {@link Long#MAX_VALUE} clears it. A timer that is set to the same time keeps its place. */
    void set(Timer timer, long due) {
        if (timer.isSet()) {
            if (timer.due == due) {
                return;
            }
            clear(timer);
        }
        if (due != Long.MAX_VALUE) {
            timer.due = due;
            timer.order = nextOrder++;
            insert(timer);
        }
    }

    void insert(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, timer);
    }

    void clear(Timer timer) {
        int at = timer.place;
        if (at < 0) {
            return;
        }
        timer.place = -1;
        Timer last = heap[--size];
        if (last != timer) {
            down(at, last);
            if (last.place == at) {
                up(at, last);
            }
        }
        clearEnd();
    }

    /** Takes out the first timer. There must be one. */
    Timer take() {
        Timer first = heap[0];
        clear(first);
        return first;
    }

    @SuppressWarnings("NullAway") // the slot behind the end is not read
    private void clearEnd() {
        heap[size] = null;
    }

    private void up(int from, Timer timer) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Timer above = heap[parent];
            if (!before(timer, above)) {
                break;
            }
            heap[at] = above;
            above.place = at;
            at = parent;
        }
        heap[at] = timer;
        timer.place = at;
    }

    private void down(int from, Timer timer) {
        int at = from;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            Timer below = heap[child];
            if (!before(below, timer)) {
                break;
            }
            heap[at] = below;
            below.place = at;
            at = child;
        }
        heap[at] = timer;
        timer.place = at;
    }

    private static boolean before(Timer a, Timer b) {
        return a.due < b.due || a.due == b.due && a.order < b.order;
    }
}
