package org.fieldhouse.rules.check;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.jspecify.annotations.Nullable;

/** Types of sums, products and the built-in functions. */
final class Arithmetic {
    /** Built-in functions and how many arguments they take; their result has the unit of the first. */
    static final Map<String, Integer> FUNCTIONS =
            Map.of("abs", 1, "round", 1, "floor", 1, "ceil", 1, "min", 2, "max", 2);

    /** The names of the built-in functions, sorted. */
    static List<String> functions() {
        return FUNCTIONS.keySet().stream().sorted().toList();
    }

    private final ExprChecker exprs;
    private final Facts facts;
    private final Findings findings;

    Arithmetic(ExprChecker exprs, Facts facts, Findings findings) {
        this.exprs = exprs;
        this.facts = facts;
        this.findings = findings;
    }

    Type check(Expr.Arithmetic e, @Nullable Type hint) {
        Type operandHint = hint instanceof Type.BoolType ? null : hint;
        boolean product = e.op() == Expr.ArithmeticOp.MULTIPLY || e.op() == Expr.ArithmeticOp.DIVIDE;
        Type left =
                exprs.check(e.left(), product || !ExprChecker.isLiteral(e.left()) ? null : absoluteOnly(operandHint));
        Type right = exprs.check(e.right(), null);
        if (Types.isUnknown(left) || Types.isUnknown(right)) {
            return Type.UNKNOWN;
        }
        Type result = product ? product(e, left, right) : sum(e, left, right);
        if (result == null) {
            findings.add(
                    Code.E201,
                    e.span(),
                    "cannot calculate " + Types.describe(left) + " " + e.op().symbol() + " " + Types.describe(right),
                    help(e, left, right));
            return Type.UNKNOWN;
        }
        return result;
    }

    /** A hint may turn 70 °F into the target's °C, but must not take the unit from a factor or a difference. */
    private static @Nullable Type absoluteOnly(@Nullable Type hint) {
        return hint instanceof Type.QuantityType q && q.unit().isAbsolute() ? hint : null;
    }

    private static @Nullable Type sum(Expr.Arithmetic e, Type left, Type right) {
        boolean minus = e.op() == Expr.ArithmeticOp.SUBTRACT;
        if (left instanceof Type.QuantityType a && right instanceof Type.QuantityType b) {
            return sumOfQuantities(minus, a, b);
        }
        boolean duration = right instanceof Type.QuantityType time && time.isTime();
        boolean clock = left instanceof Type.TimeOfDayType || left instanceof Type.MomentType;
        if (clock && duration) {
            return left;
        }
        return minus && clock && left.equals(right) ? new Type.QuantityType(Units.SECOND) : null;
    }

    private static @Nullable Type sumOfQuantities(boolean minus, Type.QuantityType a, Type.QuantityType b) {
        Unit x = a.unit();
        Unit y = b.unit();
        if (!x.dimension().equals(y.dimension()) || Types.isPlain(a) != Types.isPlain(b)) {
            return null;
        }
        if (x.isAbsolute() && y.isAbsolute()) {
            return minus ? new Type.QuantityType(Units.difference(x)) : null;
        }
        if (y.isAbsolute()) {
            return minus ? null : b;
        }
        return a;
    }

    private static @Nullable Type product(Expr.Arithmetic e, Type left, Type right) {
        if (!(left instanceof Type.QuantityType a) || !(right instanceof Type.QuantityType b)) {
            return null;
        }
        if (a.unit().isAbsolute() || b.unit().isAbsolute()) {
            return null;
        }
        boolean times = e.op() == Expr.ArithmeticOp.MULTIPLY;
        if (Types.isPlain(b)) {
            return a;
        }
        if (times && Types.isPlain(a)) {
            return b;
        }
        return new Type.QuantityType(times ? times(a.unit(), b.unit()) : per(a.unit(), b.unit()));
    }

    private static Unit times(Unit a, Unit b) {
        String symbol = a.symbol() + "·" + b.symbol();
        return new Unit(symbol, a.dimension().times(b.dimension()), a.factor() * b.factor(), 0);
    }

    private static Unit per(Unit a, Unit b) {
        Dimension dimension = a.dimension().per(b.dimension());
        double factor = a.factor() / b.factor();
        if (dimension.equals(Dimension.ONE) && factor == 1) {
            return Unit.ONE;
        }
        boolean compound = b.symbol().indexOf('/') >= 0 || b.symbol().indexOf('·') >= 0;
        String under = compound ? "(" + b.symbol() + ")" : b.symbol();
        return new Unit((a.symbol().isEmpty() ? "1" : a.symbol()) + "/" + under, dimension, factor, 0);
    }

    private static String help(Expr.Arithmetic e, Type left, Type right) {
        if (left instanceof Type.QuantityType a && right instanceof Type.QuantityType b) {
            if (a.unit().isAbsolute() && b.unit().isAbsolute() && e.op() == Expr.ArithmeticOp.ADD) {
                return "a temperature and a difference can be added: write the difference in K";
            }
            if (Types.isPlain(a) != Types.isPlain(b)) {
                return "give the number a unit: " + (Types.isPlain(a) ? b.unit() : Units.difference(a.unit()));
            }
            if (a.unit().isAbsolute() || b.unit().isAbsolute()) {
                return "°C is a place on the scale, K a difference";
            }
        }
        return left instanceof Type.TextType || right instanceof Type.TextType
                ? "put values into a text with \"{…}\""
                : "";
    }

    Type negate(Expr.Negate e, @Nullable Type hint) {
        Type type = exprs.check(e.operand(), hint);
        boolean number = type instanceof Type.QuantityType q && !q.unit().isAbsolute();
        if (!number && !Types.isUnknown(type)) {
            findings.add(Code.E201, e.span(), "cannot negate " + Types.describe(type), "");
            return Type.UNKNOWN;
        }
        return type;
    }

    Type call(Expr.Call e, @Nullable Type hint) {
        Integer arity = FUNCTIONS.get(e.function().text());
        if (arity == null) {
            return new Arguments(exprs.scope(), exprs, facts, findings).pure(e);
        }
        if (e.args().size() != arity) {
            findings.add(
                    Code.E105,
                    e.span(),
                    e.function().text() + " takes " + arity + " value" + (arity > 1 ? "s" : "") + ", not "
                            + e.args().size());
            return Type.UNKNOWN;
        }
        Type first = Type.UNKNOWN;
        for (Arg arg : e.args()) {
            Type type = exprs.check(arg.value(), Types.isUnknown(first) ? hint : first);
            if (!(type instanceof Type.QuantityType) && !Types.isUnknown(type)) {
                findings.add(Code.E201, arg.span(), "this is " + Types.describe(type) + ", not a number");
                return Type.UNKNOWN;
            }
            if (!Types.compatible(first, type)) {
                exprs.mismatch(e.span(), first, type, arg.value());
            }
            first = Types.isUnknown(first) ? type : first;
        }
        facts.types.put(e, first);
        return first;
    }
}
