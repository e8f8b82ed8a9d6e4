package org.fieldhouse.importer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.importer.OhExpressions.Cursor;
import org.fieldhouse.importer.OhTokens.Token;
import org.jspecify.annotations.Nullable;

/** The body of a rule of openHAB. */
final class OhBody {
    private static final Set<String> LOGS = Set.of("logInfo", "logWarn", "logError", "logDebug");
    private static final Map<String, Integer> TELLS = Map.of(
            "sendNotification",
            1,
            "sendBroadcastNotification",
            0,
            "sendLogNotification",
            0,
            "sendTelegram",
            1,
            "sendPushoverMessage",
            0);
    private static final Set<String> LOOPS = Set.of("while", "for", "do", "switch", "try", "synchronized", "throw");
    private static final Map<String, Long> UNITS = Map.of(
            "plusMillis",
            1L,
            "plusNanos",
            0L,
            "plusSeconds",
            1000L,
            "plusMinutes",
            60_000L,
            "plusHours",
            3_600_000L,
            "plusDays",
            86_400_000L);
    private static final int MAX_DEPTH = 40;

    private final Draft draft;
    private final OhItems items;
    private final Names names;
    private final Cursor cursor;
    private final OhExpressions expressions;
    /** How often each name of the file stands in which rule: a timer that another rule touches is more than a wait. */
    private final Set<String> shared;

    private @Nullable Timer timer;
    private @Nullable String cancelled;
    private boolean sleeps;
    private boolean restarts;
    private int depth;

    /** A timer that is begun: its statements come at the end. */
    private record Timer(String name, Duration length, int from, int to) {}

    OhBody(Draft draft, OhItems items, Names names, List<Token> tokens, OpenHab.Surroundings around) {
        this.draft = draft;
        this.items = items;
        this.names = names;
        this.cursor = new Cursor(tokens);
        this.expressions = new OhExpressions(draft, items, cursor, around.constants());
        this.shared = around.shared();
    }

    /** Translates all of it; returns the mode of a rule that waits, empty for one that does not. */
    String translate() {
        block(cursor.tokens.size(), true);
        if (draft.isEmpty()) {
            draft.cannot(cursor.line(), "nothing that has a counterpart");
        }
        if (!draft.isWaiting()) {
            return "";
        }
        if (expressions.remembersStates()) {
            draft.cannot(draft.origin.line(), "a state that is remembered while the rule waits: use let");
        }
        if (sleeps) {
            // Runs of one rule come one after the other there.
            return "queue 100";
        }
        return restarts ? "restart" : "parallel 100";
    }

    /** Statements up to a place. @param last whether nothing comes behind them */
    private void block(int to, boolean last) {
        if (++depth > MAX_DEPTH) {
            draft.cannotLine(cursor.line(), "nested too deeply");
            cursor.at = to;
        }
        while (cursor.at < to) {
            int before = cursor.at;
            if (!cursor.accept(";") && !cursor.accept("}")) {
                statement(to, last);
            }
            if (cursor.at == before) {
                cursor.at++;
            }
        }
        if (last && timer != null) {
            Timer begun = timer;
            timer = null;
            cursor.at = begun.from();
            draft.line("wait " + Text.duration(begun.length()));
            draft.waits();
            block(begun.to(), false);
            cursor.at = to;
        }
        depth--;
    }

