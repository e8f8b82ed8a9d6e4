package org.fieldhouse.rules.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** The nodes of functions that bundles contribute. */
final class Calls {
    private Calls() {}

    /** What a cell of a function's presence is called among the declarations. */
    static String presence(String function) {
        return "function " + function;
    }

    /** Unknown while an argument is unknown or does not fit, or the function is away. */
    static final class Pure extends Val {
        private final FunctionSpec spec;
        private final int presence;
        private final List<Param> arguments;

        Pure(FunctionSpec spec, int presence, List<Param> arguments) {
            this.spec = spec;
            this.presence = presence;
            this.arguments = List.copyOf(arguments);
        }

        @Override
        public @Nullable Value eval(Env env) {
            Map<String, Value> values = new HashMap<>();
            for (Param each : arguments) {
                Value value = each.value().eval(env);
                ArgumentSpec wanted = spec.parameter(each.name()).orElseThrow();
                if (value == null || wanted.value().violation(value).isPresent()) {
                    return null;
                }
                values.put(each.name(), wanted.value().normalize(value));
            }
            return env.cells[presence].truth() == Truth.TRUE ? env.functions.compute(spec, values) : null;
        }
    }

    static final class Number extends Num {
        private final Val value;
        private final Unit unit;

        Number(Val value, Unit unit) {
            this.value = value;
            this.unit = unit;
        }

        @Override
        public double eval(Env env) {
            return value.eval(env) instanceof Quantity q && q.unit().convertsTo(unit)
                    ? q.unit().convert(q.number(), unit)
                    : Double.NaN;
        }
    }

    static final class Condition extends Cond {
        private final Val value;

        Condition(Val value) {
            this.value = value;
        }

        @Override
        public int test(Env env) {
            return value.eval(env) instanceof Bool bool ? Truth.of(bool.on()) : Truth.UNKNOWN;
        }
    }
}
