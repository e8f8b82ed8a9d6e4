package org.fieldhouse.api.value;

import java.util.HashMap;
import java.util.Map;

/** The words by which messages call a {@link Dimension}. */
final class DimensionNames {
    private static final Map<Dimension, String> NAMES = new HashMap<>();
    private static final String[] BASES = {"m", "kg", "s", "A", "K", "mol", "cd", "rad", "bit", "level"};

    static {
        Dimension speed = Dimension.LENGTH.per(Dimension.TIME);
        Dimension force = Dimension.MASS.times(speed).per(Dimension.TIME);
        Dimension energy = force.times(Dimension.LENGTH);
        Dimension power = energy.per(Dimension.TIME);
        Dimension area = Dimension.LENGTH.power(2);
        Dimension volume = Dimension.LENGTH.power(3);
        NAMES.put(Dimension.ONE, "number or ratio");
        NAMES.put(Dimension.LENGTH, "length");
        NAMES.put(Dimension.MASS, "mass");
        NAMES.put(Dimension.TIME, "time");
        NAMES.put(Dimension.CURRENT, "current");
        NAMES.put(Dimension.TEMPERATURE, "temperature");
        NAMES.put(Dimension.AMOUNT, "amount of substance");
        NAMES.put(Dimension.LUMINOUS, "luminous intensity");
        NAMES.put(Dimension.ANGLE, "angle");
        NAMES.put(Dimension.INFORMATION, "information");
        NAMES.put(Dimension.LEVEL, "level");
        NAMES.put(speed, "speed");
        NAMES.put(speed.per(Dimension.TIME), "acceleration");
        NAMES.put(area, "area");
        NAMES.put(volume, "volume");
        NAMES.put(volume.per(Dimension.TIME), "volume flow");
        NAMES.put(Dimension.MASS.per(Dimension.TIME), "mass flow");
        NAMES.put(Dimension.MASS.per(volume), "concentration");
        NAMES.put(force, "force");
        NAMES.put(force.per(area), "pressure");
        NAMES.put(energy, "energy");
        NAMES.put(power, "power");
        NAMES.put(power.per(area), "irradiance");
        NAMES.put(power.per(Dimension.CURRENT), "voltage");
        NAMES.put(power.per(Dimension.CURRENT.power(2)), "resistance");
        NAMES.put(Dimension.CURRENT.times(Dimension.TIME), "electric charge");
        NAMES.put(Dimension.ONE.per(Dimension.TIME), "frequency");
        NAMES.put(Dimension.LUMINOUS.per(area), "illuminance");
        NAMES.put(Dimension.INFORMATION.per(Dimension.TIME), "data rate");
    }

    private DimensionNames() {}

    static String nameOf(Dimension d) {
        String known = NAMES.get(d);
        if (known != null) {
            return known;
        }
        int[] exponents = {
            d.length(),
            d.mass(),
            d.time(),
            d.current(),
            d.temperature(),
            d.amount(),
            d.luminous(),
            d.angle(),
            d.information(),
            d.level()
        };
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < BASES.length; i++) {
            if (exponents[i] != 0) {
                out.append(out.isEmpty() ? "" : "·").append(BASES[i]);
                if (exponents[i] != 1) {
                    out.append('^').append(exponents[i]);
                }
            }
        }
        return out.toString();
    }
}
