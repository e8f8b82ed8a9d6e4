package org.fieldhouse.rules.program;

import java.util.List;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.FunctionSpec;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a body. The list of a body depends on the declaration's own text alone (a scene or a group is looked up when
 * it is used), so a place in it keeps its meaning as long as the declaration's content does.
 */
public sealed interface Op {
    /** 1-based line of the statement. */
    int line();

    /** A value for a target. */
    record Put(Target target, Val value) {}

    /** Writes points and variables. */
    record Write(int line, List<Put> puts, List<Param> with) implements Op {
        public Write {
            puts = List.copyOf(puts);
            with = List.copyOf(with);
        }
    }

    /** Off if any is on, else on. */
    record Toggle(int line, List<Target> targets) implements Op {
        public Toggle {
            targets = List.copyOf(targets);
        }
    }

    /** Empties the slot of the declaration's class. */
    record Release(int line, List<Target> targets) implements Op {
        public Release {
            targets = List.copyOf(targets);
        }
    }

    record Activate(int line, String scene) implements Op {}

    record Call(int line, DeviceId device, String action, List<Param> arguments) implements Op {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** @param to empty for everybody */
    record Notify(int line, List<String> to, Val text) implements Op {
        public Notify {
            to = List.copyOf(to);
        }
    }

    record Log(int line, Val text) implements Op {}

    /** @param on raise or clear */
    record Alarm(int line, String alarm, boolean on) implements Op {}

    record Wait(int line, Num seconds) implements Op {}

    /**
     * Waits for a condition.
     *
     * @param within seconds; null for ever
     * @param otherwise what follows when the time is up
     * @param heldSlots hidden locals to be emptied when the wait begins
     */
    record WaitUntil(int line, Cond condition, Deps deps, @Nullable Num within, Otherwise otherwise, int[] heldSlots)
            implements Op {}

    /**
     * What follows when a wait was in vain.
     *
     * @param text why it failed; null unless {@code then} is FAIL
     * @param pc where {@link Then#GO_ON} goes on
     */
    record Otherwise(Then then, @Nullable Val text, int pc) {}

    /**
     * Calls an action that a bundle contributes.
     *
     * @param await null: goes on at once
     */
    record Invoke(int line, FunctionSpec function, List<Param> arguments, @Nullable Await await) implements Op {
        public Invoke {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * How a run waits for the result of a call.
     *
     * @param slot of the local that gets it; unknown if there is none
     * @param within seconds; null for the function's own time-out
     */
    record Await(int slot, @Nullable Num within, Otherwise otherwise) {}

    /** After a time-out. */
    enum Then {
        GO_ON,
        STOP,
        FAIL
    }

    /** Unknown jumps. */
    record JumpUnless(int line, Cond condition, int target) implements Op {}

    record Jump(int line, int target) implements Op {}

    record Let(int line, int slot, Val value) implements Op {}

    /** Puts the number of rounds into a hidden local. */
    record Repeat(int line, int slot, Num times) implements Op {}

    /** Takes one round off, or jumps if there is none left. */
    record Round(int line, int slot, int exit) implements Op {}

    record Stop(int line) implements Op {}

    record Fail(int line, @Nullable Val text) implements Op {}
}
