package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.model.ValueSpec;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Conditions become expressions. */
final class HaConditions {
    static final String TEMPLATE = "a template is not translated: write it as a condition of this language";
    /** Conditions that are known while translating. */
    static final String TRUE = "<true>";

    static final String FALSE = "<false>";
    private static final Map<String, String> DAYS = Map.of(
            "mon",
            "monday",
            "tue",
            "tuesday",
            "wed",
            "wednesday",
            "thu",
            "thursday",
            "fri",
            "friday",
            "sat",
            "saturday",
            "sun",
            "sunday");

    private final HaContext at;

    HaConditions(HaContext at) {
        this.at = at;
    }

    /** All of a list, as one expression without brackets around it; {@link #TRUE} for none. */
    String all(@Nullable Node conditions) {
        return join(terms(Nodes.list(conditions)), " and ", TRUE, FALSE);
    }

    private List<String> terms(List<Node> conditions) {
        return conditions.stream().map(this::condition).toList();
    }

    /** @param neutral what adds nothing; @param absorbing what decides alone */
    private static String join(List<String> terms, String word, String neutral, String absorbing) {
        if (terms.contains(absorbing)) {
            return absorbing;
        }
        List<String> left = terms.stream().filter(each -> !each.equals(neutral)).toList();
        if (left.size() < 2) {
            return left.isEmpty() ? neutral : left.get(0);
        }
        return String.join(word, left.stream().map(HaConditions::bracketed).toList());
    }

    /** In brackets if it has several parts. */
    static String bracketed(String expression) {
        boolean parts = expression.contains(" and ") || expression.contains(" or ") || expression.startsWith("not ");
        return parts ? "(" + expression + ")" : expression;
    }

    String condition(Node node) {
        int line = Nodes.line(node);
        if (node instanceof SequenceNode) {
            return all(node);
        }
        if (!(node instanceof MappingNode)) {
            return at.draft.cannot(line, Nodes.isTemplate(node) ? TEMPLATE : "no condition that can be read");
        }
        if (Nodes.text(node, "enabled").equals("false")) {
            at.draft.note(line, "a condition that is switched off was left out");
            return TRUE;
        }
        for (String word : List.of("and", "or", "not")) {
            if (Nodes.get(node, word) != null) {
                return joined(word, Nodes.get(node, word));
            }
        }
        String kind = Nodes.text(node, "condition");
        return switch (kind) {
            case "and", "or", "not" -> joined(kind, Nodes.get(node, "conditions"));
            case "state" -> state(node, line);
            case "numeric_state" -> numeric(node, line);
            case "time" -> time(node, line);
            case "sun" -> sun(node, line);
            case "zone" -> zone(node, line);
            case "trigger" -> trigger(node, line);
            case "template" -> at.draft.cannot(line, TEMPLATE);
            case "device" ->
                at.draft.cannot(line, "a device condition names ids of Home Assistant: ask for the entity's state");
            default ->
                at.draft.cannot(
                        line,
                        kind.isEmpty()
                                ? "no condition that can be read"
                                : "there is no condition '" + Text.title(kind) + "' here");
        };
    }

    private String joined(String word, @Nullable Node conditions) {
        List<String> terms = terms(Nodes.list(conditions));
        if (word.equals("and")) {
            return join(terms, " and ", TRUE, FALSE);
        }
        // "not" is true if none of its conditions is.
        String any = join(terms, " or ", FALSE, TRUE);
        if (word.equals("or")) {
            return any;
        }
        return any.equals(TRUE) ? FALSE : any.equals(FALSE) ? TRUE : "not (" + any + ")";
    }

    private boolean known(Node node, Set<String> keys) {
        boolean all = true;
        for (Map.Entry<String, Node> each : Nodes.map(node).entrySet()) {
            if (!keys.contains(each.getKey())
                    && !Set.of("condition", "alias", "enabled").contains(each.getKey())) {
                at.draft.cannot(
                        Nodes.line(each.getValue()),
                        "'" + Text.title(each.getKey()) + "' of this condition has no counterpart");
                all = false;
            }
        }
        return all;
    }

