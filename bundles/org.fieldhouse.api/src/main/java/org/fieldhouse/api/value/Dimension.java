package org.fieldhouse.api.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dimension of a unit as exponents over the SI base quantities (SI brochure, 9th edition, §2.3.3), plus plane angle and
 * information, which are kept apart so that a degree is never compared with a percentage.
 *
 * @param length exponent of the metre
 * @param mass exponent of the kilogram
 * @param time exponent of the second
 * @param current exponent of the ampere
 * @param temperature exponent of the kelvin
 * @param amount exponent of the mole
 * @param luminous exponent of the candela
 * @param angle exponent of the radian
 * @param information exponent of the bit
 * @param level 1 for logarithmic levels (dB, pH), which convert to nothing else
 */
public record Dimension(
        int length,
        int mass,
        int time,
        int current,
        int temperature,
        int amount,
        int luminous,
        int angle,
        int information,
        int level) {

    /** Numbers and ratios: 1, %, ppm. */
    public static final Dimension ONE = new Dimension(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static final Dimension LENGTH = new Dimension(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    public static final Dimension MASS = new Dimension(0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    public static final Dimension TIME = new Dimension(0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    public static final Dimension CURRENT = new Dimension(0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    public static final Dimension TEMPERATURE = new Dimension(0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
    public static final Dimension AMOUNT = new Dimension(0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    public static final Dimension LUMINOUS = new Dimension(0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    public static final Dimension ANGLE = new Dimension(0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
    public static final Dimension INFORMATION = new Dimension(0, 0, 0, 0, 0, 0, 0, 0, 1, 0);
    public static final Dimension LEVEL = new Dimension(0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    /** The dimension of a product. */
    public Dimension times(Dimension o) {
        return plus(o, 1);
    }

    /** The dimension of a quotient. */
    public Dimension per(Dimension o) {
        return plus(o, -1);
    }

    /** The dimension of a power. */
    public Dimension power(int n) {
        return ONE.plus(this, n);
    }

    private Dimension plus(Dimension o, int n) {
        return new Dimension(
                length + n * o.length,
                mass + n * o.mass,
                time + n * o.time,
                current + n * o.current,
                temperature + n * o.temperature,
                amount + n * o.amount,
                luminous + n * o.luminous,
                angle + n * o.angle,
                information + n * o.information,
                level + n * o.level);
    }

    /** By hand: the JVM takes 50 ms to make the one for ten components, in each command that starts. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Dimension o
                        && length == o.length
                        && mass == o.mass
                        && time == o.time
                        && current == o.current
                        && temperature == o.temperature
                        && amount == o.amount
                        && luminous == o.luminous
                        && angle == o.angle
                        && information == o.information
                        && level == o.level;
    }

    @Override
    public int hashCode() {
        int[] exponents = {length, mass, time, current, temperature, amount, luminous, angle, information, level};
        return Arrays.hashCode(exponents);
    }

    /** A short name a person knows where there is one ("temperature"), else the exponents ("m³·s⁻¹"). */
    @Override
    public String toString() {
        return DimensionNames.nameOf(this);
    }
}
