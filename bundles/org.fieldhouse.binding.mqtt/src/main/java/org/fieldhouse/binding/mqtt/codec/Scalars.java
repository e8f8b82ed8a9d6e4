package org.fieldhouse.binding.mqtt.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** Single wire values (JSON scalars, or the text of a payload) as numbers, texts, times, colours. */
public final class Scalars {
    /** Numbers above this are milliseconds since 1970, not seconds: 1e11 s is the year 5138. */
    private static final double MILLIS_FROM = 1e11;

    private static final int SHOWN = 60;
    /** Numbers of so many digits are below 2⁵³. */
    private static final int MAX_PLAIN_DIGITS = 15;

    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /**
     * Characters of a text that is taken. The bus keeps the newest 16,384 events, whatever they carry: so much of them fits into a
     * heap of 128 MB.
     */
    public static final int MAX_TEXT = 2_048;

    private Scalars() {}

    /** As text: numbers as they were written, objects and lists as JSON. */
    public static String text(@Nullable Object raw) {
        return raw instanceof String s ? s : JsonWriter.write(raw);
    }

    /** The beginning of the text in quotes, for messages. */
    public static String shown(@Nullable Object raw) {
        String text = text(raw);
        return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "'";
    }

    /** A finite number, or NaN if that is none. Texts are read as numbers, booleans are 1 and 0. */
    public static double number(@Nullable Object raw) {
        if (raw instanceof Number n) {
            return n.doubleValue();
        }
        if (raw instanceof Boolean b) {
            return b ? 1 : 0;
        }
        if (raw instanceof String s) {
            double plain = plain(s);
            return Double.isNaN(plain) ? parsed(s) : plain;
        }
        return Double.NaN;
    }

    /**
     * What nearly all devices send, digits with at most one point between them: exact, since the digits and the power of ten are doubles
     * without rounding, and only their quotient is rounded. NaN for everything else.
     */
    private static double plain(String s) {
        int length = s.length();
        int from = length > 0 && s.charAt(0) == '-' ? 1 : 0;
        int point = -1;
        long digits = 0;
        for (int i = from; i < length; i++) {
            char c = s.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
            } else if (c == '.' && point < 0 && i > from && i < length - 1) {
                point = i;
            } else {
                return Double.NaN;
            }
        }
        int count = length - from - (point < 0 ? 0 : 1);
        if (count == 0 || count > MAX_PLAIN_DIGITS) {
            return Double.NaN;
        }
        double number = point < 0 ? digits : digits / TENS[length - 1 - point];
        return from == 0 ? number : -number;
    }

    private static double parsed(String s) {
        if (looksNumeric(s)) {
            try {
                double d = Double.parseDouble(s);
                return Double.isFinite(d) ? d : Double.NaN;
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }
        return Double.NaN;
    }

    /** Java reads "0x1p3", "1d" and "NaN" as well; the wire does not mean numbers by them. */
    private static boolean looksNumeric(String s) {
        String text = s.strip();
        if (text.isEmpty() || text.length() > 64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A text point's value. */
    public static Reading textual(@Nullable Object raw) {
        String text = text(raw);
        return text.length() > MAX_TEXT
                ? Reading.bad("text of " + text.length() + " characters, at most " + MAX_TEXT)
                : Reading.good(new Text(text));
    }

    /** ISO 8601 with an offset, or seconds or milliseconds since 1970; null if it is none of these. */
    public static @Nullable Instant instant(@Nullable Object raw) {
        double number = number(raw);
        try {
            if (!Double.isNaN(number)) {
                return number > MILLIS_FROM
                        ? Instant.ofEpochMilli((long) number)
                        : Instant.ofEpochMilli(Math.round(number * 1000));
            }
            if (raw instanceof String s && s.length() >= 16) {
                return s.endsWith("Z")
                        ? Instant.parse(s)
                        : OffsetDateTime.parse(s.replace(' ', 'T')).toInstant();
            }
            return null;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    public static Reading moment(@Nullable Object raw) {
        Instant at = instant(raw);
        return at == null
                ? Reading.bad(shown(raw) + " is not a time (ISO 8601 with offset, or seconds since 1970)")
                : Reading.good(new Moment(at));
    }

    /** {@code #rrggbb} or {@code r,g,b}, each 0 to 255. */
    public static Reading colour(@Nullable Object raw) {
        String text = text(raw).strip().toLowerCase(Locale.ROOT);
        if (text.matches("#?[0-9a-f]{6}")) {
            return Reading.good(Colour.ofRgb(Integer.parseInt(text.replace("#", ""), 16)));
        }
        String[] parts = text.split(",");
        int rgb = 0;
        for (String part : parts) {
            double c = number(part.strip());
            if (parts.length != 3 || !(c >= 0 && c <= 255)) {
                return Reading.bad(shown(raw) + " is not a colour (#rrggbb or r,g,b)");
            }
            rgb = rgb << 8 | (int) Math.round(c);
        }
        return Reading.good(Colour.ofRgb(rgb));
    }
}
