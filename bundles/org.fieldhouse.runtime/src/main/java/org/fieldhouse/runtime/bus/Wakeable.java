package org.fieldhouse.runtime.bus;

/** A reader that is told when there is something new. */
public interface Wakeable {
    /** Called by the holder of the baton: returns at once, throws nothing. */
    void wake(long published);

    /** Whether a publisher that is going to {@link #attend} need not wake it. Holder of the baton. */
    default boolean canBeAttended() {
        return false;
    }

    /** Does what there is to do on the caller's thread, or wakes whoever does it. Without the baton, and without locks. */
    default void attend() {}
}
