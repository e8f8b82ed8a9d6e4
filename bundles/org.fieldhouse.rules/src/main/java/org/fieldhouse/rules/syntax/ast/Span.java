package org.fieldhouse.rules.syntax.ast;

/**
 * A stretch of one source file.
 *
 * @param start offset of the first character, from 0, in UTF-16 units
 * @param end offset behind the last character
 * @param line line of {@code start}, from 1
 * @param column column of {@code start}, from 1, in characters as people count them
 */
public record Span(int start, int end, int line, int column) {
    /** The place of what is not in the text. */
    public static final Span NONE = new Span(0, 0, 1, 1);

    /** The stretch from the start of this one to the end of {@code last}. */
    public Span to(Span last) {
        return new Span(start, Math.max(end, last.end), line, column);
    }
}
