package org.fieldhouse.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Value;

/** Values and durations as people type them at a prompt. */
final class Literals {
    private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|min|h|d)(?:\\s+|$)");

    private static final Duration LONGEST = Duration.ofDays(3_653);

    private Literals() {}

    /** As the api's {@link org.fieldhouse.api.model.Literals}. */
    static Value parse(String text, ValueSpec spec) {
        try {
            return org.fieldhouse.api.model.Literals.parse(text, spec);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** {@code 90 s}, {@code 1 h 30 min}. */
    static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        String rest = text.strip();
        Matcher m = SPAN.matcher(rest);
        int at = 0;
        while (m.find() && m.start() == at) {
            double seconds = Double.parseDouble(m.group(1))
                    * switch (m.group(2)) {
                        case "ms" -> 0.001;
                        case "s" -> 1;
                        case "min" -> 60;
                        case "h" -> 3_600;
                        default -> 86_400;
                    };
            sum = sum.plusMillis(Math.round(Math.min(seconds, LONGEST.toSeconds() + 1) * 1_000));
            at = m.end();
        }
        if (at != rest.length() || rest.isEmpty()) {
            throw new CommandFailure("'" + text + "' is no duration; write 90 s, 5 min or 1 h 30 min");
        }
        if (sum.compareTo(LONGEST) > 0) {
            throw new CommandFailure("'" + text + "' is too long: at most ten years, or `for ever`");
        }
        return sum;
    }
}