    private List<Thing> things(Node of, int line) {
        List<Thing> found = new ArrayList<>();
        List<String> ids = Nodes.words(Nodes.get(of, "entity_id"));
        if (ids.isEmpty()) {
            at.draft.cannot(line, "no entity_id");
        }
        for (String id : ids) {
            Thing thing = at.thing(id, line);
            if (thing != null) {
                found.add(thing);
            }
        }
        return found;
    }

    private String state(Node node, int line) {
        if (!known(node, Set.of("entity_id", "state", "for", "match"))) {
            return at.draft.cannot(line, "a condition with more than a state");
        }
        List<String> states = Nodes.words(Nodes.get(node, "state"));
        if (Nodes.text(node, "entity_id").equals("sun.sun")) {
            return sunState(states, line);
        }
        Node length = Nodes.get(node, "for");
        String duration = length == null ? "" : at.duration(length, line);
        String held = duration == null || duration.isEmpty() ? "" : " for " + duration;
        List<String> terms = new ArrayList<>();
        for (Thing thing : things(node, line)) {
            // From one of the states to another the time begins anew, so each lasts by itself.
            List<String> any =
                    states.stream().map(each -> is(thing, each, line) + held).toList();
            terms.add(any.isEmpty() ? at.draft.cannot(line, "no state") : join(any, " or ", FALSE, TRUE));
        }
        return Nodes.text(node, "match").equals("any")
                ? join(terms, " or ", FALSE, TRUE)
                : join(terms, " and ", TRUE, FALSE);
    }

    private String is(Thing thing, String state, int line) {
        if (state.equals("unavailable") && thing.description() != null) {
            return thing.path() + " is offline";
        }
        if (state.equals("unknown")) {
            return thing.ref() + " is unknown";
        }
        String word = HaContext.ENTITY.matcher(state).matches() ? null : thing.word(state);
        return word == null
                ? at.draft.cannot(line, thing.id() + " cannot be '" + Text.title(state) + "' here")
                : thing.stateRef() + " is " + word;
    }

    private String sunState(List<String> states, int line) {
        if (states.equals(List.of("below_horizon"))) {
            return "sun is down";
        }
        return states.equals(List.of("above_horizon"))
                ? "sun is up"
                : at.draft.cannot(line, "the sun is above_horizon or below_horizon");
    }

    private String numeric(Node node, int line) {
        if (Nodes.text(node, "entity_id").equals("sun.sun")) {
            return elevation(node, line);
        }
        if (!known(node, Set.of("entity_id", "above", "below", "attribute"))) {
            return at.draft.cannot(line, "a condition with more than limits");
        }
        return join(
                things(node, line).stream()
                        .map(each -> limits(each, node, line))
                        .toList(),
                " and ",
                TRUE,
                FALSE);
    }

    /** {@code X > 20 °C and X < 25 °C}. */
    String limits(Thing thing, Node node, int line) {
        String attribute = Nodes.text(node, "attribute");
        String ref = thing.ref();
        ValueSpec spec = thing.spec();
        if (!attribute.isEmpty()) {
            String point = Map.of(
                            "current_temperature",
                            "temperature",
                            "temperature",
                            "setpoint",
                            "current_position",
                            "position",
                            "percentage",
                            "speed")
                    .getOrDefault(attribute, "");
            if (point.isEmpty() || !thing.has(point) || thing.description() == null) {
                return at.draft.cannot(
                        line, "the attribute '" + Text.title(attribute) + "' of " + thing.id() + " is no point here");
            }
            ref = thing.point(point);
            spec = thing.description().point(point).orElseThrow().value();
        }
        List<String> terms = new ArrayList<>();
        Node above = Nodes.get(node, "above");
        Node below = Nodes.get(node, "below");
        if (above != null) {
            terms.add(ref + " > " + limit(above, spec, thing.id(), line));
        }
        if (below != null) {
            terms.add(ref + " < " + limit(below, spec, thing.id(), line));
        }
        return terms.isEmpty() ? at.draft.cannot(line, "neither above nor below") : String.join(" and ", terms);
    }

