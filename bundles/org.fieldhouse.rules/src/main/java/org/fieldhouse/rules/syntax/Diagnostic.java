package org.fieldhouse.rules.syntax;

import org.fieldhouse.rules.syntax.ast.Span;

/**
 * One finding about a rule file.
 *
 * @param code stable, E… or W…; each has a page in docs/rules/errors
 * @param path of the file
 * @param span the offending text
 * @param message one sentence, without a full stop
 * @param help what to do about it, e.g. a suggestion; may be empty
 * @param excerpt the line of the source with carets below, see {@link #render}
 */
public record Diagnostic(Code code, String path, Span span, String message, String help, String excerpt) {

    /** A finding with its excerpt cut from the source. */
    public static Diagnostic of(Code code, SourceFile file, Span span, String message, String help) {
        return new Diagnostic(code, file.path(), span, message, help, excerpt(file, span));
    }

    /** Whether it stops the load. */
    public boolean isError() {
        return code.isError();
    }

    /** {@code file:line:column: error E101: message: help}, then the source line and its carets. */
    public String render() {
        return headline() + "\n" + excerpt;
    }

    /** The first line of {@link #render}. */
    public String headline() {
        return path + ":" + span.line() + ":" + span.column() + ": " + (isError() ? "error " : "warning ") + code + ": "
                + message + (help.isEmpty() ? "" : ": " + help);
    }

    private static String excerpt(SourceFile file, Span span) {
        String line = file.line(span.line());
        int from = Math.min(line.length(), line.offsetByCodePoints(0, Math.min(span.column() - 1, codePoints(line))));
        int length = Math.max(1, Math.min(span.end() - span.start(), line.length() - from));
        StringBuilder carets = new StringBuilder();
        for (int i = 0; i < from; i++) {
            char c = line.charAt(i);
            if (!Character.isLowSurrogate(c)) {
                carets.append(c == '\t' ? '\t' : ' ');
            }
        }
        int marks = from + length <= line.length() ? line.codePointCount(from, from + length) : 1;
        String number = String.valueOf(span.line());
        String margin = " ".repeat(number.length());
        return number + " | " + line + "\n" + margin + " | " + carets + "^".repeat(marks);
    }

    private static int codePoints(String line) {
        return line.codePointCount(0, line.length());
    }
}
