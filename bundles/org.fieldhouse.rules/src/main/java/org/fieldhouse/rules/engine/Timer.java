package org.fieldhouse.rules.engine;

import java.io.IOException;

/** Something to be woken at a time. It is in the {@link Timers} while {@link #place} is not negative. */
abstract class Timer {
    long due = Long.MAX_VALUE;
    /** Decides among equal times: what was set first fires first. */
    long order;

    int place = -1;

    /**
     * The time has come.
     *
     * @param missed whether it came while the runtime was down
     */
    abstract void elapsed(boolean missed);

    final boolean isSet() {
        return place >= 0;
    }

    final void saveTimer(StateOutput out) {
        out.flag(isSet());
        if (isSet()) {
            out.number(due);
            out.number(order);
        }
    }

    final void restoreTimer(StateInput in, Timers timers) throws IOException {
        if (in.flag()) {
            due = in.number();
            order = in.number();
            timers.insert(this);
        }
    }
}
