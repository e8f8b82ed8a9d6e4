package org.fieldhouse.api.config;

/**
 * A place in a text file.
 *
 * @param file path within the configuration directory, with {@code /}
 * @param line 1-based; 0 if the whole file is meant
 * @param column 1-based, in characters; 0 if the whole line is meant
 * @param length characters from there on the same line; 0 if not known
 */
public record SourceSpan(String file, int line, int column, int length) {
    /** A file as a whole. */
    public static SourceSpan file(String file) {
        return new SourceSpan(file, 0, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
