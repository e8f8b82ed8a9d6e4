package org.fieldhouse.importer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.ValueKind;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Triggers become {@code when} lines. */
final class HaTriggers {
    /** States that say that there is none. */
    private static final Set<String> NO_STATE = Set.of("unavailable", "unknown");

    private final HaContext at;

    HaTriggers(HaContext at) {
        this.at = at;
    }

    /** The kind of a trigger, in the new spelling or in the old one. */
    static String kind(Node trigger) {
        Node kind = Nodes.get(trigger, "trigger", "platform");
        return Nodes.text(kind);
    }

    void head(Node trigger) {
        if (Nodes.text(trigger, "enabled").equals("false")) {
            at.draft.note(Nodes.line(trigger), "a trigger that is switched off was left out");
            return;
        }
        for (String edge : edges(trigger)) {
            at.draft.head("when " + edge);
        }
    }

    /** The edges that a trigger stands for; empty after the reason was noted. */
    List<String> edges(Node trigger) {
        int line = Nodes.line(trigger);
        return switch (kind(trigger)) {
            case "state" -> state(trigger, line);
            case "numeric_state" -> numeric(trigger, line);
            case "time" -> time(trigger, line);
            case "time_pattern" -> List.of(pattern(trigger, line));
            case "sun" -> sun(trigger, line);
            case "zone" -> zone(trigger, line);
            case "homeassistant" -> start(trigger, line);
            default -> none(kind(trigger), line);
        };
    }

    private List<String> none(String kind, int line) {
        String why =
                switch (kind) {
                    case "mqtt" ->
                        "a topic is a point of a device here (docs/CONFIGURATION.md, MQTT): add the device and trigger on its point";
                    case "event" ->
                        "an event of Home Assistant has no counterpart: trigger on the device that causes it";
                    case "template" -> HaConditions.TEMPLATE;
                    case "device" ->
                        "a device trigger names ids of Home Assistant: trigger on the entity's state, or on the button's event";
                    case "" -> "no trigger that can be read";
                    default -> "there is no trigger '" + Text.title(kind) + "' here";
                };
        at.draft.cannot(line, why);
        return List.of();
    }

    private List<Thing> things(Node of, int line) {
        List<Thing> found = new ArrayList<>();
        Node node = Nodes.get(of, "entity_id");
        List<String> ids = Nodes.words(node);
        if (ids.isEmpty()) {
            at.draft.cannot(line, "no entity_id");
        }
        for (String id : ids) {
            Thing thing = id.equals("sun.sun") ? null : at.thing(id, node == null ? line : Nodes.line(node));
            if (thing != null) {
                found.add(thing);
            }
        }
        return found;
    }

    private boolean hasUnknownKeys(Node of, Set<String> known) {
        boolean any = false;
        for (Map.Entry<String, Node> each : Nodes.map(of).entrySet()) {
            boolean ours = Set.of("trigger", "platform", "id", "alias", "enabled", "variables")
                    .contains(each.getKey());
            if (!ours && !known.contains(each.getKey())) {
                at.draft.cannot(
                        Nodes.line(each.getValue()),
                        "'" + Text.title(each.getKey()) + "' of this trigger has no counterpart");
                any = true;
            }
        }
        if (Nodes.get(of, "variables") != null) {
            at.draft.cannot(Nodes.line(of), "variables of a trigger have no counterpart");
        }
        return any;
    }

    private List<String> state(Node trigger, int line) {
        List<String> out = new ArrayList<>();
        if (hasUnknownKeys(trigger, Set.of("entity_id", "from", "to", "for", "not_from", "not_to"))
                || isSun(trigger, line, out)) {
            return out;
        }
        String held = "";
        Node length = Nodes.get(trigger, "for");
        if (length != null) {
            String duration = at.duration(length, Nodes.line(length));
            held = duration == null ? "" : " for " + duration;
        }
        List<String> from = new ArrayList<>(Nodes.words(Nodes.get(trigger, "from")));
        List<String> to = Nodes.words(Nodes.get(trigger, "to"));
        for (String key : List.of("not_from", "not_to")) {
            if (!NO_STATE.containsAll(Nodes.words(Nodes.get(trigger, key)))) {
                at.draft.cannot(line, key + " can only leave out unavailable and unknown, which are no states here");
            }
        }
        for (Thing thing : things(trigger, line)) {
            boolean onlyStates = Nodes.map(trigger).containsKey("to")
                    || Nodes.map(trigger).containsKey("from")
                    || Nodes.map(trigger).containsKey("not_from")
                    || Nodes.map(trigger).containsKey("not_to");
            if (to.isEmpty() && from.isEmpty()) {
                out.add(changes(thing, held, onlyStates, line));
            } else if (to.isEmpty()) {
                from.forEach(each -> out.add(edge(thing, each, null, "", line)));
            } else {
                for (String state : to) {
                    for (String before : from.isEmpty() ? List.of("") : from) {
                        out.add(edge(thing, before.isEmpty() ? null : before, state, held, line));
                    }
                }
            }
            if (to.isEmpty() && !from.isEmpty() && !held.isEmpty()) {
                at.draft.cannot(line, "'from' with 'for' but without 'to'");
            }
        }
        return out;
    }

