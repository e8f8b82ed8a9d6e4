package org.fieldhouse.rules.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.jspecify.annotations.Nullable;

/** The values of one {@link LoopRun}, and what can be worked out from them. */
final class LoopValues {
    private final Facts facts;
    private final Map<String, Value> values = new TreeMap<>();
    private final Map<String, ValueSpec> specs = new HashMap<>();

    LoopValues(Facts facts) {
        this.facts = facts;
    }

    @Nullable
    Value get(String key) {
        return values.get(key);
    }

    void put(String key, Value value) {
        values.put(key, value);
    }

    /** The state of what takes part. */
    String signature(Set<String> keys) {
        StringBuilder all = new StringBuilder();
        values.forEach((key, value) -> {
            if (keys.contains(key)) {
                all.append(key).append('=').append(value).append(';');
            }
        });
        return all.toString();
    }

    /** Whether a command with that value would be accepted; true where nothing is known. */
    boolean allowed(String key, Value value) {
        ValueSpec spec = specs.get(key);
        return spec == null || spec.violation(value).isEmpty();
    }

    boolean isTwoValued(Ref ref) {
        ValueSpec spec = ExprChecker.specOf(facts.resolution(ref));
        return spec != null && spec.kind() == ValueKind.BOOL;
    }

    /** The value of an expression; null if it cannot be told. Numbers that nobody has set are taken from inside their range. */
    @Nullable
    Value value(Expr e) {
        Value constant = facts.constants.get(e);
        if (constant != null) {
            return constant;
        } else if (e instanceof Expr.Use use) {
            return use(use);
        } else if (e instanceof Expr.Word word && facts.resolution(word) instanceof Resolution.OfLocal local) {
            return values.get("‹let " + local.let().span().start() + "›");
        } else if (e instanceof Expr.Arithmetic a) {
            Value left = value(a.left());
            Value right = value(a.right());
            return left instanceof Quantity x && right instanceof Quantity y ? calculate(a.op(), x, y) : null;
        } else if (e instanceof Expr.Negate n && value(n.operand()) instanceof Quantity q) {
            return new Quantity(-q.number(), q.unit());
        } else if (e instanceof Expr.Call call && call.args().size() == 2) {
            Value left = value(call.args().get(0).value());
            Value right = value(call.args().get(1).value());
            boolean min = call.function().text().equals("min");
            if (left instanceof Quantity x
                    && right instanceof Quantity y
                    && (min || call.function().text().equals("max"))) {
                return (x.compare(y) <= 0) == min ? x : y;
            }
        }
        return null;
    }

    private @Nullable Value use(Expr.Use use) {
        Resolution found = facts.resolution(use.ref());
        if (found == null || found instanceof Resolution.OfGroup) {
            return null;
        }
        String key = Regions.point(found, use.ref());
        ValueSpec spec = ExprChecker.specOf(found);
        if (spec != null) {
            specs.put(key, spec);
        }
        Value now = values.get(key);
        if (now == null && spec != null && spec.unit() != null) {
            Double min = spec.min();
            Double max = spec.max();
            now = new Quantity(min != null && max != null ? min + (max - min) * 0.3 : 0, spec.unit());
            values.put(key, now);
        }
        return now;
    }

    private static @Nullable Value calculate(Expr.ArithmeticOp op, Quantity x, Quantity y) {
        boolean plain = y.unit().equals(Unit.ONE);
        return switch (op) {
            case ADD -> x.plus(y);
            case SUBTRACT -> x.minus(y);
            case MULTIPLY ->
                plain
                        ? new Quantity(x.number() * y.number(), x.unit())
                        : x.unit().equals(Unit.ONE) ? new Quantity(x.number() * y.number(), y.unit()) : null;
            case DIVIDE -> plain && y.number() != 0 ? new Quantity(x.number() / y.number(), x.unit()) : null;
        };
    }

    /** Whether a comparison of things whose values are known holds; null if one is not. */
    @Nullable
    Boolean test(Expr e) {
        if (e instanceof Expr.Compare c) {
            Value left = known(c.left());
            Value right = known(c.right());
            return left == null || right == null ? null : (Boolean) compare(left, c.op(), right);
        }
        if (e instanceof Expr.Use && known(e) instanceof Bool bool) {
            return bool.on();
        }
        return null;
    }

    /** As {@link #value}, but nothing is taken for granted. */
    private @Nullable Value known(Expr e) {
        for (Ref ref : Guards.refs(e, new java.util.ArrayList<>())) {
            Resolution found = facts.resolution(ref);
            if (found == null || values.get(Regions.point(found, ref)) == null) {
                return null;
            }
        }
        return value(e);
    }

    static boolean compare(Value left, Expr.CompareOp op, Value right) {
        if (left instanceof Quantity x && right instanceof Quantity y) {
            if (!x.unit().convertsTo(y.unit())) {
                return false;
            }
            int order = x.compare(y);
            return switch (op) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case GT -> order > 0;
                case GE -> order >= 0;
            };
        }
        return op == Expr.CompareOp.NE ? !left.equals(right) : op == Expr.CompareOp.EQ && left.equals(right);
    }
}
