package org.fieldhouse.rules.engine;

import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** How functions of bundles stand in the journal. A call is recorded before it is made, and its result is an event like any other. */
public final class FunctionFacts {
    /** A function is there, or no longer: {@code function}, {@code present}. */
    public static final String CHANGED = "org.fieldhouse.rules.FunctionChanged";
    /** A function is about to be called: {@code call}, {@code function}, and each argument with {@code arg.} before its name. */
    public static final String CALLED = "org.fieldhouse.rules.FunctionCalled";
    /** A call has ended: {@code call}, {@code function}, and {@code value}, or {@code reason} if it failed. */
    public static final String RETURNED = "org.fieldhouse.rules.FunctionReturned";

    private static final String FUNCTION = "function";
    private static final String CALL = "call";
    private static final String ARGUMENT = "arg.";

    private FunctionFacts() {}

    public static Fact.ExternalFact changed(String function, boolean present) {
        return new Fact.ExternalFact(CHANGED, Map.of(FUNCTION, new Text(function), "present", Bool.of(present)));
    }

    public static Fact.ExternalFact called(long call, String function, Map<String, Value> arguments) {
        Map<String, Value> values = new HashMap<>();
        arguments.forEach((name, value) -> values.put(ARGUMENT + name, value));
        values.put(CALL, Quantity.of(call));
        values.put(FUNCTION, new Text(function));
        return new Fact.ExternalFact(CALLED, values);
    }

    /** @param value null for an action without a result */
    public static Fact.ExternalFact returned(long call, String function, @Nullable Value value) {
        Map<String, Value> values = new HashMap<>();
        values.put(CALL, Quantity.of(call));
        values.put(FUNCTION, new Text(function));
        if (value != null) {
            values.put("value", value);
        }
        return new Fact.ExternalFact(RETURNED, values);
    }

    public static Fact.ExternalFact failed(long call, String function, String reason) {
        return new Fact.ExternalFact(
                RETURNED, Map.of(CALL, Quantity.of(call), FUNCTION, new Text(function), "reason", new Text(reason)));
    }

    public static long call(Fact.ExternalFact fact) {
        return fact.values().get(CALL) instanceof Quantity q ? Math.round(q.number()) : 0;
    }

    public static String function(Fact.ExternalFact fact) {
        return text(fact, FUNCTION);
    }

    public static boolean isPresent(Fact.ExternalFact fact) {
        return Bool.ON.equals(fact.values().get("present"));
    }

    public static @Nullable Value value(Fact.ExternalFact fact) {
        return fact.values().get("value");
    }

    /** Why a call failed; empty if it did not. */
    public static String reason(Fact.ExternalFact fact) {
        return text(fact, "reason");
    }

    public static Map<String, Value> arguments(Fact.ExternalFact fact) {
        Map<String, Value> arguments = new HashMap<>();
        fact.values().forEach((name, value) -> {
            if (name.startsWith(ARGUMENT)) {
                arguments.put(name.substring(ARGUMENT.length()), value);
            }
        });
        return arguments;
    }

    private static String text(Fact.ExternalFact fact, String field) {
        return fact.values().get(field) instanceof Text text ? text.value() : "";
    }
}
