package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.event.Cause.RuleRef;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.program.Cell;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Cond;
import org.fieldhouse.rules.program.Env;
import org.fieldhouse.rules.program.Op;
import org.fieldhouse.rules.program.Trigger;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Watcher;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/**
 * A rule or a sequence at work: its triggers, its runs, and what {@code mode} and {@code after outage} say about them. What a
 * run does is in {@link Interpreter}.
 */
final class BodyRunner extends Behaviour implements Triggered {
    /** Bound on what {@code queue} can hold, whatever the rule says. */
    private static final int MAX_RUNS = 1_000_000;

    private static final Set<Instance> NOBODY = Set.of();
    private static final @Nullable Site[] NOWHERE = {};

    final Code.Body code;
    final Op[] ops;
    private final @Nullable RuleRef[] places;
    private final List<TriggerRunner> triggers;
    /** Held here too: with thousands of rules, a step to the code is a step through memory each time one fires. */
    private final @Nullable Cond condition;
    /** The places at which a run can wait for a condition, by operation; without any if none can. */
    private final @Nullable Site[] sites;

    private final boolean waits;
    /** The runs that are not over, in the order in which they began. The first makes the set: most rules never wait. */
    private Set<Instance> runs = NOBODY;
    /** Made by the first that has to wait for its turn. */
    private @Nullable ArrayDeque<Pending> queue;

    private long count;
    private long lastSequence;
    private long lastMicros = Long.MIN_VALUE;
    private long dropped;
    /** The last trigger that was ignored. For people alone, so not kept over a restart. */
    private long droppedSequence;

    private boolean starting;

    /** A trigger that waits for its turn. */
    private record Pending(long parent, Map<String, Value> arguments) {}

