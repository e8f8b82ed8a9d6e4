package org.fieldhouse.rules.engine;

import java.io.IOException;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Schedule;

/**
 * The moments of a schedule, one after the other. A moment that comes to be known late is taken once; what lies behind it is not made
 * up for. When the wall clock is set forward, moments that it passes are missed like those of an outage; when it is set back, what
 * has happened does not happen again, unless that is longer ago than the schedule's own {@link Schedule#rest}.
 */
abstract class Moments extends Timer {
    /** A moment that comes to be known this late was missed, and those behind it are not made up for. */
    private static final long LATE = 60_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final Engine engine;
    private final Schedule schedule;
    /** The moment that came last, on the wall clock as it was then. */
    private long came = NEVER;
    /** When that was. */
    private long cameAt;

    Moments(Engine engine, Schedule schedule) {
        this.engine = engine;
        this.schedule = schedule;
    }

    /** Whether a moment counts that came while the runtime was down, or was passed over by the wall clock. */
    abstract boolean makesUp();

    /** A moment has come. */
    abstract void come();

    /** Waits for the next moment from now on. */
    void plan() {
        Env env = engine.env;
        long now = env.wall();
        boolean again = came != NEVER && came > now && came - env.offset - cameAt < schedule.rest();
        await(again ? came : now);
    }

    private void await(long afterWall) {
        long next = schedule.next(afterWall, engine.env);
        engine.timers.set(this, next == Schedule.NEVER ? Long.MAX_VALUE : next - engine.env.offset);
    }

    @Override
    final void elapsed(boolean missed) {
        Env env = engine.env;
        long moment = due + env.offset;
        boolean late = missed || engine.arrived() - due > LATE;
        await(late ? engine.arrived() + env.offset : moment);
        if (!missed || makesUp()) {
            came(moment);
        }
    }

    private void came(long moment) {
        came = moment;
        cameAt = engine.env.now;
        come();
    }

    /** The wall clock was set, by so much. */
    void clockStepped(long by) {
        long now = engine.env.wall();
        long moment = isSet() ? due + engine.env.offset - by : Long.MAX_VALUE;
        if (by <= 0 || moment > now) {
            plan();
            return;
        }
        long latest = Schedule.NEVER;
        for (long next = schedule.next(now - LATE, engine.env); next <= now; next = schedule.next(next, engine.env)) {
            latest = next;
        }
        if (latest != Schedule.NEVER) {
            engine.timers.set(this, latest - engine.env.offset); // comes at once, a little late
        } else {
            await(now);
            if (makesUp()) {
                came(moment);
            }
        }
    }

    final void save(StateOutput out) {
        saveTimer(out);
        out.number(came);
        out.number(cameAt);
    }

    final void restore(StateInput in) throws IOException {
        restoreTimer(in, engine.timers);
        if (in.format() > Engine.WITHOUT_STEPS) {
            came = in.number();
            cameAt = in.number();
        }
    }
}
