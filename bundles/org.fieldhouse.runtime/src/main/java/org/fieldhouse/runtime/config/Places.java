package org.fieldhouse.runtime.config;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds where in a devices file a setting is written. Places are asked for only when something is wrong, so nothing is kept but
 * the text: it is parsed again when asked. Thread-safe.
 */
final class Places {
    private final SourceFile file;
    private @Nullable SoftReference<Map<String, NodeTuple>> parsed;

    Places(SourceFile file) {
        this.file = file;
    }

    /** Behind a path: the place of the key is meant, not that of its value. */
    static final String KEY = "\0";

    /** Before the name of a key: one of the entry's own is meant, such as {@code bridge}, not one of its settings. */
    static final String OWN = "\1";

    /** Finds the places of one device's settings by path: {@code a.b[2].c}, empty for the whole. */
    Function<String, SourceSpan> of(String device) {
        return path -> find(device, path);
    }

    private SourceSpan find(String device, String path) {
        Yaml yaml = new Yaml(file.path(), new ArrayList<>());
        NodeTuple entry = devices(yaml).get(device);
        if (entry == null) {
            return SourceSpan.file(file.path());
        }
        Node place = entry.getKeyNode();
        if (entry.getValueNode() instanceof MappingNode map && path.startsWith(OWN)) {
            NodeTuple own = yaml.entries(map).get(path.substring(OWN.length()));
            place = own == null ? place : own.getValueNode();
        } else if (entry.getValueNode() instanceof MappingNode map) {
            NodeTuple config = yaml.entries(map).get("config");
            if (config != null) {
                boolean key = path.endsWith(KEY);
                String plain = key ? path.substring(0, path.length() - KEY.length()) : path;
                place = plain.isEmpty() ? config.getKeyNode() : walk(yaml, config, plain, key);
            }
        }
        return yaml.span(place);
    }

    private synchronized Map<String, NodeTuple> devices(Yaml yaml) {
        Map<String, NodeTuple> cached = parsed == null ? null : parsed.get();
        if (cached != null) {
            return cached;
        }
        Map<String, NodeTuple> fresh =
                yaml.compose(file.text()) instanceof MappingNode map ? yaml.entries(map) : new HashMap<>();
        parsed = new SoftReference<>(fresh);
        return fresh;
    }

    /** As deep as the path leads; a key may contain the dots and brackets that paths are made of, so the longest wins. */
    private static Node walk(Yaml yaml, NodeTuple start, String path, boolean key) {
        Node place = start.getKeyNode();
        Node node = start.getValueNode();
        String rest = path;
        while (!rest.isEmpty()) {
            if (node instanceof MappingNode map) {
                String left = rest;
                Map.Entry<String, NodeTuple> step = yaml.entries(map).entrySet().stream()
                        .filter(e -> begins(left, e.getKey()))
                        .reduce((a, b) -> a.getKey().length() >= b.getKey().length() ? a : b)
                        .orElse(null);
                if (step == null) {
                    return place;
                }
                place = step.getValue().getKeyNode();
                node = step.getValue().getValueNode();
                rest = rest.substring(step.getKey().length());
            } else if (node instanceof SequenceNode list && rest.startsWith("[") && rest.indexOf(']') > 1) {
                int index = Integer.parseInt(rest.substring(1, rest.indexOf(']')));
                if (index >= list.getValue().size()) {
                    return place;
                }
                node = list.getValue().get(index);
                place = node;
                rest = rest.substring(rest.indexOf(']') + 1);
            } else {
                break;
            }
            rest = rest.startsWith(".") ? rest.substring(1) : rest;
        }
        return node instanceof ScalarNode && !key ? node : place;
    }

    private static boolean begins(String path, String key) {
        return path.startsWith(key)
                && (path.length() == key.length()
                        || path.charAt(key.length()) == '.'
                        || path.charAt(key.length()) == '[');
    }
}
