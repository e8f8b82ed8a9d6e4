package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.Map;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Cond;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Trigger;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/** A trigger at work: what it remembers to tell an edge. */
abstract class TriggerRunner extends Timer {
    final Triggered rule;

    TriggerRunner(Triggered rule) {
        this.rule = rule;
    }

    static TriggerRunner of(Triggered rule, Trigger trigger) {
        if (trigger instanceof Trigger.Becomes becomes) {
            return new Becomes(rule, becomes);
        } else if (trigger instanceof Trigger.Changes changes) {
            return new Changes(rule, changes);
        } else if (trigger instanceof Trigger.Reaches reaches) {
            return new Reaches(rule, reaches);
        } else if (trigger instanceof Trigger.Signalled signalled) {
            return new BodyRunner.SignalledRunner(rule, signalled);
        } else if (trigger instanceof Trigger.Scheduled scheduled) {
            return new Scheduled(rule, scheduled);
        } else if (trigger instanceof Trigger.Started started) {
            return new Started(rule, started);
        }
        throw new IllegalArgumentException(trigger.toString());
    }

    abstract String key();

    /** Sets off what it triggers. */
    final void fire(Map<String, Value> arguments) {
        if (rule.engine().isProbed()) {
            rule.engine().reached(rule.head(), Probe.EDGE + key());
        }
        rule.fire(arguments);
    }

    void bind(Wiring wiring) {}

    void begin() {}

    void runtimeStarted() {}

    void clockStepped(long by) {}

    void lookAgain() {}

    @Override
    void elapsed(boolean missed) {}

    void save(StateOutput out) {}

    void restore(StateInput in) throws IOException {}

    /** See {@link Trigger.Becomes}. */
    private static final class Becomes extends TriggerRunner implements Watcher {
        private final Cond condition;
        /** Held here, since the way through the rule is a step through memory at each event. */
        private final Env env;

        private final boolean timed;
        private final boolean firstCounts;
        private int last = Truth.UNKNOWN;
        private final Trigger.Becomes trigger;

        Becomes(Triggered rule, Trigger.Becomes trigger) {
            super(rule);
            this.env = rule.engine().env;
            this.trigger = trigger;
            this.condition = trigger.condition();
            this.timed = trigger.deps().timed();
            this.firstCounts = trigger.firstCounts();
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void bind(Wiring wiring) {
            wiring.watch(trigger.deps(), this);
        }

        @Override
        void begin() {
            env.lenient = true;
            look();
            env.lenient = false;
        }

        @Override
        public void changed(Cell cell) {
            if (look()) {
                fire(Map.of());
            }
        }

        @Override
        public double limit() {
            return condition.limit();
        }

        @Override
        void elapsed(boolean missed) {
            if (look() && !(missed && rule.outage() == Decl.Outage.SKIP)) {
                fire(Map.of());
            }
        }

        @Override
        void lookAgain() {
            elapsed(false);
        }

        private boolean look() {
            env.wake = Long.MAX_VALUE;
            int truth = condition.test(env);
            if (timed) {
                rule.engine().timers.set(this, env.wake);
            }
            int before = last;
            if (truth == Truth.UNKNOWN) {
                return false;
            }
            last = truth;
            return truth == Truth.TRUE && (before == Truth.FALSE || before == Truth.UNKNOWN && firstCounts);
        }

        @Override
        void save(StateOutput out) {
            out.small(last);
            saveTimer(out);
        }

        @Override
        void restore(StateInput in) throws IOException {
            last = in.small();
            restoreTimer(in, rule.engine().timers);
        }
    }

    /** See {@link Trigger.Changes}. */
    private static final class Changes extends TriggerRunner implements Watcher {
        private final Trigger.Changes trigger;
        private @Nullable Value last;

