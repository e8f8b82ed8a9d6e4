package org.fieldhouse.rules.lsp;

import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.fieldhouse.rules.editor.TextLines;
import org.fieldhouse.rules.syntax.ast.Span;

/** Places of one text as the protocol counts them: lines from 0, and UTF-16 units within the line (3.17, "Position"). */
final class Positions {
    private final String text;
    private final TextLines lines;

    Positions(String text) {
        this.text = text;
        this.lines = new TextLines(text);
    }

    int offset(Position position) {
        return lines.offset(position.getLine(), position.getCharacter());
    }

    Position position(int offset) {
        int at = Math.max(0, Math.min(offset, text.length()));
        return new Position(lines.line(at), lines.character(at));
    }

    Range range(int from, int to) {
        return new Range(position(from), position(to));
    }

    /** By line and column, which every span has, and its length; a span without length gets one character, to be seen. */
    Range at(Span span) {
        int lineStart = lines.offset(span.line() - 1, 0);
        int lineEnd = lines.offset(span.line() - 1, Integer.MAX_VALUE);
        int points = Math.min(span.column() - 1, text.codePointCount(lineStart, lineEnd));
        int from = text.offsetByCodePoints(lineStart, Math.max(0, points));
        return range(from, from + Math.max(1, span.end() - span.start()));
    }
}
