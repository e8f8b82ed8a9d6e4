package org.fieldhouse.rules.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Op;
import org.fieldhouse.rules.program.Param;
import org.fieldhouse.rules.program.Target;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/** Carries out the operations of a body. A new operation is a new {@link Op} and a line in {@link #act}. */
final class Interpreter {
    /** Operations in one go; what takes more is a mistake and must not stop the house. */
    private static final int MAX_OPERATIONS = 1_000_000;
    /** A function's own time-out is told by the caller; if even that fails, the run goes on after this. */
    private static final double GRACE_SECONDS = 5;

    private static final int WAIT = -1;
    private static final int END = -2;

    private final Engine engine;

    Interpreter(Engine engine) {
        this.engine = engine;
    }

    /** Runs from {@code run.pc} on; whether it waits now (it is over if not). */
    boolean run(BodyRunner body, Instance run) {
        Env env = engine.env;
        env.locals = run.locals;
        env.arguments = run.arguments;
        Op[] ops = body.ops;
        int budget = MAX_OPERATIONS;
        while (run.pc < ops.length) {
            if (budget-- == 0) {
                engine.trouble(
                        "ended: more than " + MAX_OPERATIONS + " statements in one go", run.parent, body.place(run.pc));
                return false;
            }
            int next = step(body, run, ops[run.pc]);
            if (next == WAIT) {
                return true;
            }
            if (next == END) {
                return false;
            }
            run.pc = next;
        }
        return false;
    }

    /** An operation went one of its two ways. */
    void way(Code.Head head, int pc, boolean so) {
        if (engine.isProbed()) {
            engine.reached(head, Probe.OPERATION + pc + ":", so);
        }
    }

    /** Where it goes on, or one of {@link #WAIT} and {@link #END}. */
    private int step(BodyRunner body, Instance run, Op op) {
        Env env = engine.env;
        int next = run.pc + 1;
        if (op instanceof Op.JumpUnless jump) {
            boolean so = jump.condition().test(env) == Truth.TRUE;
            way(body.head, run.pc, so);
            return so ? next : jump.target();
        } else if (op instanceof Op.Jump jump) {
            return jump.target();
        } else if (op instanceof Op.Let let) {
            run.locals[let.slot()] = let.value().eval(env);
            return next;
        } else if (op instanceof Op.Repeat repeat) {
            double times = repeat.times().eval(env);
            run.locals[repeat.slot()] = Quantity.of(Double.isNaN(times) ? 0 : Math.floor(times));
            return next;
        } else if (op instanceof Op.Round round) {
            double left = run.locals[round.slot()] instanceof Quantity q ? q.number() : 0;
            run.locals[round.slot()] = Quantity.of(left - 1);
            return left < 1 ? round.exit() : next;
        } else if (op instanceof Op.Wait wait) {
            double seconds = wait.seconds().eval(env);
            engine.timers.set(run, env.now + (Double.isNaN(seconds) ? 0 : Engine.micros(seconds)));
            return WAIT;
        } else if (op instanceof Op.WaitUntil wait) {
            if (body.await(run, wait)) {
                return WAIT;
            }
            way(body.head, run.pc, true);
            return next;
        } else if (op instanceof Op.Invoke call) {
            return invoke(body, run, call);
        } else if (op instanceof Op.Stop) {
            return END;
        } else if (op instanceof Op.Fail fail) {
            return failed(
                    body, run, text(fail.text() == null ? null : fail.text().eval(env), "failed"));
        }
        act(body, run, op);
        return next;
    }

    /** Where it goes on when a wait was in vain; negative if it is over. */
    int inVain(BodyRunner body, Instance run, Op.Otherwise otherwise, String why) {
        switch (otherwise.then()) {
            case GO_ON -> {
                return otherwise.pc();
            }
            case STOP -> {
                return END;
            }
            case FAIL -> {
                Env env = engine.env;
                env.locals = run.locals;
                env.arguments = run.arguments;
                Value said = otherwise.text() == null ? null : otherwise.text().eval(env);
                env.leave();
                String text = text(said, why);
                return failed(body, run, why.isEmpty() || text.equals(why) ? text : text + ": " + why);
            }
        }
        return END;
    }

