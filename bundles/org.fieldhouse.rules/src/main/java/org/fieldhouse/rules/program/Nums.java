package org.fieldhouse.rules.program;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.ast.Expr.AggregateOp;
import org.fieldhouse.rules.syntax.ast.Expr.SunEvent;
import org.jspecify.annotations.Nullable;

/** The nodes of arithmetic. */
final class Nums {
    private Nums() {}

    static final class Const extends Num {
        final double value;

        Const(double value) {
            this.value = value;
        }

        @Override
        public double eval(Env env) {
            return value;
        }
    }

    static final class CellNumber extends Num {
        final int cell;

        CellNumber(int cell) {
            this.cell = cell;
        }

        @Override
        public double eval(Env env) {
            Cell c = env.cells[cell];
            return env.lenient ? c.lastNumber() : c.number();
        }
    }

    /** {@code a × factor + offset}: every conversion between units. */
    static final class Linear extends Num {
        private final Num operand;
        private final double factor;
        private final double offset;

        Linear(Num operand, double factor, double offset) {
            this.operand = operand;
            this.factor = factor;
            this.offset = offset;
        }

        @Override
        public double eval(Env env) {
            return operand.eval(env) * factor + offset;
        }
    }

    /** {@code a + b × scale}: sums and differences of numbers in different units. */
    static final class Sum extends Num {
        private final Num left;
        private final Num right;
        private final double scale;

        Sum(Num left, Num right, double scale) {
            this.left = left;
            this.right = right;
            this.scale = scale;
        }

        @Override
        public double eval(Env env) {
            return left.eval(env) + right.eval(env) * scale;
        }
    }

    static final class Product extends Num {
        private final Num left;
        private final Num right;
        private final double scale;

        Product(Num left, Num right, double scale) {
            this.left = left;
            this.right = right;
            this.scale = scale;
        }

        @Override
        public double eval(Env env) {
            return left.eval(env) * right.eval(env) * scale;
        }
    }

    /** Division by zero is unknown. */
    static final class Quotient extends Num {
        private final Num left;
        private final Num right;
        private final double scale;

        Quotient(Num left, Num right, double scale) {
            this.left = left;
            this.right = right;
            this.scale = scale;
        }

        @Override
        public double eval(Env env) {
            double divisor = right.eval(env);
            return divisor == 0 ? Double.NaN : left.eval(env) / divisor * scale;
        }
    }

    /** A function of one number. */
    static final class Function extends Num {
        private final DoubleUnaryOperator function;
        private final Num operand;

        Function(DoubleUnaryOperator function, Num operand) {
            this.function = function;
            this.operand = operand;
        }

        @Override
        public double eval(Env env) {
            return function.applyAsDouble(operand.eval(env));
        }
    }

    /** A function of two numbers; unknown if either is. */
    static final class Function2 extends Num {
        private final DoubleBinaryOperator function;
        private final Num left;
        private final Num right;

        Function2(DoubleBinaryOperator function, Num left, Num right) {
            this.function = function;
            this.left = left;
            this.right = right;
        }

        @Override
        public double eval(Env env) {
            return function.applyAsDouble(left.eval(env), right.eval(env));
        }
    }

    /** How many conditions are known to be true. */
    static final class Count extends Num {
        private final Cond[] members;

        Count(Cond[] members) {
            this.members = members;
        }

        @Override
        public double eval(Env env) {
            int count = 0;
            for (Cond each : members) {
                if (each.test(env) == Truth.TRUE) {
                    count++;
                }
            }
            return count;
        }
    }

    /** Over the members that are known; unknown if none is. */
    static final class Aggregate extends Num {
        private final AggregateOp op;
        private final Num[] members;

        Aggregate(AggregateOp op, Num[] members) {
            this.op = op;
            this.members = members;
        }

        @Override
        public double eval(Env env) {
            int known = 0;
            double sum = 0;
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            for (Num each : members) {
                double value = each.eval(env);
                if (!Double.isNaN(value)) {
                    known++;
                    sum += value;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
            }
            if (op == AggregateOp.COUNT) {
                return known;
            }
            return known == 0
                    ? Double.NaN
                    : switch (op) {
                        case AVERAGE -> sum / known;
                        case MIN -> min;
                        case MAX -> max;
                        case SUM -> sum;
                        case COUNT -> known;
                    };
        }
    }

    /** Second of the day of one of the sun's events today; unknown where the sun does not rise or set. */
    static final class SunTime extends Num {
        private final SunEvent event;

        SunTime(SunEvent event) {
            this.event = event;
        }

        @Override
        public double eval(Env env) {
            return env.calendar.secondOfSun(env.calendar.day(env.wall()), event);
        }
    }

    /** Degrees above the horizon, or from north over east; looked at once a minute. */
    static final class SunAngle extends Num {
        private static final long MINUTE = 60_000_000L;
        private final boolean elevation;

        SunAngle(boolean elevation) {
            this.elevation = elevation;
        }

        @Override
        public double eval(Env env) {
            env.wakeAtWall(Math.floorDiv(env.wall(), MINUTE) * MINUTE + MINUTE);
            return elevation ? env.calendar.sunElevation(env.wall()) : env.calendar.sunAzimuth(env.wall());
        }
    }

    /** Second of the day; looked at once a minute. */
    static final class TimeNow extends Num {
        private static final long MINUTE = 60_000_000L;

        @Override
        public double eval(Env env) {
            env.wakeAtWall(Math.floorDiv(env.wall(), MINUTE) * MINUTE + MINUTE);
            return env.calendar.secondOfDay(env.wall());
        }
    }

    static final class LocalNumber extends Num {
        private final int slot;
        private final Unit unit;

        LocalNumber(int slot, Unit unit) {
            this.slot = slot;
            this.unit = unit;
        }

        @Override
        public double eval(Env env) {
            return number(env.locals[slot], unit);
        }
    }

    static final class ArgumentNumber extends Num {
        private final String name;
        private final Unit unit;

        ArgumentNumber(String name, Unit unit) {
            this.name = name;
            this.unit = unit;
        }

        @Override
        public double eval(Env env) {
            return number(env.arguments.get(name), unit);
        }
    }

    static double number(@Nullable Value value, Unit unit) {
        if (!(value instanceof Quantity q) || !q.unit().convertsTo(unit)) {
            return Double.NaN;
        }
        return q.unit().convert(q.number(), unit);
    }

    /** The same number in another unit; the node itself where nothing has to be done. */
    static Num convert(Num num, Unit from, Unit to) {
        if (from.equals(to) || from.factor() == to.factor() && from.offset() == to.offset()) {
            return num;
        }
        double factor = from.factor() / to.factor();
        double offset = (from.offset() - to.offset()) / to.factor();
        return num instanceof Const c ? new Const(from.convert(c.value, to)) : new Linear(num, factor, offset);
    }
}
