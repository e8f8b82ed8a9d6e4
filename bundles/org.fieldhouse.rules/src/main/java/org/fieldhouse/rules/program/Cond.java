package org.fieldhouse.rules.program;

/** A condition. */
public abstract class Cond {
    /** One of the values of {@link Truth}. */
    public abstract int test(Env env);

    /** The number that it compares the number of its only cell with, and nothing else; NaN for all other conditions. */
    public double limit() {
        return Double.NaN;
    }
}
