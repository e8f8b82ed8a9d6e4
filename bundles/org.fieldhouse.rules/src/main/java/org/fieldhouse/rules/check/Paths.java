package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.Regions.Is;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Assignment;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/**
 * Follows every path through a declaration with what is known on it: finds branches that can never be reached (W505), and
 * collects what is written in which situation. A wait ends all knowledge, a write that of its point.
 */
final class Paths {
    /** Something that is so on the path: a trigger, a condition above. */
    private record Known(Span span, Region region) {}

    private final Facts facts;
    private final Regions regions;
    private final Write.Placed owner;
    private final List<Write> writes = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();
    private Region now = Region.ALL;
    private boolean waited;
    private boolean ended;
    private String priority = "comfort";

    Paths(Facts facts, Regions regions, Write.Placed owner) {
        this.facts = facts;
        this.regions = regions;
        this.owner = owner;
    }

    List<Write> walk() {
        Decl decl = owner.declared().decl();
        if (decl instanceof Decl.Rule rule) {
            priority = rule.priority() == null ? priority : rule.priority().text();
            start(rule.triggers());
            if (rule.condition() != null) {
                assume(rule.condition(), "this rule can never run");
            }
            block(rule.body());
        } else if (decl instanceof Decl.Sequence sequence) {
            priority =
                    sequence.priority() == null ? priority : sequence.priority().text();
            start(sequence.triggers());
            sequence.require().forEach(each -> assume(each, "this sequence can never start"));
            sequence.steps().forEach(step -> {
                ended = false;
                block(step.body());
            });
            ended = false;
            forgetAll();
            block(sequence.onFail());
        } else if (decl instanceof Decl.Control control) {
            control(control);
        } else if (decl instanceof Decl.Keep keep) {
            priority = keep.priority() == null ? priority : keep.priority().text();
            level(keep.condition(), "this can never be so");
            keep.keep().forEach(each -> assignment(each, regions.of(keep.condition(), Is.TRUE)));
            keep.otherwise().forEach(each -> assignment(each, regions.of(keep.condition(), Is.NOT_TRUE)));
        } else {
            others(decl);
        }
        return writes;
    }

    private void control(Decl.Control control) {
        priority = control.priority() == null ? priority : control.priority().text();
        for (Decl.ControlBranch branch : control.branches()) {
            level(branch.condition(), "this branch can never be reached");
            write(
                    control.target(),
                    facts.constants.get(branch.value()),
                    regions.of(branch.condition(), Is.TRUE),
                    branch);
        }
        if (control.fail() != null && control.fail().condition() != null) {
            level(control.fail().condition(), "this branch can never be reached");
        }
    }

    private void others(Decl decl) {
        if (decl instanceof Decl.Alarm alarm) {
            for (Expr each : new Expr[] {alarm.when(), alarm.clear(), alarm.suppress()}) {
                if (each != null) {
                    level(each, "this can never be so");
                }
            }
        } else if (decl instanceof Decl.Counter counter && counter.measure() instanceof Decl.TimeWhile time) {
            level(time.condition(), "this counter can never run");
        }
    }

    private void level(Expr condition, String message) {
        if (regions.of(condition, Is.TRUE).isEmpty()) {
            owner.findings().add(Code.W505, condition.span(), message, "no value makes this condition true");
        }
    }

    private void start(List<Edge> triggers) {
        Region any = Region.NONE;
        for (Edge edge : triggers) {
            if (edge instanceof Edge.BecomesTrue e) {
                level(e.condition(), "this can never trigger");
            }
            any = any.or(fact(edge));
        }
        now = triggers.isEmpty() || any.isEmpty() ? Region.ALL : any;
        known.add(new Known(triggers.isEmpty() ? Span.NONE : triggers.get(0).span(), now));
    }

