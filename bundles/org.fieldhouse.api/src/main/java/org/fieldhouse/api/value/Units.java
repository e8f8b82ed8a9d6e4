package org.fieldhouse.api.value;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The units the house knows, by symbol. A symbol is one of the table, a table symbol with an SI prefix where that is usual
 * ({@code kW}, {@code mA}), or a compound of these with {@code ·}, {@code *}, {@code /} and powers ({@code m³/h}, {@code m3/h},
 * {@code W/m^2}). Factors: SI brochure (9th edition), tables 4 to 8; °F by definition 5/9 K; BTU is the International Table one.
 *
 * <p>Thread-safe. The same symbol always gives the same instance, spelled canonically ({@code m3/h} gives {@code m³/h}).
 */
public final class Units {
    private static final Map<String, Unit> TABLE = new HashMap<>();
    private static final Set<String> PREFIXABLE = Set.of(
            "m", "g", "s", "A", "mol", "cd", "W", "J", "V", "Ω", "F", "Pa", "N", "Hz", "Wh", "VA", "var", "varh", "VAh",
            "Ah", "bar", "l", "L", "lm", "lx", "bit", "B", "S", "eV", "Bq", "Sv");
    private static final Map<String, Double> PREFIX = Map.of(
            "p", 1e-12, "n", 1e-9, "µ", 1e-6, "m", 1e-3, "c", 1e-2, "d", 1e-1, "k", 1e3, "M", 1e6, "G", 1e9, "T", 1e12);
    /** Other spellings, ASCII ones first of all, to the canonical one. */
    private static final Map<String, String> SPELLINGS = new HashMap<>();

    private static final Map<String, Unit> CACHE = new ConcurrentHashMap<>();
    /** Bounds the cache: symbols come from the wire too. */
    private static final int CACHE_LIMIT = 4_096;

    private static final int SYMBOL_LIMIT = 32;

    public static final Unit PERCENT;
    public static final Unit CELSIUS;
    public static final Unit FAHRENHEIT;
    public static final Unit KELVIN;
    public static final Unit SECOND;
    public static final Unit LUX;
    public static final Unit WATT;
    public static final Unit KILOWATT_HOUR;

    static {
        Dimension energy = dim(2, 1, -2);
        Dimension power = dim(2, 1, -3);
        Dimension voltage = power.per(Dimension.CURRENT);
        put("%", Dimension.ONE, 0.01);
        put("‰", Dimension.ONE, 0.001);
        put("ppm", Dimension.ONE, 1e-6);
        put("ppb", Dimension.ONE, 1e-9);
        put("m", Dimension.LENGTH, 1);
        put("in", Dimension.LENGTH, 0.0254);
        put("ft", Dimension.LENGTH, 0.3048);
        put("mi", Dimension.LENGTH, 1609.344);
        put("g", Dimension.MASS, 1e-3);
        put("t", Dimension.MASS, 1e3);
        put("lb", Dimension.MASS, 0.45359237);
        put("s", Dimension.TIME, 1);
        put("min", Dimension.TIME, 60);
        put("h", Dimension.TIME, 3600);
        put("d", Dimension.TIME, 86_400);
        put("week", Dimension.TIME, 604_800);
        put("A", Dimension.CURRENT, 1);
        put("K", Dimension.TEMPERATURE, 1);
        TABLE.put("°C", new Unit("°C", Dimension.TEMPERATURE, 1, 273.15));
        TABLE.put("°F", new Unit("°F", Dimension.TEMPERATURE, 5.0 / 9, 459.67 * 5 / 9));
        put("mol", Dimension.AMOUNT, 1);
        put("cd", Dimension.LUMINOUS, 1);
        put("lm", Dimension.LUMINOUS, 1);
        put("lx", Dimension.LUMINOUS.per(Dimension.LENGTH.power(2)), 1);
        put("rad", Dimension.ANGLE, 1);
        put("°", Dimension.ANGLE, Math.PI / 180);
        put("rpm", Dimension.ANGLE.per(Dimension.TIME), 2 * Math.PI / 60);
        put("bit", Dimension.INFORMATION, 1);
        put("B", Dimension.INFORMATION, 8);
        put("dB", Dimension.LEVEL, 1);
        TABLE.put("dBm", new Unit("dBm", Dimension.LEVEL.times(power), 1, 0));
        TABLE.put("pH", new Unit("pH", Dimension.LEVEL.times(Dimension.AMOUNT), 1, 0));
        put("Hz", Dimension.ONE.per(Dimension.TIME), 1);
        put("Bq", Dimension.ONE.per(Dimension.TIME), 1);
        put("Sv", dim(2, 0, -2), 1);
        put("N", dim(1, 1, -2), 1);
        put("Pa", dim(-1, 1, -2), 1);
        put("bar", dim(-1, 1, -2), 1e5);
        put("psi", dim(-1, 1, -2), 6894.757293168361);
        put("mmHg", dim(-1, 1, -2), 133.322387415);
        put("inHg", dim(-1, 1, -2), 3386.389);
        put("J", energy, 1);
        put("Wh", energy, 3600);
        put("eV", energy, 1.602176634e-19);
        put("BTU", energy, 1055.05585262);
        put("cal", energy, 4.184);
        put("W", power, 1);
        put("VA", power, 1);
        put("var", power, 1);
        put("VAh", energy, 3600);
        put("varh", energy, 3600);
        put("V", voltage, 1);
        put("Ω", voltage.per(Dimension.CURRENT), 1);
        put("S", Dimension.CURRENT.per(voltage), 1);
        put("F", Dimension.CURRENT.times(Dimension.TIME).per(voltage), 1);
        put("Ah", Dimension.CURRENT.times(Dimension.TIME), 3600);
        put("l", Dimension.LENGTH.power(3), 1e-3);
        put("gal", Dimension.LENGTH.power(3), 3.785411784e-3);
        put("kn", dim(1, 0, -1), 1852.0 / 3600);
        put("mph", dim(1, 0, -1), 0.44704);
        PERCENT = table("%");
        CELSIUS = table("°C");
        FAHRENHEIT = table("°F");
        KELVIN = table("K");
        SECOND = table("s");
        LUX = table("lx");
        WATT = table("W");
        KILOWATT_HOUR = of("kWh");
        String[][] spellings = {
            {"degC", "°C"},
            {"C", "°C"},
            {"℃", "°C"},
            {"ºC", "°C"},
            {"degF", "°F"},
            {"℉", "°F"},
            {"ºF", "°F"},
            {"deg", "°"},
            {"º", "°"},
            {"percent", "%"},
            {"lux", "lx"},
            {"ohm", "Ω"},
            {"Ohm", "Ω"},
            {"sec", "s"},
            {"seconds", "s"},
            {"second", "s"},
            {"minutes", "min"},
            {"minute", "min"},
            {"hours", "h"},
            {"hour", "h"},
            {"hr", "h"},
            {"days", "d"},
            {"day", "d"},
            {"weeks", "week"},
            {"L", "l"},
            {"mL", "ml"},
            {"kph", "km/h"},
            {"kmh", "km/h"},
            {"cbm", "m³"},
            {"μ", "µ"},
            {"Lux", "lx"}
        };
        for (String[] s : spellings) {
            SPELLINGS.put(s[0], s[1]);
        }
    }