    /** Whether the run waits for the result; if not, it goes on. */
    private int invoke(BodyRunner body, Instance run, Op.Invoke op) {
        RuleRef place = body.place(run.pc);
        Map<String, Value> values = new HashMap<>();
        String wrong = "";
        for (Param param : op.arguments()) {
            Value value = param.value().eval(engine.env);
            ValueSpec wanted =
                    op.function().parameter(param.name()).orElseThrow().value();
            String why =
                    value == null ? "it is unknown" : wanted.violation(value).orElse("");
            if (value == null || !why.isEmpty()) {
                wrong = "not called: " + param.name() + ": " + why;
            } else {
                values.put(param.name(), wanted.normalize(value));
            }
        }
        Op.Await await = op.await();
        if (!wrong.isEmpty()) {
            engine.trouble(op.function().name() + " " + wrong, run.parent, place);
            if (await == null) {
                return run.pc + 1;
            }
            run.locals[await.slot()] = null;
            int next = inVain(body, run, await.otherwise(), wrong);
            engine.env.locals = run.locals;
            engine.env.arguments = run.arguments;
            return next;
        }
        long call = engine.calls.next();
        engine.put(new Output.Invoke(call, op.function().name(), values, run.parent, place));
        if (await == null) {
            return run.pc + 1;
        }
        run.call = call;
        engine.calls.await(run);
        double seconds = await.within() == null ? Double.NaN : await.within().eval(engine.env);
        double most = op.function().timeout().toMillis() / 1000.0 + GRACE_SECONDS;
        engine.timers.set(run, engine.env.now + Engine.micros(Double.isNaN(seconds) ? most : Math.min(seconds, most)));
        return WAIT;
    }

    private int failed(BodyRunner body, Instance run, String text) {
        engine.trouble(text, run.parent, body.place(run.pc));
        if (body.code.failPc() < 0 || run.failed) {
            return END;
        }
        run.failed = true;
        engine.reached(body.head, Probe.FAILED);
        return body.code.failPc();
    }

    private void act(BodyRunner body, Instance run, Op op) {
        RuleRef place = body.place(run.pc);
        int slot = body.code.slot();
        if (op instanceof Op.Write write) {
            write(write.puts(), write.with(), slot, run.parent, place);
        } else if (op instanceof Op.Toggle toggle) {
            toggle(toggle.targets(), slot, run.parent, place);
        } else if (op instanceof Op.Release release) {
            for (Target target : release.targets()) {
                if (target instanceof Target.Point point) {
                    engine.put(new Output.Send(new Request.Relinquish(point.id(), slot), run.parent, place));
                }
            }
        } else if (op instanceof Op.Activate activate) {
            Code.Scene scene = engine.scene(activate.scene());
            if (scene == null) {
                engine.trouble("there is no scene " + activate.scene(), run.parent, place);
            } else {
                engine.reached(scene.head(), Probe.RAN);
                write(scene.puts(), List.of(), slot, run.parent, place);
            }
        } else if (op instanceof Op.Call call) {
            Map<String, Value> arguments = params(call.arguments(), run.parent, place);
            engine.put(new Output.Send(
                    new Request.CallAction(call.device(), call.action(), arguments), run.parent, place));
        } else if (op instanceof Op.Notify notify) {
            String text = text(notify.text().eval(engine.env), "");
            for (String to : notify.to().isEmpty() ? List.of(Stmt.Notify.EVERYBODY) : notify.to()) {
                engine.put(new Output.Notify(to, text, run.parent, place));
            }
        } else if (op instanceof Op.Alarm alarm) {
            engine.alarm(alarm.alarm(), alarm.on());
        } else if (op instanceof Op.Log log) {
            engine.put(new Output.Log(text(log.text().eval(engine.env), ""), run.parent, place));
        } else {
            throw new IllegalStateException("no way to do " + op);
        }
    }

    /** Writes what is known; what is not is said. */
    void write(List<Op.Put> puts, List<Param> with, int slot, long parent, RuleRef place) {
        Map<String, Value> params = with.isEmpty() ? Map.of() : params(with, parent, place);
        for (Op.Put put : puts) {
            Value value = put.value().eval(engine.env);
            if (value == null) {
                engine.trouble("not set: the value is unknown", parent, place);
            } else {
                put(put.target(), value, params, slot, parent, place);
            }
        }
    }

    void put(Target target, Value value, Map<String, Value> params, int slot, long parent, RuleRef place) {
        if (target instanceof Target.Point point) {
            engine.put(new Output.Send(new Request.SetPoint(point.id(), value, slot, null, params), parent, place));
        } else if (target instanceof Target.Variable variable) {
            engine.setVariable(variable, value, parent, place);
        }
    }

    private void toggle(List<Target> targets, int slot, long parent, RuleRef place) {
        boolean anyOn = false;
        for (Target target : targets) {
            anyOn |= Bool.ON.equals(engine.env.cells[target.cell()].good());
        }
        for (Target target : targets) {
            put(target, Bool.of(!anyOn), Map.of(), slot, parent, place);
        }
    }

    private Map<String, Value> params(List<Param> params, long parent, RuleRef place) {
        Map<String, Value> values = new HashMap<>();
        for (Param param : params) {
            Value value = param.value().eval(engine.env);
            if (value == null) {
                engine.trouble("left out: " + param.name() + " is unknown", parent, place);
            } else {
                values.put(param.name(), value);
            }
        }
        return values;
    }

    private static String text(@Nullable Value value, String otherwise) {
        return value == null ? otherwise : value instanceof Text t ? t.value() : value.toString();
    }
}
