package org.fieldhouse.runtime.bus;

/** A reader that is told when there is something new. Called by the holder of the baton: returns at once, throws nothing. */
public interface Wakeable {
    void wake(long published);
}
