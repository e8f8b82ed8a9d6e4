/** The generated lexer and parser, and the two classes that they extend. Private to the syntax package. */
@NullMarked
package org.fieldhouse.rules.syntax.grammar;

import org.jspecify.annotations.NullMarked;
