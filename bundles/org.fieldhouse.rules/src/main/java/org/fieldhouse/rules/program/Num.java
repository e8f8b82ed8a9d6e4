package org.fieldhouse.rules.program;

/** A number in a unit fixed when it was compiled. */
public abstract class Num {
    /** NaN is unknown. */
    public abstract double eval(Env env);
}
