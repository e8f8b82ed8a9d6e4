package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;

/** What decides: points that a condition reads but no trigger watches (W502), and points that may be old in a safety action (W504). */
final class Guards {
    private final Facts facts;

    Guards(Facts facts) {
        this.facts = facts;
    }

    void check(Write.Placed placed, List<Write> writes) {
        Decl decl = placed.declared().decl();
        if (decl instanceof Decl.Rule rule) {
            triggers(rule, placed, writes);
        }
        boolean safety = writes.stream()
                .anyMatch(
                        each -> each.priority().equals("safety") && !each.key().startsWith("‹$"));
        if (safety) {
            ages(decl, placed, writes);
        }
    }

    /**
     * A rule that is triggered by values that pass a limit reads another value in its condition: when that one comes to its limit
     * second, nothing happens. A motion, a button or a time of day is an occasion, after which a condition is a mere guard.
     */
    private void triggers(Decl.Rule rule, Write.Placed placed, List<Write> writes) {
        Expr condition = rule.condition();
        if (condition == null
                || rule.triggers().isEmpty()
                || !rule.triggers().stream().allMatch(this::isLimit)) {
            return;
        }
        Set<String> watched = new HashSet<>();
        rule.triggers().forEach(edge -> watched.addAll(reads(edge).keySet()));
        Set<String> written = new HashSet<>();
        writes.forEach(each -> written.add(each.key()));
        reads(condition).forEach((key, ref) -> {
            boolean measured = facts.resolution(ref) instanceof Resolution.OfPoint;
            if (measured && !watched.contains(key) && !written.contains(key) && limits(condition, ref)) {
                placed.findings()
                        .add(
                                Code.W502,
                                ref.span(),
                                ref + " is read here, but the rule does not run when it changes",
                                "put the whole condition behind when: when … and …");
            }
        });
    }

    private boolean isLimit(Edge edge) {
        return edge instanceof Edge.BecomesTrue e && hasLimit(e.condition())
                || edge instanceof Edge.Becomes b && b.op() != Expr.CompareOp.EQ;
    }

    private boolean hasLimit(Expr e) {
        if (e instanceof Expr.And and) {
            return and.operands().stream().anyMatch(this::hasLimit);
        } else if (e instanceof Expr.Or or) {
            return or.operands().stream().anyMatch(this::hasLimit);
        } else if (e instanceof Expr.HeldFor held) {
            return hasLimit(held.condition());
        }
        return e instanceof Expr.Compare c && facts.types.get(c.left()) instanceof Type.QuantityType;
    }

    /** Whether the point is compared as a number; a door that must be closed is a guard. */
    private boolean limits(Expr e, Ref ref) {
        if (e instanceof Expr.And and) {
            return and.operands().stream().anyMatch(each -> limits(each, ref));
        } else if (e instanceof Expr.Or or) {
            return or.operands().stream().anyMatch(each -> limits(each, ref));
        } else if (e instanceof Expr.Not not) {
            return limits(not.operand(), ref);
        }
        boolean number = e instanceof Expr.Compare c && facts.types.get(c.left()) instanceof Type.QuantityType
                || e instanceof Expr.Between b && facts.types.get(b.value()) instanceof Type.QuantityType;
        return number && reads(e).containsValue(ref);
    }

    /** An edge is a fresh report by its nature; what a condition reads may be old. */
    private void ages(Decl decl, Write.Placed placed, List<Write> writes) {
        Set<String> written = new HashSet<>();
        writes.forEach(each -> written.add(each.key()));
        Map<String, Ref> deciding = new LinkedHashMap<>();
        if (decl instanceof Decl.Rule rule) {
            Expr condition = rule.condition();
            if (condition != null) {
                first(deciding, reads(condition));
            }
            conditions(rule.body(), deciding);
        } else if (decl instanceof Decl.Sequence sequence) {
            sequence.require().forEach(each -> first(deciding, reads(each)));
            sequence.steps().forEach(step -> conditions(step.body(), deciding));
        } else if (decl instanceof Decl.Control control) {
            control.branches().forEach(each -> first(deciding, reads(each.condition())));
        } else if (decl instanceof Decl.Keep keep) {
            first(deciding, reads(keep.condition()));
        }
        deciding.forEach((key, ref) -> {
            if (!written.contains(key)
                    && facts.resolution(ref) instanceof Resolution.OfPoint point
                    && point.spec().maxAge() == null) {
                placed.findings()
                        .add(
                                Code.W504,
                                ref.span(),
                                ref
                                        + " decides a safety action, but has no max-age: a value of yesterday counts as true",
                                "give the point a max-age in the settings of its device");
            }
        });
    }

    private static void first(Map<String, Ref> all, Map<String, Ref> more) {
        more.forEach(all::putIfAbsent);
    }

    private void conditions(List<Stmt> body, Map<String, Ref> into) {
        for (Stmt each : body) {
            if (each instanceof Stmt.If branches) {
                branches.branches().forEach(branch -> {
                    first(into, reads(branch.condition()));
                    conditions(branch.body(), into);
                });
                conditions(branches.otherwise(), into);
            } else if (each instanceof Stmt.WaitUntil wait) {
                first(into, reads(wait.condition()));
            } else if (each instanceof Stmt.LetCall call && call.otherwise() instanceof Stmt.Instead instead) {
                conditions(instead.body(), into);
            } else if (each instanceof Stmt.Repeat repeat) {
                conditions(repeat.body(), into);
            }
        }
    }

    /** The points that a condition or trigger looks at, with the first place of each. */
    Map<String, Ref> reads(Node node) {
        Map<String, Ref> all = new LinkedHashMap<>();
        for (Ref ref : refs(node, new ArrayList<>())) {
            Resolution found = facts.resolution(ref);
            List<Resolution> each = found instanceof Resolution.OfGroup group
                    ? group.members()
                    : found == null ? List.of() : List.of(found);
            each.forEach(one -> all.putIfAbsent(Regions.point(one, ref), ref));
        }
        return all;
    }

    /** Walks the components of the tree's records, as {@link ContentHash} does. */
    static List<Ref> refs(Object node, List<Ref> into) {
        if (node instanceof Ref ref) {
            into.add(ref);
        } else if (node instanceof Collection<?> list) {
            list.forEach(each -> refs(each, into));
        } else if (node instanceof Record) {
            ContentHash.parts(node).forEach(part -> refs(part, into));
        }
        return into;
    }
}
