package org.fieldhouse.rules.syntax.ast;

import org.jspecify.annotations.Nullable;

/**
 * An argument of an action, a function, an event or a {@code with} list.
 *
 * @param name null when the argument is given by position
 */
public record Arg(@Nullable Name name, Expr value, Span span) implements Node {}
