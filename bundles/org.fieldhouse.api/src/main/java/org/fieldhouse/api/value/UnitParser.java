package org.fieldhouse.api.value;

import org.jspecify.annotations.Nullable;

/** Reads compound unit symbols: factors joined by {@code ·}, {@code *} or {@code /}, each with an optional power −9 to 9. */
final class UnitParser {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private UnitParser() {}

    /** The unit, or null if any part is unknown. */
    static @Nullable Unit parse(String text) {
        String symbol = text.strip();
        if (symbol.isEmpty() || symbol.equals("1")) {
            return Unit.ONE;
        }
        Unit simple = Units.simple(symbol);
        if (simple != null) {
            return simple;
        }
        return compound(symbol);
    }

    private static @Nullable Unit compound(String symbol) {
        Dimension dimension = Dimension.ONE;
        double factor = 1;
        StringBuilder canonical = new StringBuilder();
        boolean per = false;
        int at = 0;
        while (at < symbol.length()) {
            int end = at;
            while (end < symbol.length() && "/·*".indexOf(symbol.charAt(end)) < 0) {
                end++;
            }
            Powered part = powered(symbol.substring(at, end).strip());
            if (part == null || part.unit().isAbsolute()) {
                return null;
            }
            int power = per ? -part.power() : part.power();
            dimension = dimension.times(part.unit().dimension().power(power));
            factor *= Math.pow(part.unit().factor(), power);
            canonical.append(part.symbol());
            if (end < symbol.length()) {
                per = symbol.charAt(end) == '/';
                canonical.append(per ? '/' : '·');
                if (end == symbol.length() - 1) {
                    return null;
                }
            }
            at = end + 1;
        }
        return factor > 0 && Double.isFinite(factor) ? new Unit(canonical.toString(), dimension, factor, 0) : null;
    }

    private record Powered(Unit unit, int power) {
        String symbol() {
            return power == 1 ? unit.symbol() : unit.symbol() + superscript(power);
        }
    }

    private static @Nullable Powered powered(String part) {
        if (part.isEmpty()) {
            return null;
        }
        int last = part.length() - 1;
        char c = part.charAt(last);
        int digit = SUPERSCRIPTS.indexOf(c);
        if (digit < 0 && c >= '0' && c <= '9') {
            digit = c - '0';
        }
        int cut = last;
        int sign = 1;
        if (digit >= 0 && cut > 0 && (part.charAt(cut - 1) == '-' || part.charAt(cut - 1) == '⁻')) {
            sign = -1;
            cut--;
        }
        if (digit >= 0 && cut > 0 && part.charAt(cut - 1) == '^') {
            cut--;
        }
        String name = digit < 0 ? part : part.substring(0, cut);
        if (name.equals("1")) {
            return new Powered(Unit.ONE, 1);
        }
        Unit unit = Units.simple(name);
        return unit == null ? null : new Powered(unit, digit < 0 ? 1 : sign * digit);
    }

    private static String superscript(int power) {
        return (power < 0 ? "⁻" : "") + SUPERSCRIPTS.charAt(Math.abs(power));
    }
}
