package org.fieldhouse.binding.mqtt.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Python does with values, as far as the subset goes. */
final class Operators {
    /** What a name or member is that is not there. Writes nothing, is false, and refuses everything else. */
    static final Object UNDEFINED = new Object() {
        @Override
        public String toString() {
            return "(undefined)";
        }
    };

    private Operators() {}

    /** As Python writes it: {@code True}, {@code None}, {@code 21.0}. */
    static String text(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value == UNDEFINED) {
            return "";
        }
        if (value instanceof Boolean b) {
            return b ? "True" : "False";
        }
        if (value instanceof Double d) {
            return number(d);
        }
        if (value instanceof Map || value instanceof List) {
            StringBuilder out = new StringBuilder();
            display(out, value);
            return out.toString();
        }
        return value.toString();
    }

    /** Lists and maps as Python shows them: {@code [1, 'a', {'b': None}]}. */
    private static void display(StringBuilder out, @Nullable Object value) {
        String separator = "";
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            for (Map.Entry<?, ?> e : map.entrySet()) {
                out.append(separator);
                display(out, e.getKey());
                out.append(": ");
                display(out, e.getValue());
                separator = ", ";
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Object item : list) {
                out.append(separator);
                display(out, item);
                separator = ", ";
            }
            out.append(']');
        } else if (value instanceof String s) {
            quote(out, s);
        } else {
            out.append(value == UNDEFINED ? "Undefined" : text(value));
        }
    }

    private static void quote(StringBuilder out, String s) {
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c == quote || c == '\\' ? "\\" : "").append(c);
                    }
                }
            }
        }
        out.append(quote);
    }

    private static String number(double d) {
        double size = Math.abs(d);
        if (size != 0 && (size < 1e-4 || size >= 1e16)) {
            BigDecimal digits = new BigDecimal(Double.toString(d)).stripTrailingZeros();
            int exponent = digits.precision() - digits.scale() - 1;
            String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
            return digits.movePointLeft(exponent).toPlainString() + "e" + power;
        }
        String plain = new BigDecimal(Double.toString(d)).toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    static boolean truth(@Nullable Object value) {
        if (value == null || value == UNDEFINED) {
            return false;
        }
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof Number n) {
            return n.doubleValue() != 0;
        }
        return value instanceof String s
                ? !s.isEmpty()
                : value instanceof Map<?, ?> m ? !m.isEmpty() : !(value instanceof List<?> l) || !l.isEmpty();
    }

    /** Keys of maps: Python finds {@code 1.0} and {@code True} under {@code 1}; JSON objects have text keys only. */
    static @Nullable Object key(@Nullable Object value) {
        if (value == UNDEFINED) {
            return null;
        }
        return value instanceof Boolean b
                ? (Object) (b ? 1L : 0L)
                : value instanceof Double d && d == Math.rint(d) ? (Object) d.longValue() : value;
    }

    static @Nullable Object member(@Nullable Object of, @Nullable Object key) throws TemplateException {
        if (of == UNDEFINED) {
            throw new TemplateException("nothing there to take '" + text(key) + "' of");
        }
        if (of instanceof Map<?, ?> map) {
            Object found = map.get(key(key));
            return found == null && !map.containsKey(key(key)) ? UNDEFINED : found;
        }
        if (key instanceof Long index && (of instanceof List || of instanceof String)) {
            int size = of instanceof List<?> list ? list.size() : ((String) of).length();
            long i = index < 0 ? index + size : index;
            if (i < 0 || i >= size) {
                return UNDEFINED;
            }
            return of instanceof List<?> list ? list.get((int) i) : String.valueOf(((String) of).charAt((int) i));
        }
        return UNDEFINED;
    }

    static boolean compare(String sign, @Nullable Object a, @Nullable Object b) throws TemplateException {
        switch (sign) {
            case "==":
                return equal(a, b);
            case "!=":
                return !equal(a, b);
            case "in":
                if (b instanceof String s && a instanceof String part) {
                    Scope.checkSearch(s, part);
                    return s.contains(part);
                }
                if (b instanceof Map<?, ?> map) {
                    return map.containsKey(key(a));
                }
                if (b instanceof List<?> list) {
                    return list.stream().anyMatch(i -> equal(a, i));
                }
                throw new TemplateException("cannot look into '" + text(b) + "'");
            default:
        }
        int order;
        if (a instanceof String s && b instanceof String t) {
            order = s.compareTo(t);
        } else {
            order = Double.compare(real(a), real(b));
        }
        return switch (sign) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        Object x = a instanceof Boolean t ? (Object) (t ? 1L : 0L) : a;
        Object y = b instanceof Boolean t ? (Object) (t ? 1L : 0L) : b;
        return x instanceof Number m && y instanceof Number n
                ? m.doubleValue() == n.doubleValue()
                : Objects.equals(x, y);
    }

    /** A number or a boolean as a number; texts are none, as in Python. */
    static double real(@Nullable Object value) throws TemplateException {
        if (value instanceof Number n) {
            return n.doubleValue();
        }
        if (value instanceof Boolean b) {
            return b ? 1 : 0;
        }
        throw new TemplateException(
                "'" + text(value) + "' is not a number" + (value == UNDEFINED ? ": undefined" : ""));
    }

    static Object arithmetic(String sign, @Nullable Object a, @Nullable Object b) throws TemplateException {
        if (sign.equals("+") && a instanceof String s && b instanceof String t) {
            return s + t;
        }
        double x = real(a);
        double y = real(b);
        boolean whole = !(a instanceof Double) && !(b instanceof Double);
        if (y == 0 && (sign.equals("/") || sign.equals("//") || sign.equals("%"))) {
            throw new TemplateException("division by zero");
        }
        double result =
                switch (sign) {
                    case "+" -> x + y;
                    case "-" -> x - y;
                    case "*" -> x * y;
                    case "/" -> x / y;
                    case "//" -> Math.floor(x / y);
                    case "%" -> (x % y != 0 && x % y < 0 != y < 0) ? x % y + y : x % y;
                    default -> Math.pow(x, y);
                };
        if (!Double.isFinite(result)) {
            throw new TemplateException("a number out of range");
        }
        boolean keepsWhole = whole && !sign.equals("/") && result == Math.rint(result) && Math.abs(result) < 1e15;
        return keepsWhole ? (Object) (long) result : (Object) result;
    }
}
