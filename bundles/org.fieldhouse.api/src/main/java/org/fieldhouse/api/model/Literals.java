package org.fieldhouse.api.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;

/** Reads values as people type them: {@code on}, {@code 21.5 °C}, {@code 60 %}, {@code "text"}, {@code #ff8800}, {@code heat}. */
public final class Literals {
    private static final Pattern NUMBER = Pattern.compile("([-+]?\\d+(?:\\.\\d+)?)\\s*(.*)", Pattern.DOTALL);

    private Literals() {}

    /**
     * The value that the text is for a point or argument of that specification. A bare number is in the specification's own unit.
     *
     * @throws IllegalArgumentException that says what would fit
     */
    public static Value parse(String text, ValueSpec spec) {
        String t = text.strip();
        Value value;
        try {
            value = read(t, spec);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("'" + t + "' does not fit: " + e.getMessage(), e);
        }
        spec.violation(value).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return value;
    }

    private static Value read(String t, ValueSpec spec) {
        return switch (spec.kind()) {
            case BOOL -> bool(t, spec);
            case QUANTITY -> quantity(t, spec);
            case CHOICE -> choice(unquoted(t), spec);
            case COLOUR -> colour(t);
            case MOMENT -> new Moment(Instant.parse(t));
            case TEXT -> new Text(unquoted(t));
        };
    }

    private static Value bool(String t, ValueSpec spec) {
        String word = unquoted(t).toLowerCase(Locale.ROOT);
        List<String> words = spec.options();
        if (word.equals(words.get(1)) || word.equals("on") || word.equals("true") || word.equals("1")) {
            return Bool.ON;
        }
        if (word.equals(words.get(0)) || word.equals("off") || word.equals("false") || word.equals("0")) {
            return Bool.OFF;
        }
        throw new IllegalArgumentException("say " + spec.describe());
    }

    private static Value quantity(String t, ValueSpec spec) {
        Matcher m = NUMBER.matcher(t);
        if (!m.matches()) {
            throw new IllegalArgumentException("expected " + expected(spec));
        }
        Unit own = spec.unit() == null ? Unit.ONE : spec.unit();
        double number = Double.parseDouble(m.group(1));
        String symbol = m.group(2).strip();
        // Typed by hand at a prompt, a bare number can only mean the point's own unit.
        return new Quantity(number, symbol.isEmpty() ? own : Units.of(symbol));
    }

    private static String expected(ValueSpec spec) {
        String what = spec.describe();
        return what.startsWith("a ") ? what.replace("a quantity", "a number") : "a number, " + what;
    }

    private static Value choice(String t, ValueSpec spec) {
        return spec.options().stream()
                .filter(option -> option.equalsIgnoreCase(t))
                .findFirst()
                .<Value>map(Choice::new)
                .orElseThrow(() -> new IllegalArgumentException("say " + spec.describe()));
    }

    private static Value colour(String t) {
        if (!t.matches("#[0-9a-fA-F]{6}")) {
            throw new IllegalArgumentException("a colour is #rrggbb");
        }
        return Colour.ofRgb(Integer.parseInt(t.substring(1), 16));
    }

    private static String unquoted(String t) {
        return t.length() >= 2 && t.startsWith("\"") && t.endsWith("\"") ? t.substring(1, t.length() - 1) : t;
    }
}
