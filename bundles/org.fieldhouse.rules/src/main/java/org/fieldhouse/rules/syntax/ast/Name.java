package org.fieldhouse.rules.syntax.ast;

/**
 * One word or string that names something.
 *
 * @param text the name without quotes
 */
public record Name(String text, Span span) implements Node {}
