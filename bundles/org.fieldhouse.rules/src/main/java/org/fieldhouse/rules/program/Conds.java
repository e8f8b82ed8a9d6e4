package org.fieldhouse.rules.program;

import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Expr.CompareOp;
import org.fieldhouse.rules.syntax.ast.Expr.QualityTest;
import org.jspecify.annotations.Nullable;

/** The nodes of conditions. */
final class Conds {
    private Conds() {}

    static final class Const extends Cond {
        private final int truth;

        Const(boolean value) {
            truth = Truth.of(value);
        }

        @Override
        public int test(Env env) {
            return truth;
        }
    }

    /** A two-valued cell. */
    static final class CellOn extends Cond {
        private final int cell;

        CellOn(int cell) {
            this.cell = cell;
        }

        @Override
        public int test(Env env) {
            Cell c = env.cells[cell];
            return env.lenient ? c.lastTruth() : c.truth();
        }
    }

    /** A two-valued cell that is off. */
    static final class CellOff extends Cond {
        private final int cell;

        CellOff(int cell) {
            this.cell = cell;
        }

        @Override
        public int test(Env env) {
            Cell c = env.cells[cell];
            return Truth.TRUE - (env.lenient ? c.lastTruth() : c.truth());
        }
    }

    /** A cell that has this value: options, texts. */
    static final class CellIs extends Cond {
        private final int cell;
        private final Value value;

        CellIs(int cell, Value value) {
            this.cell = cell;
            this.value = value;
        }

        @Override
        public int test(Env env) {
            Cell c = env.cells[cell];
            Value now = env.lenient ? c.value() : c.good();
            return now == null ? Truth.UNKNOWN : Truth.of(now.equals(value));
        }
    }

    /** A cell's number against a constant: most conditions are this one. */
    static final class CellAgainst extends Cond {
        private final int cell;
        private final CompareOp op;
        private final double limit;

        CellAgainst(int cell, CompareOp op, double limit) {
            this.cell = cell;
            this.op = op;
            this.limit = limit;
        }

        @Override
        public int test(Env env) {
            Cell c = env.cells[cell];
            return compare(op, env.lenient ? c.lastNumber() : c.number(), limit);
        }

        @Override
        public double limit() {
            return limit;
        }
    }

    static final class Compare extends Cond {
        private final CompareOp op;
        private final Num left;
        private final Num right;

        Compare(CompareOp op, Num left, Num right) {
            this.op = op;
            this.left = left;
            this.right = right;
        }

        @Override
        public int test(Env env) {
            return compare(op, left.eval(env), right.eval(env));
        }
    }

