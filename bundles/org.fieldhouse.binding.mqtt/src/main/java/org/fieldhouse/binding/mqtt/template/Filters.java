package org.fieldhouse.binding.mqtt.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.fieldhouse.binding.mqtt.codec.Scalars;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.fieldhouse.binding.mqtt.json.JsonWriter;
import org.fieldhouse.binding.mqtt.template.Template.Node;
import org.jspecify.annotations.Nullable;

/** Filters, tests, functions and methods of the subset; all by allow-list. */
final class Filters {
    /** How many arguments each takes. One more is refused: it would mean something, and be ignored. */
    private record Arity(int least, int most) {}

    private static final Map<String, Arity> PLAIN = Map.ofEntries(
            Map.entry("float", new Arity(0, 1)),
            Map.entry("int", new Arity(0, 1)),
            Map.entry("bool", new Arity(0, 1)),
            Map.entry("round", new Arity(0, 1)),
            Map.entry("default", new Arity(0, 2)),
            Map.entry("d", new Arity(0, 2)),
            Map.entry("is_defined", new Arity(0, 0)),
            Map.entry("lower", new Arity(0, 0)),
            Map.entry("upper", new Arity(0, 0)),
            Map.entry("string", new Arity(0, 0)),
            Map.entry("multiply", new Arity(1, 1)),
            Map.entry("add", new Arity(1, 1)),
            Map.entry("abs", new Arity(0, 0)),
            Map.entry("length", new Arity(0, 0)),
            Map.entry("count", new Arity(0, 0)),
            Map.entry("to_json", new Arity(0, 0)),
            Map.entry("tojson", new Arity(0, 0)),
            Map.entry("from_json", new Arity(0, 0)),
            Map.entry("trim", new Arity(0, 0)),
            Map.entry("title", new Arity(0, 0)),
            Map.entry("capitalize", new Arity(0, 0)),
            Map.entry("replace", new Arity(2, 2)),
            Map.entry("truncate", new Arity(0, 4)),
            Map.entry("first", new Arity(0, 0)),
            Map.entry("last", new Arity(0, 0)),
            Map.entry("min", new Arity(0, 0)),
            Map.entry("max", new Arity(0, 0)),
            Map.entry("iif", new Arity(0, 3)));
    private static final Map<String, Arity> FUNCTIONS = Map.of(
            "float", new Arity(1, 2),
            "int", new Arity(1, 2),
            "bool", new Arity(1, 2),
            "min", new Arity(1, 99),
            "max", new Arity(1, 99),
            "iif", new Arity(1, 4));
    private static final Map<String, Arity> METHODS = Map.of(
            "get", new Arity(1, 2),
            "split", new Arity(0, 1),
            "lower", new Arity(0, 0),
            "upper", new Arity(0, 0),
            "strip", new Arity(0, 0),
            "replace", new Arity(2, 2),
            "startswith", new Arity(1, 1),
            "endswith", new Arity(1, 1));
    private static final Set<String> TESTS = Set.of(
            "defined",
            "undefined",
            "none",
            "number",
            "string",
            "boolean",
            "mapping",
            "sequence",
            "iterable",
            "true",
            "false");
    private static final Set<String> TRUE_WORDS = Set.of("true", "yes", "on", "enable", "1");
    private static final Set<String> FALSE_WORDS = Set.of("false", "no", "off", "disable", "0");
    private static final int MAX_DIGITS = 15;
    private static final BigDecimal MAX_WHOLE = BigDecimal.valueOf(1L << 53);

    private Filters() {}

    static Node filter(String name, Node value, List<Node> arguments) throws TemplateException {
        check("filter '" + name + "'", PLAIN.get(name), arguments);
        return scope -> filtered(name, value.eval(scope), values(arguments, scope), scope);
    }

    static Node function(String name, List<Node> arguments) throws TemplateException {
        check("function '" + name + "'", FUNCTIONS.get(name), arguments);
        boolean gathers = (name.equals("min") || name.equals("max")) && arguments.size() > 1;
        return scope -> {
            List<@Nullable Object> all = values(arguments, scope);
            return gathers ? apply(name, all, List.of()) : apply(name, all.get(0), all.subList(1, all.size()));
        };
    }

    static Node test(String name, Node value, boolean negated) throws TemplateException {
        if (!TESTS.contains(name)) {
            throw new TemplateException("test 'is " + name + "'");
        }
        return scope -> holds(name, value.eval(scope)) != negated;
    }

    private static boolean holds(String name, @Nullable Object v) {
        return switch (name) {
            case "defined" -> v != Operators.UNDEFINED;
            case "undefined" -> v == Operators.UNDEFINED;
            case "none" -> v == null;
            case "number" -> v instanceof Number || v instanceof Boolean;
            case "string" -> v instanceof String;
            case "boolean" -> v instanceof Boolean;
            case "mapping" -> v instanceof Map;
            case "true" -> Boolean.TRUE.equals(v);
            case "false" -> Boolean.FALSE.equals(v);
            default -> v instanceof List || v instanceof String || v instanceof Map || v == Operators.UNDEFINED;
        };
    }

