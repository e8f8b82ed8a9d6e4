package org.example.acme;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes and their meaning: lines of ASCII, {@code speed 40} in both directions, {@code temperature 21.5} from the machine. Pure: no
 * I/O, no clock, no log. Not thread-safe.
 */
final class AcmeCodec {
    /** The longest line, bytes. */
    static final int LONGEST = 64;

    private static final Pattern SPEED = Pattern.compile("speed (\\d{1,3})");
    private static final Pattern TEMPERATURE = Pattern.compile("temperature (-?\\d{1,3}(?:\\.\\d{1,2})?)");

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean skipping;

    /** What a line said. */
    sealed interface Line {
        /** @param percent 0 to 100 */
        record Speed(int percent) implements Line {}

        /** @param celsius -40 to 125 */
        record Temperature(double celsius) implements Line {}

        /** It could not be understood. */
        record Corrupt(String reason) implements Line {}
    }

    /** Takes bytes as they come, in pieces of any size, and gives the lines that are complete. */
    List<Line> feed(byte[] bytes, int count) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                if (!skipping && line.size() > 0) {
                    lines.add(decode(line.toString(StandardCharsets.ISO_8859_1)));
                }
                line.reset();
                skipping = false;
            } else if (!skipping && line.size() == LONGEST) {
                lines.add(new Line.Corrupt("a line of more than " + LONGEST + " bytes"));
                skipping = true;
            } else if (!skipping) {
                line.write(bytes[i]);
            }
        }
        return lines;
    }

    /** The beginning of a line whose end has not come. */
    byte[] rest() {
        return line.toByteArray();
    }

    static Line decode(String text) {
        String said = text.strip();
        Matcher speed = SPEED.matcher(said);
        if (speed.matches() && Integer.parseInt(speed.group(1)) <= 100) {
            return new Line.Speed(Integer.parseInt(speed.group(1)));
        }
        Matcher temperature = TEMPERATURE.matcher(said);
        if (temperature.matches()) {
            double celsius = Double.parseDouble(temperature.group(1));
            if (celsius >= -40 && celsius <= 125) {
                return new Line.Temperature(celsius);
            }
        }
        return new Line.Corrupt("'" + said + "' is neither 'speed 0..100' nor 'temperature -40..125'");
    }

    /** @param percent 0 to 100 */
    static byte[] encode(double percent) {
        return ("speed " + Math.round(percent) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