    private Units() {}

    /**
     * The unit of that symbol.
     *
     * @throws IllegalArgumentException for an unknown symbol
     */
    public static Unit of(String symbol) {
        return find(symbol).orElseThrow(() -> new IllegalArgumentException("unknown unit '" + symbol + "'"));
    }

    /** The unit of that symbol, or nothing where it is unknown; the empty symbol is the plain number. */
    public static Optional<Unit> find(String symbol) {
        Unit cached = CACHE.get(symbol);
        if (cached != null) {
            return Optional.of(cached);
        }
        if (symbol.length() > SYMBOL_LIMIT) {
            return Optional.empty();
        }
        Optional<Unit> parsed = Optional.ofNullable(UnitParser.parse(symbol));
        parsed.ifPresent(u -> {
            if (CACHE.size() < CACHE_LIMIT) {
                CACHE.put(symbol, u);
            }
        });
        return parsed;
    }

    /** The unit of a distance on the scale of an absolute unit: K for °C and °F. A unit that is no scale is its own. */
    public static Unit difference(Unit unit) {
        return unit.isAbsolute() ? KELVIN : unit;
    }

    /** All simple symbols, for suggestions; compounds are not listed. */
    public static Set<String> symbols() {
        Set<String> all = new TreeSet<>(TABLE.keySet());
        all.addAll(Set.of(
                "kW", "kWh", "MWh", "mA", "mV", "kV", "hPa", "kPa", "mbar", "km", "cm", "mm", "kg", "mg", "ms", "m³",
                "m³/h", "l/min", "m/s", "km/h", "W/m²", "µg/m³", "kHz", "MHz", "kB", "MB"));
        return all;
    }

    /** A symbol of the table, with or without a prefix; null if unknown. */
    static @Nullable Unit simple(String spelled) {
        String symbol = SPELLINGS.getOrDefault(spelled, spelled);
        Unit known = TABLE.get(symbol);
        if (known != null) {
            return known;
        }
        if (symbol.startsWith("μ") || symbol.startsWith("u")) {
            symbol = "µ" + symbol.substring(1);
        }
        if (symbol.equals("hPa")) {
            return new Unit("hPa", table("Pa").dimension(), 100, 0);
        }
        if (symbol.length() < 2) {
            return null;
        }
        Double prefix = PREFIX.get(symbol.substring(0, 1));
        String rest = symbol.substring(1);
        if (prefix == null || !PREFIXABLE.contains(rest)) {
            return null;
        }
        Unit base = table(rest);
        return new Unit(symbol.substring(0, 1) + base.symbol(), base.dimension(), prefix * base.factor(), 0);
    }

    private static Unit table(String symbol) {
        Unit found = TABLE.get(symbol.equals("L") ? "l" : symbol);
        if (found == null) {
            throw new IllegalStateException(symbol);
        }
        return found;
    }

    private static void put(String symbol, Dimension dimension, double factor) {
        TABLE.put(symbol, new Unit(symbol, dimension, factor, 0));
    }

    private static Dimension dim(int length, int mass, int time) {
        return new Dimension(length, mass, time, 0, 0, 0, 0, 0, 0, 0);
    }
}
