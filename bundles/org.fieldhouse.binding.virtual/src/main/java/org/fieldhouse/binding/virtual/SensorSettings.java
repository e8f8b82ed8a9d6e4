package org.fieldhouse.binding.virtual;

import java.time.Duration;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;

/**
 * What the owner wrote about a sensor.
 *
 * @param point the name of its one point
 * @param unit of the point
 * @param min lowest value, in {@code unit}
 * @param max highest value, above {@code min}
 * @param wave how it moves between them
 * @param period of a sine
 * @param interval between two reports
 */
record SensorSettings(String point, Unit unit, double min, double max, Wave wave, Duration period, Duration interval) {
    enum Wave {
        /** Up and down once a period. */
        SINE,
        /** A random step with each report. */
        WALK,
        /** Stays in the middle. */
        CONSTANT
    }

    static SensorSettings read(Settings settings) throws SettingsException {
        String point = settings.text("point", "temperature");
        if (!Names.isMemberName(point)) {
            throw settings.problem(
                    "point", "'" + point + "' cannot name a point: a lower-case letter, then letters, digits, _");
        }
        String symbol = settings.text("unit", "°C");
        Unit unit = Units.find(symbol).orElseThrow(() -> settings.problem("unit", "there is no unit '" + symbol + "'"));
        double min = settings.number("min", -1e9, 1e9, 15);
        double max = settings.number("max", -1e9, 1e9, 25);
        if (max <= min) {
            throw settings.problem("max", "'max' " + max + " is not above 'min' " + min);
        }
        Wave wave = settings.choice("wave", Wave.class, Wave.SINE);
        Duration period = atLeast(settings, "period", Duration.ofMinutes(10), Duration.ofSeconds(1));
        Duration interval = atLeast(settings, "interval", Duration.ofSeconds(10), Duration.ofMillis(10));
        return new SensorSettings(point, unit, min, max, wave, period, interval);
    }

    private static Duration atLeast(Settings settings, String key, Duration fallback, Duration least)
            throws SettingsException {
        Duration value = settings.duration(key, fallback);
        if (value.compareTo(least) < 0) {
            throw settings.problem(key, "'" + key + "' is at least " + least.toMillis() + " ms");
        }
        return value;
    }
}
