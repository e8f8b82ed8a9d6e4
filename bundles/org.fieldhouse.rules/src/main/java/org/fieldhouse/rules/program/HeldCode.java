package org.fieldhouse.rules.program;

/**
 * A condition whose lasting is measured.
 *
 * @param identity the same for the same place in the same declaration, see {@link org.fieldhouse.rules.check.CheckedDecl#identity}
 * @param edged whether it has to become true first: what is true when it is loaded does not count
 */
public record HeldCode(String identity, Cond condition, Deps deps, boolean edged) {}
