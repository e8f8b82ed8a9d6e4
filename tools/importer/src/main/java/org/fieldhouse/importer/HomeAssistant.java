package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Automations and scenes of Home Assistant: automations.yaml, scenes.yaml, a package, or one automation. */
final class HomeAssistant implements Source {
    private static final Set<String> TRIGGERS = Set.of("trigger", "triggers");
    private static final Set<String> KNOWN = Set.of(
            "alias",
            "id",
            "description",
            "trigger",
            "triggers",
            "condition",
            "conditions",
            "action",
            "actions",
            "mode",
            "max",
            "max_exceeded",
            "initial_state",
            "trace",
            "hide_entity");
    private static final Pattern SECTION = Pattern.compile("(automation|scene)( .*)?");

    private final Names names;
    private final boolean fahrenheit;
    private final Set<String> titles = new HashSet<>();

    HomeAssistant(Names names, boolean fahrenheit) {
        this.names = names;
        this.fahrenheit = fahrenheit;
    }

    @Override
    public List<Draft> read(String file, String text) throws Nodes.NotYaml {
        List<Draft> drafts = new ArrayList<>();
        for (Node document : Nodes.read(file, text)) {
            for (Node each : items(document)) {
                drafts.addAll(item(file, text, each));
            }
        }
        return drafts;
    }

    private static List<Node> items(Node document) {
        if (document instanceof SequenceNode list) {
            return list.getValue();
        }
        if (!(document instanceof MappingNode) || isAutomation(document) || isScene(document)) {
            return Nodes.list(document);
        }
        List<Node> out = new ArrayList<>();
        Nodes.map(document).forEach((key, value) -> {
            if (SECTION.matcher(key).matches()) {
                out.addAll(Nodes.list(value));
            }
        });
        return out;
    }

    private static boolean isAutomation(Node node) {
        return Nodes.map(node).keySet().stream().anyMatch(TRIGGERS::contains)
                || Nodes.get(node, "use_blueprint") != null;
    }

    private static boolean isScene(Node node) {
        return Nodes.get(node, "entities") instanceof MappingNode;
    }

    private List<Draft> item(String file, String text, Node node) {
        Draft.Origin origin = new Draft.Origin(file, Nodes.line(node), Nodes.lines(node, text));
        if (isScene(node)) {
            return List.of(new HaScenes(names, fahrenheit).scene(origin, node));
        }
        if (!(node instanceof MappingNode)) {
            Draft draft = Draft.rule(origin, title("line " + origin.line()));
            draft.cannotLine(origin.line(), Nodes.isTagged(node) ? "another file: import it as well" : "no automation");
            return List.of(draft);
        }
        String alias = Nodes.text(node, "alias");
        String id = Nodes.text(node, "id");
        String name =
                !alias.isEmpty() ? alias : id.isEmpty() ? "automation of line " + origin.line() : "automation " + id;
        List<Node> triggers = triggers(Nodes.get(node, "triggers", "trigger"));
        return asksForTrigger(node) && !HaActions.waits(node)
                ? perTrigger(origin, name, node, triggers)
                : List.of(automation(origin, title(name), node, triggers, null));
    }

    /** The triggers, also of lists within the list. */
    private static List<Node> triggers(@Nullable Node node) {
        List<Node> out = new ArrayList<>();
        for (Node each : Nodes.list(node)) {
            Node nested = Nodes.get(each, "triggers");
            out.addAll(nested != null ? triggers(nested) : List.of(each));
        }
        return out;
    }

    private static boolean asksForTrigger(Node node) {
        if (node instanceof SequenceNode list) {
            return list.getValue().stream().anyMatch(HomeAssistant::asksForTrigger);
        }
        return Nodes.text(node, "condition").equals("trigger")
                || Nodes.map(node).values().stream().anyMatch(HomeAssistant::asksForTrigger);
    }

