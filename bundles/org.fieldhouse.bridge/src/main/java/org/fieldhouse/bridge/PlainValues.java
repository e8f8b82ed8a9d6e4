package org.fieldhouse.bridge;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Values in types of the JDK. The unit of {@code x} is a String beside it, under {@code x.unit}. */
final class PlainValues {
    static final String UNIT = ".unit";
    static final int MAX_TEXT = 4096;

    private PlainValues() {}

    static void put(Map<String, Object> into, String name, String unitName, @Nullable Value value) {
        if (value == null) {
            return;
        }
        into.put(name, plain(value));
        if (value instanceof Quantity quantity && !quantity.unit().symbol().isEmpty()) {
            into.put(unitName, quantity.unit().symbol());
        }
    }

    static Map<String, Object> plain(Map<String, Value> values) {
        Map<String, Object> plain = new HashMap<>();
        values.forEach((name, value) -> put(plain, name, name + UNIT, value));
        return Map.copyOf(plain);
    }

    private static Object plain(Value value) {
        if (value instanceof Bool bool) {
            return bool.on();
        } else if (value instanceof Quantity quantity) {
            return quantity.number();
        } else if (value instanceof Choice choice) {
            return choice.option();
        } else if (value instanceof Colour colour) {
            return List.of(colour.x(), colour.y());
        }
        return value.toString();
    }

    /**
     * @param name for the message
     * @param unit symbol beside it, or null
     * @throws IllegalArgumentException with what can be sent instead
     */
    static Value value(String name, Object plain, @Nullable Object unit) {
        if (plain instanceof Number number) {
            double as = number.doubleValue();
            if (!Double.isFinite(as)) {
                throw new IllegalArgumentException(name + " is " + as + "; a number must be finite");
            }
            return unit == null ? Quantity.of(as) : new Quantity(as, Units.of(unit.toString()));
        } else if (unit != null) {
            throw new IllegalArgumentException(name + UNIT + " stands beside no number");
        } else if (plain instanceof Boolean on) {
            return Bool.of(on);
        } else if (plain instanceof Instant instant) {
            return new Moment(instant);
        } else if (plain instanceof String text) {
            if (text.length() > MAX_TEXT) {
                throw new IllegalArgumentException(
                        name + " has " + text.length() + " characters, at most " + MAX_TEXT + " are taken");
            }
            return new Text(text);
        }
        throw new IllegalArgumentException(name + " is a " + plain.getClass().getName()
                + "; taken are Boolean, numbers, String and java.time.Instant");
    }
}
