package com.acme.fan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of the fan's protocol: {@code speed 40} in both directions. Pure. */
final class FanCodec {
    private static final Pattern SPEED = Pattern.compile("speed (\\d{1,3})");

    private FanCodec() {}

    /** What a line said. */
    sealed interface Line {
        /** @param percent 0 to 100 */
        record Speed(int percent) implements Line {}

        record Corrupt(String reason) implements Line {}
    }

    static Line decode(String line) {
        Matcher m = SPEED.matcher(line.strip());
        if (!m.matches() || Integer.parseInt(m.group(1)) > 100) {
            return new Line.Corrupt("'" + line + "' is not 'speed 0' to 'speed 100'");
        }
        return new Line.Speed(Integer.parseInt(m.group(1)));
    }

    static String encode(double percent) {
        return "speed " + Math.round(percent) + "\n";
    }
}
