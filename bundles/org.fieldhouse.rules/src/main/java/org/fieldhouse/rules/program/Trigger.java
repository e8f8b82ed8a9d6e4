package org.fieldhouse.rules.program;

import java.util.List;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/** What starts a rule. Each has a key that is unique within its declaration and stays as long as the content does. */
public sealed interface Trigger {
    String key();

    /**
     * A condition becomes true: between two known values, what was unknown in between is passed over.
     *
     * @param firstCounts whether the first value that is ever known can be the edge
     */
    record Becomes(String key, Cond condition, Deps deps, boolean firstCounts) implements Trigger {}

    /**
     * A value is another than before.
     *
     * @param by least difference from the value at the last firing, in the cell's unit; null for any
     * @param from only from this value; null for any
     * @param to only to this value; null for any
     */
    record Changes(String key, int cell, @Nullable Num by, @Nullable Val from, @Nullable Val to) implements Trigger {}

    /** A number touches or passes a value from either side; both in the cell's unit. */
    record Reaches(String key, int cell, Num value) implements Trigger {}

    /** A device says something. */
    record Signalled(String key, DeviceId device, String event, List<Param> with) implements Trigger {
        public Signalled {
            with = List.copyOf(with);
        }
    }

    /** A moment on the wall clock has come. */
    record Scheduled(String key, Schedule schedule) implements Trigger {}

    /** The declaration was loaded or the runtime came up. */
    record Started(String key) implements Trigger {}
}
