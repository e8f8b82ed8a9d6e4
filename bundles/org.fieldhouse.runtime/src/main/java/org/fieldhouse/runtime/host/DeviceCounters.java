package org.fieldhouse.runtime.host;

import java.util.concurrent.atomic.LongAdder;
import org.fieldhouse.api.model.DeviceStatistics;

/** What went wrong at one device since the start; exact. Thread-safe. */
public final class DeviceCounters {
    private final LongAdder malformed = new LongAdder();
    private final LongAdder undescribed = new LongAdder();
    private final LongAdder openings = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** As they are now. */
    public DeviceStatistics statistics() {
        return new DeviceStatistics(malformed.sum(), undescribed.sum(), openings.sum(), failures.sum());
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