    private void statement(int to, boolean last) {
        Token token = cursor.peek();
        int line = token.line();
        if (token.kind() != OhTokens.Kind.NAME) {
            skip(to, "no statement: '" + Text.title(token.text()) + "'");
        } else if (token.is("if")) {
            ifElse(to, last);
        } else if (LOGS.contains(token.text()) && cursor.peek(1).is("(")) {
            log(to);
        } else if (TELLS.containsKey(token.text()) && cursor.peek(1).is("(")) {
            tell(TELLS.getOrDefault(token.text(), 0), to);
        } else if (token.is("sendCommand") || token.is("postUpdate")) {
            called(to);
        } else if (cursor.peek(1).is(".")
                && (cursor.peek(2).is("sendCommand") || cursor.peek(2).is("postUpdate"))) {
            command(token.text(), cursor.peek(2).text(), 4, to);
        } else if (cursor.looksAt("Thread", "::", "sleep", "(") || cursor.looksAt("Thread", ".", "sleep", "(")) {
            sleep(line, to);
        } else if (token.is("return")) {
            draft.line("stop");
            cursor.at++;
        } else if (token.is("val") || token.is("var")) {
            value(to);
        } else if (isTimer()) {
            timer(to, last);
        } else if (cursor.peek(1).is(".") && cursor.peek(2).is("cancel")
                || cursor.peek(1).is("?.") && cursor.peek(2).is("cancel")) {
            cancel(token.text());
            cursor.at += 3;
            parentheses();
        } else if (cursor.peek(1).is("=") && cursor.peek(2).is("null")) {
            cursor.at += 3;
        } else {
            skip(to, why(token));
        }
    }

    private static String why(Token token) {
        if (LOOPS.contains(token.text())) {
            return "'" + token.text() + "' has no counterpart";
        }
        return "this has no counterpart: " + Text.title(token.text());
    }

    /** {@code val Type name = value}: from here on the name stands for the value. */
    private void value(int to) {
        int start = cursor.at;
        int line = cursor.line();
        int equals = start;
        while (equals < to
                && cursor.tokens.get(equals).line() == line
                && !cursor.tokens.get(equals).is("=")) {
            equals++;
        }
        String name = cursor.tokens.get(Math.max(start, equals - 1)).text();
        if (equals >= to || !cursor.tokens.get(equals).is("=") || assignments(name) > 1) {
            skip(to, "a value that changes: take a variable");
            return;
        }
        cursor.at = equals + 1;
        OhValue value = expressions.expression();
        boolean simple = Set.of(OhValue.Kind.TEXT, OhValue.Kind.NUMBER, OhValue.Kind.WORD, OhValue.Kind.ITEM)
                .contains(value.kind());
        if (simple) {
            expressions.name(name, value);
        } else {
            skip(to, "a value that has no counterpart: " + Text.title(name));
        }
    }

    private int assignments(String name) {
        int count = 0;
        for (int i = 0; i + 1 < cursor.tokens.size(); i++) {
            Token next = cursor.tokens.get(i + 1);
            count += cursor.tokens.get(i).is(name) && (next.is("=") || next.is("+=") || next.is("-=")) ? 1 : 0;
        }
        return count;
    }

    /** Lists a statement and goes to its end. */
    private void skip(int to, String why) {
        int line = cursor.line();
        draft.cannotLine(line, why);
        int open = 0;
        boolean braces = false;
        while (cursor.at < to) {
            Token token = cursor.peek();
            if (open == 0 && (token.is(";") || token.is("}") || braces && token.line() > line)) {
                return;
            }
            boolean continued = token.is(".") || token.is("?.") || token.is("+") || token.is("&&") || token.is("||");
            Token before = cursor.at > 0 ? cursor.tokens.get(cursor.at - 1) : token;
            if (open == 0
                    && token.line() > before.line()
                    && !continued
                    && token.line() > line
                    && !token.is("{")
                    && !token.is("else")) {
                return;
            }
            open += token.is("(") || token.is("{") || token.is("[")
                    ? 1
                    : token.is(")") || token.is("}") || token.is("]") ? -1 : 0;
            braces |= token.is("}") && open == 0;
            cursor.at++;
        }
    }

    private void cancel(String name) {
        cancelled = name;
        if (draft.says("stop")) {
            draft.cannotLine(
                    cursor.line(),
                    "the rule may stop before it cancels its timer: mode restart would cancel it all the same");
        }
        if (shared.contains(name)) {
            draft.cannotLine(
                    cursor.line(),
                    "the timer " + Text.title(name) + " is another rule's: one rule cannot end the wait of another");
        }
    }

    private void parentheses() {
        if (cursor.accept("(")) {
            cursor.accept(")");
        }
    }

