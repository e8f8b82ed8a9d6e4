package org.fieldhouse.importer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.importer.OhTokens.Token;
import org.fieldhouse.importer.OhValue.Kind;

/** Expressions of openHAB's rules; reads on from where the cursor is. */
final class OhExpressions {
    private static final Set<String> WORDS =
            Set.of("ON", "OFF", "OPEN", "CLOSED", "UP", "DOWN", "STOP", "INCREASE", "DECREASE", "TOGGLE");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "===", "!==", "<", ">", "<=", ">=");
    private static final Set<String> PLAIN_CALLS =
            Set.of("intValue", "floatValue", "doubleValue", "toBigDecimal", "toString", "toFullString");
    private static final int MAX_DEPTH = 60;

    private final Draft draft;
    private final OhItems items;
    private final Cursor cursor;
    /** Names that stand for a value. */
    private final Map<String, OhValue> values = new HashMap<>();

    private boolean states;
    private int depth;

    /** A place in a list of words. */
    static final class Cursor {
        final List<Token> tokens;
        int at;

        Cursor(List<Token> tokens) {
            this.tokens = tokens;
        }

        boolean atEnd() {
            return at >= tokens.size();
        }

        Token peek() {
            return peek(0);
        }

        Token peek(int ahead) {
            return at + ahead < tokens.size() ? tokens.get(at + ahead) : new Token(OhTokens.Kind.SIGN, "", line());
        }

        int line() {
            return tokens.isEmpty()
                    ? 1
                    : tokens.get(Math.min(at, tokens.size() - 1)).line();
        }

        boolean accept(String sign) {
            if (!atEnd() && peek().is(sign)) {
                at++;
                return true;
            }
            return false;
        }

        boolean looksAt(String... signs) {
            for (int i = 0; i < signs.length; i++) {
                if (!peek(i).is(signs[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    OhExpressions(Draft draft, OhItems items, Cursor cursor, Map<String, OhValue> constants) {
        values.putAll(constants);
        this.draft = draft;
        this.items = items;
        this.cursor = cursor;
    }

    /** Lets a name stand for a value from here on. */
    void name(String name, OhValue value) {
        values.put(name, value);
        states |= value.kind() == Kind.ITEM;
    }

    /** Whether a name stands for the state that an item had when it was given. */
    boolean remembersStates() {
        return states;
    }

    private OhValue cannot(String why) {
        return OhValue.of(Kind.UNKNOWN, draft.cannot(cursor.line(), why));
    }

    /** A condition, without brackets around it. */
    String condition() {
        OhValue value = expression();
        return value.kind() == Kind.CONDITION || value.kind() == Kind.UNKNOWN
                ? value.text()
                : cannot("this is no comparison").text();
    }

    OhValue expression() {
        if (++depth > MAX_DEPTH) {
            cursor.at = cursor.tokens.size();
            return cannot("nested too deeply");
        }
        OhValue value = joined("||", " or ");
        depth--;
        return value;
    }

    private OhValue joined(String sign, String word) {
        List<OhValue> terms = new ArrayList<>();
        do {
            terms.add(sign.equals("||") ? joined("&&", " and ") : negated());
        } while (cursor.accept(sign) || cursor.accept(word.strip()));
        if (terms.size() == 1) {
            return terms.get(0);
        }
        List<String> texts = new ArrayList<>();
        for (OhValue each : terms) {
            boolean condition = each.kind() == Kind.CONDITION || each.kind() == Kind.UNKNOWN;
            texts.add(
                    condition
                            ? HaConditions.bracketed(each.text())
                            : cannot("this is no comparison").text());
        }
        return OhValue.of(Kind.CONDITION, String.join(word, texts));
    }

    private OhValue negated() {
        if (cursor.looksAt("!")) {
            cursor.at++;
            OhValue value = negated();
            return value.kind() == Kind.CONDITION
                    ? OhValue.of(Kind.CONDITION, "not (" + value.text() + ")")
                    : cannot("'!' before what is no comparison");
        }
        return compared();
    }

    private OhValue compared() {
        OhValue left = sum();
        String sign = cursor.peek().text();
        if (cursor.peek().kind() == OhTokens.Kind.TEXT || !COMPARISONS.contains(sign)) {
            return left;
        }
        cursor.at++;
        OhValue right = sum();
        String op = sign.startsWith("==") ? "=" : sign.startsWith("!=") ? "!=" : sign;
        boolean turned = left.kind() != Kind.ITEM && left.kind() != Kind.HOUR && left.kind() != Kind.GROUP;
        return turned ? compare(right, turned(op), left) : compare(left, op, right);
    }

    private static String turned(String op) {
        return op.startsWith("<") ? op.replace('<', '>') : op.replace('>', '<');
    }

    private OhValue compare(OhValue left, String op, OhValue right) {
        if (left.kind() == Kind.UNKNOWN || right.kind() == Kind.UNKNOWN) {
            return OhValue.of(Kind.UNKNOWN, left.text());
        }
        if (left.kind() == Kind.HOUR
                && right.kind() == Kind.NUMBER
                && right.text().matches("\\d{1,2}")) {
            return hour(op, Integer.parseInt(right.text()));
        }
        boolean equality = op.equals("=") || op.equals("!=");
        if (left.kind() == Kind.GROUP && equality && right.kind() == Kind.WORD) {
            return group(left, op, right);
        }
        Thing thing = left.thing();
        if (left.kind() != Kind.ITEM || thing == null) {
            return cannot("only an item's state can be compared");
        }
        String is = op.equals("=") ? " is " : " is not ";
        if (right.kind() == Kind.NULL && equality) {
            return OhValue.of(Kind.CONDITION, thing.ref() + is + "unknown");
        }
        if (right.kind() == Kind.NUMBER) {
            String ref = numberRef(thing);
            String value = number(thing, right.text());
            return OhValue.of(
                    Kind.CONDITION,
                    ref + " " + (equality ? is.strip() : isUpsideDown(thing) ? turned(op) : op) + " " + value);
        }
        if (thing.has("brightness") && right.kind() != Kind.ITEM) {
            return cannot("the state of the dimmer " + thing.id() + " is a number, not on or off");
        }
        if (isUpsideDown(thing) || right.thing() != null && isUpsideDown(right.thing())) {
            return cannot("a shutter can only be compared with a number");
        }
        if (right.kind() == Kind.ITEM && right.thing() != null) {
            return OhValue.of(Kind.CONDITION, numberRef(thing) + " " + op + " " + numberRef(right.thing()));
        }
        String word = right.kind() == Kind.WORD || right.kind() == Kind.TEXT ? thing.word(right.text()) : null;
        return word == null || !equality
                ? cannot(thing.id() + " cannot be compared with '" + Text.title(right.text()) + "' here")
                : OhValue.of(Kind.CONDITION, thing.stateRef() + is + word);
    }

    private OhValue group(OhValue group, String op, OhValue word) {
        String quantifier = items.quantifier(group.text());
        Thing first = group.thing();
        String state = first == null ? null : first.word(word.text());
        Thing declared = items.group(group.text());
        if (quantifier.isEmpty() || first == null || declared == null || state == null || first.other(state) == null) {
            return cannot(
                    "the state of the group " + group.text() + " is not one of its members: write any of or all of");
        }
        // The function of the group makes its first word from any or all members; the other word is the opposite.
        boolean counted = Set.of("on", "open").contains(state) == op.equals("=");
        String positive = Set.of("on", "open").contains(state) ? state : String.valueOf(first.other(state));
        draft.uses(declared);
        items.members(group.text(), 0).forEach(this::thing);
        String text = quantifier + " of " + declared.path() + " is " + positive;
        return OhValue.of(Kind.CONDITION, counted ? text : "not (" + text + ")");
    }

    private OhValue hour(String op, int hour) {
        if (hour > 23) {
            return cannot("no hour of the day");
        }
        String from = String.format("%02d:00", hour);
        String after = String.format("%02d:00", (hour + 1) % 24);
        String text =
                switch (op) {
                    case ">=" -> "time >= " + from;
                    case "<" -> "time < " + from;
                    case ">" -> hour == 23 ? "time < 00:00" : "time >= " + after;
                    case "<=" -> hour == 23 ? "time >= 00:00" : "time < " + after;
                    case "=" -> hour == 23 ? "time >= 23:00" : "time >= " + from + " and time < " + after;
                    default -> hour == 23 ? "time < 23:00" : "time < " + from + " or time >= " + after;
                };
        return OhValue.of(Kind.CONDITION, text);
    }

    /** A shutter that is quite closed is at 100 % there and at 0 % here. */
    private static boolean isUpsideDown(Thing thing) {
        return thing.has("position") && thing.member() == null;
    }

    /** The point of a thing that is a number. */
    static String numberRef(Thing thing) {
        return thing.has("brightness") && thing.member() == null
                ? thing.point("brightness")
                : thing.has("setpoint") && thing.member() == null ? thing.point("setpoint") : thing.ref();
    }

    /** A number as a value of the thing. */
    String number(Thing thing, String number) {
        ValueSpec spec = thing.spec();
        if (thing.description() != null && thing.member() == null) {
            for (String point : List.of("brightness", "setpoint")) {
                spec = thing.description().point(point).isPresent()
                        ? thing.description().point(point).orElseThrow().value()
                        : spec;
            }
        }
        if (spec == null
                || spec.kind() != ValueKind.QUANTITY
                || spec.unit() == null
                || !number.matches("-?\\d{1,12}(\\.\\d{1,9})?")) {
            return draft.cannot(cursor.line(), thing.id() + " is no number here");
        }
        boolean upside = isUpsideDown(thing);
        BigDecimal value = new BigDecimal(number);
        String symbol = spec.unit().symbol();
        return Text.number(upside ? BigDecimal.valueOf(100).subtract(value) : value)
                + (symbol.isEmpty() ? "" : " " + symbol);
    }

    private OhValue sum() {
        OhValue left = primary();
        while (cursor.looksAt("+") || cursor.looksAt("-") || cursor.looksAt("*") || cursor.looksAt("/")) {
            boolean plus = cursor.looksAt("+");
            cursor.at++;
            OhValue right = primary();
            boolean text = left.kind() == Kind.TEXT || right.kind() == Kind.TEXT;
            left = plus && text
                    ? OhValue.of(Kind.TEXT, piece(left) + piece(right))
                    : cannot("a calculation: write it with the units of this language");
        }
        return left;
    }

    /** What a value adds to a text. */
    String piece(OhValue value) {
        return switch (value.kind()) {
            case TEXT, NUMBER -> value.text();
            case ITEM -> value.thing() == null ? "" : "{" + shown(value.thing()) + "}";
            case WORD -> Text.escaped(value.text());
            default ->
                value.kind() == Kind.UNKNOWN
                        ? ""
                        : cannot("this cannot stand in a text").text();
        };
    }

    /** A dimmer's state is its brightness there. */
    private static String shown(Thing thing) {
        String number = numberRef(thing);
        boolean measured = !number.equals(thing.ref()) || HaTriggers.isMeasured(thing);
        return measured ? number : thing.stateRef();
    }

    private OhValue primary() {
        Token token = cursor.peek();
        if (cursor.atEnd()) {
            return cannot("a value is missing");
        }
        if (cursor.accept("(")) {
            OhValue value = expression();
            return cursor.accept(")") ? behind(value) : cannot("')' is missing");
        }
        if (cursor.looksAt("-") && cursor.peek(1).kind() == OhTokens.Kind.NUMBER) {
            cursor.at += 2;
            return unit(OhValue.of(
                    Kind.NUMBER, "-" + cursor.tokens.get(cursor.at - 1).text()));
        }
        cursor.at++;
        return switch (token.kind()) {
            case NUMBER -> unit(OhValue.of(Kind.NUMBER, token.text()));
            case TEXT -> behind(OhValue.of(Kind.TEXT, Text.escaped(token.text())));
            case NAME -> name(token);
            case SIGN -> cannot("'" + Text.title(token.text()) + "' where a value was expected");
        };
    }

    /** {@code 20|°C}: the unit of the point is taken, so only one that it can be is let through. */
    private OhValue unit(OhValue number) {
        if (!cursor.accept("|")) {
            return number;
        }
        StringBuilder unit = new StringBuilder();
        if (cursor.peek().kind() == OhTokens.Kind.TEXT) {
            unit.append(cursor.tokens.get(cursor.at++).text());
        } else {
            while (!cursor.atEnd()
                    && (cursor.looksAt("°")
                            || cursor.looksAt("%")
                            || cursor.peek().kind() == OhTokens.Kind.NAME && unit.length() < 2)) {
                unit.append(cursor.tokens.get(cursor.at++).text());
            }
        }
        return Set.of("°C", "%", "W", "lx", "kWh").contains(unit.toString())
                ? number
                : cannot("the unit " + Text.title(unit.toString()));
    }

    private OhValue name(Token token) {
        String name = token.text();
        if (WORDS.contains(name)) {
            return OhValue.of(Kind.WORD, name);
        }
        if (name.equals("NULL") || name.equals("UNDEF") || name.equals("null")) {
            return OhValue.of(Kind.NULL, name);
        }
        if (name.equals("now") && cursor.accept(".")) {
            String what = cursor.peek().text();
            cursor.at++;
            if (cursor.accept("(")) {
                cursor.accept(")");
            }
            return Set.of("getHour", "hour", "getHourOfDay", "hourOfDay").contains(what)
                    ? OhValue.of(Kind.HOUR, "hour")
                    : cannot("of now, only the hour can be compared");
        }
        if (name.matches("(OnOff|OpenClosed|UpDown)Type")
                && cursor.looksAt(".")
                && WORDS.contains(cursor.peek(1).text())) {
            cursor.at += 2;
            return OhValue.of(Kind.WORD, cursor.tokens.get(cursor.at - 1).text());
        }
        OhValue named = values.get(name);
        if (named != null) {
            return behind(named);
        }
        if (cursor.looksAt(".", "state")) {
            cursor.at += 2;
            return behind(item(name));
        }
        return cannot("'" + Text.title(name) + "' is no item, or what is asked of it has no counterpart");
    }

    private OhValue item(String name) {
        if (items.isGroup(name)) {
            List<String> members = items.members(name, 0);
            return new OhValue(Kind.GROUP, name, members.isEmpty() ? null : thing(members.get(0)));
        }
        Thing thing = thing(name);
        return thing == null ? OhValue.of(Kind.UNKNOWN, "") : new OhValue(Kind.ITEM, thing.ref(), thing);
    }

    /** The thing that an item is; null after the reason was noted. */
    @org.jspecify.annotations.Nullable
    Thing thing(String name) {
        Thing thing = items.thing(name);
        if (thing == null) {
            String why = items.isEmpty()
                    ? "give the .items files too, or name its kind in the map (--map)"
                    : "name its kind in the map (--map)";
            draft.cannot(cursor.line(), "what the item " + Text.title(name) + " is, is not known: " + why);
            return null;
        }
        draft.uses(thing);
        return thing;
    }

    /** {@code as Number}, {@code .intValue} and the like change nothing here. */
    private OhValue behind(OhValue value) {
        while (true) {
            if (cursor.accept("as")) {
                cursor.at++;
                if (cursor.accept("<")) {
                    while (!cursor.atEnd() && !cursor.accept(">")) {
                        cursor.at++;
                    }
                }
            } else if (cursor.looksAt(".")
                    && PLAIN_CALLS.contains(cursor.peek(1).text())) {
                cursor.at += 2;
                if (cursor.accept("(") && !cursor.accept(")")) {
                    return cannot("a call with arguments");
                }
            } else if (cursor.looksAt(".") || cursor.looksAt("?.")) {
                return cannot("'." + Text.title(cursor.peek(1).text()) + "' has no counterpart");
            } else {
                return value;
            }
        }
    }
}
