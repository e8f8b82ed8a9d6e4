package org.fieldhouse.rules.program;

/**
 * Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, §64) in ints that sort
 * false &lt; unknown &lt; true, so that {@code and} is the minimum and {@code or} the maximum.
 */
public final class Truth {
    public static final int FALSE = 0;
    public static final int UNKNOWN = 1;
    public static final int TRUE = 2;

    private Truth() {}

    public static int of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public static int not(int truth) {
        return TRUE - truth;
    }
}
