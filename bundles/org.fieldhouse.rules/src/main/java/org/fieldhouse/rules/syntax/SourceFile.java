package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of one rule file.
 *
 * @param path as shown in messages, relative to the rules directory, with forward slashes
 */
public record SourceFile(String path, String text) {

    /** A line of the text without its line break; empty for a line that is not there. Lines count from 1. */
    public String line(int number) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length() && lines.size() < number; i++) {
            if (i == text.length() || text.charAt(i) == '\n') {
                lines.add(text.substring(from, i));
                from = i + 1;
            }
        }
        if (number < 1 || lines.size() < number) {
            return "";
        }
        String line = lines.get(number - 1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
