package org.fieldhouse.rules.program;

/**
 * A condition whose lasting is measured.
 *
 * @param declaration identity of the declaration that it stands in
 * @param key unique within the declaration
 * @param edged whether it has to become true first: what is true when it is loaded does not count
 */
public record HeldCode(String declaration, String key, Cond condition, Deps deps, boolean edged) {}
