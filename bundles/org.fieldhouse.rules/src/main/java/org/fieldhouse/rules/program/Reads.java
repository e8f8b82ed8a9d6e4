package org.fieldhouse.rules.program;

import java.util.TreeSet;

/** Gathers what an expression reads while it is made. */
final class Reads {
    private final TreeSet<Integer> cells = new TreeSet<>();
    private boolean timed;
    private boolean local;

    void cell(int index) {
        cells.add(index);
    }

    void time() {
        timed = true;
    }

    void local() {
        local = true;
    }

    boolean isLocal() {
        return local;
    }

    void addAll(Reads other) {
        cells.addAll(other.cells);
        timed |= other.timed;
        local |= other.local;
    }

    Deps deps() {
        return new Deps(cells.stream().mapToInt(Integer::intValue).toArray(), timed);
    }
}