    /** The sun is no device here. */
    private boolean isSun(Node trigger, int line, List<String> out) {
        if (!Nodes.text(trigger, "entity_id").equals("sun.sun")) {
            return false;
        }
        String to = Nodes.text(trigger, "to");
        if (Nodes.get(trigger, "for") == null && (to.equals("below_horizon") || to.equals("above_horizon"))) {
            out.add(to.equals("below_horizon") ? "at sunset" : "at sunrise");
        } else {
            at.draft.cannot(line, "only the sun's above_horizon and below_horizon can be told");
        }
        return true;
    }

    private String changes(Thing thing, String held, boolean onlyStates, int line) {
        if (thing.spec() == null) {
            return event(thing, line);
        }
        int points = thing.description() == null
                ? 1
                : (int) thing.description().points().stream()
                        .filter(point -> point.access().writable())
                        .count();
        if (!onlyStates && points > 1) {
            return at.draft.cannot(
                    line,
                    "triggers on every attribute of " + thing.id() + ": say which point, " + thing.ref() + " changes");
        }
        return held.isEmpty()
                ? thing.stateRef() + " changes"
                : at.draft.cannot(line, "unchanged for a time: say which state lasts");
    }

    private String event(Thing thing, int line) {
        boolean button = thing.description() != null
                && thing.description().event("pressed").isPresent();
        return button ? thing.path() + " pressed" : at.draft.cannot(line, thing.id() + " has no state here");
    }

    private String edge(Thing thing, @Nullable String from, @Nullable String to, String held, int line) {
        if (to != null && NO_STATE.contains(to) || from != null && NO_STATE.contains(from)) {
            return reachable(thing, from, to, held, line);
        }
        String after = to == null ? null : thing.word(to);
        String before = from == null ? null : thing.word(from);
        if (to != null && after == null || from != null && before == null) {
            String state = to != null && after == null ? to : String.valueOf(from);
            return at.draft.cannot(line, thing.id() + " cannot be '" + Text.title(state) + "' here");
        }
        String other = before == null ? null : thing.other(before);
        if (after == null) {
            after = other;
        }
        if (after == null) {
            return at.draft.cannot(line, "from '" + Text.title(String.valueOf(from)) + "' to anything: say to what");
        }
        if (before != null && !after.equals(other)) {
            return held.isEmpty()
                    ? thing.stateRef() + " changes from " + before + " to " + after
                    : at.draft.cannot(line, "'from' with 'for' of something with more than two states");
        }
        at.facts.add(thing.stateRef() + " is " + after);
        if (thing.isPresence()) {
            return thing.ref() + (after.equals("home") ? " arrives" : " leaves") + held;
        }
        return thing.stateRef() + (thing.other(after) == null ? " becomes " : " turns ") + after + held;
    }

    private String reachable(Thing thing, @Nullable String from, @Nullable String to, String held, int line) {
        boolean device = thing.description() != null;
        if (device && "unavailable".equals(to) && from == null) {
            return thing.path() + " goes offline" + held;
        }
        if (device && "unavailable".equals(from) && to == null) {
            return thing.path() + " goes online" + held;
        }
        return at.draft.cannot(
                line, "unknown and unavailable are no states here: write " + thing.path() + " goes offline or online");
    }

    private List<String> numeric(Node trigger, int line) {
        List<String> out = new ArrayList<>();
        if (Nodes.text(trigger, "entity_id").equals("sun.sun")) {
            String condition = new HaConditions(at).elevation(trigger, line);
            return List.of(condition);
        }
        if (hasUnknownKeys(trigger, Set.of("entity_id", "above", "below", "for", "attribute"))) {
            return out;
        }
        Node length = Nodes.get(trigger, "for");
        String duration = length == null ? "" : at.duration(length, Nodes.line(length));
        for (Thing thing : things(trigger, line)) {
            String condition = new HaConditions(at).limits(thing, trigger, line);
            String held = duration == null || duration.isEmpty() ? "" : " for " + duration;
            out.add(held.isEmpty() ? condition : "(" + condition + ")" + held);
        }
        return out;
    }

