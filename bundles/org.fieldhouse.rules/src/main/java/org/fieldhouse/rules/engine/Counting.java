package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.Map;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Schedule;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/**
 * A counter at work. What it measures is added up whenever it changes, and once a minute in between, so that rules that look at
 * the counter see it grow. Nothing is counted while the runtime is down or the value is unknown.
 */
final class Counting extends Behaviour implements Watcher {
    private static final long MINUTE = 60_000_000L;

    private final Code.Counter code;
    private final Cell cell;
    private final @Nullable TriggerRunner counts;
    private final @Nullable TriggerRunner resets;
    private final Tick tick = new Tick();
    private final @Nullable Moments restart;
    private double total;
    /** What is added per second since {@link #since}; NaN for nothing. */
    private double rate = Double.NaN;

    private long since;
    private long events;
    private long lastSequence;

    private final class Tick extends Timer {
        @Override
        void elapsed(boolean missed) {
            look();
        }
    }

    /** Back to 0, by the calendar. A reset that came while the runtime was down is made up for. */
    private final class Restart extends Moments {
        Restart(Schedule schedule) {
            super(Counting.this.engine, schedule);
        }

        @Override
        boolean makesUp() {
            return true;
        }

        @Override
        void come() {
            reset();
        }
    }

    private interface Act {
        void run();
    }

    /** A trigger of this counter, which is always looked at. */
    private record Fires(Engine engine, Code.Head head, Act act) implements Triggered {
        @Override
        public Decl.Outage outage() {
            return Decl.Outage.RESUME;
        }

        @Override
        public void fire(Map<String, Value> arguments) {
            act.run();
        }
    }

    Counting(Engine engine, Code.Counter code, Cell cell) {
        super(engine, code.head());
        this.code = code;
        this.cell = cell;
        this.restart = code.resetAt() == null ? null : new Restart(code.resetAt());
        this.counts = code.counts() == null
                ? null
                : TriggerRunner.of(new Fires(engine, code.head(), this::count), code.counts());
        this.resets = code.resetWhen() == null
                ? null
                : TriggerRunner.of(new Fires(engine, code.head(), this::reset), code.resetWhen());
    }

    @Override
    void bind(Wiring wiring) {
        wiring.watch(code.deps(), this);
        if (counts != null) {
            counts.bind(wiring);
        }
        if (resets != null) {
            resets.bind(wiring);
        }
    }

    @Override
    void begin() {
        since = engine.env.now;
        if (counts != null) {
            counts.begin();
        }
        if (resets != null) {
            resets.begin();
        }
        if (restart != null) {
            restart.plan();
        }
        show();
        look();
    }

    @Override
    void clockStepped(long by) {
        if (restart != null) {
            restart.clockStepped(by);
        }
        if (counts != null) {
            counts.clockStepped(by);
        }
        if (resets != null) {
            resets.clockStepped(by);
        }
    }

    /** From here to the start nothing is added, whatever looks in between. */
    @Override
    void runtimeStopped() {
        if (counts == null) {
            add();
            since = Long.MAX_VALUE;
        }
    }

    @Override
    void runtimeStarted() {
        since = engine.env.now;
        look();
    }

    @Override
    void lookAgain() {
        look();
    }

    @Override
    public void changed(Cell changed) {
        look();
    }

    private void count() {
        events++;
        engine.reached(head, Probe.RAN);
        lastSequence = engine.sequence;
        total += 1;
        show();
    }

    private void reset() {
        add();
        total = 0;
        show();
    }

    /** Adds what came since the last look, then sees what comes from now on. */
    private void look() {
        if (counts != null) {
            return;
        }
        add();
        Env env = engine.env;
        env.wake = Long.MAX_VALUE;
        double before = rate;
        if (code.condition() != null) {
            rate = code.condition().test(env) == Truth.TRUE ? code.perSecond() : Double.NaN;
        } else if (code.value() != null) {
            rate = code.value().eval(env) * code.perSecond();
        }
        if (Double.isNaN(before) != Double.isNaN(rate)) {
            engine.reached(head, Probe.RAN);
            events++;
            lastSequence = engine.sequence;
        }
        long ahead = Math.max(env.now, engine.arrived() - MINUTE) + MINUTE; // at most one look behind
        long next = Double.isNaN(rate) || rate == 0 ? Long.MAX_VALUE : ahead;
        engine.timers.set(tick, Math.min(next, env.wake));
    }

    private void add() {
        long now = engine.env.now;
        if (!Double.isNaN(rate) && now > since) {
            total += rate * (now - since) / 1e6;
            show();
        }
        since = now;
    }

    private void show() {
        cell.set(new Quantity(total, code.unit()), Quality.GOOD);
        engine.changed(cell);
    }

    @Override
    void save(StateOutput out) {
        out.real(total);
        out.real(rate);
        out.number(since);
        out.number(events);
        out.number(lastSequence);
        tick.saveTimer(out);
        if (restart != null) {
            restart.save(out);
        }
        if (counts != null) {
            counts.save(out);
        }
        if (resets != null) {
            resets.save(out);
        }
    }

    @Override
    void restore(StateInput in) throws IOException {
        total = in.real();
        rate = in.real();
        since = in.number();
        events = in.number();
        lastSequence = in.number();
        tick.restoreTimer(in, engine.timers);
        if (restart != null) {
            restart.restore(in);
        } else if (in.format() <= Engine.WITHOUT_STEPS) {
            in.flag(); // of a timer that was never set
        }
        if (counts != null) {
            counts.restore(in);
        }
        if (resets != null) {
            resets.restore(in);
        }
        cell.set(new Quantity(total, code.unit()), Quality.GOOD);
    }

    @Override
    Standing standing() {
        return new Standing(head, events, lastSequence, 0, new Quantity(total, code.unit()).toString());
    }
}