    /** NaN on either side is unknown. */
    static int compare(CompareOp op, double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Truth.UNKNOWN;
        }
        return Truth.of(
                switch (op) {
                    case EQ -> same(a, b);
                    case NE -> !same(a, b);
                    case LT -> a < b;
                    case LE -> a <= b || same(a, b);
                    case GT -> a > b;
                    case GE -> a >= b || same(a, b);
                });
    }

    /** Equal but for the dust that unit conversion leaves behind. */
    static boolean same(double a, double b) {
        return a == b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }

    static final class Same extends Cond {
        private final Val left;
        private final Val right;

        Same(Val left, Val right) {
            this.left = left;
            this.right = right;
        }

        @Override
        public int test(Env env) {
            Value a = left.eval(env);
            Value b = right.eval(env);
            return a == null || b == null ? Truth.UNKNOWN : Truth.of(a.equals(b));
        }
    }

    /** Two conditions that say the same. */
    static final class Equivalent extends Cond {
        private final Cond left;
        private final Cond right;

        Equivalent(Cond left, Cond right) {
            this.left = left;
            this.right = right;
        }

        @Override
        public int test(Env env) {
            int a = left.test(env);
            int b = right.test(env);
            return a == Truth.UNKNOWN || b == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.of(a == b);
        }
    }

    static final class Not extends Cond {
        private final Cond operand;

        Not(Cond operand) {
            this.operand = operand;
        }

        @Override
        public int test(Env env) {
            return Truth.TRUE - operand.test(env);
        }
    }

    /** All operands are evaluated, so that each says when it may change by time. */
    static final class And extends Cond {
        private final Cond[] operands;

        And(Cond[] operands) {
            this.operands = operands;
        }

        @Override
        public int test(Env env) {
            int all = Truth.TRUE;
            for (Cond each : operands) {
                all = Math.min(all, each.test(env));
            }
            return all;
        }
    }

    /** See {@link And}. */
    static final class Or extends Cond {
        private final Cond[] operands;

        Or(Cond[] operands) {
            this.operands = operands;
        }

        @Override
        public int test(Env env) {
            int any = Truth.FALSE;
            for (Cond each : operands) {
                any = Math.max(any, each.test(env));
            }
            return any;
        }
    }

    static final class QualityIs extends Cond {
        private final int cell;
        private final QualityTest test;

        QualityIs(int cell, QualityTest test) {
            this.cell = cell;
            this.test = test;
        }

        @Override
        public int test(Env env) {
            Cell c = env.cells[cell];
            Quality quality = c.quality();
            return Truth.of(
                    switch (test) {
                        case BAD -> quality != Quality.GOOD && quality != Quality.UNCERTAIN;
                        case STALE -> quality == Quality.STALE;
                        case UNKNOWN -> quality != Quality.GOOD;
                        case ONLINE -> c.truth() == Truth.TRUE;
                        case OFFLINE -> c.truth() == Truth.FALSE;
                    });
        }
    }

    /** Whether an expression has no value now. */
    static final class IsUnknown extends Cond {
        private final Val value;

        IsUnknown(Val value) {
            this.value = value;
        }

        @Override
        public int test(Env env) {
            return Truth.of(value.eval(env) == null);
        }
    }

    /** {@code … for D}: true when the condition has lasted; while it is unknown nothing can be said. */
    static final class HeldFor extends Cond {
        private final int held;
        private final Cond condition;
        private final Num seconds;

        HeldFor(int held, Cond condition, Num seconds) {
            this.held = held;
            this.condition = condition;
            this.seconds = seconds;
        }

        @Override
        public int test(Env env) {
            int now = condition.test(env);
            return lasted(env, now, env.held[held].since, seconds);
        }
    }

    static int lasted(Env env, int condition, long since, Num seconds) {
        if (condition != Truth.TRUE || since == Held.NOT) {
            return condition == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.FALSE;
        }
        double duration = seconds.eval(env);
        if (Double.isNaN(duration)) {
            return Truth.UNKNOWN;
        }
        long due = since + Math.round(duration * 1e6);
        if (env.now >= due) {
            return Truth.TRUE;
        }
        env.wakeAt(due);
        return Truth.FALSE;
    }

    /** {@code … for D} over a {@code let}: begins with the wait that it stands in; its beginning is a hidden local. */
    static final class HeldLocally extends Cond {
        private final int slot;
        private final Cond condition;
        private final Num seconds;

        HeldLocally(int slot, Cond condition, Num seconds) {
            this.slot = slot;
            this.condition = condition;
            this.seconds = seconds;
        }

        @Override
        public int test(Env env) {
            int now = condition.test(env);
            if (now == Truth.FALSE) {
                env.locals[slot] = null;
            } else if (now == Truth.TRUE && env.locals[slot] == null) {
                env.locals[slot] = Vals.micros(env.now);
            }
            Value since = env.locals[slot];
            return lasted(env, now, since == null ? Held.NOT : Vals.micros(since), seconds);
        }
    }

    static final class SunIs extends Cond {
        private final boolean up;

        SunIs(boolean up) {
            this.up = up;
        }

        @Override
        public int test(Env env) {
            env.wakeAtWall(env.calendar.nextSunChange(env.wall()));
            return Truth.of(env.calendar.isSunUp(env.wall()) == up);
        }
    }

    static final class TodayIs extends Cond {
        private final Days days;

        TodayIs(Days days) {
            this.days = days;
        }

        @Override
        public int test(Env env) {
            env.wakeAtWall(env.calendar.endOfDay(env.wall()));
            return Truth.of(days.contains(env.calendar.day(env.wall()), env.calendar));
        }
    }

    /** The time of day is within two others, both ends included; past midnight if the first is the later one. */
    static final class TimeBetween extends Cond {
        private final Num low;
        private final Num high;

        TimeBetween(Num low, Num high) {
            this.low = low;
            this.high = high;
        }

        @Override
        public int test(Env env) {
            double a = low.eval(env);
            double b = high.eval(env);
            env.wakeAtWall(env.calendar.steadyUntil(env.wall()));
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return Truth.UNKNOWN;
            }
            double now = env.calendar.secondOfDay(env.wall());
            wakeAt(env, now, a, 0);
            wakeAt(env, now, b, 1);
            return Truth.of(a <= b ? a <= now && now <= b : now >= a || now <= b);
        }
    }

    /** The time of day against another one. */
    static final class TimeAgainst extends Cond {
        private final CompareOp op;
        private final Num limit;

        TimeAgainst(CompareOp op, Num limit) {
            this.op = op;
            this.limit = limit;
        }

        @Override
        public int test(Env env) {
            double at = limit.eval(env);
            env.wakeAtWall(env.calendar.steadyUntil(env.wall()));
            if (Double.isNaN(at)) {
                return Truth.UNKNOWN;
            }
            double now = env.calendar.secondOfDay(env.wall());
            wakeAt(env, now, at, 0);
            wakeAt(env, now, at, 1);
            return Truth.of(
                    switch (op) {
                        case EQ -> now == at;
                        case NE -> now != at;
                        case LT -> now < at;
                        case LE -> now <= at;
                        case GT -> now > at;
                        case GE -> now >= at;
                    });
        }
    }

    /** When the clock shows that, if it goes on evenly until then; where it does not, another waking comes first. */
    private static void wakeAt(Env env, double now, double secondOfDay, long plusMicros) {
        long at = env.wall() + Math.round((secondOfDay - now) * 1e6) + plusMicros;
        if (at > env.wall()) {
            env.wakeAtWall(at);
        }
    }

    static final class LocalOn extends Cond {
        private final int slot;

        LocalOn(int slot) {
            this.slot = slot;
        }

        @Override
        public int test(Env env) {
            return truth(env.locals[slot]);
        }
    }

    static final class ArgumentOn extends Cond {
        private final String name;

        ArgumentOn(String name) {
            this.name = name;
        }

        @Override
        public int test(Env env) {
            return truth(env.arguments.get(name));
        }
    }

    private static int truth(@Nullable Value value) {
        return value instanceof Bool bool ? Truth.of(bool.on()) : Truth.UNKNOWN;
    }
}
