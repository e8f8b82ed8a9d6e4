package org.fieldhouse.rules.engine;

import java.io.IOException;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Held;
import org.fieldhouse.rules.program.HeldCode;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;

/** Keeps {@link Held} up to date. It is told of a change before those that read it. */
final class HeldTracker extends Timer implements Watcher {
    final HeldCode code;
    final Held held = new Held();
    private final Engine engine;

    HeldTracker(Engine engine, HeldCode code) {
        this.engine = engine;
        this.code = code;
    }

    void begin() {
        Env env = engine.env;
        env.lenient = true;
        held.last = code.condition().test(env);
        env.lenient = false;
        look(!code.edged());
    }

    @Override
    public void changed(Cell cell) {
        look(false);
    }

    @Override
    void elapsed(boolean missed) {
        look(false);
    }

    private void look(boolean beginning) {
        Env env = engine.env;
        env.wake = Long.MAX_VALUE;
        int truth = code.condition().test(env);
        if (code.deps().timed()) {
            engine.timers.set(this, env.wake);
        }
        if (truth == Truth.FALSE) {
            held.since = Held.NOT;
        } else if (truth == Truth.TRUE && held.since == Held.NOT) {
            if (beginning || !code.edged() || held.last != Truth.TRUE) {
                held.since = env.now;
            }
        }
        if (truth != Truth.UNKNOWN) {
            held.last = truth;
        }
    }

    void save(StateOutput out) {
        out.number(held.since);
        out.small(held.last);
        saveTimer(out);
    }

    void restore(StateInput in) throws IOException {
        held.since = in.number();
        held.last = in.small();
        restoreTimer(in, engine.timers);
    }
}
