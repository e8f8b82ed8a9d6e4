package org.fieldhouse.rules.syntax;

/**
 * The text of one rule file.
 *
 * @param path as shown in messages, relative to the rules directory, with forward slashes
 */
public record SourceFile(String path, String text) {

    /** A line of the text without its line break; empty for a line that is not there. Lines count from 1. */
    public String line(int number) {
        int from = 0;
        for (int left = number; left > 1; left--) {
            from = text.indexOf('\n', from) + 1;
            if (from == 0) {
                return "";
            }
        }
        int end = text.indexOf('\n', from);
        end = end < 0 ? text.length() : end;
        return text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end);
    }
}
