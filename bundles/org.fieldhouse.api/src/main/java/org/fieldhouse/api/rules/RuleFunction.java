package org.fieldhouse.api.rules;

import java.util.Map;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A function that rule files can call: register it as a service. While its bundle is away a pure function's value is unknown, and
 * a call of an action waits for it until its time-out.
 */
@ConsumerType
public interface RuleFunction {
    /** What it is called, takes and gives. Must not change while the service is registered. */
    FunctionSpec spec();

    /**
     * Works. A pure one is called on the rules' thread, must not block, and depends on nothing but its arguments: it is called again
     * when the past is worked out anew. An action is called on a thread of its own, which is interrupted at the time-out.
     *
     * @param arguments by name, valid and in the declared units; those that may be left out can be missing
     * @return the result in any unit that converts; null if the function has none
     * @throws FunctionException if it cannot be done; the message is shown to people
     */
    @Nullable
    Value call(Map<String, Value> arguments) throws FunctionException, InterruptedException;
}
