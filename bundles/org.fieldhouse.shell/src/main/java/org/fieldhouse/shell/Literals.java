package org.fieldhouse.shell;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ValueSpec;
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
final class Literals {
    private static final Pattern NUMBER = Pattern.compile("([-+]?\\d+(?:\\.\\d+)?)\\s*(.*)", Pattern.DOTALL);
    private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|h|d)(?:\\s+|$)");

    private Literals() {}

    /**
     * The value that the text is for a point or argument of that specification.
     *
     * @throws CommandFailure that says what would fit
     */
    static Value parse(String text, ValueSpec spec) {
        String t = text.strip();
        try {
            Value value = read(t, spec);
            spec.violation(value).ifPresent(why -> {
                throw new CommandFailure(why);
            });
            return value;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CommandFailure("'" + t + "' does not fit: " + e.getMessage());
        }
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
            throw new IllegalArgumentException("expected a number, " + spec.describe());
        }
        Unit own = spec.unit() == null ? Unit.ONE : spec.unit();
        double number = Double.parseDouble(m.group(1));
        String symbol = m.group(2).strip();
        // Typed by hand at a prompt, a bare number can only mean the point's own unit.
        return new Quantity(number, symbol.isEmpty() ? own : Units.of(symbol));
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

    /** {@code 90 s}, {@code 1 h 30 min}. */
    static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        String rest = text.strip();
        Matcher m = SPAN.matcher(rest);
        int at = 0;
        while (m.find() && m.start() == at) {
            double seconds = Double.parseDouble(m.group(1))
                    * switch (m.group(2)) {
                        case "ms" -> 0.001;
                        case "s" -> 1;
                        case "min" -> 60;
                        case "h" -> 3_600;
                        default -> 86_400;
                    };
            sum = sum.plusMillis(Math.round(seconds * 1_000));
            at = m.end();
        }
        if (at != rest.length() || rest.isEmpty()) {
            throw new CommandFailure("'" + text + "' is no duration; write 90 s, 5 min or 1 h 30 min");
        }
        return sum;
    }
}
