package org.fieldhouse.rules.program;

/** A condition. */
public abstract class Cond {
    /** One of the values of {@link Truth}. */
    public abstract int test(Env env);
}