    private String limit(Node node, @Nullable ValueSpec spec, String what, int line) {
        String text = Nodes.text(node);
        if (HaContext.ENTITY.matcher(text).matches()) {
            Thing other = at.thing(text, Nodes.line(node));
            return other == null ? "" : other.ref();
        }
        return at.quantity(spec, text, what, line);
    }

    /** Limits of the sun's height. */
    String elevation(Node node, int line) {
        List<String> terms = new ArrayList<>();
        boolean height = Nodes.text(node, "attribute").equals("elevation");
        for (String key : List.of("above", "below")) {
            String number = Nodes.text(node, key);
            if (number.matches("-?\\d{1,2}(\\.\\d{1,3})?")) {
                terms.add("sun.elevation " + (key.equals("above") ? ">" : "<") + " " + number + " °");
            }
        }
        return height && !terms.isEmpty() && Nodes.get(node, "for") == null
                ? String.join(" and ", terms)
                : at.draft.cannot(line, "of the sun, only its elevation can be compared, with a number");
    }

    private String time(Node node, int line) {
        known(node, Set.of("after", "before", "weekday"));
        String after = bound(node, "after", line);
        String before = bound(node, "before", line);
        List<String> terms = new ArrayList<>();
        if (after != null && before != null) {
            boolean night = after.compareTo(before) >= 0;
            terms.add("time >= " + after + (night ? " or " : " and ") + "time < " + before);
        } else if (after != null || before != null) {
            terms.add(after != null ? "time >= " + after : "time < " + before);
        }
        List<String> weekdays = Nodes.words(Nodes.get(node, "weekday"));
        if (!weekdays.isEmpty()) {
            terms.add("today is " + days(weekdays, line));
        }
        return terms.isEmpty() ? at.draft.cannot(line, "no time of day") : join(terms, " and ", TRUE, FALSE);
    }

    private @Nullable String bound(Node node, String key, int line) {
        Node bound = Nodes.get(node, key);
        if (bound == null) {
            return null;
        }
        String clock = HaContext.clock(Nodes.text(bound));
        return clock != null ? clock : at.draft.cannot(line, "a time of day that is not written as 22:00");
    }

    /** {@code monday, friday}; empty for none. */
    String days(List<String> weekdays, int line) {
        List<String> out = new ArrayList<>();
        for (String each : weekdays) {
            String day = DAYS.get(each);
            out.add(day != null ? day : at.draft.cannot(line, "no day of the week: '" + Text.title(each) + "'"));
        }
        return String.join(", ", out);
    }

    private String sun(Node node, int line) {
        known(node, Set.of("after", "before", "after_offset", "before_offset"));
        HaTriggers times = new HaTriggers(at);
        String after = Nodes.text(node, "after");
        String before = Nodes.text(node, "before");
        if (!Set.of("", "sunrise", "sunset").containsAll(List.of(after, before)) || (after + before).isEmpty()) {
            return at.draft.cannot(line, "the sun has sunrise and sunset");
        }
        String from = "time > " + after + times.shift(Nodes.get(node, "after_offset"), line);
        String until = "time < " + before + times.shift(Nodes.get(node, "before_offset"), line);
        if (after.isEmpty() || before.isEmpty()) {
            return after.isEmpty() ? until : from;
        }
        // Home Assistant joins just this pair by "or": from sunset to sunrise is a night.
        boolean night = after.equals("sunset") && before.equals("sunrise");
        return from + (night ? " or " : " and ") + until;
    }

    private String zone(Node node, int line) {
        if (!Nodes.text(node, "zone").equals("zone.home")) {
            return at.draft.cannot(line, "only home is a place here");
        }
        return join(
                things(node, line).stream().map(each -> is(each, "home", line)).toList(), " and ", TRUE, FALSE);
    }

    private String trigger(Node node, int line) {
        List<String> ids = Nodes.words(Nodes.get(node, "id"));
        if (at.triggerId == null || ids.isEmpty()) {
            return at.draft.cannot(line, "a condition on which trigger it was: make a rule for each trigger");
        }
        return ids.contains(at.triggerId) ? TRUE : FALSE;
    }
}
