package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.program.Cells.Valued;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/** Makes the flat list of operations of nested statements. */
final class BodyLowering {
    private final ExprLowering exprs;
    private final List<Op> ops = new ArrayList<>();

    BodyLowering(ExprLowering exprs) {
        this.exprs = exprs;
    }

    List<Op> ops() {
        return ops;
    }

    int pc() {
        return ops.size();
    }

    void stop(int line) {
        ops.add(new Op.Stop(line));
    }

    void block(List<Stmt> body) {
        body.forEach(this::statement);
    }

    private void statement(Stmt stmt) {
        int line = stmt.span().line();
        if (stmt instanceof Stmt.If s) {
            branches(s);
        } else if (stmt instanceof Stmt.Repeat s) {
            repeat(s);
        } else if (stmt instanceof Stmt.WaitUntil s) {
            waitUntil(s);
        } else if (stmt instanceof Stmt.Wait s) {
            ops.add(new Op.Wait(line, exprs.seconds(s.duration())));
        } else if (stmt instanceof Stmt.LetCall s) {
            letCall(s);
        } else if (stmt instanceof Stmt.Let s) {
            ops.add(new Op.Let(line, exprs.slot(s), exprs.val(s.value())));
        } else if (stmt instanceof Stmt.Stop) {
            ops.add(new Op.Stop(line));
        } else if (stmt instanceof Stmt.Fail s) {
            ops.add(new Op.Fail(line, text(s.message())));
        } else {
            ops.add(act(stmt, line));
        }
    }

    private Op act(Stmt stmt, int line) {
        if (stmt instanceof Stmt.Turn s) {
            Val value = exprs.constant(s.value()).isPresent()
                    ? exprs.val(s.value())
                    : new Vals.Const(Bool.of(
                            List.of("on", "open", "locked").contains(s.value().text())));
            return new Op.Write(line, puts(s.target(), value), exprs.params(s.with()));
        } else if (stmt instanceof Stmt.Assign s) {
            return new Op.Write(line, puts(s.target(), exprs.val(s.value())), exprs.params(s.with()));
        } else if (stmt instanceof Stmt.Toggle s) {
            return new Op.Toggle(line, targets(s.target()));
        } else if (stmt instanceof Stmt.Release s) {
            return new Op.Release(line, targets(s.target()));
        } else if (stmt instanceof Stmt.Activate s) {
            return new Op.Activate(line, s.scene().text());
        } else if (stmt instanceof Stmt.CallAction s) {
            return call(s, line);
        } else if (stmt instanceof Stmt.CallFunction s) {
            FunctionSpec spec = function(stmt, s.function());
            return new Op.Invoke(line, spec, exprs.params(s.args()), null);
        } else if (stmt instanceof Stmt.Notify s) {
            return new Op.Notify(line, s.to().stream().map(Name::text).toList(), exprs.val(s.message()));
        } else if (stmt instanceof Stmt.Raise s) {
            return new Op.Alarm(line, s.alarm().text(), true);
        } else if (stmt instanceof Stmt.Clear s) {
            return new Op.Alarm(line, s.alarm().text(), false);
        } else if (stmt instanceof Stmt.Log s) {
            return new Op.Log(line, exprs.val(s.message()));
        }
        throw new Unsupported(stmt, "this statement cannot be run");
    }

    private Op call(Stmt.CallAction s, int line) {
        Resolution resolution = exprs.resolve(s.target());
        if (!(resolution instanceof Resolution.OfAction action)) {
            throw new Unsupported(s, "'" + s.target() + "' is no action");
        }
        DeviceId device = action.device().id();
        return new Op.Call(line, device, action.spec().name(), exprs.params(s.args()));
    }

    private @Nullable Val text(@Nullable Expr message) {
        return message == null ? null : exprs.val(message);
    }

    List<Op.Put> puts(Ref ref, Val value) {
        return targets(ref).stream().map(target -> new Op.Put(target, value)).toList();
    }

    List<Target> targets(Ref ref) {
        return exprs.members(ref).stream().map(each -> target(ref, each)).toList();
    }

