package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.importer.OhTokens.Token;
import org.jspecify.annotations.Nullable;

/** Triggers of openHAB's rules. */
final class OhTriggers {
    private static final Pattern CHANGED =
            Pattern.compile("(Item|Member of) (\\S+) changed(?: from (\\S+))?(?: to (\\S+))?");
    private static final Pattern RECEIVED =
            Pattern.compile("(Item|Member of) (\\S+) received (update|command)(?: (\\S+))?");
    private static final Map<String, String> PRESSES = Map.of(
            "PRESSED",
            "pressed",
            "SHORT_PRESSED",
            "pressed",
            "SINGLE",
            "pressed",
            "DOUBLE_PRESSED",
            "double_pressed",
            "DOUBLE",
            "double_pressed",
            "LONG_PRESSED",
            "held",
            "HOLD",
            "held",
            "LONG",
            "held",
            "RELEASED",
            "released");
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final Draft draft;
    private final OhItems items;
    private final Names names;
    private boolean received;

    OhTriggers(Draft draft, OhItems items, Names names) {
        this.draft = draft;
        this.items = items;
        this.names = names;
    }

    /** Whether a trigger also fires for a value that is the same as before: see {@link OpenHab}. */
    boolean firesForTheSame() {
        return received;
    }

    /** All triggers of a rule, between its when and its then. */
    void heads(List<Token> tokens, int line) {
        List<Token> one = new ArrayList<>();
        for (Token token : tokens) {
            if (token.is("or")) {
                head(one);
                one.clear();
            } else {
                one.add(token);
            }
        }
        if (one.isEmpty() && tokens.isEmpty()) {
            draft.cannot(line, "no trigger");
        } else {
            head(one);
        }
    }

    private void head(List<Token> tokens) {
        int line = tokens.isEmpty() ? draft.origin.line() : tokens.get(0).line();
        StringBuilder words = new StringBuilder();
        tokens.forEach(token -> words.append(words.length() == 0 ? "" : " ").append(token.text()));
        String edge = edge(words.toString(), tokens, line);
        if (!edge.isEmpty()) {
            draft.head("when " + edge);
        }
    }

    private String edge(String text, List<Token> tokens, int line) {
        Matcher changed = CHANGED.matcher(text);
        Matcher got = RECEIVED.matcher(text);
        if (changed.matches()) {
            return item(changed.group(1), changed.group(2), changed.group(3), changed.group(4), line);
        }
        if (got.matches()) {
            return received(got, line);
        }
        if (text.startsWith("Time cron ") && tokens.size() == 3) {
            return cron(tokens.get(2).text(), line);
        }
        if (text.startsWith("Channel ") && tokens.size() >= 3 && tokens.get(2).is("triggered")) {
            return channel(
                    tokens.get(1).text(), tokens.size() > 3 ? tokens.get(3).text() : "", line);
        }
        return switch (text) {
            case "System started" -> started(line);
            case "Time is midnight" -> "at 00:00";
            case "Time is noon" -> "at 12:00";
            default ->
                text.matches("System reached start level \\d+")
                        ? started(line)
                        : draft.cannot(line, "no trigger with a counterpart: " + Text.title(text));
        };
    }

    private String started(int line) {
        draft.note(line, "'started' also happens when this rule is loaded or changed");
        return "started";
    }

    private String received(Matcher got, int line) {
        received = true;
        boolean command = got.group(3).equals("command");
        Thing thing = got.group(1).equals("Item") && !items.isGroup(got.group(2)) ? items.thing(got.group(2)) : null;
        if (command && thing != null && !thing.isVariable()) {
            return draft.cannot(line, "a command is no event here: trigger on what " + thing.ref() + " reports then");
        }
        draft.note(
                line,
                "'received' also happens for a value that is as before; the rule cannot tell, so it runs when the"
                        + " value changes");
        return item(got.group(1), got.group(2), null, got.group(4), line);
    }

    private @Nullable Thing thing(String name, int line) {
        Thing thing = items.thing(name);
        if (thing == null) {
            draft.cannot(
                    line,
                    "what the item " + Text.title(name)
                            + " is, is not known: give the .items files too, or name its kind in the map (--map)");
            return null;
        }
        draft.uses(thing);
        return thing;
    }

    private String item(String kind, String name, @Nullable String from, @Nullable String to, int line) {
        boolean group = kind.equals("Member of");
        List<String> members = group ? items.members(name, 0) : List.of(name);
        if (members.isEmpty() || !group && items.isGroup(name)) {
            return draft.cannot(
                    line,
                    "the members of the group " + Text.title(name)
                            + " are not known, or it is its own state that changes");
        }
        List<String> edges = new ArrayList<>();
        for (String each : members) {
            Thing thing = thing(each, line);
            if (thing != null) {
                edges.add(edge(thing, from, to, line));
            }
        }
        for (String each : edges.subList(0, Math.max(0, edges.size() - 1))) {
            draft.head("when " + each);
        }
        return edges.isEmpty() ? "" : edges.get(edges.size() - 1);
    }

