package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceSpan;
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

/**
 * YAML 1.2 text as nodes with their places, and nodes as plain values. The core schema (YAML 1.2.2, section 10.3): {@code on} and
 * {@code no} are texts.
 */
final class Yaml {
    /** A house of 10,000 devices has about 2 million characters. */
    private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
    /** Values of one file after its aliases are expanded: stops "a billion laughs". */
    private static final int MAX_VALUES = 4_000_000;

    private static final int MAX_DEPTH = 64;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_CHARACTERS)
            .setUseMarks(true)
            .build();

    private final String file;
    private final List<Problem> problems;
    private int values;

    Yaml(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The top node; null for a text without content, or after a problem was added. */
    @Nullable
    Node compose(String text) {
        try {
            List<Node> documents = new ArrayList<>();
            for (Node document : new Compose(SETTINGS).composeAllFromString(text)) {
                documents.add(document);
            }
            if (documents.size() > 1) {
                add("C001", documents.get(1), "a second YAML document ('---') in one file; put all devices into one");
                return null;
            }
            return documents.isEmpty() ? null : documents.get(0);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
            problems.add(Problem.error("C001", span(mark, 0), hint(oneLine(e.getProblem()), oneLine(e.getContext()))));
        } catch (YamlEngineException | StackOverflowError e) {
            String message = e instanceof StackOverflowError ? "nested too deeply" : String.valueOf(e.getMessage());
            problems.add(Problem.error("C001", SourceSpan.file(file), hint(oneLine(message), "")));
        }
        return null;
    }

    private static String hint(String problem, String context) {
        if (problem.contains("'\\t") || problem.contains("TAB")) {
            return "a tab character; YAML is indented with spaces";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a ':' where none can be: the line before may lack its ':' or be indented wrongly, or a text with ': ' needs"
                    + " quotes";
        }
        if (problem.contains("could not find expected ':'")) {
            return "expected ':' and a blank after the key, here or in the line before";
        }
        if (problem.contains("<block end>") || problem.contains("<block mapping start>")) {
            return "the indentation does not fit the lines above";
        }
        if (problem.contains("unexpected end of stream") && context.contains("quoted")) {
            return "a quotation mark that is opened before and never closed";
        }
        return "not YAML: " + problem + (context.isBlank() ? "" : " (" + context + ")");
    }

    private static String oneLine(@Nullable String text) {
        String flat = (text == null ? "" : text).replaceAll("\\s+", " ").strip();
        return flat.length() > 200 ? flat.substring(0, 200) + " …" : flat;
    }

    /** The entries of a map node by key, in order; what cannot be a key, and keys met again, become problems. */
    Map<String, NodeTuple> entries(MappingNode node) {
        Map<String, NodeTuple> out = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                add("C001", tuple.getKeyNode(), "a key is a text, not a list or a map");
                continue;
            }
            NodeTuple before = out.putIfAbsent(key.getValue(), tuple);
            if (before != null) {
                add("C005", key, "'" + key.getValue() + "' is already in line " + line(before.getKeyNode()));
            }
        }
        return out;
    }

    /** A map node's content as plain values; keys without a value become problems and are left out. */
    Map<String, Object> map(MappingNode node) {
        return map(node, 0);
    }

    private Map<String, Object> map(MappingNode node, int depth) {
        Map<String, Object> out = new LinkedHashMap<>();
        entries(node).forEach((key, tuple) -> {
            Object value = value(tuple.getValueNode(), depth + 1);
            if (value == null) {
                add("C014", tuple.getKeyNode(), "'" + key + "' has no value; write one or leave the line out");
            } else {
                out.put(key, value);
            }
        });
        return out;
    }

    private @Nullable Object value(Node node, int depth) {
        if (++values > MAX_VALUES || depth > MAX_DEPTH) {
            if (values != Integer.MAX_VALUE) {
                add("C001", node, depth > MAX_DEPTH ? "nested too deeply" : "too many values (aliases expanded)");
                values = Integer.MAX_VALUE - 1;
            }
            return "";
        }
        if (node instanceof MappingNode map) {
            return Map.copyOf(map(map, depth));
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> out = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                Object value = value(item, depth + 1);
                if (value == null) {
                    add("C014", item, "an item of the list has no value");
                } else {
                    out.add(value);
                }
            }
            return List.copyOf(out);
        }
        return scalar((ScalarNode) node);
    }

    private static @Nullable Object scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return text.equalsIgnoreCase("true");
        }
        if (tag.equals(Tag.INT)) {
            try {
                return text.startsWith("0o") ? Long.valueOf(text.substring(2), 8) : Long.valueOf(parse(text));
            } catch (NumberFormatException e) {
                return text;
            }
        }
        if (tag.equals(Tag.FLOAT)) {
            try {
                double number = Double.parseDouble(text);
                return Double.isFinite(number) ? (Object) number : text;
            } catch (NumberFormatException e) {
                return text; // .inf and .nan are no settings
            }
        }
        return text;
    }

    private static long parse(String text) {
        return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    }

    void add(String code, Node place, String message) {
        problems.add(Problem.error(code, span(place), message));
    }

    void warn(String code, Node place, String message) {
        problems.add(Problem.warning(code, span(place), message));
    }

    SourceSpan span(Node node) {
        int length = 0;
        Optional<Mark> start = node.getStartMark();
        Optional<Mark> end = node.getEndMark();
        if (start.isPresent()
                && end.isPresent()
                && start.get().getLine() == end.get().getLine()) {
            length = end.get().getColumn() - start.get().getColumn();
        }
        return span(start, length);
    }

    private SourceSpan span(Optional<Mark> mark, int length) {
        return mark.map(m -> new SourceSpan(file, m.getLine() + 1, m.getColumn() + 1, length))
                .orElse(SourceSpan.file(file));
    }

    private static int line(Node node) {
        return node.getStartMark().map(m -> m.getLine() + 1).orElse(0);
    }
}
