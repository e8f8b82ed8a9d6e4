package org.fieldhouse.importer;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Scenes of Home Assistant. */
final class HaScenes {
    /** What the user interface stores beside the state, and which no command sets. */
    private static final Set<String> TOLD = Set.of(
            "friendly_name",
            "icon",
            "supported_features",
            "supported_color_modes",
            "min_mireds",
            "max_mireds",
            "min_color_temp_kelvin",
            "max_color_temp_kelvin",
            "effect_list",
            "color_mode",
            "hs_color",
            "xy_color",
            "editable",
            "entity_picture",
            "device_class");

    private final Names names;
    private final boolean fahrenheit;

    HaScenes(Names names, boolean fahrenheit) {
        this.names = names;
        this.fahrenheit = fahrenheit;
    }

    Draft scene(Draft.Origin origin, Node node) {
        String name = Nodes.text(node, "name");
        String slug = name.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "_")
                .replaceAll("^_|_$", "");
        String path = names.other("scene." + slug, slug.isEmpty() ? "scene_" + origin.line() : slug, "scene");
        Draft draft = new Draft(origin, Text.title(name), "scene " + path);
        HaContext at = new HaContext(draft, names, fahrenheit, null);
        Nodes.map(Nodes.get(node, "entities")).forEach((id, state) -> entity(at, id, state));
        if (draft.isEmpty()) {
            draft.cannot(origin.line(), "a scene without entities");
        }
        return draft;
    }

    private static void entity(HaContext at, String id, Node node) {
        int line = Nodes.line(node);
        Thing thing = at.thing(id, line);
        if (thing == null) {
            return;
        }
        String state = node instanceof ScalarNode ? Nodes.text(node) : Nodes.text(node, "state");
        String word = thing.word(state);
        if (word == null) {
            at.draft.cannotLine(line, id + " cannot be '" + Text.title(state) + "' here");
            return;
        }
        at.draft.line(thing.stateRef() + " = " + word);
        for (Map.Entry<String, Node> each : Nodes.map(node).entrySet()) {
            String text = Nodes.text(each.getValue());
            if (each.getKey().equals("brightness") && text.matches("\\d{1,3}") && word.equals("on")) {
                at.draft.line(thing.point("brightness") + " = " + Math.round(Integer.parseInt(text) / 2.55) + " %");
            } else if (each.getKey().equals("color_temp_kelvin") && text.matches("\\d{4,5}")) {
                at.draft.line(thing.point("color_temp") + " = " + text + " K");
            } else if (!each.getKey().equals("state") && !TOLD.contains(each.getKey()) && !text.isEmpty()) {
                at.draft.cannotLine(
                        Nodes.line(each.getValue()),
                        "'" + Text.title(each.getKey()) + "' of " + id + " has no counterpart in a scene");
            }
        }
    }
}
