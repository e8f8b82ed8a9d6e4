package org.fieldhouse.rules.program;

/** Since when a condition has not been seen false; what {@code … for 5 min} reads. */
public final class Held {
    /** The condition does not hold. */
    public static final long NOT = Long.MIN_VALUE;

    /** When it became true, steady µs, or {@link #NOT}. */
    public long since = NOT;
    /** What it was when it was last known. */
    public int last = Truth.UNKNOWN;
}
