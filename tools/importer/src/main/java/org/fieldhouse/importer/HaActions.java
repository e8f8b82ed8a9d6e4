package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Actions become statements. */
final class HaActions {
    private static final Set<String> CONDITIONS = Set.of("condition", "and", "or", "not");
    private static final Set<String> WAITS = Set.of("delay", "wait_for_trigger", "wait_template");
    private final HaContext at;
    private final HaServices services;

    HaActions(HaContext at) {
        this.at = at;
        this.services = new HaServices(at);
    }

    /** The statements of a sequence. What stands behind a condition in it happens only if the condition is true. */
    void sequence(List<Node> actions) {
        int blocks = 0;
        for (Node action : actions) {
            String text = Nodes.text(action);
            boolean condition = action instanceof MappingNode
                            && CONDITIONS.stream().anyMatch(each -> Nodes.get(action, each) != null)
                    || Nodes.isTemplate(action);
            if (condition) {
                String expression = new HaConditions(at).condition(action);
                if (expression.equals(HaConditions.FALSE)) {
                    break;
                }
                if (!expression.equals(HaConditions.TRUE)) {
                    at.draft.open("if " + expression);
                    blocks++;
                }
            } else if (action instanceof SequenceNode nested) {
                sequence(nested.getValue());
            } else if (action instanceof MappingNode) {
                action(action);
            } else {
                at.draft.cannotLine(Nodes.line(action), "no action: '" + Text.title(text) + "'");
            }
        }
        for (; blocks > 0; blocks--) {
            at.draft.close();
        }
    }

    private void action(Node node) {
        int line = Nodes.line(node);
        Map<String, Node> keys = Nodes.map(node);
        String enabled = Nodes.text(node, "enabled");
        if (enabled.equals("false")) {
            at.draft.note(line, "an action that is switched off was left out");
            return;
        }
        if (!enabled.isEmpty() && !enabled.equals("true")) {
            at.draft.cannotLine(line, HaConditions.TEMPLATE);
        }
        if (keys.containsKey("response_variable")) {
            at.draft.cannotLine(line, "an answer that later actions use");
        } else if (keys.containsKey("service") || keys.containsKey("action")) {
            services.call(node, line);
        } else if (keys.containsKey("delay")) {
            delay(Nodes.get(node, "delay"), line);
        } else if (keys.containsKey("wait_for_trigger")) {
            waitFor(node, line);
        } else if (keys.containsKey("choose")) {
            choose(node);
        } else if (keys.containsKey("if")) {
            ifThen(node);
        } else if (keys.containsKey("repeat")) {
            repeat(Nodes.get(node, "repeat"), line);
        } else {
            other(node, keys, line);
        }
    }

    private void other(Node node, Map<String, Node> keys, int line) {
        if (keys.containsKey("parallel")) {
            parallel(Nodes.list(Nodes.get(node, "parallel")), line);
        } else if (keys.containsKey("sequence")) {
            sequence(Nodes.list(Nodes.get(node, "sequence")));
        } else if (keys.containsKey("scene")) {
            services.scene(Nodes.text(node, "scene"), line);
        } else if (keys.containsKey("stop")) {
            if (Nodes.text(node, "error").equals("true")) {
                at.draft.line("log " + Text.quoted(Nodes.text(node, "stop")));
            }
            at.draft.line("stop");
        } else {
            at.draft.cannotLine(line, why(keys));
        }
    }

    private static String why(Map<String, Node> keys) {
        if (keys.containsKey("variables")) {
            return "variables of an automation hold templates: use let, or a variable";
        }
        if (keys.containsKey("wait_template")) {
            return "wait_template is not translated: write wait until and the condition";
        }
        if (keys.containsKey("device_id")) {
            return "a device action names ids of Home Assistant: call the service for the entity";
        }
        if (keys.containsKey("event")) {
            return "an event of Home Assistant has no counterpart";
        }
        return "no action that can be read: " + Text.title(String.join(", ", keys.keySet()));
    }

    private void delay(@org.jspecify.annotations.Nullable Node length, int line) {
        String duration = at.duration(length, line);
        at.draft.line(duration == null ? "# wait" : "wait " + duration);
        waited();
    }

    private void waited() {
        at.draft.waits();
        at.facts.clear();
    }

    /**
     * {@code wait_for_trigger} waits for something to happen, {@code wait until} for something to be so. They are the same where it
     * is certain that it is not so yet.
     */
    private void waitFor(Node node, int line) {
        List<Node> triggers = Nodes.list(Nodes.get(node, "wait_for_trigger"));
        Node timeout = Nodes.get(node, "timeout");
        List<String> terms = new ArrayList<>();
        boolean certain = true;
        for (Node each : triggers) {
            Level level = level(each);
            terms.add(level.expression());
            certain &= level.notYet();
        }
        String expression = triggers.size() == 1
                ? terms.get(0)
                : String.join(
                        " or ", terms.stream().map(HaConditions::bracketed).toList());
        if (!certain && (timeout != null || triggers.size() != 1)) {
            at.draft.cannotLine(
                    line,
                    "this may be so already: 'wait until' would not wait then, wait_for_trigger waits for the next time");
        } else if (!certain) {
            String plain = level(triggers.get(0)).plain();
            at.draft.line("wait until not (" + plain + ")");
        }
        String within = "";
        if (timeout != null) {
            String duration = at.duration(timeout, line);
            boolean stops = Nodes.text(node, "continue_on_timeout").equals("false");
            within = " within " + duration + " else " + (stops ? "stop" : "continue");
        }
        at.draft.line("wait until " + expression + within);
        waited();
        if (timeout == null && terms.size() == 1) {
            at.facts.add(terms.get(0));
        }
    }