    private List<String> time(Node trigger, int line) {
        List<String> out = new ArrayList<>();
        hasUnknownKeys(trigger, Set.of("at", "weekday"));
        String days = new HaConditions(at).days(Nodes.words(Nodes.get(trigger, "weekday")), line);
        for (Node each : Nodes.list(Nodes.get(trigger, "at"))) {
            for (String text : Nodes.words(each)) {
                String clock = HaContext.clock(text);
                String why = HaContext.ENTITY.matcher(text).matches()
                        ? "a time of day that an entity holds: no variable holds one here"
                        : "no time of day: '" + Text.title(text) + "'";
                out.add(
                        clock == null
                                ? at.draft.cannot(Nodes.line(each), why)
                                : "at " + clock + (days.isEmpty() ? "" : " each " + days));
            }
            if (Nodes.words(each).isEmpty()) {
                at.draft.cannot(Nodes.line(each), "a time of day that an entity holds: no variable holds one here");
            }
        }
        if (out.isEmpty()) {
            at.draft.cannot(line, "no time of day");
        }
        return out;
    }

    private String pattern(Node trigger, int line) {
        hasUnknownKeys(trigger, Set.of("hours", "minutes", "seconds"));
        String hours = Nodes.text(trigger, "hours");
        String minutes = Nodes.text(trigger, "minutes");
        String seconds = Nodes.text(trigger, "seconds");
        // What stands left of the first field that is given is "any", what stands right of it is 0.
        if (!seconds.isEmpty() && !seconds.matches("0+")) {
            boolean each = hours.isEmpty() && minutes.isEmpty() && seconds.matches("/\\d{1,2}");
            int step = each ? Integer.parseInt(seconds.substring(1)) : 0;
            return step > 0 && 60 % step == 0
                    ? "every " + step + " s"
                    : at.draft.cannot(line, "a pattern of seconds: 'every 10 s' is possible if it divides a minute");
        }
        String minute = !minutes.isEmpty() ? minutes : seconds.isEmpty() ? "0" : "*";
        String hour = !hours.isEmpty() ? hours : "*";
        return "cron \"" + field(minute, line) + " " + field(hour, line) + " * * *\"";
    }

    private String field(String text, int line) {
        String plain = text.startsWith("/") ? "*" + text : text;
        return plain.matches("\\*(/[1-9]\\d?)?|\\d{1,2}")
                ? plain
                : at.draft.cannot(line, "'" + Text.title(text) + "' in a time pattern");
    }

    private List<String> sun(Node trigger, int line) {
        hasUnknownKeys(trigger, Set.of("event", "offset"));
        String event = Nodes.text(trigger, "event");
        if (!event.equals("sunset") && !event.equals("sunrise")) {
            at.draft.cannot(line, "the sun has sunrise and sunset");
            return List.of();
        }
        return List.of("at " + event + shift(Nodes.get(trigger, "offset"), line));
    }

    /** {@code  + 30 min} behind a time. */
    String shift(@Nullable Node offset, int line) {
        if (offset == null) {
            return "";
        }
        String text = Nodes.text(offset);
        Duration found = HaContext.offset(text);
        if (found == null) {
            String positive = at.duration(offset, line);
            return positive == null ? "" : " + " + positive;
        }
        return found.isZero()
                ? ""
                : found.isNegative() ? " - " + Text.duration(found.negated()) : " + " + Text.duration(found);
    }

    private List<String> zone(Node trigger, int line) {
        hasUnknownKeys(trigger, Set.of("entity_id", "zone", "event"));
        List<String> out = new ArrayList<>();
        if (!Nodes.text(trigger, "zone").equals("zone.home")) {
            at.draft.cannot(line, "only home is a place here");
            return out;
        }
        boolean leaves = Nodes.text(trigger, "event").equals("leave");
        things(trigger, line).forEach(thing -> out.add(edge(thing, null, leaves ? "not_home" : "home", "", line)));
        return out;
    }

    private List<String> start(Node trigger, int line) {
        if (!Nodes.text(trigger, "event").equals("start")) {
            at.draft.cannot(line, "nothing runs when the house is shut down");
            return List.of();
        }
        at.draft.note(line, "'started' also happens when this rule is loaded or changed");
        return List.of("started");
    }

    /** Whether the thing is a quantity. */
    static boolean isMeasured(Thing thing) {
        ValueSpec spec = thing.spec();
        return spec != null && spec.kind() == ValueKind.QUANTITY;
    }
}
