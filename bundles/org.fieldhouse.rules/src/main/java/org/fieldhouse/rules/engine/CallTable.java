package org.fieldhouse.rules.engine;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The runs that wait for the result of a function, by the number of the call. */
final class CallTable {
    private final Map<Long, Instance> waiting = new HashMap<>();
    private long last;

    long last() {
        return last;
    }

    void last(long number) {
        last = number;
    }

    /** A number that was never given. */
    long next() {
        return ++last;
    }

    void await(Instance run) {
        waiting.put(run.call, run);
    }

    /** The run does not wait any more. */
    void forget(Instance run) {
        if (run.call != Instance.NO_CALL) {
            waiting.remove(run.call);
            run.call = Instance.NO_CALL;
        }
    }

    @Nullable
    Instance waiting(long call) {
        return waiting.get(call);
    }

    void clear() {
        waiting.clear();
    }
}