    /** An automation that asks which trigger it was, and never waits, is one rule for each of them. */
    private List<Draft> perTrigger(Draft.Origin origin, String name, Node node, List<Node> triggers) {
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 0; i < triggers.size(); i++) {
            ids.add(triggerId(triggers.get(i), i));
        }
        List<Draft> out = new ArrayList<>();
        for (String id : ids) {
            List<Node> own = new ArrayList<>();
            for (int i = 0; i < triggers.size(); i++) {
                if (triggerId(triggers.get(i), i).equals(id)) {
                    own.add(triggers.get(i));
                }
            }
            Draft.Origin place = out.isEmpty()
                    ? origin
                    : new Draft.Origin(origin.file(), origin.line(), List.of("(the same automation)"));
            Draft draft = automation(place, title(name + ": " + id), node, own, id);
            if (!draft.isEmpty() || !draft.isLive()) {
                out.add(draft);
            }
        }
        return out;
    }

    private static String triggerId(Node trigger, int index) {
        String id = Nodes.text(trigger, "id");
        return id.isEmpty() ? String.valueOf(index) : id;
    }

    private Draft automation(
            Draft.Origin origin, String name, Node node, List<Node> triggers, @Nullable String triggerId) {
        Draft draft = Draft.rule(origin, name);
        refuse(draft, node);
        HaContext at = new HaContext(draft, names, fahrenheit, triggerId);
        HaTriggers when = new HaTriggers(at);
        triggers.forEach(when::head);
        if (triggers.isEmpty()) {
            draft.cannot(origin.line(), "no trigger");
        }
        if (triggers.size() != 1
                || Nodes.words(Nodes.get(triggers.get(0), "entity_id")).size() != 1
                || Nodes.words(Nodes.get(triggers.get(0), "to")).size() > 1) {
            at.facts.clear();
        }
        String condition = new HaConditions(at).all(Nodes.get(node, "conditions", "condition"));
        if (condition.equals(HaConditions.FALSE)) {
            return draft;
        }
        if (!condition.equals(HaConditions.TRUE)) {
            draft.head("if " + condition);
            if (!condition.contains(" or ") && !condition.contains("not ")) {
                at.facts.addAll(List.of(condition.split(" and ")));
            }
        }
        new HaActions(at).sequence(Nodes.list(Nodes.get(node, "actions", "action")));
        if (draft.isWaiting()) {
            draft.head("mode " + mode(draft, node));
        }
        if (draft.isEmpty() && triggerId == null) {
            draft.cannot(origin.line(), "no action");
        }
        return draft;
    }

    private static void refuse(Draft draft, Node node) {
        for (Map.Entry<String, Node> each : Nodes.map(node).entrySet()) {
            int line = Nodes.line(each.getValue());
            if (each.getKey().equals("use_blueprint")) {
                draft.cannot(line, "a blueprint: take control of it in Home Assistant first, which writes it out");
            } else if (each.getKey().equals("variables") || each.getKey().equals("trigger_variables")) {
                draft.cannot(line, "variables of an automation hold templates: use let, or a variable");
            } else if (!KNOWN.contains(each.getKey())) {
                draft.cannot(line, "'" + Text.title(each.getKey()) + "' has no counterpart");
            }
        }
        Nodes.tagged(node)
                .ifPresent(tagged -> draft.cannot(
                        Nodes.line(tagged),
                        Text.title(tagged.getTag().getValue()) + ": what it stands for is in another file"));
        if (Nodes.text(node, "initial_state").equals("false")) {
            draft.cannot(Nodes.line(node), "it is switched off (initial_state: false): remove the # if you want it");
        }
    }

    private static String mode(Draft draft, Node node) {
        String mode = Nodes.text(node, "mode");
        String max = Nodes.text(node, "max");
        if (!max.isEmpty() && !max.matches("[1-9]\\d{0,3}")) {
            return draft.cannot(Nodes.line(node), "max: '" + Text.title(max) + "'");
        }
        int most = max.isEmpty() ? 10 : Integer.parseInt(max);
        return switch (mode) {
            case "", "single" -> "single";
            case "restart" -> "restart";
            // The run in progress counts there, and does not count here.
            case "queued" -> most < 2 ? "single" : "queue " + (most - 1);
            case "parallel" -> "parallel " + most;
            default -> draft.cannot(Nodes.line(node), "there is no mode '" + Text.title(mode) + "'");
        };
    }

    /** The name of a rule; a second one of the same name gets a number. */
    private String title(String name) {
        String plain = Text.title(name);
        String title = plain.isEmpty() ? "unnamed" : plain;
        for (int i = 2; !titles.add(title); i++) {
            title = plain + " (" + i + ")";
        }
        return title;
    }
}
