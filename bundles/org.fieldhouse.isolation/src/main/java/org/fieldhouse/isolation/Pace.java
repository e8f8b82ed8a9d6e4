package org.fieldhouse.isolation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How fast the house listens to one process: 100,000 reports a second, or 1,000 of what costs more (descriptions, offers, conditions),
 * after a burst of two seconds' worth. Who says more is heard later. One thread.
 */
final class Pace {
    private static final double PER_SECOND = 100_000;
    private static final double BURST = 200_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    static final int REPORT = 1;
    static final int RARE = 100;

    private double left = BURST;
    private long since = System.nanoTime();

    /** Waits until there is so much; or until it is over. */
    void take(int cost, BooleanSupplier over) {
        left -= cost;
        while (left < 0 && !over.getAsBoolean()) {
            refill();
            if (left < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void refill() {
        long now = System.nanoTime();
        left = Math.min(BURST, left + (now - since) * PER_SECOND / 1e9);
        since = now;
    }
}