    private String edge(Thing thing, @Nullable String from, @Nullable String to, int line) {
        if (thing.spec() == null) {
            return draft.cannot(line, thing.id() + " has no state here");
        }
        if (from == null && to == null) {
            if (thing.has("brightness") && thing.member() == null) {
                draft.head("when " + thing.ref() + " changes");
            }
            return OhExpressions.numberRef(thing) + " changes";
        }
        if (thing.has("brightness")) {
            return draft.cannot(line, "the state of the dimmer " + thing.id() + " is a number, not on or off");
        }
        String before = from == null ? null : value(thing, from);
        String after = to == null ? null : value(thing, to);
        String other = before == null ? null : thing.other(before);
        if (from != null && before == null || to != null && after == null) {
            return draft.cannot(
                    line,
                    thing.id() + " cannot be '" + Text.title(after == null && to != null ? to : String.valueOf(from))
                            + "' here");
        }
        String state = after != null ? after : other;
        if (state == null) {
            return draft.cannot(line, "from '" + Text.title(String.valueOf(from)) + "' to anything: say to what");
        }
        if (before != null && !state.equals(other)) {
            return thing.stateRef() + " changes from " + before + " to " + state;
        }
        return thing.stateRef() + (thing.other(state) == null ? " becomes " : " turns ") + state;
    }

    private @Nullable String value(Thing thing, String state) {
        if (state.equals("NULL") || state.equals("UNDEF") || state.matches("-?\\d.*")) {
            return null;
        }
        return thing.word(state);
    }

    private String channel(String uid, String event, int line) {
        if (uid.matches("astro:sun:[^:]*:(rise|set)#event") && (event.equals("START") || event.equals("END"))) {
            boolean rise = uid.contains(":rise#");
            if (rise != event.equals("START")) {
                draft.note(line, "the few minutes that the sun needs to rise or set are left out");
            }
            return rise ? "at sunrise" : "at sunset";
        }
        NameMap.Entry given =
                names.given(uid + (event.isEmpty() ? "" : " " + event)).orElse(null);
        if (given != null && !given.member().isEmpty()) {
            Thing device = names.device(uid, uid, "channel", given.kind().isEmpty() ? "button" : given.kind());
            draft.uses(
                    device == null
                            ? new Thing(uid, given.path(), null, "expect " + given.path() + ": button", null, null)
                            : device);
            return given.path() + " " + given.member();
        }
        String press = PRESSES.get(event.toUpperCase(Locale.ROOT));
        String[] parts = uid.split(":");
        Thing button = press == null || parts.length < 3
                ? null
                : names.device("channel " + parts[parts.length - 2], parts[parts.length - 2], "button", "button");
        if (button == null || press == null) {
            return draft.cannot(
                    line,
                    "the event of a channel: name it in the map, \"" + Text.title(uid) + " " + Text.title(event)
                            + "\": Hall.Button.pressed");
        }
        draft.uses(button);
        return button.path() + " " + press;
    }

    /** Quartz has seconds in front, and counts the days of the week from 1 for Sunday. */
    private String cron(String text, int line) {
        String[] fields = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
        if (fields.length == 7 && fields[6].equals("*")) {
            fields = java.util.Arrays.copyOf(fields, 6);
        }
        if (fields.length != 6) {
            return draft.cannot(line, "a cron of six fields was expected");
        }
        String rest = String.join(" ", fields[1], fields[2], fields[3], fields[4], fields[5])
                .replace('?', '*');
        Matcher seconds = Pattern.compile("(?:\\*|0)/(\\d{1,2})").matcher(fields[0]);
        if (rest.equals("* * * * *")
                && seconds.matches()
                && Integer.parseInt(seconds.group(1)) > 0
                && 60 % Integer.parseInt(seconds.group(1)) == 0) {
            return "every " + Integer.parseInt(seconds.group(1)) + " s";
        }
        if (!fields[0].matches("0+") || restricted(fields[3]) && restricted(fields[5])) {
            return draft.cannot(line, "a cron with seconds, or with both a day of the month and of the week");
        }
        String month = named(fields[4], MONTHS, 1);
        String day = weekdays(fields[5]);
        String found = String.join(" ", field(fields[1]), field(fields[2]), field(fields[3]), field(month), day);
        return found.matches("[0-9*,/ -]+")
                ? "cron \"" + found + "\""
                : draft.cannot(line, "a cron with '" + Text.title(text) + "'");
    }

    private static boolean restricted(String field) {
        return !field.equals("*") && !field.equals("?");
    }

    private static String field(String field) {
        return field.equals("?") ? "*" : field.replaceFirst("^0/", "*/");
    }

    private static String named(String field, List<String> names, int first) {
        String out = field;
        for (int i = 0; i < names.size(); i++) {
            out = out.replace(names.get(i), String.valueOf(i + first));
        }
        return out;
    }

    private static String weekdays(String field) {
        if (!restricted(field)) {
            return "*";
        }
        if (field.matches(".*[A-Z].*")) {
            return named(field, DAYS, 0);
        }
        Matcher numbers = Pattern.compile("[1-7]").matcher(field);
        return numbers.replaceAll(day -> String.valueOf(Integer.parseInt(day.group()) - 1));
    }
}
