package org.fieldhouse.rules.program;

import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * {@code minute hour day-of-month month day-of-week} as in POSIX crontab (IEEE Std 1003.1, crontab), with steps ({@code *}/15) and
 * names. If both days are restricted, either is enough. Day of week 0 and 7 are Sunday.
 */
public final class Cron implements Schedule {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    /** 29 February can be eight years away. */
    private static final int HORIZON_DAYS = 366 * 8 + 2;

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean eitherDay;

    /** @throws IllegalArgumentException if it is none; the message says what is wrong */
    public Cron(String expression) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "cron has five fields (minute hour day month weekday), not " + fields.length);
        }
        minutes = field(fields[0], 0, 59, List.of(), 0);
        hours = field(fields[1], 0, 23, List.of(), 0);
        daysOfMonth = field(fields[2], 1, 31, List.of(), 0);
        months = field(fields[3], 1, 12, MONTHS, 1);
        daysOfWeek = field(fields[4], 0, 7, DAYS, 0);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    private static BitSet field(String text, int min, int max, List<String> names, int firstName) {
        BitSet bits = new BitSet(max + 1);
        for (String item : text.split(",", -1)) {
            String[] stepped = item.split("/", -1);
            int step = stepped.length == 1 ? 1 : number(stepped[1], 1, max, List.of(), 0);
            int from = min;
            int to = max;
            if (!stepped[0].equals("*")) {
                String[] ends = stepped[0].split("-", -1);
                from = number(ends[0], min, max, names, firstName);
                to = ends.length == 1 ? stepped.length == 1 ? from : max : number(ends[1], min, max, names, firstName);
                if (ends.length > 2 || to < from) {
                    throw new IllegalArgumentException("cron: '" + item + "' is no range");
                }
            }
            if (stepped.length > 2) {
                throw new IllegalArgumentException("cron: '" + item + "' has two steps");
            }
            for (int i = from; i <= to; i += step) {
                bits.set(i);
            }
        }
        return bits;
    }

    private static int number(String text, int min, int max, List<String> names, int firstName) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + firstName;
        }
        int value = text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
        if (value < min || value > max) {
            throw new IllegalArgumentException("cron: '" + text + "' is not " + min + " to " + max);
        }
        return value;
    }

    @Override
    public long next(long now, Env env) {
        LocalDate first = env.calendar.day(now);
        for (int i = 0; i < HORIZON_DAYS; i++) {
            LocalDate day = first.plusDays(i);
            if (!matches(day)) {
                continue;
            }
            long next = NEVER;
            for (int h = hours.nextSetBit(0); h >= 0; h = hours.nextSetBit(h + 1)) {
                for (int m = minutes.nextSetBit(0); m >= 0; m = minutes.nextSetBit(m + 1)) {
                    long at = env.calendar.at(day, h * 3600 + m * 60);
                    if (at <= now && everyHour()) {
                        at = env.calendar.again(day, h * 3600 + m * 60);
                    }
                    if (at > now) {
                        next = Math.min(next, at);
                    }
                }
            }
            if (next != NEVER) {
                return next;
            }
        }
        return NEVER;
    }

    /** Such a one is a rhythm, as {@code every} is, and does not rest for the hour that comes twice. */
    private boolean everyHour() {
        return hours.cardinality() == 24;
    }

    /** What runs in every hour is repeated like {@code every}; the rest belongs to its day. */
    @Override
    public long rest() {
        return everyHour() ? DAY / 24 / minutes.cardinality() : DAY;
    }

    private boolean matches(LocalDate day) {
        boolean month = daysOfMonth.get(day.getDayOfMonth());
        boolean week = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
        return months.get(day.getMonthValue()) && (eitherDay ? month || week : month && week);
    }
}
