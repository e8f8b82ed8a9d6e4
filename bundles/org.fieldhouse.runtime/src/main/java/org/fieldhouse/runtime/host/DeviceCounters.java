package org.fieldhouse.runtime.host;

import java.util.concurrent.atomic.LongAdder;
import org.fieldhouse.api.model.DeviceStatistics;

/** What went wrong at one device since the start; exact. Thread-safe. */
public final class DeviceCounters {
    /** Characters that are kept of what came over the wire. */
    private static final int SHOWN = 300;

    private final LongAdder malformed = new LongAdder();
    private volatile String lastMalformed = "";
    private final LongAdder undescribed = new LongAdder();
    private final LongAdder openings = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** As they are now. */
    public DeviceStatistics statistics() {
        return new DeviceStatistics(malformed.sum(), lastMalformed, undescribed.sum(), openings.sum(), failures.sum());
    }

    void malformed(String what) {
        lastMalformed = what.length() <= SHOWN ? what : what.substring(0, SHOWN) + " …";
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