    /** The place of the bracket that closes the one at this place. */
    private int closing(int from, int to) {
        int open = 0;
        for (int i = from; i < to; i++) {
            Token token = cursor.tokens.get(i);
            open += token.is("(") || token.is("{") || token.is("[")
                    ? 1
                    : token.is(")") || token.is("}") || token.is("]") ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        return to;
    }

    private void ifElse(int to, boolean last) {
        int start = cursor.at;
        cursor.at++;
        if (!cursor.looksAt("(")) {
            skip(to, "'if' without a condition");
            return;
        }
        int close = closing(cursor.at, to);
        if (isNullCheck(close, to)) {
            return;
        }
        cursor.at++;
        String condition = expressions.condition();
        if (cursor.at != close) {
            draft.cannot(cursor.line(), "this condition cannot be read");
        }
        cursor.at = Math.min(to, close + 1);
        boolean tail = last && isLast(cursor.at, to);
        draft.open("if " + condition);
        String before = cancelled;
        branch(to, tail);
        while (cursor.accept("else")) {
            cancelled = before;
            if (cursor.looksAt("if", "(")) {
                cursor.at++;
                int end = closing(cursor.at, to);
                cursor.at++;
                String next = expressions.condition();
                if (cursor.at != end) {
                    draft.cannot(cursor.line(), "this condition cannot be read");
                }
                cursor.at = Math.min(to, end + 1);
                draft.next("else if " + next);
            } else {
                draft.next("else");
            }
            branch(to, tail);
        }
        cancelled = before;
        draft.close();
        if (cursor.at <= start) {
            cursor.at = start + 1;
        }
    }

    private void branch(int to, boolean last) {
        if (cursor.looksAt("{")) {
            int end = closing(cursor.at, to);
            cursor.at++;
            block(end, last);
            cursor.at = Math.min(to, end + 1);
        } else {
            int before = cursor.at;
            statement(to, false);
            cursor.at = Math.max(cursor.at, Math.min(to, before + 1));
        }
        cursor.accept(";");
    }

    /** Whether the statement whose condition ends here is the last one up to that place. */
    private boolean isLast(int from, int to) {
        int at = from;
        while (at < to) {
            if (!cursor.tokens.get(at).is("{")) {
                return false;
            }
            at = closing(at, to) + 1;
            if (at < to && cursor.tokens.get(at).is("else")) {
                at++;
                if (at < to && cursor.tokens.get(at).is("if")) {
                    at = closing(at + 1, to) + 1;
                }
            } else {
                return at >= to;
            }
        }
        return true;
    }

    /** {@code if (timer !== null) { timer.cancel … }}: a timer that runs ends. */
    private boolean isNullCheck(int close, int to) {
        List<Token> tokens = cursor.tokens;
        int open = cursor.at;
        if (close - open != 4
                || !(tokens.get(open + 2).is("!==") || tokens.get(open + 2).is("!="))
                || !tokens.get(open + 3).is("null")) {
            return false;
        }
        String name = tokens.get(open + 1).text();
        int from = close + 1;
        boolean braces = from < to && tokens.get(from).is("{");
        int end = braces ? closing(from, to) : Math.min(to, from + 5);
        List<String> words = new ArrayList<>();
        for (int i = braces ? from + 1 : from; i < end; i++) {
            words.add(tokens.get(i).text());
        }
        String text = String.join(" ", words);
        boolean only = text.matches(java.util.regex.Pattern.quote(name) + " (\\.|\\?\\.) cancel( \\( \\))?( ;)?( "
                + java.util.regex.Pattern.quote(name) + " = null( ;)?)?");
        if (!only || !braces) {
            return false;
        }
        cancel(name);
        cursor.at = end + 1;
        return true;
    }

    private boolean isTimer() {
        return cursor.looksAt("createTimer", "(")
                || cursor.peek(1).is("=") && cursor.peek(2).is("createTimer");
    }

    private void timer(int to, boolean last) {
        int line = cursor.line();
        String name = cursor.peek().is("createTimer") ? "" : cursor.peek().text();
        cursor.at += name.isEmpty() ? 1 : 3;
        int close = closing(cursor.at, to);
        Duration length = length(cursor.at + 1);
        int from = cursor.at;
        while (from < to
                && !cursor.tokens.get(from).is("[")
                && (from <= close || cursor.tokens.get(Math.min(from, to - 1)).is("["))) {
            from++;
        }
        boolean found = from < to && cursor.tokens.get(from).is("[");
        int end = found ? closing(from, to) : close;
        cursor.at = Math.min(to, Math.max(end, close) + 1);
        if (length == null || !found) {
            draft.cannotLine(line, "a timer whose length is no number, or without a body");
            return;
        }
        if (!last || timer != null || sleeps) {
            draft.cannotLine(line, "a timer beside which the rule goes on: make a rule of its own of it");
            return;
        }
        if (!name.isEmpty() && shared.contains(name)) {
            draft.cannotLine(line, "another rule looks at the timer " + Text.title(name));
            return;
        }
        boolean touched = !name.isEmpty() && count(name) > 1;
        restarts = name.equals(cancelled) && !name.isEmpty();
        if (touched && !restarts) {
            draft.cannotLine(
                    line,
                    "the timer " + Text.title(name)
                            + " is not cancelled before, or not always: mode restart would be something else");
            return;
        }
        if (!restarts) {
            draft.note(
                    line, "each trigger begins a wait of its own, as there: 'mode restart' begins the same wait anew");
        }
        timer = new Timer(
                name,
                length,
                from + 1 + (cursor.tokens.get(Math.min(from + 1, to - 1)).is("|") ? 1 : 0),
                end);
    }

    /** How often a name is more than set to nothing. */
    private int count(String name) {
        int count = 0;
        for (int i = 0; i < cursor.tokens.size(); i++) {
            boolean cleared = i + 2 < cursor.tokens.size()
                    && cursor.tokens.get(i + 1).is("=")
                    && cursor.tokens.get(i + 2).is("null");
            count += cursor.tokens.get(i).is(name) && !cleared ? 1 : 0;
        }
        return count;
    }

    private @Nullable Duration length(int at) {
        long millis = 0;
        int i = at;
        boolean any = false;
        if (i < cursor.tokens.size() && cursor.tokens.get(i).is("now")) {
            i++;
            while (i + 4 < cursor.tokens.size() && cursor.tokens.get(i).is(".")) {
                Long unit = UNITS.get(cursor.tokens.get(i + 1).text());
                String number = cursor.tokens.get(i + 3).text();
                if (unit == null
                        || !number.matches("\\d{1,9}")
                        || !cursor.tokens.get(i + 4).is(")")) {
                    return null;
                }
                millis += unit * Long.parseLong(number);
                any = true;
                i += 5;
            }
        }
        boolean ends = i < cursor.tokens.size()
                && (cursor.tokens.get(i).is(",") || cursor.tokens.get(i).is(")"));
        return any && ends ? Duration.ofMillis(millis) : null;
    }

    private void sleep(int line, int to) {
        cursor.at += 4;
        String millis = cursor.peek().text();
        cursor.at++;
        if (!millis.matches("\\d{1,9}") || !cursor.accept(")")) {
            skip(to, "a sleep that is no number");
            return;
        }
        if (timer != null || restarts) {
            draft.cannotLine(line, "a sleep beside a timer");
        }
        draft.line("wait " + Text.duration(Duration.ofMillis(Long.parseLong(millis))));
        draft.waits();
        sleeps = true;
    }

    private void log(int to) {
        int line = cursor.line();
        cursor.at += 2;
        // Where it is logged to says nothing here.
        int close = closing(cursor.at - 1, to);
        int comma = cursor.at;
        while (comma < close && !cursor.tokens.get(comma).is(",")) {
            comma++;
        }
        boolean topic = comma < close;
        cursor.at = topic ? comma + 1 : cursor.at;
        List<OhValue> arguments = new ArrayList<>(arguments());
        if (topic) {
            arguments.add(0, OhValue.of(OhValue.Kind.TEXT, ""));
        }
        if (arguments.size() < 2 || !cursor.accept(")")) {
            skip(to, "a log that cannot be read");
            return;
        }
        String text = expressions.piece(arguments.get(1));
        for (OhValue each : arguments.subList(2, arguments.size())) {
            text = text.replaceFirst(
                    "\\\\\\{\\\\\\}", java.util.regex.Matcher.quoteReplacement(expressions.piece(each)));
        }
        if (!draft.isLive()) {
            draft.line("# log of line " + line);
        } else {
            draft.line("log \"" + text + "\"");
        }
    }

    private List<OhValue> arguments() {
        List<OhValue> out = new ArrayList<>();
        while (!cursor.atEnd() && !cursor.looksAt(")")) {
            out.add(expressions.expression());
            if (!cursor.accept(",")) {
                break;
            }
        }
        return out;
    }

    private void tell(int index, int to) {
        cursor.at += 2;
        List<OhValue> arguments = arguments();
        if (arguments.size() != index + 1 || !cursor.accept(")")) {
            skip(to, "a notification that cannot be read");
            return;
        }
        String whom = "";
        if (index == 1) {
            String to1 = arguments.get(0).text();
            whom = names.other("notify." + to1, to1.replaceFirst("@.*", ""), "notify") + " ";
        }
        draft.line("notify " + whom + "\"" + expressions.piece(arguments.get(index)) + "\"");
    }

    /** {@code sendCommand(Item, value)}. */
    private void called(int to) {
        String verb = cursor.peek().text();
        if (!cursor.looksAt(verb, "(")
                || cursor.peek(2).kind() == OhTokens.Kind.SIGN
                || !cursor.peek(3).is(",")) {
            skip(to, verb + " that cannot be read");
            return;
        }
        command(cursor.peek(2).text(), verb, 4, to);
    }

    private void command(String item, String verb, int skip, int to) {
        int line = cursor.line();
        cursor.at += skip;
        OhValue value = expressions.expression();
        if (!cursor.accept(")")) {
            skip(to, verb + " whose value cannot be read");
            return;
        }
        boolean group = items.isGroup(item);
        List<String> members = group ? items.members(item, 0) : List.of(item);
        if (members.isEmpty()) {
            draft.cannotLine(line, "the group " + Text.title(item) + " has no members that are known");
        }
        for (String each : members) {
            Thing thing = expressions.thing(each);
            if (thing != null) {
                command(thing, verb, value, line);
            }
        }
    }

    private void command(Thing thing, String verb, OhValue value, int line) {
        if (verb.equals("postUpdate") && !thing.isVariable()) {
            draft.cannotLine(line, "postUpdate changes what is shown of " + thing.id() + " and commands nothing");
            return;
        }
        String text = value.text();
        switch (value.kind()) {
            case NUMBER ->
                draft.line("set " + OhExpressions.numberRef(thing) + " = " + expressions.number(thing, text));
            case WORD, TEXT -> word(thing, text, value, line);
            case ITEM -> draft.line("set " + OhExpressions.numberRef(thing) + " = " + copied(value));
            case UNKNOWN -> draft.line("# " + thing.ref());
            default -> draft.cannotLine(line, "a value that cannot be sent");
        }
    }

    private static String copied(OhValue value) {
        return value.thing() == null ? value.text() : OhExpressions.numberRef(value.thing());
    }

    private void word(Thing thing, String text, OhValue value, int line) {
        boolean up = text.equals("UP");
        String word = thing.word(text);
        if (thing.has("position") && (up || text.equals("DOWN"))) {
            draft.line((up ? "open " : "close ") + thing.path());
        } else if (value.kind() == OhValue.Kind.TEXT
                && text.matches("-?\\d+(\\.\\d+)?")
                && HaTriggers.isMeasured(thing)) {
            draft.line("set " + OhExpressions.numberRef(thing) + " = " + expressions.number(thing, text));
        } else if (value.kind() == OhValue.Kind.TEXT && thing.isVariable() && word != null && word.startsWith("\"")) {
            draft.line("set " + thing.ref() + " = \"" + text + "\"");
        } else if (word == null) {
            draft.cannotLine(line, thing.id() + " cannot be '" + Text.title(text) + "' here");
        } else if (thing.isVariable()) {
            draft.line("set " + thing.ref() + " = " + word);
        } else {
            draft.line(
                    Set.of("on", "off").contains(word)
                            ? "turn " + word + " " + thing.ref()
                            : "set " + thing.stateRef() + " = " + word);
        }
    }
}
