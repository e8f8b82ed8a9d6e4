package org.fieldhouse.runtime.bus;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fieldhouse.api.event.Fact.ClockStepped;
import org.jspecify.annotations.Nullable;

/**
 * The time of the bus. It runs on the monotonic clock; the bus thread compares it with the wall clock once a second. What NTP
 * corrects little by little is followed. A difference of more than {@link #STEP_MICROS} is a step: it is taken by the holder of the
 * baton, with an event of its own, so that nothing is numbered between the two times unseen.
 *
 * <p>At every moment {@code time = max(wall clock, where it was at the last look + half of what has passed since)}: it never goes
 * back, and while it is ahead of a wall clock that was set back it runs at half speed. The rules' engine counts on this law
 * ({@code Timescale} there). Any thread may read; one thread looks.
 */
public final class BusTime {
    /** A difference beyond this is no drift. The monotonic clock may drift by a thousandth more. */
    static final long STEP_MICROS = 1_000_000;

    /** If reading the two clocks took longer, they cannot be compared that well. */
    private static final long BRIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Clock wall;
    private final LongSupplier nanos;
    private final long firstNano;
    private final long firstMicros;
    private volatile Segment segment;

    /** A stretch of time between two looks at the wall clock. */
    private record Segment(long micros, long wall, long nano) {
        long at(long now) {
            long elapsed = Math.max(0, now - nano) / 1_000;
            return Math.max(wall + elapsed, micros + elapsed / 2);
        }

        long wallAt(long now) {
            return wall + Math.max(0, now - nano) / 1_000;
        }

        /** The inverse of {@link #at}. */
        long nanoAt(long time) {
            return nano + 1_000 * Math.min(time - wall, 2 * (time - micros));
        }
    }

    /** Both clocks, read at once as far as that can be: the wall clock lies between the two. */
    private record Reading(long wall, long from, long to) {}

    /** What became of moments that lay ahead, counted in time that passes. */
    static final class Step {
        private final ClockStepped fact;
        private final Segment before;
        private final Segment after;

        private Step(ClockStepped fact, Segment before, Segment after) {
            this.fact = fact;
            this.before = before;
            this.after = after;
        }

        ClockStepped fact() {
            return fact;
        }

        /** When it is now that the time of the bus would have been {@code micros}. */
        long moved(long micros) {
            return after.at(before.nanoAt(micros));
        }
    }

    /** @param notBefore the last time that is known of an earlier run, µs since 1970 */
    public BusTime(Clock wall, LongSupplier nanos, long notBefore) {
        this.wall = wall;
        this.nanos = nanos;
        firstNano = nanos.getAsLong();
        firstMicros = Math.max(wallMicros(), notBefore);
        // A wall clock that is behind the last run is a step that the first look finds.
        segment = new Segment(firstMicros, firstMicros, firstNano);
    }

    /** µs since 1970-01-01T00:00Z. */
    public long nowMicros() {
        return segment.at(nanos.getAsLong());
    }

    /** What the wall clock shows, µs since 1970, as far as it has been looked at. */
    long shownMicros() {
        return segment.wallAt(nanos.getAsLong());
    }

    /** Time that passes, µs: what {@link #nowMicros} was at the start and what the monotonic clock has counted since. */
    public long steadyMicros() {
        return firstMicros + (nanos.getAsLong() - firstNano) / 1_000;
    }

    /** What {@link #nowMicros} will be at that steady time, or is now if that has passed. */
    long timeAt(long steadyMicros) {
        return segment.at(firstNano + (steadyMicros - firstMicros) * 1_000);
    }

    /** Looks at the wall clock; whether it was set, and {@link #step} is to be called. */
    synchronized boolean look() {
        Reading now = read();
        if (stepped(now)) {
            return true;
        }
        if (now.to - now.from <= BRIEF_NANOS) {
            segment = new Segment(segment.at(now.to), now.wall, now.to);
        }
        return false;
    }

    /** Goes over to the wall clock as it is now; null if it is no longer otherwise. Baton. */
    synchronized @Nullable Step step() {
        Reading now = read();
        if (!stepped(now)) {
            return null;
        }
        Segment before = segment;
        long at = before.at(now.to);
        Segment after = new Segment(Math.max(at, now.wall), now.wall, now.to);
        segment = after;
        return new Step(new ClockStepped(at, before.wallAt(now.to), now.wall), before, after);
    }

    private boolean stepped(Reading now) {
        Segment current = segment;
        long tolerance = STEP_MICROS + Math.max(0, now.to - current.nano) / 1_000_000;
        return now.wall > current.wallAt(now.to) + tolerance || now.wall < current.wallAt(now.from) - tolerance;
    }

    private Reading read() {
        long from = nanos.getAsLong();
        long shown = wallMicros();
        return new Reading(shown, from, nanos.getAsLong());
    }

    private long wallMicros() {
        Instant now = wall.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }
}
