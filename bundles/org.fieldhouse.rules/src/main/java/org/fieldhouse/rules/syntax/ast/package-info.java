/**
 * The tree of a rule file as it was written: records with a span each, nothing resolved.
 *
 * <p>What a name means, which type an expression has and which value a literal stands for is in
 * {@code org.fieldhouse.rules.check}, looked up by the identity of these nodes.
 */
@NullMarked
package org.fieldhouse.rules.syntax.ast;

import org.jspecify.annotations.NullMarked;
