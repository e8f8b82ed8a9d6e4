package org.fieldhouse.rules.program;

/** Wants to know when a cell has another value or quality. */
public interface Watcher {
    void changed(Cell cell);
}
