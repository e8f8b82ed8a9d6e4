package org.fieldhouse.rules.check;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Stmt;

/** Checks the statements of rules and sequences. */
final class Bodies {
    /** A loop that runs longer is a mistake, and its body would be one uninterruptible burst. */
    private static final int MAX_REPEAT = 10_000;

    private final Resolver names;
    private final ExprChecker exprs;
    private final Targets targets;
    private final Facts facts;
    private final Findings findings;
    private final boolean inSequence;
    private final Arguments arguments;

    Bodies(Resolver names, ExprChecker exprs, Targets targets, Facts facts, Findings findings, boolean inSequence) {
        this.names = names;
        this.exprs = exprs;
        this.targets = targets;
        this.facts = facts;
        this.findings = findings;
        this.inSequence = inSequence;
        this.arguments = new Arguments(names.scope(), exprs, facts, findings);
    }

    void block(List<Stmt> body) {
        int before = names.enter();
        body.forEach(this::statement);
        names.leave(before);
    }

    private void statement(Stmt s) {
        if (s instanceof Stmt.Turn turn) {
            targets.turn(turn);
        } else if (s instanceof Stmt.Toggle toggle) {
            targets.toggle(toggle.target());
        } else if (s instanceof Stmt.Assign assign) {
            targets.assign(assign.target(), assign.value(), assign.with());
        } else if (s instanceof Stmt.Release release) {
            targets.release(release.target());
        } else if (s instanceof Stmt.Activate activate) {
            names.declaration("scene", activate.scene());
        } else if (s instanceof Stmt.CallAction call) {
            call(call);
        } else if (s instanceof Stmt.CallFunction call) {
            FunctionSpec spec = arguments.action(call, call.function(), call.args(), call.span());
            if (spec != null && spec.isPure()) {
                findings.add(
                        Code.E106,
                        call.function().span(),
                        spec.name() + " only computes",
                        "use its value: let X = " + spec.name() + "(…)");
            }
        } else if (s instanceof Stmt.Notify message) {
            exprs.check(message.message(), Type.TEXT);
        } else if (s instanceof Stmt.Log log) {
            exprs.check(log.message(), Type.TEXT);
        } else if (s instanceof Stmt.Raise raise) {
            names.declaration("alarm", raise.alarm());
        } else if (s instanceof Stmt.Clear clear) {
            names.declaration("alarm", clear.alarm());
        } else {
            control(s);
        }
    }

    private void control(Stmt s) {
        if (s instanceof Stmt.Wait wait) {
            exprs.duration(wait.duration());
        } else if (s instanceof Stmt.WaitUntil wait) {
            waitUntil(wait);
        } else if (s instanceof Stmt.If branches) {
            for (Stmt.Branch branch : branches.branches()) {
                exprs.condition(branch.condition());
                block(branch.body());
            }
            block(branches.otherwise());
        } else if (s instanceof Stmt.Repeat repeat) {
            times(repeat.times());
            block(repeat.body());
        } else if (s instanceof Stmt.LetCall call) {
            letCall(call);
        } else if (s instanceof Stmt.Let let) {
            let(let);
        } else if (s instanceof Stmt.Fail fail && fail.message() != null) {
            exprs.check(fail.message(), Type.TEXT);
        }
    }

    private void waitUntil(Stmt.WaitUntil wait) {
        exprs.condition(wait.condition());
        Expr within = wait.within();
        if (within != null) {
            exprs.duration(within);
        } else if (inSequence) {
            findings.add(
                    Code.E302,
                    wait.span(),
                    "this wait may never end",
                    "say how long it may take: within 30 s else fail \"…\"");
        }
        otherwise(wait.otherwise());
    }

    private void otherwise(Stmt.Otherwise otherwise) {
        if (otherwise instanceof Stmt.Failing failing && failing.message() != null) {
            exprs.check(failing.message(), Type.TEXT);
        } else if (otherwise instanceof Stmt.Instead instead) {
            block(instead.body());
        }
    }

    private void times(Expr times) {
        exprs.value(times, ValueSpec.quantity(Unit.ONE), "repeat");
        if (exprs.constant(times) instanceof Quantity q
                && (q.number() < 1 || q.number() > MAX_REPEAT || q.number() != Math.rint(q.number()))) {
            findings.add(Code.E204, times.span(), "repeat takes a whole number from 1 to " + MAX_REPEAT);
        }
    }

    private void let(Stmt.Let let) {
        declare(let, exprs.check(let.value(), null));
    }

    private void letCall(Stmt.LetCall s) {
        Expr.Call call = s.call();
        FunctionSpec spec = arguments.action(call, call.function(), call.args(), call.span());
        Type type = Type.UNKNOWN;
        if (spec != null && spec.isPure()) {
            findings.add(
                    Code.E106,
                    call.function().span(),
                    spec.name() + " only computes",
                    "leave call out: let X = " + spec.name() + "(…)");
        } else if (spec != null && spec.result() == null) {
            findings.add(
                    Code.E106,
                    call.function().span(),
                    spec.name() + " gives no result",
                    "write call " + spec.name() + "(…)");
        } else if (spec != null && spec.result() != null) {
            type = Types.of(spec.result());
        }
        if (s.within() != null) {
            exprs.duration(s.within());
        }
        otherwise(s.otherwise());
        declare(s.let(), type);
    }

    private void declare(Stmt.Let let, Type type) {
        String name = let.name().text();
        if (Literals.side(name, Type.BoolType.CONDITION) != null) {
            findings.add(Code.E010, let.name().span(), "'" + name + "' is a state, not a name", "choose another name");
        }
        facts.types.put(let.value(), type);
        names.declare(let);
    }

    private void call(Stmt.CallAction call) {
        DeviceInfo device = names.device(call.target());
        Name action = call.target().member();
        if (device == null) {
            call.args().forEach(arg -> exprs.check(arg.value(), null));
            return;
        }
        Set<String> known = new TreeSet<>();
        device.description().actions().forEach(each -> known.add(each.name()));
        if (action == null) {
            findings.add(
                    Code.E102,
                    call.target().span(),
                    "which action of " + device.name() + "?",
                    "it has " + String.join(", ", known));
            return;
        }
        Optional<ActionSpec> spec = device.description().action(action.text());
        if (spec.isEmpty()) {
            String help = Suggestions.didYouMean(action.text(), known);
            findings.add(
                    Code.E102,
                    action.span(),
                    device.name() + " has no action " + action.text(),
                    help.isEmpty()
                            ? known.isEmpty() ? "it has no actions" : "it has " + String.join(", ", known)
                            : help);
            return;
        }
        facts.resolutions.put(call.target(), new Resolution.OfAction(device, spec.get()));
        arguments.check(call.args(), call.span(), action.text(), spec.get().arguments());
    }
}
