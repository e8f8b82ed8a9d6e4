package org.fieldhouse.rules.program;

import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** An expression of any type. */
public abstract class Val {
    /** Null is unknown. */
    public abstract @Nullable Value eval(Env env);
}
