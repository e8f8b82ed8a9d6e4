package org.fieldhouse.api.value;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A number with its unit. Finite: a device that says NaN or infinity reports bad quality, not a value. Equality is by number
 * and unit; {@link #compare} converts.
 */
public record Quantity(double number, Unit unit) implements Value {
    /** Significant digits shown to people; enough for every sensor, few enough to hide binary dust. */
    private static final MathContext SHOWN = new MathContext(9);
    /** From here on, and below its inverse, with an exponent. */
    private static final double WHOLE = 1e17;

    private static final double TINY = 1e-12;

    public Quantity {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("a quantity is a finite number, not " + number);
        }
        if (number == 0) {
            number = 0.0; // -0.0 would be unequal to 0.0 in a record
        }
    }

    /** A number without a unit. */
    public static Quantity of(double number) {
        return new Quantity(number, Unit.ONE);
    }

    /**
     * A number with the unit of that symbol.
     *
     * @throws IllegalArgumentException if {@link Units} does not know the symbol
     */
    public static Quantity of(double number, String symbol) {
        return new Quantity(number, Units.of(symbol));
    }

    /** The same quantity said in another unit; {@link IllegalArgumentException} if there is no conversion. */
    public Quantity in(Unit target) {
        return unit.equals(target) ? this : new Quantity(unit.convert(number, target), target);
    }

    /** Like {@link Double#compare} after conversion; {@link IllegalArgumentException} if there is no conversion. */
    public int compare(Quantity other) {
        return Double.compare(number, other.unit.convert(other.number, unit));
    }

    /** Sum: in the unit of the absolute operand if there is one; two absolute operands are refused (°C + °C). */
    public Quantity plus(Quantity other) {
        if (unit.isAbsolute() && other.unit.isAbsolute()) {
            throw new IllegalArgumentException("cannot add two places on a scale: " + this + " + " + other);
        }
        if (other.unit.isAbsolute()) {
            return other.plus(this);
        }
        return new Quantity(number + other.difference(unit), unit);
    }

    /** Difference: °C − °C is K; °C − K is °C; K − °C is refused. */
    public Quantity minus(Quantity other) {
        if (unit.isAbsolute() && other.unit.isAbsolute()) {
            Unit distance = Units.difference(unit);
            return new Quantity(number - other.unit.convert(other.number, unit), unit).as(distance, unit.factor());
        }
        if (other.unit.isAbsolute()) {
            throw new IllegalArgumentException(
                    "cannot take a place on a scale from a distance: " + this + " - " + other);
        }
        return new Quantity(number - other.difference(unit), unit);
    }

    private Quantity as(Unit distance, double factor) {
        return new Quantity(number * factor / distance.factor(), distance);
    }

    /** This distance as a number of steps of {@code target}, whose own offset plays no part. */
    private double difference(Unit target) {
        if (!unit.dimension().equals(target.dimension())) {
            throw new IllegalArgumentException("no conversion from " + unit.describe() + " to " + target.describe());
        }
        return unit.factor() == target.factor() ? number : number * unit.factor() / target.factor();
    }

    @Override
    public ValueKind kind() {
        return ValueKind.QUANTITY;
    }

    /** A whole number is shown whole: counters and identifiers have more than nine digits. */
    private String shown() {
        double size = Math.abs(number);
        if (size != 0 && (size >= WHOLE || size < TINY)) {
            return new BigDecimal(number)
                    .round(SHOWN)
                    .stripTrailingZeros()
                    .toString()
                    .replace('E', 'e');
        }
        BigDecimal exact = new BigDecimal(number);
        int whole = exact.precision() - exact.scale();
        return exact.round(whole > SHOWN.getPrecision() ? new MathContext(whole) : SHOWN)
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public String toString() {
        String shown = shown();
        return unit.symbol().isEmpty() ? shown : shown + " " + unit.symbol();
    }
}
