package org.fieldhouse.rules.check;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/**
 * Reads the days off of an iCalendar file (RFC 5545): its all-day events, with yearly repetition. Events with a time of day are no days
 * off. Never throws for bad input.
 */
final class DaysOff {
    /** Bound on what a file can give. */
    private static final int MOST = 20_000;
    /** Repetition without an end goes on until then. */
    private static final int LAST_YEAR = 2100;

    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

    private final Findings findings;
    private final Set<LocalDate> days = new TreeSet<>();

    /** A content line (RFC 5545, 3.1), unfolded. */
    private record Line(String name, Map<String, String> parameters, String value, Span span) {}

    DaysOff(Findings findings) {
        this.findings = findings;
    }

    Set<LocalDate> read(SourceFile file) {
        List<Line> event = null;
        boolean any = false;
        for (Line line : unfolded(file.text())) {
            String value = line.value().toUpperCase(Locale.ROOT);
            if (line.name().equals("BEGIN") && value.equals("VCALENDAR")) {
                any = true;
            } else if (line.name().equals("BEGIN") && value.equals("VEVENT")) {
                event = new ArrayList<>();
            } else if (line.name().equals("END") && value.equals("VEVENT") && event != null) {
                event(event);
                event = null;
            } else if (event != null) {
                event.add(line);
            }
        }
        if (!any) {
            findings.add(
                    Code.E011, new Span(0, 1, 1, 1), "this is no iCalendar file", "it begins with BEGIN:VCALENDAR");
        } else if (event != null) {
            Line last = event.isEmpty() ? null : event.get(event.size() - 1);
            findings.add(
                    Code.E011, last == null ? new Span(0, 1, 1, 1) : last.span(), "this event has no END:VEVENT", "");
        }
        return days;
    }

    private static List<Line> unfolded(String text) {
        List<Line> lines = new ArrayList<>();
        StringBuilder at = new StringBuilder();
        int number = 0;
        int begin = 1;
        int start = 0;
        int position = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                at.append(line, 1, line.length());
            } else {
                add(lines, at.toString(), new Span(start, start + at.length(), begin, 1));
                at.setLength(0);
                at.append(line);
                begin = number;
                start = position;
            }
            position += raw.length() + 1;
        }
        add(lines, at.toString(), new Span(start, start + at.length(), begin, 1));
        return lines;
    }

    private static void add(List<Line> lines, String text, Span span) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            return;
        }
        String[] head = text.substring(0, colon).split(";");
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < head.length; i++) {
            int equals = head[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        head[i].substring(0, equals).toUpperCase(Locale.ROOT),
                        head[i].substring(equals + 1).toUpperCase(Locale.ROOT));
            }
        }
        lines.add(new Line(
                head[0].toUpperCase(Locale.ROOT),
                parameters,
                text.substring(colon + 1).strip(),
                span));
    }

    private void event(List<Line> lines) {
        Map<String, Line> of = new HashMap<>();
        Set<LocalDate> except = new HashSet<>();
        for (Line line : lines) {
            of.putIfAbsent(line.name(), line);
            if (line.name().equals("EXDATE")) {
                for (String each : line.value().split(",")) {
                    LocalDate date = date(each, line);
                    if (date != null) {
                        except.add(date);
                    }
                }
            }
        }
        Line start = of.get("DTSTART");
        Line status = of.get("STATUS");
        boolean cancelled = status != null && status.value().equalsIgnoreCase("CANCELLED");
        boolean allDay = start != null
                && ("DATE".equals(start.parameters().get("VALUE"))
                        || start.value().length() == 8);
        if (start == null || cancelled || !allDay) {
            return;
        }
        LocalDate first = date(start.value(), start);
        if (first == null) {
            return;
        }
        long length = length(of.get("DTEND"), of.get("DURATION"), first);
        for (LocalDate each : repeated(first, of.get("RRULE"))) {
            for (long i = 0; i < length && !except.contains(each); i++) {
                if (days.size() >= MOST) {
                    findings.add(Code.E011, start.span(), "more than " + MOST + " days off", "");
                    return;
                }
                days.add(each.plusDays(i));
            }
        }
    }

    private @Nullable LocalDate date(String text, Line line) {
        String t = text.strip();
        try {
            return LocalDate.parse(t.length() > 8 ? t.substring(0, 8) : t, DATE);
        } catch (DateTimeException e) {
            findings.add(Code.E011, line.span(), "'" + t + "' is no date", "a date is 20261225");
            return null;
        }
    }

    /** The end is the day after the last (RFC 5545, 3.6.1); without one, an event lasts a day. */
    private long length(@Nullable Line end, @Nullable Line duration, LocalDate first) {
        if (end != null) {
            LocalDate last = date(end.value(), end);
            return last == null ? 1 : Math.max(1, Math.min(MOST, ChronoUnit.DAYS.between(first, last)));
        }
        if (duration != null) {
            try {
                return Math.max(1, Math.min(MOST, Period.parse(duration.value()).getDays()));
            } catch (DateTimeException e) {
                findings.add(
                        Code.E011, duration.span(), "'" + duration.value() + "' is no number of days", "write P2D");
            }
        }
        return 1;
    }

    private List<LocalDate> repeated(LocalDate first, @Nullable Line rule) {
        List<LocalDate> all = new ArrayList<>(List.of(first));
        if (rule == null) {
            return all;
        }
        Map<String, String> parts = new HashMap<>();
        for (String each : rule.value().toUpperCase(Locale.ROOT).split(";")) {
            int equals = each.indexOf('=');
            parts.put(equals < 0 ? each : each.substring(0, equals), equals < 0 ? "" : each.substring(equals + 1));
        }
        boolean plain = "YEARLY".equals(parts.get("FREQ"))
                && Set.of("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY")
                        .containsAll(parts.keySet())
                && parts.getOrDefault("BYMONTH", String.valueOf(first.getMonthValue()))
                        .equals(String.valueOf(first.getMonthValue()))
                && parts.getOrDefault("BYMONTHDAY", String.valueOf(first.getDayOfMonth()))
                        .equals(String.valueOf(first.getDayOfMonth()));
        String numbers = parts.getOrDefault("INTERVAL", "1") + parts.getOrDefault("COUNT", "1");
        if (!plain || !numbers.matches("\\d{1,8}")) {
            findings.add(
                    Code.E011,
                    rule.span(),
                    "only a day that comes back on its date each year can be read",
                    "list the days one by one: most calendars of days off do");
            return all;
        }
        int interval = Math.max(1, Integer.parseInt(parts.getOrDefault("INTERVAL", "1")));
        int count = Integer.parseInt(parts.getOrDefault("COUNT", String.valueOf(MOST)));
        String end = parts.get("UNTIL");
        LocalDate until = end == null ? null : date(end, rule);
        for (int i = 1; all.size() < count; i++) {
            int year = first.getYear() + i * interval;
            if (year > LAST_YEAR) {
                break;
            }
            boolean exists = first.getMonthValue() != 2 || first.getDayOfMonth() != 29 || java.time.Year.isLeap(year);
            LocalDate next = first.withYear(year);
            if (until != null && next.isAfter(until)) {
                break;
            }
            if (exists) {
                all.add(next);
            }
        }
        return all;
    }
}
