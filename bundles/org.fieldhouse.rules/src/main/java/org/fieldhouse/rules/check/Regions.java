package org.fieldhouse.rules.check;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.Region.Range;
import org.fieldhouse.rules.syntax.ast.DaySet;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.jspecify.annotations.Nullable;

/** Works out in which situations a checked condition is so. What it does not understand is a fact of its own that may be or not. */
final class Regions {
    private static final Set<String> YES = Set.of("yes");
    private static final Set<String> NO = Set.of("no");

    /** What a condition is asked for; unknown is neither true nor false. */
    enum Is {
        TRUE,
        FALSE,
        NOT_TRUE,
        NOT_FALSE;

        Is inverse() {
            return switch (this) {
                case TRUE -> FALSE;
                case FALSE -> TRUE;
                case NOT_TRUE -> NOT_FALSE;
                case NOT_FALSE -> NOT_TRUE;
            };
        }
    }

    /** How a key is shown to people. */
    record Label(String text, @Nullable Unit unit) {}

    private final Facts facts;
    private final Map<String, Label> labels = new LinkedHashMap<>();

    Regions(Facts facts) {
        this.facts = facts;
    }

    /** How what was looked at is shown to people. */
    Map<String, Label> labels() {
        return Map.copyOf(labels);
    }

    void label(Map<String, Label> more) {
        labels.putAll(more);
    }

    Region of(Expr e, Is is) {
        boolean all = is == Is.TRUE || is == Is.NOT_FALSE;
        if (e instanceof Expr.And and) {
            return combine(and.operands(), is, all);
        } else if (e instanceof Expr.Or or) {
            return combine(or.operands(), is, !all);
        } else if (e instanceof Expr.Not not) {
            return of(not.operand(), is.inverse());
        } else if (e instanceof Expr.HeldFor held) {
            return is == Is.TRUE ? of(held.condition(), is) : Region.ALL;
        } else if (e instanceof Expr.Compare compare) {
            return compare(compare, is);
        } else if (e instanceof Expr.Between between) {
            return between(between, is);
        } else if (e instanceof Expr.QualityIs quality) {
            return quality(quality, is);
        } else if (e instanceof Expr.SunIs sun) {
            return words("sun", "the sun", sun.up() ? "up" : "down", List.of("up", "down"), false, is);
        } else if (e instanceof Expr.TodayIs today) {
            return today(today, is);
        } else if (e instanceof Expr.Use use && facts.types.get(use) instanceof Type.BoolType bool) {
            return words(key(use), use.ref().toString(), bool.on(), List.of(bool.off(), bool.on()), unknown(use), is);
        } else if (facts.constants.get(e) instanceof Bool constant) {
            return constant.on() == all ? Region.ALL : Region.NONE;
        }
        return opaque(e, is);
    }

    private Region combine(List<Expr> operands, Is is, boolean product) {
        Region result = product ? Region.ALL : Region.NONE;
        for (Expr each : operands) {
            result = product ? result.and(of(each, is)) : result.or(of(each, is));
        }
        return result;
    }

    private Region opaque(Expr e, Is is) {
        return atom("?" + key(e), Range.words(YES), Range.words(NO), true, is);
    }

    private static Region atom(String key, Range in, Range out, boolean unknown, Is is) {
        Region result = Region.of(key, is == Is.TRUE || is == Is.NOT_FALSE ? in : out);
        boolean orUnknown = unknown && (is == Is.NOT_TRUE || is == Is.NOT_FALSE);
        return orUnknown ? result.or(Region.of(key, Range.UNKNOWN)) : result;
    }

    private Region words(String key, String label, String word, List<String> all, boolean unknown, Is is) {
        labels.put(key, new Label(label, null));
        Set<String> others = new TreeSet<>(all);
        others.remove(word);
        return atom(key, Range.words(Set.of(word)), Range.words(others), unknown, is);
    }

