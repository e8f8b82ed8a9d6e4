package org.fieldhouse.rules.program;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.rules.syntax.ast.Expr.SunEvent;
import org.jspecify.annotations.Nullable;

/**
 * Days, hours and the sun at one place. Pure but for its caches (the day and the stretch of sun or night last asked for, the sun's times of some days);
 * belongs to one engine and its thread.
 *
 * <p>A time of day that daylight saving leaves out is taken at the end of the gap; one that comes twice is taken the first time.
 */
public final class Calendar {
    private static final long SECOND = 1_000_000L;
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** A year and a bit, as far as a schedule looks ahead where the sun does not set. */
    private static final int SUN_DAYS = 400;

    private final Place place;
    private LocalDate day = LocalDate.EPOCH;
    private long dayStart;
    private long dayEnd = Long.MIN_VALUE;
    private boolean plainDay;
    private long sunFrom;
    private long sunTo = Long.MIN_VALUE;
    private boolean sunUp;
    private final Map<LocalDate, Map<SunEvent, Double>> sunSeconds = new HashMap<>();
    private @Nullable Boolean sunOverride;
    private Set<LocalDate> daysOff = Set.of();

    /**
     * Where and when the house is.
     *
     * @param latitude degrees, north positive
     * @param longitude degrees, east positive
     */
    public record Place(ZoneId zone, double latitude, double longitude, Set<LocalDate> holidays) {
        public Place {
            holidays = Set.copyOf(holidays);
            if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
                throw new IllegalArgumentException("no such place: latitude " + latitude + ", longitude " + longitude);
            }
        }

        /** A moment as people read it, on the clock of the place: {@code 2026-11-26 18:05:00}. */
        public String moment(long micros) {
            return instant(micros).atZone(zone).format(MOMENT);
        }
    }

    public Calendar(Place place) {
        this.place = place;
    }

    public Place place() {
        return place;
    }

    /** Tests say where the sun is; null gives it back its course. */
    public void overrideSun(@Nullable Boolean up) {
        sunOverride = up;
    }

    public boolean isHoliday(LocalDate date) {
        return place.holidays().contains(date) || daysOff.contains(date);
    }

    /** Days off of the rule files in force, beside those of the place. */
    public void daysOff(Set<LocalDate> days) {
        daysOff = days;
    }

    public LocalDate day(long micros) {
        if (micros < dayStart || micros >= dayEnd) {
            day = instant(micros).atZone(place.zone()).toLocalDate();
            dayStart = startOf(day);
            dayEnd = startOf(day.plusDays(1));
            plainDay = dayEnd - dayStart == 86_400 * SECOND;
        }
        return day;
    }

    public long endOfDay(long micros) {
        day(micros);
        return dayEnd;
    }

    /** Until when the clock on the wall goes on evenly: the end of the day, or the change of daylight saving within it. */
    public long steadyUntil(long micros) {
        day(micros);
        if (plainDay) {
            return dayEnd;
        }
        ZoneOffsetTransition next = place.zone().getRules().nextTransition(instant(micros));
        return next == null ? dayEnd : Math.min(dayEnd, micros(next.getInstant()));
    }

    public long startOfDay(long micros) {
        day(micros);
        return dayStart;
    }

    /** What the clock on the wall shows, in seconds since 00:00. */
    public double secondOfDay(long micros) {
        day(micros);
        return plainDay
                ? (micros - dayStart) / 1e6
                : instant(micros).atZone(place.zone()).toLocalTime().toNanoOfDay() / 1e9;
    }

    /** When the clock on the wall shows that, µs since 1970. */
    public long at(LocalDate date, double secondOfDay) {
        if (date.equals(day) && plainDay && secondOfDay >= 0 && secondOfDay < 86_400) {
            return dayStart + Math.round(secondOfDay * 1e6);
        }
        LocalDateTime local = date.atStartOfDay().plusNanos(Math.round(secondOfDay * 1e6) * 1000);
        return resolve(local, place.zone());
    }

    /** When the clock on the wall shows that for the last time on that day: later than {@link #at} where the hour comes twice. */
    long again(LocalDate date, double secondOfDay) {
        LocalDateTime local = date.atStartOfDay().plusNanos(Math.round(secondOfDay * 1e6) * 1000);
        ZoneOffsetTransition transition = place.zone().getRules().getTransition(local);
        return transition != null && transition.isOverlap()
                ? micros(local.toInstant(transition.getOffsetAfter()))
                : at(date, secondOfDay);
    }

    /** See the class comment for gaps and overlaps. */
    static long resolve(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        if (transition != null && transition.isGap()) {
            return micros(transition.getInstant());
        }
        return micros(local.atZone(zone).toInstant());
    }

    private long startOf(LocalDate date) {
        return micros(date.atStartOfDay(place.zone()).toInstant());
    }

    public boolean isSunUp(long micros) {
        Boolean override = sunOverride;
        if (override != null) {
            return override;
        }
        sun(micros);
        return sunUp;
    }

    /** When the sun next rises or sets, or noon of the next day where it does neither. */
    public long nextSunChange(long micros) {
        if (sunOverride != null) {
            return Long.MAX_VALUE;
        }
        sun(micros);
        return sunTo;
    }

    private void sun(long micros) {
        if (micros >= sunFrom && micros < sunTo) {
            return;
        }
        long next = Long.MAX_VALUE;
        boolean rises = false;
        LocalDate around = day(micros);
        for (int i = -1; i <= 1; i++) {
            long rise = Sun.event(around.plusDays(i), SunEvent.SUNRISE, place);
            long set = Sun.event(around.plusDays(i), SunEvent.SUNSET, place);
            if (rise > micros && rise < next) {
                next = rise;
                rises = true;
            }
            if (set != Sun.NEVER && set > micros && set < next) {
                next = set;
                rises = false;
            }
        }
        sunFrom = micros;
        if (next == Long.MAX_VALUE || next > micros + 2 * 86_400 * SECOND) {
            sunTo = endOfDay(micros);
            sunUp = Sun.elevation(at(day(micros), 43_200), place) > Sun.HORIZON;
        } else {
            sunTo = next;
            sunUp = !rises;
        }
    }

    public double sunElevation(long micros) {
        Boolean override = sunOverride;
        return override == null ? Sun.elevation(micros, place) : override ? 30 : -30;
    }

    public double sunAzimuth(long micros) {
        return Sun.azimuth(micros, place);
    }

    /** Second of the day of an event of the sun; NaN on a day without it. Rules mostly ask for the same few days. */
    public double secondOfSun(LocalDate date, SunEvent event) {
        if (sunSeconds.size() > SUN_DAYS) {
            sunSeconds.clear();
        }
        return sunSeconds
                .computeIfAbsent(date, day -> new EnumMap<>(SunEvent.class))
                .computeIfAbsent(event, kind -> sunSecond(date, kind));
    }

    private double sunSecond(LocalDate date, SunEvent event) {
        long at = Sun.event(date, event, place);
        if (at == Sun.NEVER) {
            return Double.NaN;
        }
        LocalDateTime local = instant(at).atZone(place.zone()).toLocalDateTime();
        return (local.toLocalDate().toEpochDay() - date.toEpochDay()) * 86_400.0
                + local.toLocalTime().toNanoOfDay() / 1e9;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, SECOND), TimeUnit.MICROSECONDS.toNanos(Math.floorMod(micros, SECOND)));
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * SECOND + instant.getNano() / 1000;
    }
}
