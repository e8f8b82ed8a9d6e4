package org.fieldhouse.runtime.host;

import java.util.concurrent.atomic.LongAdder;

/** What went wrong at one device since the start; exact. Thread-safe. */
public final class DeviceCounters {
    private final LongAdder malformed = new LongAdder();
    private final LongAdder undescribed = new LongAdder();
    private final LongAdder openings = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Inputs that could not be understood, and values that do not fit their point. */
    public long malformedCount() {
        return malformed.sum();
    }

    /** Reports of points that the device had not described. */
    public long undescribedCount() {
        return undescribed.sum();
    }

    /** Tries to open the device. */
    public long openingCount() {
        return openings.sum();
    }

    /** Openings that failed or were lost. */
    public long failureCount() {
        return failures.sum();
    }

    void malformed() {
        malformed.increment();
    }

    void undescribed() {
        undescribed.increment();
    }

    void opening() {
        openings.increment();
    }

    void failure() {
        failures.increment();
    }
}
