package org.fieldhouse.rules.program;

/** Wants to know when a cell has another value or quality. */
public interface Watcher {
    void changed(Cell cell);

    /**
     * The number on either side of which it does not matter what the cell's number is: another number on the same side would find it
     * as the last one left it. NaN if it has to know each.
     */
    default double limit() {
        return Double.NaN;
    }
}
