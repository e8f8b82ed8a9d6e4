package org.fieldhouse.runtime.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fieldhouse.api.model.Candidate;
import org.jspecify.annotations.Nullable;

/** Device entries as YAML text, to be added to a file without touching the rest of it. Pure. */
final class EntryText {
    private EntryText() {}

    /** The text with one more entry at its end. */
    static String append(String text, String name, Candidate candidate, @Nullable String bridge) {
        StringBuilder out = new StringBuilder(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            out.append('\n');
        }
        if (!candidate.title().isBlank()) {
            out.append("# ")
                    .append(candidate.title().replaceAll("\\p{Cntrl}+", " "))
                    .append('\n');
        }
        out.append(scalar(name)).append(":\n");
        out.append("  id: ").append(scalar(candidate.id().value())).append('\n');
        out.append("  binding: ").append(scalar(candidate.binding())).append('\n');
        out.append("  type: ").append(scalar(candidate.type())).append('\n');
        if (bridge != null) {
            out.append("  bridge: ").append(scalar(bridge)).append('\n');
        }
        if (candidate.adoptAll()) {
            out.append("  adopt: all\n");
        }
        if (!candidate.settings().isEmpty()) {
            out.append("  config:\n");
            map(out, candidate.settings(), 4);
        }
        return out.toString();
    }

    private static void map(StringBuilder out, Map<?, ?> map, int indent) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        sorted.forEach((key, value) -> {
            out.append(" ".repeat(indent)).append(scalar(key)).append(':');
            value(out, value, indent);
        });
    }

    private static void value(StringBuilder out, Object value, int indent) {
        if (value instanceof Map<?, ?> map) {
            out.append(map.isEmpty() ? " {}\n" : "\n");
            map(out, map, indent + 2);
        } else if (value instanceof List<?> list) {
            out.append(list.isEmpty() ? " []\n" : "\n");
            for (Object item : list) {
                out.append(" ".repeat(indent + 2)).append('-');
                if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                    StringBuilder inner = new StringBuilder();
                    map(inner, map, indent + 4);
                    out.append(' ').append(inner.substring(indent + 4));
                } else {
                    value(out, item, indent + 2);
                }
            }
        } else {
            out.append(' ')
                    .append(value instanceof String text ? scalar(text) : String.valueOf(value))
                    .append('\n');
        }
    }

    /** Plain where every YAML reader takes it as this text, else in double quotes (YAML 1.2.2, section 7.3.1). */
    static String scalar(String text) {
        boolean plain =
                text.matches("[\\p{L}][\\p{L}\\p{N}_./-]*") && !text.matches("(?i)true|false|null|yes|no|on|off|y|n");
        if (plain) {
            return text;
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