    BodyRunner(Engine engine, Code.Body code) {
        super(engine, code.head());
        this.code = code;
        this.ops = code.ops().toArray(new Op[0]);
        this.places = new @Nullable RuleRef[ops.length];
        this.waits = code.waits();
        this.triggers = code.triggers().stream()
                .map(trigger -> TriggerRunner.of(this, trigger))
                .toList();
        this.condition = code.condition();
        this.sites =
                code.ops().stream().anyMatch(Op.WaitUntil.class::isInstance) ? new @Nullable Site[ops.length] : NOWHERE;
        for (int i = 0; i < sites.length; i++) {
            sites[i] = ops[i] instanceof Op.WaitUntil wait ? new Site(i, wait) : null;
        }
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Decl.Outage outage() {
        return code.outage();
    }

    @Override
    void bind(Wiring wiring) {
        triggers.forEach(trigger -> trigger.bind(wiring));
        for (Site site : sites) {
            if (site != null) {
                wiring.watch(site.wait.deps(), site);
            }
        }
    }

    @Override
    void begin() {
        triggers.forEach(TriggerRunner::begin);
    }

    @Override
    void runtimeStarted() {
        triggers.forEach(TriggerRunner::runtimeStarted);
    }

    @Override
    void clockStepped(long by) {
        triggers.forEach(trigger -> trigger.clockStepped(by));
    }

    @Override
    void lookAgain() {
        triggers.forEach(TriggerRunner::lookAgain);
        for (Instance run : runs.toArray(new Instance[0])) {
            if (runs.contains(run) && run.site != Instance.NO_SITE) {
                site(run.site).look(run, false);
            }
        }
    }

    /** A trigger fired. However many fire at one moment, the rule is triggered once. */
    @Override
    public void fire(Map<String, Value> arguments) {
        Env env = engine.env;
        if (lastSequence == engine.sequence && lastMicros == env.now) {
            return;
        }
        if (condition != null) {
            env.arguments = arguments;
            int truth = condition.test(env);
            env.leave();
            engine.reached(head, Probe.CONDITION, truth == Truth.TRUE);
            if (truth != Truth.TRUE) {
                return;
            }
        }
        count++;
        lastSequence = engine.sequence;
        lastMicros = env.now;
        if (!runs.isEmpty() && !admit(code.mode(), arguments)) {
            return;
        }
        start(engine.cause, arguments);
    }

    private boolean admit(Decl.ModeKind mode, Map<String, Value> arguments) {
        int limit = Math.min(code.limit(), MAX_RUNS);
        switch (mode) {
            case SINGLE -> {
                ignore();
                return false;
            }
            case RESTART -> {
                new ArrayList<>(runs).forEach(this::drop);
                return true;
            }
            case QUEUE -> {
                if (queued() < limit) {
                    enqueue(new Pending(engine.cause, arguments));
                } else {
                    ignore();
                }
                return false;
            }
            case PARALLEL -> {
                if (runs.size() >= limit) {
                    ignore();
                    return false;
                }
                return true;
            }
        }
        return true;
    }

    private void ignore() {
        dropped++;
        droppedSequence = lastSequence;
    }

    private void start(long parent, Map<String, Value> arguments) {
        Instance run = new Instance(this, parent, arguments, new @Nullable Value[code.locals()]);
        if (waits) {
            enter(run);
        }
        boolean permitted = permitted(run);
        if (!code.require().isEmpty()) {
            engine.reached(head, Probe.CONDITION, permitted);
        }
        if (permitted) {
            engine.reached(head, Probe.RAN);
            go(run);
        } else {
            over(run);
        }
    }

    private boolean permitted(Instance run) {
        for (Code.Requirement requirement : code.require()) {
            if (requirement.condition().test(engine.env) != Truth.TRUE) {
                engine.trouble(
                        "not started: " + requirement.text() + " does not hold", run.parent, at(requirement.line()));
                return false;
            }
        }
        return true;
    }

    /** Runs on until it waits or ends. What a bug throws ends this run and nothing else. */
    private void go(Instance run) {
        boolean waiting = false;
        try {
            waiting = engine.interpreter.run(this, run);
        } catch (RuntimeException | StackOverflowError e) {
            engine.contained(e, run.parent, place(Math.min(run.pc, ops.length - 1)));
        } finally {
            engine.env.leave();
        }
        if (!waiting) {
            over(run);
        }
    }

    private void over(Instance run) {
        drop(run);
        if (starting) {
            return; // the loop below is at work already
        }
        starting = true;
        try {
            while (queue != null && !queue.isEmpty() && runs.isEmpty()) {
                Pending next = queue.remove();
                start(next.parent(), next.arguments());
            }
        } finally {
            starting = false;
        }
    }

    private void drop(Instance run) {
        engine.timers.clear(run);
        engine.calls.forget(run);
        if (runs != NOBODY) {
            runs.remove(run);
        }
        if (run.site != Instance.NO_SITE) {
            site(run.site).waiting.remove(run);
        }
    }

    private void enter(Instance run) {
        if (runs == NOBODY) {
            runs = new LinkedHashSet<>();
        }
        runs.add(run);
    }

    private void enqueue(Pending pending) {
        if (queue == null) {
            queue = new ArrayDeque<>(1);
        }
        queue.add(pending);
    }

    private int queued() {
        return queue == null ? 0 : queue.size();
    }

    /** Begins to wait for a condition, unless it is true already. */
    boolean await(Instance run, Op.WaitUntil wait) {
        Env env = engine.env;
        for (int slot : wait.heldSlots()) {
            run.locals[slot] = null;
        }
        run.deadline = Long.MAX_VALUE;
        if (wait.within() != null) {
            double seconds = wait.within().eval(env);
            run.deadline = env.now + (Double.isNaN(seconds) ? 0 : Engine.micros(seconds));
        }
        env.wake = Long.MAX_VALUE;
        if (wait.condition().test(env) == Truth.TRUE) {
            return false;
        }
        run.site = run.pc;
        run.waitOrder = engine.timers.nextOrder();
        engine.timers.nextOrder(run.waitOrder + 1);
        site(run.pc).waiting.add(run);
        engine.timers.set(run, Math.min(run.deadline, env.wake));
        return true;
    }

    /** Where a run can wait at that operation; null if none can. */
    private @Nullable Site siteAt(int pc) {
        return pc >= 0 && pc < sites.length ? sites[pc] : null;
    }

    private Site site(int pc) {
        Site site = siteAt(pc);
        if (site == null) {
            throw new IllegalStateException(head.id() + ": nothing waits at " + pc);
        }
        return site;
    }

    /** A waiting run's timer. */
    void elapsed(Instance run, boolean missed) {
        if (run.site != Instance.NO_SITE) {
            site(run.site).look(run, missed);
        } else if (run.call != Instance.NO_CALL && !(missed && code.outage() == Decl.Outage.SKIP)) {
            returned(run, null, "no answer in time");
        } else if (missed && code.outage() == Decl.Outage.SKIP) {
            over(run);
        } else {
            run.pc++;
            go(run);
        }
    }

    /**
     * What a run asked a function for is there, or is not to be had.
     *
     * @param reason why not; empty if it is there
     */
    void returned(Instance run, @Nullable Value value, String reason) {
        engine.calls.forget(run);
        engine.timers.clear(run);
        if (!(ops[run.pc] instanceof Op.Invoke op) || op.await() == null) {
            throw new IllegalStateException(head.id() + ": no call at " + run.pc);
        }
        ValueSpec spec = op.function().result();
        Value result = value != null && spec != null && spec.violation(value).isEmpty() ? spec.normalize(value) : null;
        boolean fits = result != null;
        run.locals[op.await().slot()] = result;
        engine.interpreter.way(head, run.pc, fits);
        if (fits) {
            run.pc++;
        } else {
            String end = value == null ? "gave no result" : "answered " + value;
            String why = op.function().name() + ": " + (reason.isEmpty() ? end : reason);
            if (op.await().otherwise().then() == Op.Then.GO_ON) {
                engine.trouble(why, run.parent, place(run.pc));
            }
            run.pc = engine.interpreter.inVain(this, run, op.await().otherwise(), why);
        }
        if (run.pc < 0) {
            over(run);
        } else {
            go(run);
        }
    }

    /** The runs that wait at one {@code wait until}. */
    private final class Site implements Watcher {
        private final int pc;
        private final Op.WaitUntil wait;
        private final LinkedHashSet<Instance> waiting = new LinkedHashSet<>();

        Site(int pc, Op.WaitUntil wait) {
            this.pc = pc;
            this.wait = wait;
        }

        @Override
        public void changed(Cell cell) {
            if (!waiting.isEmpty()) {
                for (Instance run : waiting.toArray(new Instance[0])) {
                    if (waiting.contains(run)) {
                        look(run, false);
                    }
                }
            }
        }

        void look(Instance run, boolean missed) {
            Env env = engine.env;
            env.locals = run.locals;
            env.arguments = run.arguments;
            env.wake = Long.MAX_VALUE;
            int truth = wait.condition().test(env);
            env.leave();
            boolean timedOut = truth != Truth.TRUE && env.now >= run.deadline;
            if (truth != Truth.TRUE && !timedOut) {
                engine.timers.set(run, Math.min(run.deadline, env.wake));
                return;
            }
            waiting.remove(run);
            engine.interpreter.way(head, pc, !timedOut);
            run.site = Instance.NO_SITE;
            engine.timers.clear(run);
            if (missed && code.outage() == Decl.Outage.SKIP) {
                over(run);
                return;
            }
            run.pc = timedOut ? engine.interpreter.inVain(BodyRunner.this, run, wait.otherwise(), "") : pc + 1;
            if (run.pc < 0) {
                over(run);
            } else {
                go(run);
            }
        }
    }

    /** The place of an operation, for causes. */
    RuleRef place(int pc) {
        if (pc < 0 || pc >= places.length) {
            return at(head.line());
        }
        RuleRef place = places[pc];
        if (place == null) {
            place = at(ops[pc].line());
            places[pc] = place;
        }
        return place;
    }

    @Override
    void save(StateOutput out) {
        out.number(count);
        out.number(lastSequence);
        out.number(lastMicros);
        out.number(dropped);
        out.small(triggers.size());
        for (TriggerRunner trigger : triggers) {
            out.text(trigger.key());
            int own = out.begin();
            trigger.save(out);
            out.end(own);
        }
        out.small(runs.size());
        for (Instance run : runs) {
            run.save(out);
        }
        out.small(queued());
        if (queue != null) {
            for (Pending pending : queue) {
                out.number(pending.parent());
                out.values(pending.arguments());
            }
        }
    }

    @Override
    void restore(StateInput in) throws IOException {
        count = in.number();
        lastSequence = in.number();
        lastMicros = in.number();
        dropped = in.number();
        Map<String, StateInput> saved = new HashMap<>();
        for (int i = in.count(); i > 0; i--) {
            saved.put(in.text(), in.part());
        }
        for (TriggerRunner trigger : triggers) {
            StateInput own = saved.get(trigger.key());
            if (own == null) {
                trigger.begin(); // a member that the group did not have before
            } else {
                trigger.restore(own);
            }
        }
        for (int i = in.count(); i > 0; i--) {
            Instance run = Instance.restore(this, in, engine.timers);
            boolean known = run.site == Instance.NO_SITE ? ops.length > 0 : siteAt(run.site) != null;
            if (!known || run.pc < 0 || run.pc >= ops.length || run.locals.length != code.locals()) {
                throw new IOException(head.id() + " has no run at " + run.pc);
            }
            boolean calls = ops[run.pc] instanceof Op.Invoke op && op.await() != null;
            if ((run.call != Instance.NO_CALL) != calls) {
                throw new IOException(head.id() + " waits for no function at " + run.pc);
            }
            if (calls) {
                engine.calls.await(run);
            }
            enter(run);
        }
        runs.stream()
                .filter(run -> run.site != Instance.NO_SITE)
                .sorted(Comparator.comparingLong(run -> run.waitOrder))
                .forEach(run -> site(run.site).waiting.add(run));
        for (int i = in.count(); i > 0; i--) {
            enqueue(new Pending(in.number(), in.arguments()));
        }
    }

    @Override
    Standing standing() {
        StringBuilder detail = new StringBuilder();
        for (Instance run : runs) {
            detail.append(detail.isEmpty() ? "" : ", ").append("line ").append(ops[run.pc].line());
            if (ops[run.pc] instanceof Op.Invoke call) {
                detail.append(" for ").append(call.function().name());
            }
            if (run.isSet()) {
                detail.append(" until ").append(engine.calendar().place().moment(engine.wall(run.due)));
            }
            if (detail.length() > 200) {
                detail.append(" …");
                break;
            }
        }
        if (queued() > 0) {
            detail.append("; ").append(queued()).append(" queued");
        }
        if (dropped > 0) {
            detail.append("; ").append(dropped).append(" triggers while busy");
        }
        boolean ignored = lastSequence > 0 && droppedSequence == lastSequence;
        return new Standing(head, count, lastSequence, runs.size(), detail.toString(), ignored);
    }

    /** A trigger on a device's event. */
    static final class SignalledRunner extends TriggerRunner {
        private final Trigger.Signalled trigger;

        SignalledRunner(Triggered rule, Trigger.Signalled trigger) {
            super(rule);
            this.trigger = trigger;
        }

        @Override
        String key() {
            return trigger.key();
        }

        @Override
        void bind(Wiring wiring) {
            wiring.listen(trigger.device(), trigger.event(), this);
        }

        void heard(Map<String, Value> arguments) {
            for (var wanted : trigger.with()) {
                Value value = wanted.value().eval(rule.engine().env);
                if (value == null || !value.equals(arguments.get(wanted.name()))) {
                    return;
                }
            }
            fire(arguments);
        }
    }
}
