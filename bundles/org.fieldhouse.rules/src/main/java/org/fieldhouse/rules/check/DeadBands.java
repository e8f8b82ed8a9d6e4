package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two conditions of what goes on and off (a control, an alarm and its clearing): between the two thresholds must lie
 * a band in which neither is true, or the actuator chatters.
 *
 * <p>A condition is brought into the form {@code value < base + offset}, where base is any expression that both share
 * ({@code Living.Setpoint}) or nothing. What cannot be brought into it is not judged.
 */
final class DeadBands {
    private final Facts facts;
    private final Findings findings;

    DeadBands(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    /** @param what names the two for messages: {@code on} and {@code off} */
    void check(Expr first, Expr second, String one, String other) {
        if (ContentHash.canonical(first).equals(ContentHash.canonical(second))) {
            findings.add(
                    Code.E402,
                    second.span(),
                    "'" + one + "' and '" + other + "' have the same condition",
                    "they must differ");
            return;
        }
        for (Expr a : alternatives(first)) {
            for (Expr b : alternatives(second)) {
                Threshold x = threshold(a);
                Threshold y = threshold(b);
                if (x != null && y != null && x.comparable(y)) {
                    judge(x, y, b, one, other);
                } else if (a instanceof Expr.And || b instanceof Expr.And) {
                    parts(a, b, one, other);
                }
            }
        }
    }

    /** Thresholds among several conditions of which all must hold: they matter only where the rest can hold at once. */
    private void parts(Expr a, Expr b, String one, String other) {
        Regions regions = new Regions(facts);
        for (Expr x : a instanceof Expr.And and ? and.operands() : List.of(a)) {
            for (Expr y : b instanceof Expr.And and ? and.operands() : List.of(b)) {
                Threshold first = threshold(x);
                Threshold second = threshold(y);
                if (first != null
                        && second != null
                        && first.comparable(second)
                        && first.below != second.below
                        && !regions.of(a, Regions.Is.TRUE)
                                .and(regions.of(b, Regions.Is.TRUE))
                                .isEmpty()) {
                    judge(first, second, y, one, other);
                }
            }
        }
    }

    private void judge(Threshold x, Threshold y, Expr where, String one, String other) {
        if (x.below == y.below) {
            findings.add(
                    Code.E402,
                    where.span(),
                    "'" + one + "' and '" + other + "' are both true " + (x.below ? "below " : "above ")
                            + (x.below ? x.lower(y) : x.higher(y)),
                    "one of them should compare the other way");
            return;
        }
        double band = x.below ? y.at - x.at : x.at - y.at;
        double slack = 1e-9 * Math.max(1, Math.abs(x.at));
        if (band > slack) {
            return;
        }
        Quantity width = new Quantity(Math.abs(band), x.difference());
        boolean none = Math.abs(band) <= slack;
        findings.add(
                Code.E401,
                where.span(),
                none
                        ? "there is no dead band between '" + one + "' and '" + other + "'"
                        : "the dead band is negative: '" + one + "' and '" + other + "' are both true over " + width,
                "leave a gap between the two thresholds");
    }

    private static List<Expr> alternatives(Expr e) {
        Expr inner = e instanceof Expr.HeldFor held ? held.condition() : e;
        if (inner instanceof Expr.Or or) {
            List<Expr> all = new ArrayList<>();
            or.operands().forEach(each -> all.addAll(alternatives(each)));
            return all;
        }
        return List.of(inner);
    }

    /**
     * {@code value} below (or above) {@code base + at}.
     *
     * @param at in {@code unit} steps; a place on the scale when base is empty
     */
    private record Threshold(String value, boolean below, String base, double at, Unit unit) {
        boolean comparable(Threshold o) {
            return value.equals(o.value) && base.equals(o.base) && unit.equals(o.unit);
        }

        String lower(Threshold o) {
            return show(Math.min(at, o.at));
        }

        String higher(Threshold o) {
            return show(Math.max(at, o.at));
        }

        private String show(double number) {
            return base.isEmpty() ? new Quantity(number, unit).toString() : "both thresholds";
        }

        Unit difference() {
            return Units.difference(unit);
        }
    }

    private @Nullable Threshold threshold(Expr e) {
        Expr inner = e instanceof Expr.HeldFor held ? held.condition() : e;
        if (!(inner instanceof Expr.Compare c) || c.op() == Expr.CompareOp.EQ || c.op() == Expr.CompareOp.NE) {
            return null;
        }
        boolean below = c.op() == Expr.CompareOp.LT || c.op() == Expr.CompareOp.LE;
        boolean swap = ExprChecker.isLiteral(c.left());
        Expr value = swap ? c.right() : c.left();
        Expr limit = swap ? c.left() : c.right();
        if (!(facts.types.get(value) instanceof Type.QuantityType type)) {
            return null;
        }
        return threshold(ContentHash.canonical(value), below != swap, limit, type.unit());
    }

    private @Nullable Threshold threshold(String value, boolean below, Expr limit, Unit unit) {
        Value constant = facts.constants.get(limit);
        if (constant instanceof Quantity q && q.unit().convertsTo(unit)) {
            return new Threshold(value, below, "", q.in(unit).number(), unit);
        }
        if (limit instanceof Expr.Arithmetic sum
                && (sum.op() == Expr.ArithmeticOp.ADD || sum.op() == Expr.ArithmeticOp.SUBTRACT)
                && facts.constants.get(sum.right()) instanceof Quantity offset
                && offset.unit().dimension().equals(unit.dimension())) {
            double steps = offset.number() * offset.unit().factor() / unit.factor();
            boolean minus = sum.op() == Expr.ArithmeticOp.SUBTRACT;
            return new Threshold(value, below, ContentHash.canonical(sum.left()), minus ? -steps : steps, unit);
        }
        return constant == null ? new Threshold(value, below, ContentHash.canonical(limit), 0, unit) : null;
    }
}
