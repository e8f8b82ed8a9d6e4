package org.fieldhouse.rules.engine;

import java.io.IOException;
import java.util.Map;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** One run of a body: where it is and what it knows. Its timer is set while it waits. */
final class Instance extends Timer {
    /** The run does not wait for a condition. */
    static final int NO_SITE = -1;

    /** The run waits for no function. */
    static final long NO_CALL = 0;

    private final BodyRunner runner;
    /** The event that triggered it. */
    final long parent;

    final Map<String, Value> arguments;
    final @Nullable Value[] locals;
    int pc;
    /** The operation at which it waits for a condition. */
    int site = NO_SITE;
    /** Who began to wait first is looked at first. */
    long waitOrder;
    /** When a wait for a condition is given up. */
    long deadline = Long.MAX_VALUE;
    /** The call whose result it waits for. */
    long call = NO_CALL;
    /** Whether it runs the part behind a failure. */
    boolean failed;

    Instance(BodyRunner runner, long parent, Map<String, Value> arguments, @Nullable Value[] locals) {
        this.runner = runner;
        this.parent = parent;
        this.arguments = arguments;
        this.locals = locals;
    }

    @Override
    void elapsed(boolean missed) {
        runner.elapsed(this, missed);
    }

    /** The function that it waits for has ended. */
    void returned(@Nullable Value value, String reason) {
        runner.returned(this, value, reason);
    }

    void save(StateOutput out) {
        out.number(parent);
        out.values(arguments);
        out.values(locals);
        out.small(pc);
        out.small(site);
        out.number(waitOrder);
        out.number(deadline);
        out.flag(failed);
        out.number(call);
        saveTimer(out);
    }

    static Instance restore(BodyRunner runner, StateInput in, Timers timers) throws IOException {
        Instance run = new Instance(runner, in.number(), in.arguments(), in.values());
        run.pc = in.small();
        run.site = in.small();
        run.waitOrder = in.number();
        run.deadline = in.number();
        run.failed = in.flag();
        run.call = in.number();
        run.restoreTimer(in, timers);
        return run;
    }
}
