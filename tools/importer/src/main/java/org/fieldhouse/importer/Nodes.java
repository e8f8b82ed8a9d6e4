package org.fieldhouse.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML as nodes with their places; tags such as {@code !secret} stay on their nodes. */
final class Nodes {
    private static final int MAX_NODES = 2_000_000;
    private static final int MAX_DEPTH = 100;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setAllowDuplicateKeys(true)
            .setCodePointLimit(16 * 1024 * 1024)
            .build();

    /** A text that is not YAML. */
    static final class NotYaml extends Exception {
        private static final long serialVersionUID = 1;

        final transient Remark where;

        NotYaml(Remark where) {
            super(where.toString());
            this.where = where;
        }
    }

    private Nodes() {}

    /** The documents of a text. */
    static List<Node> read(String file, String text) throws NotYaml {
        try {
            List<Node> documents = new ArrayList<>();
            new Compose(SETTINGS).composeAllFromString(text).forEach(documents::add);
            int left = MAX_NODES;
            for (Node each : documents) {
                left = count(each, left, 0);
            }
            if (left < 0) {
                throw new NotYaml(new Remark(file, 1, "too many values, nested too deeply, or an alias within itself"));
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String problem = String.valueOf(e.getProblem()).replaceAll("\\s+", " ");
            throw new NotYaml(new Remark(file, mark.map(m -> m.getLine() + 1).orElse(1), "not YAML: " + problem));
        } catch (YamlEngineException | StackOverflowError | IndexOutOfBoundsException e) {
            String why = e instanceof StackOverflowError ? "nested too deeply" : String.valueOf(e.getMessage());
            throw new NotYaml(new Remark(file, 1, "not YAML: " + why.replaceAll("\\s+", " ")));
        }
    }

    /** How many of the nodes are left; aliases count each time that they are used. Below 0 for too many or too deep. */
    private static int count(Node node, int left, int depth) {
        int rest = depth > MAX_DEPTH ? -1 : left - 1;
        if (rest >= 0 && node instanceof SequenceNode sequence) {
            for (Node each : sequence.getValue()) {
                rest = count(each, rest, depth + 1);
            }
        } else if (rest >= 0 && node instanceof MappingNode map) {
            for (NodeTuple each : map.getValue()) {
                rest = count(each.getValueNode(), count(each.getKeyNode(), rest, depth + 1), depth + 1);
            }
        }
        return rest;
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** The entries of a map by key; empty for anything else. The last one of a key that is there twice counts. */
    static Map<String, Node> map(@Nullable Node node) {
        Map<String, Node> out = new LinkedHashMap<>();
        if (node instanceof MappingNode map) {
            for (NodeTuple each : map.getValue()) {
                if (each.getKeyNode() instanceof ScalarNode key) {
                    out.put(key.getValue(), each.getValueNode());
                }
            }
        }
        return out;
    }

    /** What stands under the first of the keys that is there. */
    static @Nullable Node get(@Nullable Node node, String... keys) {
        Map<String, Node> map = map(node);
        for (String key : keys) {
            Node found = map.get(key);
            if (found != null && !isNull(found)) {
                return found;
            }
        }
        return null;
    }

    static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    /** The text of a scalar; empty for anything else. */
    static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar && !isNull(scalar)
                ? scalar.getValue().strip()
                : "";
    }

    static String text(@Nullable Node node, String key) {
        return text(get(node, key));
    }

    /** The items of a list; a single item counts as a list of one. */
    static List<Node> list(@Nullable Node node) {
        if (node == null || isNull(node)) {
            return List.of();
        }
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    }

    /** The texts of a list, or those between the commas of one text. */
    static List<String> words(@Nullable Node node) {
        List<String> out = new ArrayList<>();
        for (Node each : list(node)) {
            for (String word : text(each).split(",")) {
                if (!word.isBlank()) {
                    out.add(word.strip());
                }
            }
        }
        return out;
    }

    static boolean isTemplate(@Nullable Node node) {
        String text = text(node);
        return text.contains("{{") || text.contains("{%") || text.contains("{#");
    }

    /** Whether a node has a tag of its own, such as {@code !secret}, {@code !include} or {@code !input}. */
    static boolean isTagged(Node node) {
        String tag = node.getTag().getValue();
        return tag.startsWith("!") && tag.length() > 1;
    }

    /** The first node below that has a tag of its own. */
    static Optional<Node> tagged(Node node) {
        if (isTagged(node)) {
            return Optional.of(node);
        }
        List<Node> below = node instanceof SequenceNode sequence
                ? sequence.getValue()
                : List.copyOf(map(node).values());
        return below.stream().flatMap(each -> tagged(each).stream()).findFirst();
    }

    /** The lines of the text that a node stands on. */
    static List<String> lines(Node node, String text) {
        String[] all = text.split("\r\n|\r|\n", -1);
        int from = line(node) - 1;
        int to = node.getEndMark().map(Mark::getLine).orElse(from);
        boolean rest = node.getEndMark().map(mark -> mark.getColumn() > 0).orElse(false)
                && (node instanceof ScalarNode || to == from || !blockStyle(node));
        List<String> out = new ArrayList<>();
        for (int i = from; i < Math.min(all.length, Math.max(from + 1, rest ? to + 1 : to)); i++) {
            out.add(all[i]);
        }
        while (!out.isEmpty()
                && (out.get(out.size() - 1).isBlank()
                        || out.get(out.size() - 1).strip().startsWith("#"))) {
            out.remove(out.size() - 1);
        }
        return out;
    }

    private static boolean blockStyle(Node node) {
        return node instanceof MappingNode map && map.getFlowStyle() == org.snakeyaml.engine.v2.common.FlowStyle.BLOCK;
    }
}
