package org.fieldhouse.binding.mqtt.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) read into plain values: {@code Map<String, Object>} in the order written, {@code List<Object>}, String, Long,
 * Double, Boolean, null. Whole numbers that fit are Long, so that they are shown again as they were written. Of a name that is
 * given twice the last one counts.
 *
 * <p>Bounded for bytes from outside: depth at most {@value #MAX_DEPTH}, and what is read takes at most a quarter of the heap, since
 * an empty list of three bytes is an object of ten times that; the length is bounded by the caller. Strict, but for one thing:
 * malformed UTF-8 becomes U+FFFD.
 */
public final class Json {
    public static final int MAX_DEPTH = 64;

    private static final long ROOM = Runtime.getRuntime().maxMemory() / 4;
    // Bytes of heap, as a JVM of 64 bits with compressed pointers lays them out.
    private static final int OBJECT = 56;
    private static final int LIST = 24;
    private static final int FIRST_MEMBER = 80;
    private static final int MEMBER = 56;
    private static final int FIRST_ITEM = 48;
    private static final int ITEM = 8;
    private static final int STRING = 40;
    private static final int NUMBER = 24;

    private final byte[] in;
    private int at;
    private int depth;
    private long room;

    private Json(byte[] in, long room) {
        this.in = in;
        this.room = room;
    }

    /**
     * The value of a document.
     *
     * @throws JsonException with the place of the first fault
     */
    public static @Nullable Object parse(byte[] utf8) throws JsonException {
        return parse(utf8, ROOM);
    }

    /** The same, within so many bytes of heap. */
    static @Nullable Object parse(byte[] utf8, long room) throws JsonException {
        Json reader = new Json(utf8, room);
        reader.skipBlank();
        Object value = reader.value();
        reader.skipBlank();
        if (reader.at < utf8.length) {
            throw reader.fault("nothing more");
        }
        return value;
    }

    /** The same from a text. */
    public static @Nullable Object parse(String text) throws JsonException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes of heap that a value takes, as estimated. */
    public static long size(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            long all = OBJECT + (map.isEmpty() ? 0 : FIRST_MEMBER);
            for (Map.Entry<?, ?> e : map.entrySet()) {
                all += MEMBER + size(e.getValue());
            }
            return all;
        }
        if (value instanceof List<?> list) {
            long all = LIST + (list.isEmpty() ? 0 : FIRST_ITEM);
            for (Object item : list) {
                all += ITEM + size(item);
            }
            return all;
        }
        return value instanceof String s ? STRING + s.length() : value instanceof Number ? NUMBER : 0;
    }

    /** An object's members if that value is one, else null. */
    @SuppressWarnings("unchecked")
    public static @Nullable Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    /** A list's items if that value is one, else none. */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> items(@Nullable Object value) {
        return value instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
    }

    private @Nullable Object value() throws JsonException {
        if (at >= in.length) {
            throw fault("a value");
        }
        return switch (in[at]) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() throws JsonException {
        descend();
        spend(OBJECT);
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (!next('}')) {
            spend(FIRST_MEMBER);
            do {
                spend(MEMBER);
                skipBlank();
                if (at >= in.length || in[at] != '"') {
                    throw fault("a name in quotes");
                }
                String name = name();
                skipBlank();
                expect(':');
                skipBlank();
                out.put(name, value());
            } while (next(','));
            expect('}');
        }
        depth--;
        return out;
    }

    private List<@Nullable Object> array() throws JsonException {
        descend();
        spend(LIST);
        List<@Nullable Object> out = new ArrayList<>();
        if (!next(']')) {
            spend(FIRST_ITEM);
            do {
                spend(ITEM);
                skipBlank();
                out.add(value());
            } while (next(','));
            expect(']');
        }
        depth--;
        return out;
    }

    private void descend() throws JsonException {
        at++;
        if (++depth > MAX_DEPTH) {
            throw fault("at most " + MAX_DEPTH + " levels");
        }
    }

    private void spend(int bytes) throws JsonException {
        room -= bytes;
        if (room < 0) {
            throw new JsonException("more than is taken: from byte " + at + " on, this JSON would fill the memory");
        }
    }

    /** A member's name; the usual ones come from a cache, which saves most of the strings of a message. */
    private String name() throws JsonException {
        int end = at + 1;
        int hash = 0;
        while (end < in.length && in[end] != '"' && in[end] != '\\' && in[end] >= 0x20) {
            hash = 31 * hash + in[end++];
        }
        if (end >= in.length || in[end] != '"') {
            return string();
        }
        int length = end - at - 1;
        String found = NameCache.get(in, at + 1, length, hash);
        if (found == null) {
            spend(STRING + length);
            found = NameCache.put(in, at + 1, length, hash);
        }
        at = end + 1;
        return found;
    }

    private String string() throws JsonException {
        int start = ++at;
        while (at < in.length && in[at] != '"' && in[at] != '\\' && (in[at] & 0xe0) != 0) {
            at++;
        }
        spend(STRING + at - start);
        if (at < in.length && in[at] == '"') {
            return new String(in, start, at++ - start, StandardCharsets.UTF_8);
        }
        StringBuilder out = new StringBuilder(new String(in, start, at - start, StandardCharsets.UTF_8));
        while (true) {
            if (at >= in.length) {
                throw fault("the closing quote");
            }
            int c = in[at];
            if (c == '"') {
                spend(2 * out.length());
                at++;
                return out.toString();
            }
            if (c == '\\') {
                out.append(escape());
            } else if ((c & 0xe0) == 0) {
                throw fault("no control character in a string");
            } else {
                start = at;
                while (at < in.length && in[at] != '"' && in[at] != '\\' && (in[at] & 0xe0) != 0) {
                    at++;
                }
                out.append(new String(in, start, at - start, StandardCharsets.UTF_8));
            }
        }
    }

    private char escape() throws JsonException {
        if (at + 1 >= in.length) {
            throw fault("an escape");
        }
        char c = (char) in[at + 1];
        at += 2;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw fault("an escape");
        };
    }

    private char unicode() throws JsonException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < in.length ? Character.digit(in[at], 16) : -1;
            if (digit < 0) {
                throw fault("four hexadecimal digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at >= in.length || in[at] != word.charAt(i)) {
                throw fault("a value");
            }
        }
        return value;
    }

    private Object number() throws JsonException {
        spend(NUMBER);
        int start = at;
        boolean negative = take('-');
        int digits = at;
        long whole = 0;
        while (isDigit()) {
            whole = whole * 10 + (in[at++] - '0');
        }
        int count = at - digits;
        if (count == 0 || count > 1 && in[digits] == '0') {
            at = start;
            throw fault("a value");
        }
        if (at >= in.length || in[at] != '.' && in[at] != 'e' && in[at] != 'E') {
            return count <= 18 ? (Object) (negative ? -whole : whole) : (Object) slow(start);
        }
        int point = at;
        if (take('.')) {
            int fraction = at;
            while (isDigit()) {
                whole = whole * 10 + (in[at++] - '0');
            }
            if (at == fraction) {
                throw fault("a digit");
            }
            boolean exponent = at < in.length && (in[at] == 'e' || in[at] == 'E');
            // Up to 15 digits both parts are exact in a double, and so the quotient is the nearest one.
            if (!exponent && count + at - fraction <= 15) {
                double value = whole / TENS[at - fraction];
                return negative ? -value : value;
            }
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            int exponent = at;
            while (isDigit()) {
                at++;
            }
            if (at == exponent) {
                throw fault("a digit");
            }
        }
        return at == point ? whole : slow(start);
    }

    private static final double[] TENS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private double slow(int start) throws JsonException {
        if (at - start > 400) {
            throw fault("a number of at most 400 characters");
        }
        double value = Double.parseDouble(new String(in, start, at - start, StandardCharsets.ISO_8859_1));
        if (!Double.isFinite(value)) {
            throw fault("a number within the range of a double");
        }
        return value;
    }

    private boolean isDigit() {
        return at < in.length && in[at] >= '0' && in[at] <= '9';
    }

    private boolean take(char c) {
        if (at < in.length && in[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean next(char c) {
        skipBlank();
        return take(c);
    }

    private void expect(char c) throws JsonException {
        skipBlank();
        if (!take(c)) {
            throw fault("'" + c + "'");
        }
    }

    private void skipBlank() {
        while (at < in.length && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private JsonException fault(String expected) {
        String found = at >= in.length
                ? "the end"
                : "'" + new String(in, at, Math.min(12, in.length - at), StandardCharsets.UTF_8) + "'";
        return new JsonException("no JSON: at byte " + at + " expected " + expected + ", found " + found);
    }
}
