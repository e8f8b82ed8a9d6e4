package org.fieldhouse.runtime.bus;

import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the publications that wait for a number: who would exceed the bound waits, except the threads that the bus waits for. */
final class Admission {
    /** More than this from the core's own threads means that one of them answers each event with more than one, for ever. */
    private static final int CORE_LIMIT = 1 << 20;

    private final int limit;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile int waiters;
    private volatile boolean closed;

    Admission(int limit) {
        this.limit = limit;
    }

    void enter() {
        if (pending.get() >= limit) {
            if (!CoreThread.isCurrent()) {
                waitForRoom();
            } else if (pending.get() >= CORE_LIMIT) {
                throw new IllegalStateException(CORE_LIMIT + " publications wait for a number: a loop of causes");
            }
        }
        pending.incrementAndGet();
    }

    private synchronized void waitForRoom() {
        waiters++;
        boolean interrupted = false;
        while (pending.get() >= limit && !closed) {
            try {
                wait(1_000);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        waiters--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void leave() {
        if (pending.decrementAndGet() <= limit / 2 && waiters > 0) {
            wakeAll();
        }
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    void close() {
        closed = true;
        wakeAll();
    }
}
