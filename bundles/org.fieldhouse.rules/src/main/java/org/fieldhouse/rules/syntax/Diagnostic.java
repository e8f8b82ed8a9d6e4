package org.fieldhouse.rules.syntax;

import java.util.List;
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
 * @param notes other places that belong to it
 * @param story what happens, step by step, if it is left so; may be empty
 */
public record Diagnostic(
        Code code,
        String path,
        Span span,
        String message,
        String help,
        String excerpt,
        List<Note> notes,
        List<String> story) {
    /** Longest sentence, in characters; a word of a megabyte is not said again in full. */
    private static final int SENTENCE = 600;
    /** Longest stretch of a line that is shown. */
    private static final int EXCERPT = 240;

    public Diagnostic {
        message = clipped(message);
        help = clipped(help);
        notes = List.copyOf(notes);
        story = story.stream().map(Diagnostic::clipped).toList();
    }

    private static String clipped(String text) {
        if (text.length() <= SENTENCE) {
            return text;
        }
        int head = text.offsetByCodePoints(0, SENTENCE / 3);
        int tail = text.offsetByCodePoints(text.length(), -SENTENCE / 6);
        return text.substring(0, head) + " … " + text.substring(tail);
    }

    /**
     * Another place that belongs to a finding.
     *
     * @param text what is there, in a few words
     */
    public record Note(String path, Span span, String text, String excerpt) {
        /** A note with its excerpt cut from the source. */
        public static Note of(SourceFile file, Span span, String text) {
            return new Note(file.path(), span, clipped(text), Diagnostic.excerpt(file, span));
        }

        /** {@code file:line:column: note: text}, then the source line and its carets. */
        public String render() {
            return path + ":" + span.line() + ":" + span.column() + ": note: " + text + "\n" + excerpt;
        }
    }

    /** A finding with its excerpt cut from the source. */
    public static Diagnostic of(Code code, SourceFile file, Span span, String message, String help) {
        return of(code, file, span, message, help, List.of(), List.of());
    }

    /** The same with further places and a story. */
    public static Diagnostic of(
            Code code, SourceFile file, Span span, String message, String help, List<Note> notes, List<String> story) {
        return new Diagnostic(code, file.path(), span, message, help, excerpt(file, span), notes, story);
    }

    /** Whether it stops the load. */
    public boolean isError() {
        return code.isError();
    }

    /** {@code file:line:column: error E101: message: help}, the source line and its carets, notes, and the numbered story. */
    public String render() {
        StringBuilder all = new StringBuilder(headline()).append('\n').append(excerpt);
        notes.forEach(note -> all.append('\n').append(note.render()));
        for (int i = 0; i < story.size(); i++) {
            all.append("\n  ").append(i + 1).append(". ").append(story.get(i));
        }
        return all.toString();
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
        int first = line.length() <= EXCERPT ? 0 : whole(line, Math.max(0, from - EXCERPT / 4));
        int last = whole(line, Math.min(line.length(), first + EXCERPT));
        String before = first > 0 ? "…" : "";
        StringBuilder carets = new StringBuilder(" ".repeat(before.length()));
        for (int i = first; i < from; i++) {
            char c = line.charAt(i);
            if (!Character.isLowSurrogate(c)) {
                carets.append(c == '\t' ? '\t' : ' ');
            }
        }
        int end = Math.min(from + length, last);
        int marks = from + length <= line.length() ? line.codePointCount(from, end) : 1;
        String shown = before + line.substring(first, last) + (last < line.length() ? "…" : "");
        String number = String.valueOf(span.line());
        String margin = " ".repeat(number.length());
        return number + " | " + shown + "\n" + margin + " | " + carets + "^".repeat(Math.max(1, marks));
    }

    /** Not in the middle of a character. */
    private static int whole(String line, int at) {
        return at > 0 && at < line.length() && Character.isLowSurrogate(line.charAt(at)) ? at - 1 : at;
    }

    private static int codePoints(String line) {
        return line.codePointCount(0, line.length());
    }
}
