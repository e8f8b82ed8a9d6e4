package org.fieldhouse.shell;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.fieldhouse.api.rules.RuleBook;
import org.jspecify.annotations.Nullable;

/** Times as people read and write them at a prompt; in the zone of the machine where nothing else is said. */
final class Times {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Times() {}

    static String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    static String moment(long micros) {
        return moment(instant(micros));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    static String clock(long micros, ZoneId zone) {
        return CLOCK.format(instant(micros).atZone(zone));
    }

    /** That of the rules, which is the house's; the machine's where there are none. */
    static ZoneId zone(@Nullable RuleBook book) {
        return book == null ? ZoneId.systemDefault() : book.zone();
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

    /** {@code 18:05}, {@code 18:05:30} (the last time that it was so), {@code 2026-11-21T18:05}, or ISO with zone. */
    static Instant instant(String text, Instant now, ZoneId zone) {
        String t = text.strip().replace(' ', 'T');
        try {
            if (t.endsWith("Z")) {
                return Instant.parse(t);
            }
            if (t.contains("T")) {
                return LocalDateTime.parse(t).atZone(zone).toInstant();
            }
            Instant today = LocalDate.ofInstant(now, zone)
                    .atTime(LocalTime.parse(t))
                    .atZone(zone)
                    .toInstant();
            return today.isAfter(now) ? today.atZone(zone).minusDays(1).toInstant() : today;
        } catch (DateTimeException e) {
            throw new CommandFailure("'" + text + "' is no time; write 18:05, 18:05:30 or 2026-11-21T18:05");
        }
    }

    /** Whom the shell acts for: it is reached by the owner of the process alone. */
    static String user() {
        return System.getProperty("user.name", "shell");
    }
}