        Changes(Triggered rule, Trigger.Changes trigger) {
            super(rule);
            this.trigger = trigger;
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void bind(Wiring wiring) {
            wiring.watch(trigger.cell(), this);
        }

        @Override
        void begin() {
            last = rule.engine().env.cells[trigger.cell()].value();
        }

        @Override
        public void changed(Cell cell) {
            Value now = cell.good();
            Value before = last;
            if (now == null || now.equals(before)) {
                return;
            }
            if (before == null) {
                last = now;
                return;
            }
            Env env = rule.engine().env;
            if (trigger.by() != null
                    && now instanceof Quantity a
                    && before instanceof Quantity b
                    && a.unit().convertsTo(b.unit())) {
                double least = trigger.by().eval(env);
                double was = b.unit().convert(b.number(), a.unit());
                double moved = Math.abs(a.number() - was);
                if (Double.isNaN(least) || moved < least * (1 - 1e-9)) {
                    return;
                }
            }
            last = now;
            if (fits(trigger.from() == null ? null : trigger.from().eval(env), trigger.from() == null, before)
                    && fits(trigger.to() == null ? null : trigger.to().eval(env), trigger.to() == null, now)) {
                fire(Map.of());
            }
        }

        private static boolean fits(@Nullable Value wanted, boolean any, Value value) {
            if (any || value.equals(wanted)) {
                return true;
            }
            return wanted instanceof Quantity a
                    && value instanceof Quantity b
                    && a.unit().convertsTo(b.unit())
                    && a.compare(b) == 0;
        }

        @Override
        void save(StateOutput out) {
            out.value(last);
        }

        @Override
        void restore(StateInput in) throws IOException {
            last = in.value();
        }
    }

    /** See {@link Trigger.Reaches}. */
    private static final class Reaches extends TriggerRunner implements Watcher {
        private final Trigger.Reaches trigger;
        /** On which side the number was: −1, 0 or 1; 2 for not known yet. */
        private int side = 2;

        Reaches(Triggered rule, Trigger.Reaches trigger) {
            super(rule);
            this.trigger = trigger;
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void bind(Wiring wiring) {
            wiring.watch(trigger.cell(), this);
        }

        @Override
        void begin() {
            side = side();
        }

        private int side() {
            Env env = rule.engine().env;
            Cell cell = env.cells[trigger.cell()];
            Value now = cell.quality() == Quality.GOOD ? cell.value() : null;
            double limit = trigger.value().eval(env);
            double number = now == null ? Double.NaN : cell.number();
            return Double.isNaN(number) || Double.isNaN(limit) ? 2 : (int) Math.signum(number - limit);
        }

        @Override
        public void changed(Cell cell) {
            int now = side();
            if (now == 2) {
                return;
            }
            int before = side;
            side = now;
            if (before != 2 && before != now && before != 0) {
                fire(Map.of());
            }
        }

        @Override
        void save(StateOutput out) {
            out.small(side);
        }

        @Override
        void restore(StateInput in) throws IOException {
            side = in.small();
        }
    }

    /** See {@link Trigger.Scheduled}. */
    private static final class Scheduled extends TriggerRunner {
        private final Trigger.Scheduled trigger;
        private final Moments moments;

        Scheduled(Triggered rule, Trigger.Scheduled trigger) {
            super(rule);
            this.trigger = trigger;
            this.moments = new Moments(rule.engine(), trigger.schedule()) {
                @Override
                boolean makesUp() {
                    return rule.outage() == Decl.Outage.FIRE;
                }

                @Override
                void come() {
                    fire(Map.of());
                }
            };
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void begin() {
            moments.plan();
        }

        @Override
        void clockStepped(long by) {
            moments.clockStepped(by);
        }

        @Override
        void lookAgain() {
            moments.plan();
        }

        @Override
        void save(StateOutput out) {
            moments.save(out);
        }

        @Override
        void restore(StateInput in) throws IOException {
            moments.restore(in);
        }
    }

    /** See {@link Trigger.Started}. */
    private static final class Started extends TriggerRunner {
        private final Trigger.Started trigger;

        Started(Triggered rule, Trigger.Started trigger) {
            super(rule);
            this.trigger = trigger;
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void begin() {
            fire(Map.of());
        }

        @Override
        void runtimeStarted() {
            fire(Map.of());
        }
    }
}
