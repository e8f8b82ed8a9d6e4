package org.fieldhouse.health;

import java.util.ArrayList;
import java.util.List;

/** As much JSON as a health check needs, so that no parser is loaded for it. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * The keys of the outermost object, in order. Comments are allowed, as in the Configurator's files (OSGi
     * Compendium 8.1, 150.5); escapes in keys are not resolved, for a PID has none.
     *
     * @throws IllegalArgumentException if the brackets or strings do not close, with the line
     */
    static List<String> topLevelKeys(String text) {
        return new Json(text).keys();
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        boolean keyNext = false;
        for (skipBlank(); at < text.length(); skipBlank()) {
            char c = text.charAt(at);
            if (c == '"') {
                String string = string();
                if (open.length() == 1 && keyNext) {
                    keys.add(string);
                    keyNext = false;
                }
                continue;
            }
            if (c == '{' || c == '[') {
                open.append(c);
            } else if (c == '}' || c == ']') {
                close(open, c == '}' ? '{' : '[');
            }
            keyNext = open.length() == 1 && (c == '{' || c == ',');
            at++;
        }
        if (open.length() > 0 || !text.strip().endsWith("}")) {
            throw error("the object is not closed");
        }
        return keys;
    }

    private void close(StringBuilder open, char opening) {
        int last = open.length() - 1;
        if (last < 0 || open.charAt(last) != opening) {
            throw error("unexpected " + text.charAt(at));
        }
        open.setLength(last);
    }

    private String string() {
        int start = ++at;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw error("a string is not closed");
        }
        return text.substring(start, at++);
    }

    private void skipBlank() {
        while (at < text.length()) {
            if (text.startsWith("//", at)) {
                skipPast("\n");
            } else if (text.startsWith("/*", at)) {
                skipPast("*/");
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                return;
            }
        }
    }

    private void skipPast(String end) {
        int found = text.indexOf(end, at + 2);
        at = found < 0 ? text.length() : found + end.length();
    }

    private IllegalArgumentException error(String message) {
        int to = Math.min(at, text.length());
        long line = text.substring(0, to).chars().filter(c -> c == '\n').count() + 1;
        return new IllegalArgumentException("line " + line + ": " + message);
    }
}
