package org.fieldhouse.api.event;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * An immutable fact on the bus.
 *
 * @param sequence its place in the one order of the house: starts at 1, +1 each, never reused, also over restarts. A run
 *     that follows a kill begins a million higher, because numbers that were seen may not have reached the disk
 * @param timeMicros when it was sequenced, µs since 1970-01-01T00:00Z; never decreases with the sequence, also when the wall
 *     clock is set back ({@link Fact.ClockStepped})
 * @param cause why it is
 * @param fact what happened
 */
public record Event(long sequence, long timeMicros, Cause cause, Fact fact) {
    public Instant time() {
        return Instant.ofEpochSecond(
                Math.floorDiv(timeMicros, 1_000_000L),
                TimeUnit.MICROSECONDS.toNanos(Math.floorMod(timeMicros, 1_000_000L)));
    }
}
