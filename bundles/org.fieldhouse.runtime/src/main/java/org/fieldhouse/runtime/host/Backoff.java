package org.fieldhouse.runtime.host;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: doubles from {@code first} to {@code most}, ±20 % so that a thousand devices behind one
 * switch do not come back in one instant. Not thread-safe.
 */
final class Backoff {
    private static final double SPREAD = 0.2;

    private final Duration first;
    private final Duration most;
    private final DoubleSupplier random;
    private int failures;

    /** @param random 0 (inclusive) to 1 */
    Backoff(Duration first, Duration most, DoubleSupplier random) {
        this.first = first;
        this.most = most;
        this.random = random;
    }

    /** The pause after one more failure. */
    Duration next() {
        double factor = Math.pow(2, Math.min(failures++, 30));
        double seconds = Math.min(first.toMillis() * factor, most.toMillis());
        double spread = 1 + SPREAD * (2 * random.getAsDouble() - 1);
        return Duration.ofMillis(Math.round(seconds * spread));
    }

    /** Failures since the last {@link #reset}. */
    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
