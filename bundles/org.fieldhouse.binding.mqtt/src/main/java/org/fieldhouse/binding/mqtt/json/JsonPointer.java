package org.fieldhouse.binding.mqtt.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a JSON document (RFC 6901). Immutable. */
public final class JsonPointer {
    /** What is found where nothing is; distinct from a null in the document. */
    public static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "(absent)";
        }
    };

    private final String text;
    private final String[] tokens;

    private JsonPointer(String text, String[] tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /**
     * A pointer: empty for the whole document, else {@code /name/0/…} with {@code ~1} for {@code /} and {@code ~0} for {@code ~}.
     *
     * @throws IllegalArgumentException if it does not start with a slash or has a lone tilde
     */
    public static JsonPointer of(String text) {
        if (text.isEmpty()) {
            return new JsonPointer(text, new String[0]);
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("a JSON pointer starts with '/', such as /" + text + " (RFC 6901)");
        }
        String[] tokens = text.substring(1).split("/", -1);
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].replace("~0", "").replace("~1", "").contains("~")) {
                throw new IllegalArgumentException("'~' in a JSON pointer is written ~0, and '/' is written ~1");
            }
            tokens[i] = tokens[i].replace("~1", "/").replace("~0", "~");
        }
        return new JsonPointer(text, tokens);
    }

    /** The value at the place; {@link #ABSENT} if there is none. */
    public @Nullable Object find(@Nullable Object document) {
        Object here = document;
        for (String token : tokens) {
            if (here instanceof Map<?, ?> map) {
                here = map.get(token);
                if (here == null && !map.containsKey(token)) {
                    return ABSENT;
                }
            } else if (here instanceof List<?> list) {
                int index = index(token);
                if (index < 0 || index >= list.size()) {
                    return ABSENT;
                }
                here = list.get(index);
            } else {
                return ABSENT;
            }
        }
        return here;
    }

    /** RFC 6901 section 4: digits without leading zeros. */
    private static int index(String token) {
        if (token.isEmpty() || token.length() > 9 || token.length() > 1 && token.charAt(0) == '0') {
            return -1;
        }
        int index = 0;
        for (int i = 0; i < token.length(); i++) {
            int digit = token.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index;
    }

    @Override
    public String toString() {
        return text;
    }
}
