package org.fieldhouse.rules.program;

import static java.lang.StrictMath.asin;
import static java.lang.StrictMath.atan2;
import static java.lang.StrictMath.cos;
import static java.lang.StrictMath.sin;
import static java.lang.StrictMath.toDegrees;
import static java.lang.StrictMath.toRadians;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.fieldhouse.rules.program.Calendar.Place;
import org.fieldhouse.rules.syntax.ast.Expr.SunEvent;

/**
 * Where the sun is. Low-precision formulas of J. Meeus, Astronomical Algorithms, 2nd edition, chapter 25 (0.01°), which gives
 * rising and setting to within a minute between the polar circles. Pure, and by {@code StrictMath}: what {@code Math} computes may
 * differ in the last bit from one machine to another, and between code that was compiled and code that was not.
 */
final class Sun {
    /** A day without the event. */
    static final long NEVER = Long.MIN_VALUE;
    /** Degrees of the sun's centre when its upper edge touches the horizon: refraction 34', radius 16' (Meeus, chapter 15). */
    static final double HORIZON = -0.833;
    /** Civil twilight, degrees. */
    private static final double CIVIL = -6;

    private static final double DAY = 86_400e6;
    /** 2000-01-01T12:00Z, µs since 1970. */
    private static final double J2000 = 946_728_000e6;

    private Sun() {}

    /** Right ascension, declination (radians) and sidereal time at Greenwich (degrees). */
    private record Position(double rightAscension, double declination, double sidereal) {
        static Position at(double micros) {
            double days = (micros - J2000) / DAY;
            double t = days / 36_525;
            double meanLongitude = 280.46646 + 36_000.76983 * t + 0.0003032 * t * t;
            double anomaly = toRadians(357.52911 + 35_999.05029 * t - 0.0001537 * t * t);
            double centre = (1.914602 - 0.004817 * t) * sin(anomaly)
                    + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
                    + 0.000289 * sin(3 * anomaly);
            double node = toRadians(125.04 - 1934.136 * t);
            double longitude = toRadians(meanLongitude + centre - 0.00569 - 0.00478 * sin(node));
            double obliquity = toRadians(23.439291 - 0.0130042 * t + 0.00256 * cos(node));
            return new Position(
                    atan2(cos(obliquity) * sin(longitude), cos(longitude)),
                    asin(sin(obliquity) * sin(longitude)),
                    280.46061837 + 360.98564736629 * days);
        }

        /** Radians west of the meridian, −π to π. */
        double hourAngle(double longitude) {
            double angle = toRadians(sidereal + longitude) - rightAscension;
            return atan2(sin(angle), cos(angle));
        }
    }

    /** Degrees of the sun's centre above the horizon, without refraction. */
    static double elevation(long micros, Place place) {
        Position sun = Position.at(micros);
        double latitude = toRadians(place.latitude());
        double hour = sun.hourAngle(place.longitude());
        return toDegrees(
                asin(sin(latitude) * sin(sun.declination()) + cos(latitude) * cos(sun.declination()) * cos(hour)));
    }

    /** Degrees from north over east, 0 to 360. */
    static double azimuth(long micros, Place place) {
        Position sun = Position.at(micros);
        double latitude = toRadians(place.latitude());
        double hour = sun.hourAngle(place.longitude());
        double south = atan2(sin(hour), cos(hour) * sin(latitude) - StrictMath.tan(sun.declination()) * cos(latitude));
        return (toDegrees(south) + 180) % 360;
    }

    /** When the event is on that day, to the second, µs since 1970; {@link #NEVER} where the sun does not do that. */
    static long event(LocalDate date, SunEvent event, Place place) {
        double noon = date.atTime(12, 0).toEpochSecond(ZoneOffset.UTC) * 1e6 - place.longitude() / 360 * DAY;
        for (int i = 0; i < 3; i++) {
            noon -= Position.at(noon).hourAngle(place.longitude()) / (2 * Math.PI) * DAY;
        }
        if (event == SunEvent.NOON) {
            return toSecond(noon);
        }
        boolean before = event == SunEvent.DAWN || event == SunEvent.SUNRISE;
        double height = toRadians(event == SunEvent.DAWN || event == SunEvent.DUSK ? CIVIL : HORIZON);
        double latitude = toRadians(place.latitude());
        double at = noon;
        for (int i = 0; i < 4; i++) {
            double declination = Position.at(at).declination();
            double cosine = (sin(height) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination));
            if (!(Math.abs(cosine) <= 1)) {
                return NEVER;
            }
            double wanted = (before ? -1 : 1) * StrictMath.acos(cosine);
            double angle = Position.at(at).hourAngle(place.longitude());
            double step = Math.IEEEremainder(wanted - angle, 2 * Math.PI);
            at += step / (2 * Math.PI) * DAY;
        }
        return toSecond(at);
    }

    private static long toSecond(double micros) {
        return Math.round(micros / 1e6) * 1_000_000L;
    }
}
