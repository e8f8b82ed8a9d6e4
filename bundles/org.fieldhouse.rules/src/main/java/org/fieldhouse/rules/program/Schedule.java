package org.fieldhouse.rules.program;

import java.time.DayOfWeek;
import java.time.LocalDate;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/** Moments on the wall clock. */
public sealed interface Schedule permits Schedule.Daily, Schedule.Every, Schedule.Periodic, Cron {
    /** There will be none. */
    long NEVER = Long.MAX_VALUE;

    /** The first moment after {@code now} (wall clock, µs since 1970), exclusive. */
    long next(long now, Env env);

    /** How far apart two of its moments are meant to be, µs: less than that, and the second is the first over again. */
    default long rest() {
        return DAY;
    }

    long DAY = 86_400_000_000L;

    /**
     * {@code at sunset - 30 min each workday}.
     *
     * @param second of the day; may depend on the day (sun)
     * @param date only on this day; null for all of {@code days}
     */
    record Daily(Num second, Days days, @Nullable LocalDate date) implements Schedule {
        /** A day of the sun can be missing for half a year near the poles; holidays never fill a year. */
        private static final int HORIZON = 400;

        @Override
        public long next(long now, Env env) {
            LocalDate only = date;
            if (only != null) {
                long at = on(only, env);
                return at > now ? at : NEVER;
            }
            long kept = env.now;
            LocalDate first = env.calendar.day(now).minusDays(1);
            try {
                for (int i = 0; i < HORIZON; i++) {
                    LocalDate day = first.plusDays(i);
                    if (days.contains(day, env.calendar)) {
                        long at = on(day, env);
                        if (at > now && at != NEVER) {
                            return at;
                        }
                    }
                }
            } finally {
                env.now = kept;
            }
            return NEVER;
        }

        /** What is to happen on one date happens once. */
        @Override
        public long rest() {
            return date == null ? DAY : Long.MAX_VALUE;
        }

        /** Evaluates the time as it is on that day. */
        private long on(LocalDate day, Env env) {
            long kept = env.now;
            env.now = env.calendar.at(day, 43_200) - env.offset;
            double at = second.eval(env);
            env.now = kept;
            return Double.isNaN(at) ? NEVER : env.calendar.at(day, at);
        }
    }

    /**
     * {@code every 15 min}. What divides a day is counted from each midnight on; the rest from 1970 on, which needs no anchor
     * and so survives everything.
     *
     * @param micros the period, ≥ 1 s
     */
    record Every(long micros) implements Schedule {
        public Every {
            if (micros < 1_000_000) {
                throw new IllegalArgumentException("a period of " + micros + " µs is below 1 s");
            }
        }

        @Override
        public long next(long now, Env env) {
            if (DAY % micros != 0) {
                return Math.floorDiv(now, micros) * micros + micros;
            }
            long start = env.calendar.startOfDay(now);
            long next = start + (now - start) / micros * micros + micros;
            return Math.min(next, env.calendar.endOfDay(now));
        }

        @Override
        public long rest() {
            return Math.min(micros, DAY);
        }
    }

    /**
     * {@code reset monthly at 00:00}: on the first day of each period.
     *
     * @param second of the day
     */
    record Periodic(Decl.Period period, Num second) implements Schedule {
        @Override
        public long next(long now, Env env) {
            LocalDate day = env.calendar.day(now);
            for (int i = 0; i <= 366; i++) {
                LocalDate each = day.plusDays(i);
                double at = second.eval(env);
                if (begins(each) && !Double.isNaN(at) && env.calendar.at(each, at) > now) {
                    return env.calendar.at(each, at);
                }
            }
            return NEVER;
        }

        @Override
        public long rest() {
            return switch (period) {
                case HOURLY, DAILY -> DAY;
                case WEEKLY -> 7 * DAY;
                case MONTHLY -> 28 * DAY;
                case YEARLY -> 365 * DAY;
            };
        }

        private boolean begins(LocalDate day) {
            return switch (period) {
                case HOURLY, DAILY -> true;
                case WEEKLY -> day.getDayOfWeek() == DayOfWeek.MONDAY;
                case MONTHLY -> day.getDayOfMonth() == 1;
                case YEARLY -> day.getDayOfYear() == 1;
            };
        }
    }
}
