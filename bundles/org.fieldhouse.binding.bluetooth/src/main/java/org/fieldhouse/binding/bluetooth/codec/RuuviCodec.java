package org.fieldhouse.binding.bluetooth.codec;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.jspecify.annotations.Nullable;

/** RuuviTag, data format 5 (RAWv2): docs.ruuvi.com, Bluetooth advertisements, Data format 5. Numbers have the most significant byte first. */
final class RuuviCodec {
    static final String FORMAT = "Ruuvi RAWv2";
    /** Ruuvi Innovations Ltd., Bluetooth SIG Assigned Numbers, 7.1. */
    static final int COMPANY = 0x0499;

    private static final int FORMAT_5 = 5;
    private static final int LENGTH = 24;
    /** Standard gravity, m/s²; SI brochure (9th edition), by the 3rd CGPM. */
    private static final double GRAVITY = 9.80665;

    private static final PointSpec TEMPERATURE = measured("temperature", "°C");
    private static final PointSpec HUMIDITY = measured("humidity", "%");
    private static final PointSpec PRESSURE = measured("pressure", "hPa");
    private static final PointSpec X = measured("acceleration_x", "m/s²");
    private static final PointSpec Y = measured("acceleration_y", "m/s²");
    private static final PointSpec Z = measured("acceleration_z", "m/s²");
    private static final PointSpec VOLTAGE = measured("voltage", "V").withCategory(Category.DIAGNOSTIC);
    private static final PointSpec MOVEMENTS =
            PointSpec.measurement("movements", ValueSpec.quantity(Unit.ONE)).withCategory(Category.DIAGNOSTIC);

    private RuuviCodec() {}

    /** Null for another of Ruuvi's formats. */
    static @Nullable Decoded decode(byte[] data) {
        if (data.length == 0 || data[0] != FORMAT_5) {
            return null;
        }
        if (data.length != LENGTH) {
            return new Decoded.Corrupt(FORMAT, data.length + " bytes, not " + LENGTH);
        }
        int power = (int) Bytes.big(data, 13, 2, false);
        int sequence = (int) Bytes.big(data, 16, 2, false);
        return Decoded.Heard.of(
                FORMAT,
                List.of(
                        scaled(TEMPERATURE, data, 1, true, 0.005, 0),
                        scaled(HUMIDITY, data, 3, false, 0.0025, 0),
                        // Pa above 50,000
                        scaled(PRESSURE, data, 5, false, 0.01, 500),
                        scaled(X, data, 7, true, GRAVITY / 1000, 0),
                        scaled(Y, data, 9, true, GRAVITY / 1000, 0),
                        scaled(Z, data, 11, true, GRAVITY / 1000, 0),
                        // 11 bits mV above 1600, then 5 bits of transmission power
                        number(VOLTAGE, power >> 5 == 0x7FF ? Double.NaN : ((power >> 5) + 1600) / 1000.0),
                        number(MOVEMENTS, (data[15] & 0xFF) == 0xFF ? Double.NaN : data[15] & 0xFF)),
                sequence == 0xFFFF ? -1 : sequence,
                Map.of("maker", "Ruuvi"));
    }

    /** A number of two bytes; all ones, or the lowest of a signed one, means that there is none. */
    private static Reading scaled(PointSpec point, byte[] data, int at, boolean signed, double factor, double offset) {
        long raw = Bytes.big(data, at, 2, signed);
        boolean none = raw == (signed ? Short.MIN_VALUE : 0xFFFF);
        return number(point, none ? Double.NaN : rounded(raw * factor + offset));
    }

    /** Without the dust of binary fractions; finer than any of the factors. */
    private static double rounded(double number) {
        return Math.round(number * 1e6) / 1e6;
    }

    private static Reading number(PointSpec point, double number) {
        Unit unit = point.value().unit() == null ? Unit.ONE : point.value().unit();
        return new Reading(point, Double.isNaN(number) ? null : new Quantity(number, unit));
    }

    private static PointSpec measured(String name, String unit) {
        return PointSpec.measurement(name, ValueSpec.quantity(Units.of(unit)));
    }
}
