package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.program.Cells.Valued;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
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
            return new Op.Write(line, puts(s.target(), value), params(s.with()));
        } else if (stmt instanceof Stmt.Assign s) {
            return new Op.Write(line, puts(s.target(), exprs.val(s.value())), params(s.with()));
        } else if (stmt instanceof Stmt.Toggle s) {
            return new Op.Toggle(line, targets(s.target()));
        } else if (stmt instanceof Stmt.Release s) {
            return new Op.Release(line, targets(s.target()));
        } else if (stmt instanceof Stmt.Activate s) {
            return new Op.Activate(line, s.scene().text());
        } else if (stmt instanceof Stmt.CallAction s) {
            return call(s, line);
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
        return new Op.Call(line, device, action.spec().name(), params(s.args()));
    }

    private List<Param> params(List<Arg> args) {
        List<Param> params = new ArrayList<>();
        for (Arg arg : args) {
            Name name = arg.name();
            String text = name != null
                    ? name.text()
                    : exprs.resolution(arg).orElse(null) instanceof Resolution.OfParameter parameter
                            ? parameter.spec().name()
                            : "";
            params.add(new Param(text, exprs.val(arg.value())));
        }
        return params;
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
        Expr limit = s.within();
        Num within = limit == null ? null : exprs.seconds(limit);
        int at = reserve();
        int elsePc = pc();
        Op.Then then = Op.Then.GO_ON;
        Val failText = null;
        if (s.otherwise() instanceof Stmt.Instead instead) {
            // The wait itself goes on behind this jump when its condition comes true.
            int skip = reserve();
            elsePc = pc();
            block(instead.body());
            ops.set(skip, new Op.Jump(line, pc()));
        } else if (s.otherwise() instanceof Stmt.GiveUp) {
            then = Op.Then.STOP;
        } else if (s.otherwise() instanceof Stmt.Failing failing) {
            then = Op.Then.FAIL;
            failText = failing.message() == null
                    ? new Vals.Const(new Text("waited in vain"))
                    : exprs.val(failing.message());
        }
        ops.set(
                at,
                new Op.WaitUntil(line, made.get(0).node(), made.get(0).deps(), within, then, failText, elsePc, slots));
    }
}
