package org.fieldhouse.rules.program;

/**
 * What an expression reads.
 *
 * @param cells the program's indices, ascending, each once
 * @param timed whether it can change by the passing of time alone
 */
public record Deps(int[] cells, boolean timed) {
    public static final Deps NONE = new Deps(new int[0], false);
}
