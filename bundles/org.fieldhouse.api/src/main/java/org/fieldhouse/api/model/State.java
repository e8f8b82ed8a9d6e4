package org.fieldhouse.api.model;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a point <em>is</em>: the last value, how far it can be trusted, and since when.
 *
 * @param value the last value; null only if none was ever reported
 * @param quality how far it can be trusted
 * @param sourceMicros when the device says it measured it, µs since 1970-01-01T00:00Z; equal to {@code receivedMicros} where the
 *     device has no clock
 * @param receivedMicros when it reached the house, µs since 1970-01-01T00:00Z
 */
public record State(@Nullable Value value, Quality quality, long sourceMicros, long receivedMicros) {
    /** A point that has never reported. */
    public static final State NONE = new State(null, Quality.NEVER_REPORTED, 0, 0);

    public State {
        if (value == null && quality.isGood()) {
            throw new IllegalArgumentException("no value, but quality GOOD");
        }
    }

    /** The value if it is good, else null: what a condition sees. */
    public @Nullable Value good() {
        return quality.isGood() ? value : null;
    }

    /** The same value with another quality, at another time of receipt. */
    public State withQuality(Quality newQuality, long atMicros) {
        return new State(value, newQuality, sourceMicros, atMicros);
    }

    public Instant sourceTime() {
        return instant(sourceMicros);
    }

    public Instant receivedTime() {
        return instant(receivedMicros);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), TimeUnit.MICROSECONDS.toNanos(Math.floorMod(micros, 1_000_000L)));
    }
}
