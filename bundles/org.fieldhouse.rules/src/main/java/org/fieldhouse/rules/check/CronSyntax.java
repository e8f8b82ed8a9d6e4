package org.fieldhouse.rules.check;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The five fields of a cron line as in crontab(5): numbers, lists, ranges and steps; Sunday is 0 or 7. */
final class CronSyntax {
    private static final Pattern ITEM = Pattern.compile("(\\*|(\\d{1,2})(?:-(\\d{1,2}))?)(?:/(\\d{1,2}))?");
    private static final String[] NAMES = {"minute", "hour", "day", "month", "weekday"};
    private static final int[] LOW = {0, 0, 1, 1, 0};
    private static final int[] HIGH = {59, 23, 31, 12, 7};

    private CronSyntax() {}

    /** What is wrong with the line; empty if nothing is. */
    static Optional<String> problem(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length != NAMES.length) {
            return Optional.of("a cron line has five fields, not " + (line.isBlank() ? 0 : fields.length));
        }
        for (int i = 0; i < fields.length; i++) {
            for (String item : fields[i].split(",", -1)) {
                if (!fits(item, LOW[i], HIGH[i])) {
                    return Optional.of("'" + item + "' is no " + NAMES[i]);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean fits(String item, int low, int high) {
        Matcher m = ITEM.matcher(item);
        if (!m.matches() || "0".equals(m.group(4)) || "00".equals(m.group(4))) {
            return false;
        }
        if (m.group(2) == null) {
            return true;
        }
        int from = Integer.parseInt(m.group(2));
        int to = m.group(3) == null ? from : Integer.parseInt(m.group(3));
        return from >= low && to <= high && from <= to;
    }
}