    /**
     * What is so after a trigger.
     *
     * @param plain the same without the time that it must last
     * @param notYet whether it is certain that it is not so now
     */
    private record Level(String expression, String plain, boolean notYet) {}

    private Level level(Node trigger) {
        int line = Nodes.line(trigger);
        String kind = HaTriggers.kind(trigger);
        Node length = Nodes.get(trigger, "for");
        String duration = length == null ? "" : at.duration(length, line);
        String held = duration == null || duration.isEmpty() ? "" : " for " + duration;
        List<String> ids = Nodes.words(Nodes.get(trigger, "entity_id"));
        if (ids.size() == 1
                && kind.equals("state")
                && Nodes.words(Nodes.get(trigger, "to")).size() == 1
                && Nodes.get(trigger, "attribute") == null) {
            Thing thing = at.thing(ids.get(0), line);
            String word = thing == null
                    ? null
                    : thing.word(Nodes.text(Nodes.list(Nodes.get(trigger, "to")).get(0)));
            if (thing != null && word != null) {
                String plain = thing.stateRef() + " is " + word;
                boolean not = at.facts.contains(thing.stateRef() + " is " + thing.other(word));
                return new Level(plain + held, plain, not);
            }
        } else if (ids.size() == 1 && kind.equals("numeric_state") && Nodes.get(trigger, "value_template") == null) {
            Thing thing = at.thing(ids.get(0), line);
            String plain = thing == null ? "" : new HaConditions(at).limits(thing, trigger, line);
            return new Level(held.isEmpty() ? plain : "(" + plain + ")" + held, plain, false);
        }
        String text = at.draft.cannot(line, "what is waited for is not one state or limit of one entity");
        return new Level(text, text, true);
    }

    private void choose(Node node) {
        List<Node> options = Nodes.list(Nodes.get(node, "choose"));
        List<Node> otherwise = Nodes.list(Nodes.get(node, "default"));
        branches(options, "conditions", "sequence", otherwise);
    }

    private void ifThen(Node node) {
        branches(List.of(node), "if", "then", Nodes.list(Nodes.get(node, "else")));
    }

    private void branches(List<Node> options, String when, String then, List<Node> otherwise) {
        boolean open = false;
        List<Node> last = otherwise;
        Set<String> before = Set.copyOf(at.facts);
        for (Node option : options) {
            String condition = new HaConditions(at).all(Nodes.get(option, when));
            List<Node> body = Nodes.list(Nodes.get(option, then));
            if (condition.equals(HaConditions.TRUE)) {
                last = body;
                break;
            }
            if (!condition.equals(HaConditions.FALSE)) {
                String line = (open ? "else if " : "if ") + condition;
                if (open) {
                    at.draft.next(line);
                } else {
                    at.draft.open(line);
                }
                open = true;
                sequence(body);
                restore(before);
            }
        }
        if (open && !last.isEmpty()) {
            at.draft.next("else");
        }
        sequence(last);
        if (open) {
            at.draft.close();
        }
        if (at.draft.isWaiting()) {
            at.facts.clear();
        }
    }

    private void restore(Set<String> facts) {
        at.facts.clear();
        at.facts.addAll(facts);
    }

    private void repeat(@org.jspecify.annotations.Nullable Node repeat, int line) {
        String count = Nodes.text(repeat, "count");
        if (!count.matches("[1-9]\\d{0,4}")) {
            at.draft.cannotLine(line, "only a repetition by a number is possible: loops without an end are not");
            return;
        }
        at.facts.clear();
        at.draft.open("repeat " + count + " times");
        sequence(Nodes.list(Nodes.get(repeat, "sequence")));
        at.draft.close();
        at.facts.clear();
    }

    /** Branches that do not wait may as well come one after the other. */
    private void parallel(List<Node> branches, int line) {
        if (branches.stream().anyMatch(HaActions::waits)) {
            at.draft.cannotLine(line, "branches that wait at the same time: make a rule of each");
        }
        for (Node each : branches) {
            sequence(
                    Nodes.get(each, "sequence") != null && Nodes.map(each).size() <= 2
                            ? Nodes.list(Nodes.get(each, "sequence"))
                            : List.of(each));
        }
    }

    /** Whether something below waits. */
    static boolean waits(Node node) {
        if (node instanceof SequenceNode list) {
            return list.getValue().stream().anyMatch(HaActions::waits);
        }
        Map<String, Node> keys = Nodes.map(node);
        return keys.keySet().stream().anyMatch(WAITS::contains)
                || keys.values().stream().anyMatch(HaActions::waits);
    }
}