    // ---- comparisons

    private Region compare(Expr.Compare c, Is is) {
        Expr left = c.left();
        Expr right = c.right();
        Type type = facts.types.get(left);
        if (type instanceof Type.QuantityType) {
            boolean flip = facts.constants.get(left) != null && facts.constants.get(right) == null;
            return flip ? number(right, flipped(c.op()), left, is) : number(left, c.op(), right, is);
        }
        if (type instanceof Type.TimeOfDayType && left instanceof Expr.TimeNow && right instanceof Expr.TimeLit at) {
            labels.put("time", new Label("the time", null));
            double second = at.value().toSecondOfDay();
            return number("time", c.op(), second, 0, 86_400, false, false, is);
        }
        boolean swap = facts.constants.get(left) != null;
        Value constant = facts.constants.get(swap ? left : right);
        String word = constant == null ? null : word(constant, facts.types.get(swap ? right : left));
        List<String> all = options(facts.types.get(swap ? right : left));
        boolean equality = c.op() == Expr.CompareOp.EQ || c.op() == Expr.CompareOp.NE;
        if (word == null || all.isEmpty() || !equality) {
            return opaque(c, is);
        }
        Expr read = swap ? right : left;
        Is asked = c.op() == Expr.CompareOp.EQ ? is : is.inverse();
        return words(key(read), show(read), word, all, unknown(read), asked);
    }

    private static List<String> options(@Nullable Type type) {
        if (type instanceof Type.BoolType bool) {
            return List.of(bool.off(), bool.on());
        }
        return type instanceof Type.ChoiceType choice ? choice.options() : List.of();
    }

    private static @Nullable String word(Value value, @Nullable Type type) {
        if (value instanceof Bool b && type instanceof Type.BoolType bool) {
            return b.on() ? bool.on() : bool.off();
        }
        return value instanceof Choice choice ? choice.option() : null;
    }

    private static Expr.CompareOp flipped(Expr.CompareOp op) {
        return switch (op) {
            case LT -> Expr.CompareOp.GT;
            case LE -> Expr.CompareOp.GE;
            case GT -> Expr.CompareOp.LT;
            case GE -> Expr.CompareOp.LE;
            case EQ, NE -> op;
        };
    }

    /** {@code read op limit}, where limit is a constant, or a base and an offset; then the key is the difference to the base. */
    private Region number(Expr read, Expr.CompareOp op, Expr limit, Is is) {
        if (!(facts.types.get(read) instanceof Type.QuantityType type)) {
            return opaque(read, is);
        }
        Unit unit = type.unit();
        if (facts.constants.get(limit) instanceof Quantity q && q.unit().convertsTo(unit)) {
            labels.put(key(read), new Label(show(read), unit));
            ValueSpec spec = read instanceof Expr.Use use ? ExprChecker.specOf(facts.resolution(use.ref())) : null;
            boolean bounded = spec != null && unit.equals(spec.unit());
            Double least = bounded && spec != null ? spec.min() : null;
            Double most = bounded && spec != null ? spec.max() : null;
            double min = least == null ? Double.NEGATIVE_INFINITY : least;
            double max = most == null ? Double.POSITIVE_INFINITY : most;
            return number(key(read), op, plain(q.in(unit).number()), min, max, true, unknown(read), is);
        }
        Expr base = limit;
        double offset = 0;
        if (limit instanceof Expr.Arithmetic sum
                && (sum.op() == Expr.ArithmeticOp.ADD || sum.op() == Expr.ArithmeticOp.SUBTRACT)
                && facts.constants.get(sum.right()) instanceof Quantity q
                && q.unit().dimension().equals(unit.dimension())) {
            base = sum.left();
            double steps = q.number() * q.unit().factor() / unit.factor();
            offset = sum.op() == Expr.ArithmeticOp.ADD ? steps : -steps;
        }
        String a = key(read);
        String b = key(base);
        boolean turn = a.compareTo(b) > 0;
        String key = turn ? b + "⊖" + a : a + "⊖" + b;
        labels.put(
                key,
                new Label(
                        turn ? show(base) + " - " + show(read) : show(read) + " - " + show(base),
                        Units.difference(unit)));
        double inf = Double.POSITIVE_INFINITY;
        return number(key, turn ? flipped(op) : op, plain(turn ? -offset : offset), -inf, inf, false, true, is);
    }