    /** What is so at the instant at which the trigger fires. */
    Region fact(Edge edge) {
        if (edge instanceof Edge.BecomesTrue e) {
            return regions.of(e.condition(), Is.TRUE);
        } else if (edge instanceof Edge.Becomes e && e.subject() instanceof Edge.One one) {
            return regions.of(new Expr.Compare(e.op(), typed(one.ref()), e.value(), e.span()), Is.TRUE);
        } else if (edge instanceof Edge.Changes e && e.to() != null && e.subject() instanceof Edge.One one) {
            return regions.of(new Expr.Compare(Expr.CompareOp.EQ, typed(one.ref()), e.to(), e.span()), Is.TRUE);
        }
        return Region.ALL;
    }

    private Expr.Use typed(Ref ref) {
        Expr.Use use = new Expr.Use(ref);
        var spec = ExprChecker.specOf(facts.resolution(ref));
        facts.types.put(use, spec == null ? Type.UNKNOWN : Types.of(spec));
        return use;
    }

    // ---- bodies

    private void block(List<Stmt> body) {
        for (Stmt each : body) {
            if (ended) {
                owner.findings()
                        .add(Code.W505, each.span(), "this can never be reached", "the lines above end the run");
                return;
            }
            statement(each);
        }
    }

    private void statement(Stmt s) {
        if (s instanceof Stmt.If branches) {
            branches(branches);
        } else if (s instanceof Stmt.Wait) {
            forgetAll();
        } else if (s instanceof Stmt.LetCall call) {
            forgetAll();
            if (call.otherwise() instanceof Stmt.Instead instead) {
                block(instead.body());
                ended = false;
                forgetAll();
            }
        } else if (s instanceof Stmt.WaitUntil wait) {
            waitUntil(wait);
        } else if (s instanceof Stmt.Repeat repeat) {
            forgetAll();
            block(repeat.body());
            forgetAll();
        } else if (s instanceof Stmt.Stop || s instanceof Stmt.Fail) {
            ended = true;
        } else if (s instanceof Stmt.CallAction || s instanceof Stmt.CallFunction) {
            now = Region.ALL;
            known.clear();
        } else {
            writing(s);
        }
    }

    private void writing(Stmt s) {
        if (s instanceof Stmt.Turn turn) {
            write(turn.target(), facts.constants.get(turn.value()), now, turn);
            with(turn.with());
        } else if (s instanceof Stmt.Assign assign) {
            write(assign.target(), facts.constants.get(assign.value()), now, assign);
            with(assign.with());
        } else if (s instanceof Stmt.Toggle toggle) {
            write(toggle.target(), null, now, toggle);
        } else if (s instanceof Stmt.Activate activate
                && facts.resolution(activate.scene()) instanceof Resolution.OfDecl found
                && found.declaration() instanceof Decl.Scene scene) {
            scene.assignments().forEach(each -> write(each.target(), facts.constants.get(each.value()), now, activate));
        }
    }

    private void with(List<Arg> with) {
        for (Arg arg : with) {
            Resolution found = facts.resolution(arg);
            List<Resolution> all = found instanceof Resolution.OfGroup group
                    ? group.members()
                    : found == null ? List.of() : List.of(found);
            for (Resolution each : all) {
                if (each instanceof Resolution.OfPoint point) {
                    add(
                            point,
                            point.device().name() + "." + point.spec().name(),
                            facts.constants.get(arg.value()),
                            now,
                            arg);
                }
            }
        }
    }

    private void assignment(Assignment each, Region guard) {
        write(each.target(), facts.constants.get(each.value()), guard, each);
    }

    private void write(Ref target, @Nullable Value value, Region guard, Node at) {
        Resolution found = facts.resolution(target);
        if (found instanceof Resolution.OfGroup group) {
            for (Resolution each : group.members()) {
                String shown = each instanceof Resolution.OfPoint point
                        ? point.device().name()
                        : target.toString();
                add(each, shown, value, guard, at);
            }
        } else if (found != null) {
            add(found, target.toString(), value, guard, at);
        }
    }

