package org.fieldhouse.webconsole.tab;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Values and times in the words of their owner. */
final class Words {
    private static final int DIGITS = 5;
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Words() {}

    static String value(PointSpec point, @Nullable Value value) {
        if (value == null) {
            return "–";
        }
        if (value instanceof Quantity quantity) {
            return shown(quantity);
        }
        return value instanceof Bool bool ? point.value().word(bool) : value.toString();
    }

    /** Five digits, but every digit before the point: what a sensor says beyond is noise to a person. */
    private static String shown(Quantity quantity) {
        BigDecimal number = new BigDecimal(quantity.number());
        int before = Math.max(0, number.precision() - number.scale());
        double rounded = number.round(new MathContext(Math.max(DIGITS, before))).doubleValue();
        return new Quantity(rounded, quantity.unit()).toString();
    }

    static String moment(Instant time) {
        return MOMENT.format(time);
    }

    static String moment(Instant time, ZoneId zone) {
        return MOMENT.withZone(zone).format(time);
    }

    static String moment(long micros) {
        return moment(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)));
    }

    /** {@code 4 s}, {@code 12 min}, {@code 3 d}. */
    static String age(long micros) {
        long seconds = Math.max(0, micros / 1_000_000);
        return seconds < 120
                ? seconds + " s"
                : seconds < 7_200
                        ? seconds / 60 + " min"
                        : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    /** A constant's name as a word: {@code never reported}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