    /** Twelve digits: conversions leave dust behind the rest. */
    private static double plain(double number) {
        return number == 0 || Double.isInfinite(number)
                ? number
                : new java.math.BigDecimal(number)
                        .round(new java.math.MathContext(12))
                        .doubleValue();
    }

    private static Region number(
            String key, Expr.CompareOp op, double at, double min, double max, boolean maxIn, boolean unknown, Is is) {
        boolean wanted = is == Is.TRUE || is == Is.NOT_FALSE;
        Expr.CompareOp asked = wanted ? op : negated(op);
        Range bounds = Range.number(min, true, max, maxIn || Double.isInfinite(max));
        Range below = Range.number(Double.NEGATIVE_INFINITY, false, at, false).and(bounds);
        Range above = Range.number(at, false, Double.POSITIVE_INFINITY, false).and(bounds);
        Range same = Range.number(at, true, at, true).and(bounds);
        Range upTo = Range.number(Double.NEGATIVE_INFINITY, false, at, true).and(bounds);
        Range from = Range.number(at, true, Double.POSITIVE_INFINITY, false).and(bounds);
        Region result =
                switch (asked) {
                    case LT -> Region.of(key, below);
                    case LE -> Region.of(key, upTo);
                    case GT -> Region.of(key, above);
                    case GE -> Region.of(key, from);
                    case EQ -> Region.of(key, same);
                    case NE -> Region.of(key, below).or(Region.of(key, above));
                };
        boolean orUnknown = unknown && (is == Is.NOT_TRUE || is == Is.NOT_FALSE);
        return orUnknown ? result.or(Region.of(key, Range.UNKNOWN)) : result;
    }

    private static Expr.CompareOp negated(Expr.CompareOp op) {
        return switch (op) {
            case LT -> Expr.CompareOp.GE;
            case LE -> Expr.CompareOp.GT;
            case GT -> Expr.CompareOp.LE;
            case GE -> Expr.CompareOp.LT;
            case EQ -> Expr.CompareOp.NE;
            case NE -> Expr.CompareOp.EQ;
        };
    }

    private Region between(Expr.Between b, Is is) {
        boolean clock = b.low() instanceof Expr.TimeLit && b.high() instanceof Expr.TimeLit;
        if (!clock && !(facts.types.get(b.value()) instanceof Type.QuantityType)) {
            return opaque(b, is);
        }
        boolean wraps = b.low() instanceof Expr.TimeLit low
                && b.high() instanceof Expr.TimeLit high
                && low.value().isAfter(high.value());
        Expr.Compare from = new Expr.Compare(Expr.CompareOp.GE, b.value(), b.low(), b.span());
        Expr.Compare to = new Expr.Compare(Expr.CompareOp.LE, b.value(), b.high(), b.span());
        boolean product = (is == Is.TRUE || is == Is.NOT_FALSE) != wraps;
        Region first = compare(from, is);
        Region second = compare(to, is);
        return product ? first.and(second) : first.or(second);
    }

    private Region quality(Expr.QualityIs q, Is is) {
        boolean wanted = is == Is.TRUE || is == Is.NOT_FALSE;
        boolean ofValue = q.test() != Expr.QualityTest.ONLINE && q.test() != Expr.QualityTest.OFFLINE;
        if (ofValue && q.value() instanceof Expr.Use use) {
            labels.put(key(use), new Label(use.ref().toString(), null));
            return wanted ? Region.of(key(use), Range.UNKNOWN) : Region.ALL;
        }
        String key = "online" + key(q.value());
        boolean online = (q.test() == Expr.QualityTest.ONLINE) == wanted;
        return ofValue ? Region.ALL : Region.of(key, Range.words(online ? YES : NO));
    }

