/** Reads rule files: source text, positions, the ANTLR grammar's front with its error messages. */
@NullMarked
package org.fieldhouse.rules.syntax;

import org.jspecify.annotations.NullMarked;
