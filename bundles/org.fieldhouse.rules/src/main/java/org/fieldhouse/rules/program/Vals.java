package org.fieldhouse.rules.program;

import java.util.List;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** The nodes of values of any type. */
final class Vals {
    private Vals() {}

    static final class Const extends Val {
        final Value value;

        Const(Value value) {
            this.value = value;
        }

        @Override
        public @Nullable Value eval(Env env) {
            return value;
        }
    }

    static final class CellValue extends Val {
        private final int cell;

        CellValue(int cell) {
            this.cell = cell;
        }

        @Override
        public @Nullable Value eval(Env env) {
            Cell c = env.cells[cell];
            return env.lenient ? c.value() : c.good();
        }
    }

    static final class OfCond extends Val {
        private final Cond condition;

        OfCond(Cond condition) {
            this.condition = condition;
        }

        @Override
        public @Nullable Value eval(Env env) {
            int truth = condition.test(env);
            return truth == Truth.UNKNOWN ? null : Bool.of(truth == Truth.TRUE);
        }
    }

    static final class OfNum extends Val {
        private final Num number;
        private final Unit unit;

        OfNum(Num number, Unit unit) {
            this.number = number;
            this.unit = unit;
        }

        @Override
        public @Nullable Value eval(Env env) {
            double value = number.eval(env);
            return Double.isFinite(value) ? new Quantity(value, unit) : null;
        }
    }

    static final class Local extends Val {
        private final int slot;

        Local(int slot) {
            this.slot = slot;
        }

        @Override
        public @Nullable Value eval(Env env) {
            return env.locals[slot];
        }
    }

    static final class Argument extends Val {
        private final String name;

        Argument(String name) {
            this.name = name;
        }

        @Override
        public @Nullable Value eval(Env env) {
            return env.arguments.get(name);
        }
    }

    /** A time of day as {@code 06:30}. */
    static final class Clock extends Val {
        private final Num seconds;

        Clock(Num seconds) {
            this.seconds = seconds;
        }

        @Override
        public @Nullable Value eval(Env env) {
            double second = seconds.eval(env);
            if (Double.isNaN(second)) {
                return null;
            }
            int minute = (int) Math.floorMod(Math.round(second / 60), 1440L);
            return new Text((minute < 600 ? "0" : "") + minute / 60 + (minute % 60 < 10 ? ":0" : ":") + minute % 60);
        }
    }

    /** A piece of a text: a value, and the words for its two sides if it is two-valued. */
    record Piece(Val value, String off, String on) {}

    /** A text with holes; what is unknown is said to be. */
    static final class Template extends Val {
        private final List<Piece> pieces;

        Template(List<Piece> pieces) {
            this.pieces = List.copyOf(pieces);
        }

        @Override
        public Value eval(Env env) {
            StringBuilder all = new StringBuilder();
            for (Piece piece : pieces) {
                Value value = piece.value().eval(env);
                if (value == null) {
                    all.append("unknown");
                } else if (value instanceof Bool bool) {
                    all.append(bool.on() ? piece.on() : piece.off());
                } else {
                    all.append(value);
                }
            }
            return new Text(all.length() > Text.MAX_LENGTH ? all.substring(0, Text.MAX_LENGTH) : all.toString());
        }
    }

    /** An engine time as a local. A double holds µs since 1970 exactly until the year 2255. */
    static Value micros(long time) {
        return Quantity.of(time);
    }

    static long micros(Value value) {
        return value instanceof Quantity q ? (long) q.number() : Held.NOT;
    }
}
