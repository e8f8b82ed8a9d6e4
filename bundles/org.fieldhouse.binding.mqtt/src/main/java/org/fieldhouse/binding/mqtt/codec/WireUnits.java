package org.fieldhouse.binding.mqtt.codec;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;

/** Units as makers of devices spell them, beyond the spellings of {@link Units}. Pure. */
public final class WireUnits {
    private static final Map<String, String> SPELLED = Map.ofEntries(
            Map.entry("VAR", "var"),
            Map.entry("VAr", "var"),
            Map.entry("VArh", "varh"),
            Map.entry("kVArh", "kvarh"),
            Map.entry("Hours", "h"),
            Map.entry("Hr", "h"),
            Map.entry("Day", "d"),
            Map.entry("Sec", "s"),
            Map.entry("sec.", "s"),
            Map.entry("Seconds", "s"),
            Map.entry("min.", "min"),
            Map.entry("Lx", "lx"),
            Map.entry("Volt", "V"),
            Map.entry("volt", "V"),
            Map.entry("w", "W"),
            Map.entry("watt", "W"),
            Map.entry("liter", "l"),
            Map.entry("meters", "m"));

    /** Link quality, 0 to 255 (IEEE 802.15.4, 6.9.8), is a plain number although a unit is written behind it. */
    private static final String LINK_QUALITY = "lqi";

    /** Names of settings that are a distance on a scale of temperature, not a temperature. */
    private static final Pattern DISTANCE =
            Pattern.compile("calibration|offset|hyster|dead_?(zone|band)|delta|compensation"
                    + "|correction|accuracy|sensitivity|sensibility|setpoint_step|drop_limit");

    private WireUnits() {}

    /** The unit of that symbol; the plain number for the empty one; nothing where it is unknown. */
    public static Optional<Unit> find(String symbol) {
        return symbol.equals(LINK_QUALITY) ? Optional.of(Unit.ONE) : Units.find(SPELLED.getOrDefault(symbol, symbol));
    }

    /** Whether a number of that name and unit is a difference of temperatures, so that 2 °C of it are 2 K and not 275 K. */
    public static boolean isDifference(String name, Unit unit) {
        return unit.isAbsolute() && DISTANCE.matcher(name).find();
    }
}
