package org.fieldhouse.bridge;

import java.util.concurrent.Semaphore;

/**
 * Bounds what waits in a bus whose queue has no bound: every {@value #STEP} events a mark goes into the queue, and with
 * {@value #MARKS} marks on their way the sender waits for one to come out. Holds for a bus that delivers in the order in which it
 * is given.
 */
final class Window {
    static final int STEP = 64;
    static final int MARKS = 4;

    private final Semaphore free = new Semaphore(MARKS);
    private volatile boolean closed;
    private int sent;

    /**
     * Before each event, by one thread; waits while too many are on their way.
     *
     * @return whether a mark has to go before it
     */
    boolean next() throws InterruptedException {
        if (closed || sent++ % STEP != 0) {
            return false;
        }
        free.acquire();
        return !closed;
    }

    /** A mark came out. */
    void arrived() {
        if (free.availablePermits() < MARKS) {
            free.release();
        }
    }

    /** Nobody waits any more. */
    void close() {
        closed = true;
        free.release(MARKS);
    }
}
