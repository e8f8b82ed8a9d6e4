package org.fieldhouse.importer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The owner's word on names: {@code light.hall_ceiling: Hall.Light}, or {@code sensor.attic: {name: Attic.Sensor.humidity, kind:
 * hygrometer}}.
 */
final class NameMap {
    private static final String SEGMENT = "(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r\\n]+`)";
    private static final Pattern NAME =
            Pattern.compile("(" + SEGMENT + "(?:\\." + SEGMENT + ")*)(?:\\.([\\p{Ll}\\p{Lo}_][\\p{L}\\p{N}_]*))?");

    /**
     * What an id stands for.
     *
     * @param member the point or event; empty for the main one
     * @param kind empty if the file does not say
     */
    record Entry(String path, String member, String kind) {}

    static final NameMap EMPTY = new NameMap();

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private NameMap() {}

    /** Reads the map; the first entry that is wrong is refused with its place. */
    static NameMap read(String file, String text, Kinds kinds) throws Nodes.NotYaml {
        NameMap map = new NameMap();
        for (Node document : Nodes.read(file, text)) {
            if (!(document instanceof MappingNode)) {
                throw new Nodes.NotYaml(
                        new Remark(file, Nodes.line(document), "expected lines such as light.hall: Hall.Light"));
            }
            for (Map.Entry<String, Node> each : Nodes.map(document).entrySet()) {
                map.entries.put(each.getKey(), entry(file, each.getKey(), each.getValue(), kinds));
            }
        }
        return map;
    }

    private static Entry entry(String file, String id, Node node, Kinds kinds) throws Nodes.NotYaml {
        String name = node instanceof ScalarNode ? Nodes.text(node) : Nodes.text(node, "name");
        String kind = Nodes.text(node, "kind");
        java.util.regex.Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            String why = id + ": '" + Text.title(name)
                    + "' is no name: write Hall.Light, or Hall.Light.brightness for one point";
            throw new Nodes.NotYaml(new Remark(file, Nodes.line(node), why));
        }
        if (!kind.isEmpty() && kinds.description(kind).isEmpty()) {
            String why = id + ": there is no kind '" + Text.title(kind) + "'; docs/rules/reference.md lists them";
            throw new Nodes.NotYaml(new Remark(file, Nodes.line(node), why));
        }
        return new Entry(parts.group(1), parts.group(2) == null ? "" : parts.group(2), kind);
    }

    /** Null if the owner says nothing about it. */
    @org.jspecify.annotations.Nullable
    Entry get(String id) {
        return entries.get(id);
    }
}