    private Target target(Ref ref, Resolution resolution) {
        Valued valued = exprs.valued(resolution);
        if (valued != null && valued.point() != null) {
            return new Target.Point(exprs.cells().of(valued.source()), valued.point());
        } else if (valued != null && valued.variable() != null) {
            return new Target.Variable(exprs.cells().of(valued.source()), valued.variable(), valued.spec());
        }
        throw new Unsupported(ref, "'" + ref + "' cannot be set");
    }

    private void branches(Stmt.If s) {
        List<Integer> exits = new ArrayList<>();
        for (int i = 0; i < s.branches().size(); i++) {
            Stmt.Branch branch = s.branches().get(i);
            int line = branch.condition().span().line();
            Cond condition = exprs.cond(branch.condition());
            int test = reserve();
            block(branch.body());
            if (i + 1 < s.branches().size() || !s.otherwise().isEmpty()) {
                exits.add(reserve());
            }
            ops.set(test, new Op.JumpUnless(line, condition, pc()));
        }
        block(s.otherwise());
        exits.forEach(at -> ops.set(at, new Op.Jump(s.span().line(), pc())));
    }

    private int reserve() {
        ops.add(new Op.Stop(0));
        return pc() - 1;
    }

    private void repeat(Stmt.Repeat s) {
        int line = s.span().line();
        int slot = exprs.hiddenSlot();
        ops.add(new Op.Repeat(line, slot, exprs.number(s.times())));
        int head = reserve();
        block(s.body());
        ops.add(new Op.Jump(line, head));
        ops.set(head, new Op.Round(line, slot, pc()));
    }

    private void waitUntil(Stmt.WaitUntil s) {
        int line = s.span().line();
        List<ExprLowering.Made<Cond>> made = new ArrayList<>();
        int[] slots = exprs.heldSlots(() -> made.add(exprs.reading(() -> exprs.cond(s.condition()))));
        Num within = s.within() == null ? null : exprs.seconds(s.within());
        int at = reserve();
        Op.Otherwise otherwise = otherwise(s.otherwise(), line, "waited in vain");
        ops.set(at, new Op.WaitUntil(line, made.get(0).node(), made.get(0).deps(), within, otherwise, slots));
    }

    /** What stands behind the {@code else} of a wait; the wait itself goes on behind it. */
    private Op.Otherwise otherwise(Stmt.Otherwise s, int line, String text) {
        if (s instanceof Stmt.Instead instead) {
            int skip = reserve();
            int elsePc = pc();
            block(instead.body());
            ops.set(skip, new Op.Jump(line, pc()));
            return new Op.Otherwise(Op.Then.GO_ON, null, elsePc);
        } else if (s instanceof Stmt.GiveUp) {
            return new Op.Otherwise(Op.Then.STOP, null, pc());
        } else if (s instanceof Stmt.Failing failing) {
            Val said = failing.message() == null ? new Vals.Const(new Text(text)) : exprs.val(failing.message());
            return new Op.Otherwise(Op.Then.FAIL, said, pc());
        }
        return new Op.Otherwise(Op.Then.GO_ON, null, pc());
    }

    private void letCall(Stmt.LetCall s) {
        int line = s.span().line();
        FunctionSpec spec = function(s, s.call().function());
        List<Param> arguments = exprs.params(s.call().args());
        Num within = s.within() == null ? null : exprs.seconds(s.within());
        int slot = exprs.slot(s.let());
        int at = reserve();
        Op.Otherwise otherwise = otherwise(s.otherwise(), line, spec.name() + " gave no answer");
        ops.set(at, new Op.Invoke(line, spec, arguments, new Op.Await(slot, within, otherwise)));
    }

    private FunctionSpec function(Stmt s, Name name) {
        Node node = s instanceof Stmt.LetCall call ? call.call() : s;
        if (exprs.resolution(node).orElse(null) instanceof Resolution.OfFunction found) {
            return found.spec();
        }
        throw new Unsupported(s, "there is no function " + name.text());
    }
}
