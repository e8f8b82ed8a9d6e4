package org.fieldhouse.rules.editor;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.fieldhouse.rules.syntax.ast.Span;

/** Where the lines of a text begin: turns offsets into lines and back. Line breaks are those of the text: \n, or \r\n. */
public final class TextLines {
    private final String text;
    private final int[] starts;

    public TextLines(String text) {
        this.text = text;
        this.starts = IntStream.concat(
                        IntStream.of(0),
                        IntStream.range(0, text.length())
                                .filter(i -> text.charAt(i) == '\n')
                                .map(i -> i + 1))
                .toArray();
    }

    /** The line of an offset, from 0. */
    public int line(int offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** UTF-16 units from the start of its line. */
    public int character(int offset) {
        return offset - starts[line(offset)];
    }

    /** The offset of a line and character, both from 0; the nearest one there is. */
    public int offset(int line, int character) {
        if (line < 0) {
            return 0;
        }
        if (line >= starts.length) {
            return text.length();
        }
        int end = line + 1 < starts.length ? starts[line + 1] - 1 : text.length();
        if (end > starts[line] && line + 1 < starts.length && text.charAt(end - 1) == '\r') {
            end--;
        }
        return starts[line] + Math.min(Math.max(0, character), end - starts[line]);
    }

    /** A stretch with its line and column as people count them. */
    Span span(int start, int end) {
        int line = line(start);
        return new Span(start, end, line + 1, text.codePointCount(starts[line], start) + 1);
    }
}