    static Node method(String name, Node of, List<Node> arguments) throws TemplateException {
        check("method '" + name + "()'", METHODS.get(name), arguments);
        boolean makes = !name.equals("get");
        return scope -> {
            Object result = call(name, of.eval(scope), values(arguments, scope));
            return makes ? scope.made(result) : result;
        };
    }

    private static void check(String what, @Nullable Arity arity, List<Node> arguments) throws TemplateException {
        if (arity == null) {
            throw new TemplateException(what);
        }
        int count = arguments.size();
        if (count < arity.least || count > arity.most) {
            throw new TemplateException(what + " with " + count + (count == 1 ? " argument" : " arguments"));
        }
    }

    private static List<@Nullable Object> values(List<Node> nodes, Scope scope) throws TemplateException {
        List<@Nullable Object> out = new ArrayList<>();
        for (Node n : nodes) {
            out.add(n.eval(scope));
        }
        return out;
    }

    private static @Nullable Object call(String name, @Nullable Object of, List<@Nullable Object> a)
            throws TemplateException {
        if (name.equals("get") && of instanceof Map<?, ?> map && !a.isEmpty()) {
            Object found = Operators.member(map, a.get(0));
            return found != Operators.UNDEFINED ? found : a.size() > 1 ? a.get(1) : null;
        }
        if (!(of instanceof String s)) {
            throw new TemplateException("'" + Operators.text(of) + "' has no ." + name + "()");
        }
        String first = a.isEmpty() ? "" : Operators.text(a.get(0));
        return switch (name) {
            case "split" -> a.isEmpty() ? words(s) : parts(s, first);
            case "lower" -> s.toLowerCase(Locale.ROOT);
            case "upper" -> s.toUpperCase(Locale.ROOT);
            case "strip" -> s.strip();
            case "replace" -> replaced(s, first, Operators.text(a.get(1)));
            case "startswith" -> s.startsWith(first);
            case "endswith" -> s.endsWith(first);
            default -> bad(name);
        };
    }

    private static List<String> words(String s) throws TemplateException {
        String text = s.strip();
        return text.isEmpty() ? List.of() : parts(text.replaceAll("\\s+", " "), " ");
    }

    private static List<String> parts(String s, String separator) throws TemplateException {
        if (separator.isEmpty()) {
            throw new TemplateException("split by nothing");
        }
        Scope.occurrences(s, separator, 1);
        return List.of(s.split(Pattern.quote(separator), -1));
    }

    private static String replaced(String s, String from, String to) throws TemplateException {
        Scope.occurrences(s, from, to.length());
        return s.replace(from, to);
    }

    /** What chooses among values makes none. */
    private static @Nullable Object filtered(String name, @Nullable Object v, List<@Nullable Object> a, Scope scope)
            throws TemplateException {
        if (name.equals("from_json")) {
            scope.spend(Operators.text(v).length());
        }
        Object result = apply(name, v, a);
        return result instanceof String && result != v ? scope.made(result) : result;
    }

    private static @Nullable Object apply(String name, @Nullable Object v, List<@Nullable Object> a)
            throws TemplateException {
        return switch (name) {
            case "float" -> number(v, a, false);
            case "int" -> number(v, a, true);
            case "bool" -> bool(v, a);
            case "round" -> round(v, a);
            case "default", "d" ->
                v == Operators.UNDEFINED || isOn(a, 1) && !Operators.truth(v) ? (a.isEmpty() ? "" : a.get(0)) : v;
            case "is_defined" -> {
                if (v == Operators.UNDEFINED) {
                    throw new TemplateException.NoValue();
                }
                yield v;
            }
            case "multiply" -> Operators.arithmetic("*", number(v, List.of(), false), one(name, a));
            case "add" -> Operators.arithmetic("+", number(v, List.of(), false), one(name, a));
            case "abs" -> v instanceof Double d ? (Object) Math.abs(d) : (Object) Math.abs((long) Operators.real(v));
            case "length", "count" -> length(v);
            case "first", "last", "min", "max" -> pick(name, v);
            case "iif" -> {
                if (v == null && a.size() > 2) {
                    yield a.get(2);
                }
                yield Operators.truth(v) ? (a.isEmpty() ? true : a.get(0)) : a.size() > 1 ? a.get(1) : (Object) false;
            }
            default -> textual(name, v, a);
        };
    }

