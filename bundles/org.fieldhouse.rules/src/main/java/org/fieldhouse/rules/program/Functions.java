package org.fieldhouse.rules.program;

import java.util.Map;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** The pure functions that bundles contribute. The same arguments give the same result, so that the past can be worked out again. */
@FunctionalInterface
public interface Functions {
    /** There are none. */
    Functions NONE = (spec, arguments) -> null;

    /**
     * Computes, on the engine's thread. Never throws.
     *
     * @param arguments by name, in the declared units
     * @return the result in the declared unit; null if it cannot be told
     */
    @Nullable
    Value compute(FunctionSpec spec, Map<String, Value> arguments);
}
