package org.fieldhouse.api.value;

/**
 * A unit of measure: {@code value in base unit = number × factor + offset}. Obtain one from {@link Units}.
 *
 * <p>A unit with an offset (°C, °F) is <em>absolute</em>: it names a place on a scale, not a distance. {@code K} is the
 * distance (and so is never compared with an absolute unit without intent): see {@link Quantity#minus(Quantity)}.
 *
 * @param symbol as written in rule files and messages, e.g. {@code °C}, {@code m³/h}
 * @param dimension what it measures
 * @param factor multiplier to the coherent SI unit of the dimension
 * @param offset added after the factor; not 0 only for absolute units
 */
public record Unit(String symbol, Dimension dimension, double factor, double offset) {
    /** A plain number. */
    public static final Unit ONE = new Unit("", Dimension.ONE, 1, 0);

    public Unit {
        if (!(factor > 0) || !Double.isFinite(factor) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("unit " + symbol + ": factor " + factor + ", offset " + offset);
        }
    }

    /** Whether this unit names a place on a scale (°C, °F) and not a distance. */
    public boolean isAbsolute() {
        return offset != 0;
    }

    /**
     * Whether a number in this unit can be written in the other one: same dimension, and both or neither absolute (a
     * difference of 3 K is not 3 K above absolute zero).
     */
    public boolean convertsTo(Unit other) {
        return dimension.equals(other.dimension) && isAbsolute() == other.isAbsolute();
    }

    /**
     * The number that says in {@code target} what {@code number} says in this unit.
     *
     * @throws IllegalArgumentException if {@link #convertsTo} is false
     */
    public double convert(double number, Unit target) {
        if (equals(target)) {
            return number;
        }
        if (!convertsTo(target)) {
            throw new IllegalArgumentException("no conversion from " + describe() + " to " + target.describe());
        }
        return (number * factor + offset - target.offset) / target.factor;
    }

    /** Symbol and dimension, for messages. */
    public String describe() {
        String what = isAbsolute()
                ? dimension.toString()
                : this.dimension.equals(Dimension.TEMPERATURE) ? "temperature difference" : dimension.toString();
        return symbol.isEmpty() ? what : symbol + " (" + what + ")";
    }

    @Override
    public String toString() {
        return symbol;
    }
}
