package org.fieldhouse.importer;

import java.math.BigDecimal;
import java.time.Duration;

/** Writes texts, numbers and durations of the rule language. */
final class Text {
    private Text() {}

    /** A text between quotes, without holes. */
    static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** The same without the quotes. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '"' || c == '\\' || c == '{' || c == '}') {
                out.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                out.append(' ');
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** A name for a declaration: one line, without what a text would have to escape. */
    static String title(String text) {
        String plain =
                text.replace('"', '\'').replace('\\', '/').replace('{', '(').replace('}', ')');
        plain = escaped(plain.replaceAll("\\s+", " ").strip());
        return plain.length() > 120 ? plain.substring(0, 120).strip() : plain;
    }

    /** Without an exponent and without zeros at the end. */
    static String number(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return plain.scale() > 9
                ? plain.setScale(9, java.math.RoundingMode.HALF_UP).toPlainString()
                : plain.toPlainString();
    }

    /** {@code 1 h 30 min}; 0 is {@code 0 s}. */
    static String duration(Duration duration) {
        StringBuilder out = new StringBuilder();
        part(out, duration.toHours(), "h");
        part(out, duration.toMinutesPart(), "min");
        part(out, duration.toSecondsPart(), "s");
        part(out, duration.toMillisPart(), "ms");
        return out.length() == 0 ? "0 s" : out.toString();
    }

    private static void part(StringBuilder out, long number, String unit) {
        if (number > 0) {
            out.append(out.length() == 0 ? "" : " ").append(number).append(' ').append(unit);
        }
    }
}
