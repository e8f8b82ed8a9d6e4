package org.fieldhouse.binding.mqtt.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one application of a template, and how much it may still make. Without loops a template's steps are bounded by
 * its length, but {@code {% set a = a ~ a %}} doubles a text each time; so what is made is counted.
 */
final class Scope {
    /** Characters and values that one application may make. */
    static final int MAX_MADE = 1 << 17;

    private static final String TOO_MUCH = "the template makes more than " + MAX_MADE + " characters";

    private final Map<String, @Nullable Object> variables;
    private int room = MAX_MADE;

    Scope(Map<String, @Nullable Object> variables) {
        this.variables = new HashMap<>(variables);
    }

    @Nullable
    Object get(String name) {
        Object value = variables.get(name);
        return value == null && !variables.containsKey(name) ? Operators.UNDEFINED : value;
    }

    void put(String name, @Nullable Object value) {
        variables.put(name, value);
    }

    /** The value that was made, if there is room for it and all that is in it. */
    @Nullable
    Object made(@Nullable Object value) throws TemplateException {
        spend(1);
        if (value instanceof String s) {
            spend(s.length());
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                made(item);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> e : map.entrySet()) {
                made(e.getKey());
                made(e.getValue());
            }
        }
        return value;
    }

    void spend(int units) throws TemplateException {
        room -= units;
        if (room < 0) {
            throw new TemplateException(TOO_MUCH);
        }
    }

    /** How often a text is found in another one, refused where what becomes of it, or the search itself, would be out of bounds. */
    static int occurrences(String in, String part, int growth) throws TemplateException {
        checkSearch(in, part);
        int count = part.isEmpty() ? in.length() + 1 : 0;
        for (int at = part.isEmpty() ? -1 : in.indexOf(part); at >= 0; at = in.indexOf(part, at + part.length())) {
            count++;
        }
        if ((long) count * growth > MAX_MADE) {
            throw new TemplateException(TOO_MUCH);
        }
        return count;
    }

    /** A search takes the product of both lengths at worst. */
    static void checkSearch(String in, String part) throws TemplateException {
        if ((long) in.length() * part.length() > 100_000_000) {
            throw new TemplateException("a search for " + part.length() + " in " + in.length() + " characters");
        }
    }
}