    /** Jinja, filter {@code truncate(length=255, killwords=False, end='...', leeway=5)}. */
    private static String truncated(String s, List<@Nullable Object> a) throws TemplateException {
        int length = a.isEmpty() ? 255 : (int) Operators.real(a.get(0));
        String end = a.size() > 2 ? Operators.text(a.get(2)) : "...";
        int leeway = a.size() > 3 ? (int) Operators.real(a.get(3)) : 5;
        if (length < end.length() || leeway < 0) {
            throw new TemplateException("truncate to " + length + " characters with '" + end + "'");
        }
        if (s.length() <= length + leeway) {
            return s;
        }
        String kept = s.substring(0, length - end.length());
        int space = isOn(a, 1) ? -1 : kept.lastIndexOf(' ');
        return (space < 0 ? kept : kept.substring(0, space)) + end;
    }

    private static @Nullable Object textual(String name, @Nullable Object v, List<@Nullable Object> a)
            throws TemplateException {
        String s = Operators.text(v);
        return switch (name) {
            case "lower" -> s.toLowerCase(Locale.ROOT);
            case "upper" -> s.toUpperCase(Locale.ROOT);
            case "trim" -> s.strip();
            case "string" -> s;
            case "capitalize" -> capital(s);
            case "title" -> {
                StringBuilder out = new StringBuilder();
                for (String word : s.split("(?<=[-\\s({\\[<])")) {
                    out.append(capital(word));
                }
                yield out.toString();
            }
            case "replace" -> replaced(s, Operators.text(a.get(0)), Operators.text(a.get(1)));
            case "truncate" -> truncated(s, a);
            case "to_json", "tojson" -> JsonWriter.write(v == Operators.UNDEFINED ? null : v);
            case "from_json" -> {
                try {
                    yield Json.parse(s);
                } catch (JsonException e) {
                    throw new TemplateException("from_json: " + e.getMessage());
                }
            }
            default -> bad(name);
        };
    }

    private static String capital(String word) {
        return word.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static boolean isOn(List<@Nullable Object> a, int index) {
        return a.size() > index && Operators.truth(a.get(index));
    }

    private static @Nullable Object one(String name, List<@Nullable Object> a) throws TemplateException {
        return a.size() == 1 ? a.get(0) : bad(name);
    }

    private static Object bad(String name) throws TemplateException {
        throw new TemplateException("arguments of '" + name + "'");
    }

    private static @Nullable Object number(@Nullable Object v, List<@Nullable Object> a, boolean whole)
            throws TemplateException {
        double d = v == null || v == Operators.UNDEFINED ? Double.NaN : Scalars.number(v);
        if (Double.isNaN(d)) {
            if (!a.isEmpty()) {
                return a.get(0);
            }
            throw new TemplateException("'" + Operators.text(v) + "' is not a number");
        }
        return whole && Math.abs(d) < 1L << 53 ? (Object) (long) d : (Object) d;
    }

    private static @Nullable Object bool(@Nullable Object v, List<@Nullable Object> a) throws TemplateException {
        if (v instanceof Boolean || v instanceof Number) {
            return Operators.truth(v);
        }
        String word = Operators.text(v).strip().toLowerCase(Locale.ROOT);
        if (TRUE_WORDS.contains(word)) {
            return true;
        }
        if (FALSE_WORDS.contains(word)) {
            return false;
        }
        if (!a.isEmpty()) {
            return a.get(0);
        }
        throw new TemplateException("'" + Operators.text(v) + "' is neither true nor false");
    }

    /** Home Assistant's round: half to even on the exact binary value, a whole number without digits asked for. */
    private static Object round(@Nullable Object v, List<@Nullable Object> a) throws TemplateException {
        Object number = number(v, List.of(), false);
        long digits = a.isEmpty() ? 0 : (long) Operators.real(a.get(0));
        if (Math.abs(digits) > MAX_DIGITS) {
            return bad("round");
        }
        BigDecimal rounded = new BigDecimal(Operators.real(number)).setScale((int) digits, RoundingMode.HALF_EVEN);
        boolean whole = digits == 0 && rounded.abs().compareTo(MAX_WHOLE) < 0;
        return whole ? (Object) rounded.longValue() : (Object) rounded.doubleValue();
    }

    private static Object length(@Nullable Object v) throws TemplateException {
        if (v instanceof String s) {
            return (long) s.length();
        }
        if (v instanceof List<?> l) {
            return (long) l.size();
        }
        return v instanceof Map<?, ?> m ? (Object) (long) m.size() : bad("length");
    }

    private static @Nullable Object pick(String name, @Nullable Object v) throws TemplateException {
        if (!(v instanceof List<?> list) || list.isEmpty()) {
            return bad(name);
        }
        if (name.equals("first") || name.equals("last")) {
            return list.get(name.equals("first") ? 0 : list.size() - 1);
        }
        Object best = list.get(0);
        for (Object item : list) {
            boolean less = Operators.compare("<", item, best);
            if (name.equals("min") ? less : Operators.compare(">", item, best)) {
                best = item;
            }
        }
        return best;
    }
}
