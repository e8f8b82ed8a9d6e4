package org.fieldhouse.runtime.bus;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of the bus: follows the wall clock forward, and runs on the monotonic clock in between. When the wall clock is set
 * back it does not follow but runs at nine tenths of its speed until the wall clock has caught up, so that durations between
 * events stay nearly true and time never stands still or goes back. Any thread.
 */
public final class BusTime {
    private static final long RESYNC_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock wall;
    private final LongSupplier nanos;
    private volatile Segment segment;

    /** A stretch of time between two looks at the wall clock. */
    private record Segment(long micros, long nano, boolean slow) {
        long at(long now) {
            long elapsed = Math.max(0, now - nano) / 1_000;
            return micros + (slow ? elapsed - elapsed / 10 : elapsed);
        }
    }

    /** @param notBefore the last time that is known of an earlier run, µs since 1970 */
    public BusTime(Clock wall, LongSupplier nanos, long notBefore) {
        this.wall = wall;
        this.nanos = nanos;
        long now = wallMicros();
        segment = new Segment(Math.max(now, notBefore), nanos.getAsLong(), now < notBefore);
    }

    /** µs since 1970-01-01T00:00Z. */
    public long nowMicros() {
        long nano = nanos.getAsLong();
        Segment current = segment;
        return nano - current.nano < RESYNC_NANOS ? current.at(nano) : resync();
    }

    private synchronized long resync() {
        long nano = nanos.getAsLong();
        Segment current = segment;
        long reached = current.at(nano);
        if (nano - current.nano >= RESYNC_NANOS) {
            long now = wallMicros();
            segment = new Segment(Math.max(now, reached), nano, now < reached);
            return Math.max(now, reached);
        }
        return reached;
    }

    private long wallMicros() {
        Instant now = wall.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }
}