    private void add(Resolution what, String shown, @Nullable Value value, Region guard, Node at) {
        String key = Regions.point(
                what, new Ref(new org.fieldhouse.rules.syntax.ast.Name(shown, at.span()), null, at.span()));
        writes.add(new Write(
                owner, owner.declared().decl(), key, shown, value, priority, guard, waited, false, at.span()));
        now = now.forget(k -> k.contains(key));
        known.removeIf(k -> k.region().boxes().stream()
                .anyMatch(box -> box.keySet().stream().anyMatch(name -> name.contains(key))));
    }

    private void forgetAll() {
        now = Region.ALL;
        known.clear();
        waited = true;
        writes.replaceAll(Write::lasting);
    }

    private void waitUntil(Stmt.WaitUntil wait) {
        if (regions.of(wait.condition(), Is.TRUE).isEmpty()) {
            owner.findings()
                    .add(
                            Code.W505,
                            wait.condition().span(),
                            "this wait can never end",
                            "no value makes this condition true");
        }
        forgetAll();
        if (wait.otherwise() instanceof Stmt.Instead instead) {
            block(instead.body());
            ended = false;
            forgetAll();
        } else if (!(wait.otherwise() instanceof Stmt.GoOn) || wait.within() == null) {
            now = regions.of(wait.condition(), Is.TRUE);
            known.add(new Known(wait.condition().span(), now));
        }
    }

    private void branches(Stmt.If branches) {
        Region rest = now;
        Region after = Region.NONE;
        int before = known.size();
        boolean waitedBefore = waited;
        boolean waitedIn = waited;
        boolean allEnd = true;
        for (Stmt.Branch branch : branches.branches()) {
            now = rest;
            waited = waitedBefore;
            Region taken = rest.and(regions.of(branch.condition(), Is.TRUE));
            Region not = regions.of(branch.condition(), Is.NOT_TRUE);
            if (taken.isEmpty()) {
                unreachable(branch.condition(), "this branch can never be reached");
            } else {
                List<Known> outer = new ArrayList<>(known);
                known.add(new Known(branch.condition().span(), regions.of(branch.condition(), Is.TRUE)));
                now = taken;
                block(branch.body());
                waitedIn |= waited;
                after = ended ? after : after.or(now);
                allEnd &= ended;
                ended = false;
                known.clear();
                known.addAll(outer);
            }
            rest = rest.and(not);
            known.add(new Known(branch.condition().span(), not));
        }
        now = rest;
        waited = waitedBefore;
        if (rest.isEmpty() && !branches.otherwise().isEmpty()) {
            Stmt first = branches.otherwise().get(0);
            owner.findings()
                    .add(
                            Code.W505,
                            first.span(),
                            "this branch can never be reached",
                            "the conditions above cover every case");
        } else {
            block(branches.otherwise());
        }
        waitedIn |= waited;
        boolean otherwiseOpen = !ended && !rest.isEmpty();
        after = otherwiseOpen ? after.or(now) : after;
        ended = allEnd && !otherwiseOpen;
        waited = waitedIn;
        while (known.size() > before) {
            known.remove(known.size() - 1);
        }
        now = waited ? Region.ALL : after.isEmpty() ? Region.ALL : after;
        if (waited && !waitedBefore) {
            known.clear();
        }
    }

    /** A condition of the head: it must hold, and what follows may rely on it. */
    private void assume(Expr condition, String message) {
        Region both = now.and(regions.of(condition, Is.TRUE));
        if (both.isEmpty()) {
            unreachable(condition, message);
            return;
        }
        now = both;
        known.add(new Known(condition.span(), regions.of(condition, Is.TRUE)));
    }

    private void unreachable(Expr condition, String message) {
        Region alone = regions.of(condition, Is.TRUE);
        String why = "the lines above exclude it";
        if (alone.isEmpty()) {
            why = "no value makes this condition true";
        } else {
            for (Known each : known) {
                if (each.region().and(alone).isEmpty()) {
                    why = "line " + each.span().line() + " excludes it";
                }
            }
        }
        owner.findings().add(Code.W505, condition.span(), message, why);
    }
}
