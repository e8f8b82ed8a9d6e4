package org.fieldhouse.api.model;

import java.util.List;
import java.util.Optional;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * Which values a point, an argument or a variable can have.
 *
 * @param kind the member of the value family
 * @param unit unit of a QUANTITY ({@link Unit#ONE} for plain numbers); null for other kinds
 * @param min lowest allowed number in {@code unit}, inclusive; null for no bound
 * @param max highest allowed number in {@code unit}, inclusive; null for no bound
 * @param step distance of allowed numbers from {@code min} (or 0); null for a continuous range. Reports may be finer.
 * @param options allowed options of a CHOICE, in the device's order; for a BOOL the words {@code [off, on]} of its two sides,
 *     e.g. {@code [closed, open]}; empty for other kinds
 */
public record ValueSpec(
        ValueKind kind,
        @Nullable Unit unit,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double step,
        List<String> options) {

    public static final ValueSpec ON_OFF = bool("off", "on");
    public static final ValueSpec TEXT = new ValueSpec(ValueKind.TEXT, null, null, null, null, List.of());
    public static final ValueSpec MOMENT = new ValueSpec(ValueKind.MOMENT, null, null, null, null, List.of());
    public static final ValueSpec COLOUR = new ValueSpec(ValueKind.COLOUR, null, null, null, null, List.of());

    public ValueSpec {
        options = List.copyOf(options);
        if ((kind == ValueKind.QUANTITY) != (unit != null)) {
            throw new IllegalArgumentException("a unit goes with a quantity and only with it: " + kind + ", " + unit);
        }
        if (kind == ValueKind.CHOICE && options.isEmpty()) {
            throw new IllegalArgumentException("a choice needs options");
        }
        if (kind == ValueKind.BOOL && options.size() != 2) {
            throw new IllegalArgumentException("a bool needs its two words [off, on], not " + options);
        }
        if (min != null && max != null && min > max) {
            throw new IllegalArgumentException("range " + min + " to " + max + " is empty");
        }
        if (step != null && !(step > 0)) {
            throw new IllegalArgumentException("step " + step + " is not above 0");
        }
    }

    /** A two-valued state with its two words. */
    public static ValueSpec bool(String off, String on) {
        return new ValueSpec(ValueKind.BOOL, null, null, null, null, List.of(off, on));
    }

    /** A number in that unit without bounds. */
    public static ValueSpec quantity(Unit unit) {
        return new ValueSpec(ValueKind.QUANTITY, unit, null, null, null, List.of());
    }

    /** A number in that unit within bounds, both inclusive. */
    public static ValueSpec quantity(Unit unit, double min, double max) {
        return new ValueSpec(ValueKind.QUANTITY, unit, min, max, null, List.of());
    }

    /** One of these options. */
    public static ValueSpec choice(List<String> options) {
        return new ValueSpec(ValueKind.CHOICE, null, null, null, null, options);
    }

    /** The same with a step. */
    public ValueSpec withStep(double newStep) {
        return new ValueSpec(kind, unit, min, max, newStep, options);
    }

    /** The word for one side of a BOOL. */
    public String word(Bool value) {
        return options.get(value.on() ? 1 : 0);
    }

    /**
     * The value in this specification's unit.
     *
     * @throws IllegalArgumentException if {@link #violation} says why not
     */
    public Value normalize(Value value) {
        Optional<String> why = violation(value);
        if (why.isPresent()) {
            throw new IllegalArgumentException(why.get());
        }
        return value instanceof Quantity q && unit != null ? q.in(unit) : value;
    }

    /** Why this value is not allowed, in words for a person; empty if it is. */
    public Optional<String> violation(Value value) {
        if (value.kind() != kind) {
            return Optional.of("'" + value + "' is a " + word(value.kind()) + ", expected " + describe());
        }
        if (value instanceof Choice c && !options.contains(c.option())) {
            return Optional.of("'" + c.option() + "' is not one of " + String.join(", ", options));
        }
        return value instanceof Quantity q && unit != null ? violation(q, unit) : Optional.empty();
    }

    private Optional<String> violation(Quantity q, Unit target) {
        if (!q.unit().convertsTo(target)) {
            return Optional.of(q + " is " + q.unit().describe() + ", expected " + target.describe());
        }
        double number = q.unit().convert(q.number(), target);
        double slack = 1e-9 * Math.max(1, Math.abs(number));
        if (min != null && number < min - slack || max != null && number > max + slack) {
            return Optional.of(q + " is outside " + describe());
        }
        return Optional.empty();
    }

    /** In words for a person: {@code 0 to 100 %}, {@code off, heat or cool}, {@code open or closed}. */
    public String describe() {
        return switch (kind) {
            case BOOL -> options.get(1) + " or " + options.get(0);
            case CHOICE -> "one of " + String.join(", ", options);
            case QUANTITY -> range();
            case TEXT, MOMENT, COLOUR -> word(kind);
        };
    }

    private String range() {
        String symbol = unit == null || unit.symbol().isEmpty() ? "" : " " + unit;
        if (min == null && max == null) {
            return symbol.isEmpty() ? "a number" : "a quantity in" + symbol;
        }
        String low = min == null ? "" : Quantity.of(min).toString();
        String high = max == null ? "" : Quantity.of(max).toString();
        return min == null
                ? "at most " + high + symbol
                : max == null ? "at least " + low + symbol : low + " to " + high + symbol;
    }

    private static String word(ValueKind kind) {
        return switch (kind) {
            case BOOL -> "yes-or-no state";
            case QUANTITY -> "quantity";
            case TEXT -> "text";
            case CHOICE -> "choice";
            case MOMENT -> "point in time";
            case COLOUR -> "colour";
        };
    }
}