    private Region today(Expr.TodayIs today, Is is) {
        Set<String> in = new LinkedHashSet<>();
        Set<String> out = new LinkedHashSet<>();
        DaySet days = today.days();
        for (java.time.DayOfWeek day : java.time.DayOfWeek.values()) {
            for (boolean holiday : new boolean[] {false, true}) {
                boolean member = days.week().contains(day);
                if (holiday && days.holidays() == DaySet.Holidays.EXCLUDED) {
                    member = false;
                } else if (holiday && days.holidays() == DaySet.Holidays.INCLUDED) {
                    member = true;
                }
                String word = day.name().toLowerCase(java.util.Locale.ROOT) + (holiday ? ", a holiday" : "");
                (member ? in : out).add(word);
            }
        }
        labels.put("today", new Label("today", null));
        return atom("today", Range.words(in), Range.words(out), false, is);
    }

    // ---- keys

    private boolean unknown(Expr read) {
        if (read instanceof Expr.Use use) {
            Resolution found = facts.resolution(use.ref());
            return !(found instanceof Resolution.OfVariable) && !(found instanceof Resolution.OfCounter);
        }
        return true;
    }

    /** What is read, the same for the same point however it is written. Points stand in it as {@link #point}. */
    String key(Expr e) {
        if (e instanceof Expr.Use use) {
            Resolution found = facts.resolution(use.ref());
            return found == null ? ContentHash.canonical(use.ref()) : point(found, use.ref());
        } else if (e instanceof Expr.Arithmetic a) {
            return "(" + key(a.left()) + a.op().symbol() + key(a.right()) + ")";
        } else if (e instanceof Expr.Negate n) {
            return "-" + key(n.operand());
        } else if (e instanceof Expr.Compare c) {
            return "(" + key(c.left()) + c.op().symbol() + key(c.right()) + ")";
        } else if (e instanceof Expr.QualityIs q) {
            return key(q.value());
        }
        return ContentHash.canonical(e);
    }

    /** The name of a thing that can be read and written. */
    static String point(Resolution found, Ref ref) {
        if (found instanceof Resolution.OfPoint p) {
            return "‹" + p.device().name() + "." + p.spec().name() + "›";
        } else if (found instanceof Resolution.OfVariable v) {
            return "‹$" + v.variable().key() + "›"; // no device is called so
        } else if (found instanceof Resolution.OfLocal local) {
            return "‹let " + local.let().span().start() + "›";
        }
        return "‹" + ref + "›";
    }

    private static String show(Expr e) {
        return e instanceof Expr.Use use ? use.ref().toString() : "it";
    }

    /** One situation of the region in words, {@code Living.Temp is 26 °C, the sun is down}; empty if there is nothing to say. */
    String example(Region region) {
        if (region.isEmpty()) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        region.boxes().get(0).forEach((key, range) -> {
            Label label = labels.get(key);
            if (label != null && !label.text().contains("it")) {
                all.append(all.isEmpty() ? "" : ", ").append(label.text()).append(" is ");
                all.append(value(range, label.unit(), key));
            }
        });
        return all.toString();
    }

    private static String value(Range range, @Nullable Unit unit, String key) {
        Set<String> options = range.options();
        if (!range.known()) {
            return "unknown";
        } else if (options != null) {
            return new TreeSet<>(options).first();
        } else if (key.equals("time")) {
            return java.time.LocalTime.ofSecondOfDay((long) Math.min(86_399, range.example()))
                    .toString();
        }
        return new Quantity(range.example(), unit == null ? Unit.ONE : unit).toString();
    }
}
