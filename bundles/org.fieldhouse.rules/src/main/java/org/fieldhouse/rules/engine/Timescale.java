package org.fieldhouse.rules.engine;

import java.io.IOException;
import org.fieldhouse.api.event.Fact;

/**
 * How the three times of the engine hang together. <em>Steady</em> time passes and is what everything that lasts is measured in; the
 * <em>wall</em> clock is what schedules go by; the <em>journal's</em> time is that of events, which never goes back. The three are one
 * until the wall clock is set. After that the wall clock is ahead of steady time by the offset, and {@code journal = max(wall, anchor +
 * half of the steady time since)}, see {@link Fact.ClockStepped}. All µs.
 *
 * @param offset what the wall clock is ahead of steady time
 * @param journal journal time at the last step
 * @param steady steady time at the last step
 */
public record Timescale(long offset, long journal, long steady) {
    /** The wall clock was never set. */
    public static final Timescale ONE = new Timescale(0, 0, 0);

    /** Steady time at a time of the journal. */
    public long steadyAt(long journalMicros) {
        return Math.min(journalMicros - offset, steady + 2 * (journalMicros - journal));
    }

    /** The first time of the journal at which steady time has come so far. */
    public long journalAt(long steadyMicros) {
        if (steadyMicros == Long.MAX_VALUE) {
            return steadyMicros;
        }
        return Math.max(steadyMicros + offset, journal + Math.floorDiv(steadyMicros - steady + 1, 2L));
    }

    public long wallAt(long steadyMicros) {
        return steadyMicros + offset;
    }

    /** The wall clock shows something else from here on. */
    public Timescale stepped(long journalMicros, long steadyMicros, long wallMicros) {
        return new Timescale(wallMicros - steadyMicros, journalMicros, steadyMicros);
    }

    void save(StateOutput out) {
        out.number(offset);
        out.number(journal);
        out.number(steady);
    }

    static Timescale restore(StateInput in) throws IOException {
        return new Timescale(in.number(), in.number(), in.number());
    }
}
