package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Op;
import org.fieldhouse.rules.program.Target;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;

/**
 * A {@code control} or {@code while … keep} at work. It looks at its conditions whenever something that they read changes, and
 * asks for what they say; what was asked last stays asked until they say otherwise.
 */
final class LevelRunner extends Behaviour implements Watcher {
    /** Nothing could be decided yet. */
    private static final int NOTHING = -3;

    private static final int FAIL = -2;
    private static final int OTHERWISE = -1;

    private final Code.Level code;
    private final Recheck timer = new Recheck();
    private final Map<Target, Value> asked = new LinkedHashMap<>();
    private int choice = NOTHING;
    private long switched = Long.MIN_VALUE;
    private long switches;
    private long lastSequence;

    private final class Recheck extends Timer {
        @Override
        void elapsed(boolean missed) {
            look();
        }
    }

    LevelRunner(Engine engine, Code.Level code) {
        super(engine, code.head());
        this.code = code;
    }

    @Override
    void bind(Wiring wiring) {
        wiring.watch(code.deps(), this);
    }

    @Override
    void begin() {
        look();
    }

    /** Says everything again: the house may have forgotten. */
    @Override
    void runtimeStarted() {
        asked.clear();
        look();
    }

    @Override
    public void changed(Cell cell) {
        look();
    }

    @Override
    void lookAgain() {
        look();
    }

    private void look() {
        Env env = engine.env;
        env.wake = Long.MAX_VALUE;
        int wanted = decide();
        if (wanted != choice && choice != NOTHING && wanted != FAIL && choice != FAIL && code.holdSeconds() != null) {
            double seconds = code.holdSeconds().eval(env);
            long until = Double.isNaN(seconds) ? switched : switched + Engine.micros(seconds);
            if (env.now < until) {
                env.wakeAt(until);
                wanted = choice;
            }
        }
        if (wanted != choice) {
            choice = wanted;
            switched = env.now;
            switches++;
            lastSequence = engine.sequence;
            engine.reached(head, choice >= 0 ? Probe.BRANCH + choice : choice == FAIL ? Probe.FAILED : Probe.OTHERWISE);
        }
        ask();
        engine.timers.set(timer, env.wake);
    }

    private int decide() {
        Env env = engine.env;
        int wanted = NOTHING;
        boolean undecided = false;
        for (int i = 0; i < code.branches().size(); i++) {
            var condition = code.branches().get(i).condition();
            int truth = condition == null ? Truth.FALSE : condition.test(env);
            if (truth == Truth.TRUE && wanted == NOTHING) {
                wanted = i;
            }
            undecided |= truth == Truth.UNKNOWN;
        }
        Code.Branch fail = code.fail();
        if (fail != null) {
            boolean failing = fail.condition() == null
                    ? wanted == NOTHING && undecided
                    : fail.condition().test(env) == Truth.TRUE;
            if (failing) {
                return FAIL;
            }
        }
        if (wanted != NOTHING) {
            return wanted;
        }
        boolean ends = !undecided && (code.otherwise() != null || code.releases());
        return ends ? OTHERWISE : choice;
    }

    private void ask() {
        if (choice == NOTHING) {
            return;
        }
        List<Op.Put> otherwise = code.otherwise();
        Code.Branch fail = code.fail();
        List<Op.Put> puts = choice >= 0
                ? code.branches().get(choice).puts()
                : choice == FAIL && fail != null ? fail.puts() : otherwise == null ? List.of() : otherwise;
        RuleRef place = place();
        Set<Target> left = new HashSet<>();
        if (!asked.isEmpty()) {
            left.addAll(asked.keySet());
        }
        for (Op.Put put : puts) {
            left.remove(put.target());
            Value value = put.value().eval(engine.env);
            if (value != null && !value.equals(asked.get(put.target()))) {
                asked.put(put.target(), value);
                engine.interpreter.put(put.target(), value, Map.of(), code.slot(), engine.cause, place);
            }
        }
        if (!left.isEmpty()) {
            for (Target target : List.copyOf(asked.keySet())) {
                if (left.contains(target)) {
                    asked.remove(target);
                    relinquish(target, place);
                }
            }
        }
    }

    private RuleRef place() {
        Code.Branch fail = code.fail();
        return at(
                choice >= 0
                        ? code.branches().get(choice).line()
                        : choice == FAIL && fail != null ? fail.line() : head.line());
    }

    private void relinquish(Target target, RuleRef place) {
        if (target instanceof Target.Point point) {
            engine.put(new Output.Send(new Request.Relinquish(point.id(), code.slot()), engine.cause, place));
        }
    }

    @Override
    void end(Set<Claim> staying) {
        for (Target target : asked.keySet()) {
            if (target instanceof Target.Point point && !staying.contains(new Claim(point.id(), code.slot()))) {
                relinquish(target, at(head.line()));
            }
        }
        asked.clear();
    }

    @Override
    Set<Claim> claims() {
        Set<Claim> claims = new HashSet<>();
        for (Target target : targets()) {
            if (target instanceof Target.Point point) {
                claims.add(new Claim(point.id(), code.slot()));
            }
        }
        return claims;
    }

    @Override
    void save(StateOutput out) {
        out.small(choice);
        out.number(switched);
        out.number(switches);
        out.number(lastSequence);
        List<Target> targets = targets();
        out.small(asked.size());
        for (Map.Entry<Target, Value> each : asked.entrySet()) {
            out.small(targets.indexOf(each.getKey()));
            out.value(each.getValue());
        }
        timer.saveTimer(out);
    }

    @Override
    void restore(StateInput in) throws IOException {
        choice = in.small();
        switched = in.number();
        switches = in.number();
        lastSequence = in.number();
        if (choice < NOTHING || choice >= code.branches().size()) {
            throw new IOException(head.id() + " has no branch " + choice);
        }
        List<Target> targets = targets();
        for (int i = in.count(); i > 0; i--) {
            int target = in.small();
            Value value = in.value();
            if (value != null && target >= 0 && target < targets.size()) {
                asked.put(targets.get(target), value);
            }
        }
        timer.restoreTimer(in, engine.timers);
    }

    /** All targets in the order of the text; what the state refers to. */
    private List<Target> targets() {
        Set<Target> all = new LinkedHashSet<>();
        code.branches().forEach(branch -> branch.puts().forEach(put -> all.add(put.target())));
        if (code.otherwise() != null) {
            code.otherwise().forEach(put -> all.add(put.target()));
        }
        if (code.fail() != null) {
            code.fail().puts().forEach(put -> all.add(put.target()));
        }
        return List.copyOf(all);
    }

    @Override
    Standing standing() {
        String what =
                switch (choice) {
                    case NOTHING -> "nothing decided yet";
                    case FAIL -> "failed: ";
                    case OTHERWISE -> "otherwise: ";
                    default -> "holds ";
                };
        return new Standing(
                head,
                switches,
                lastSequence,
                0,
                choice == NOTHING ? what : what + (asked.isEmpty() ? "nothing" : List.copyOf(asked.values())));
    }
}
