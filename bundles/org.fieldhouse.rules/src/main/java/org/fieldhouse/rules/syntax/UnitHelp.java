package org.fieldhouse.rules.syntax;

import java.util.Locale;
import java.util.Map;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.ast.Name;

/** What is said of a unit that there is none of, wherever it stands. */
public final class UnitHelp {
    /** Units that people write out. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("celsius", "°C"),
            Map.entry("fahrenheit", "°F"),
            Map.entry("kelvin", "K"),
            Map.entry("watt", "W"),
            Map.entry("volt", "V"),
            Map.entry("ampere", "A"),
            Map.entry("degrees", "°"),
            Map.entry("mins", "min"),
            Map.entry("secs", "s"),
            Map.entry("percent", "%"),
            Map.entry("seconds", "s"),
            Map.entry("minutes", "min"),
            Map.entry("hours", "h"),
            Map.entry("days", "d"));

    private UnitHelp() {}

    /** Reports the symbol of a unit that is not known. */
    public static void unknown(Name symbol, Findings findings) {
        findings.add(Code.E009, symbol.span(), "unknown unit '" + symbol.text() + "'", help(symbol.text()));
    }

    /** What it may have been meant to be: the name of one, also with a slip of the finger, or another symbol. */
    private static String help(String symbol) {
        String name = symbol.toLowerCase(Locale.ROOT);
        String known = NAMES.containsKey(name) || name.length() < 4
                ? name
                : Suggestions.nearest(name, NAMES.keySet()).orElse(name);
        if (NAMES.containsKey(known)) {
            return "write " + NAMES.get(known);
        }
        String near = Suggestions.didYouMean(symbol, Units.symbols());
        return near.isEmpty() ? "write its symbol, such as °C, %, lx, kWh or min" : near;
    }
}
