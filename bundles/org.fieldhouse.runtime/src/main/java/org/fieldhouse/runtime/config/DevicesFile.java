package org.fieldhouse.runtime.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.runtime.command.RequestCheck;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One file of {@code devices/*.yaml}, read.
 *
 * @param entries the devices that could be read, in the file's order
 * @param problems what is wrong within this file
 */
record DevicesFile(List<DeviceEntry> entries, List<Problem> problems) {
    private static final Set<String> KEYS =
            Set.of("binding", "type", "id", "bridge", "area", "tags", "adopt", "hold", "config");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(s|min|h|d)");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "min", 60L, "h", 3600L, "d", 86_400L);

    static DevicesFile parse(SourceFile file) {
        return new Parser(file).parse();
    }

    private static final class Parser {
        private final SourceFile file;
        private final List<Problem> problems = new ArrayList<>();
        private final List<DeviceEntry> entries = new ArrayList<>();
        private final Yaml yaml;
        /** Keys that the device at hand has, but misspelt. */
        private final Set<String> misspelt = new HashSet<>();

        private final Places places;

        Parser(SourceFile file) {
            this.file = file;
            this.yaml = new Yaml(file.path(), problems);
            this.places = new Places(file);
        }

        DevicesFile parse() {
            Node top = yaml.compose(file.text());
            if (top instanceof MappingNode map) {
                yaml.entries(map).forEach(this::device);
            } else if (top != null) {
                yaml.add(
                        "C002",
                        top,
                        "a devices file is a map: the name of a device, ':', and its entry indented below");
            }
            return new DevicesFile(List.copyOf(entries), List.copyOf(problems));
        }

        private void device(String name, NodeTuple tuple) {
            if (!Names.isDeviceName(name)) {
                yaml.add(
                        "C007",
                        tuple.getKeyNode(),
                        "'" + name + "' cannot name a device: 1 to 128 characters, no back-quote");
                return;
            }
            if (!(tuple.getValueNode() instanceof MappingNode body)) {
                yaml.add(
                        "C002",
                        tuple.getKeyNode(),
                        "'" + name + "' needs an entry: at least 'binding:' and 'type:', indented below");
                return;
            }
            Map<String, NodeTuple> keys = yaml.entries(body);
            misspelt.clear();
            keys.forEach((key, t) -> {
                if (!KEYS.contains(key)) {
                    yaml.add("C010", t.getKeyNode(), unknown(key));
                    DidYouMean.nearest(key, KEYS).ifPresent(misspelt::add);
                }
            });
            String binding = required(keys, "binding", name, tuple);
            String type = required(keys, "type", name, tuple);
            DeviceId id = id(keys, name);
            if (binding == null || type == null || id == null) {
                return;
            }
            entries.add(new DeviceEntry(
                    id,
                    name,
                    binding,
                    type,
                    text(keys, "bridge"),
                    area(keys),
                    tags(keys),
                    adoptAll(keys),
                    holds(keys),
                    config(keys),
                    yaml.span(tuple.getKeyNode()),
                    places.of(name)));
        }

        private static String unknown(String key) {
            String hint = DidYouMean.hint(key, KEYS);
            return "unknown key '" + key + "'"
                    + (hint.isEmpty() ? "; the binding's own settings go under 'config:'" : hint);
        }

        private @Nullable String required(Map<String, NodeTuple> keys, String key, String name, NodeTuple device) {
            if (!keys.containsKey(key)) {
                if (misspelt.contains(key)) {
                    return null; // said already, at the misspelt key
                }
                yaml.add("C009", device.getKeyNode(), "'" + name + "' has no '" + key + "'");
                return null;
            }
            return text(keys, key);
        }

        /** The text of a key; null if it is absent, or wrong (then a problem was added). */
        private @Nullable String text(Map<String, NodeTuple> keys, String key) {
            NodeTuple tuple = keys.get(key);
            if (tuple == null) {
                return null;
            }
            if (tuple.getValueNode() instanceof ScalarNode scalar
                    && !scalar.getValue().isBlank()) {
                return scalar.getValue();
            }
            yaml.add("C011", tuple.getKeyNode(), "'" + key + "' is a text");
            return null;
        }

        private @Nullable DeviceId id(Map<String, NodeTuple> keys, String name) {
            NodeTuple tuple = keys.get("id");
            if (tuple == null) {
                return DeviceId.of(name);
            }
            String text = text(keys, "id");
            try {
                return text == null ? null : new DeviceId(text);
            } catch (IllegalArgumentException e) {
                yaml.add("C008", tuple.getValueNode(), String.valueOf(e.getMessage()));
                return null;
            }
        }

        private String area(Map<String, NodeTuple> keys) {
            String text = text(keys, "area");
            return text == null ? "" : text;
        }

        private Set<String> tags(Map<String, NodeTuple> keys) {
            NodeTuple tuple = keys.get("tags");
            Set<String> out = new HashSet<>();
            if (tuple == null) {
                return out;
            }
            if (tuple.getValueNode() instanceof SequenceNode list) {
                for (Node item : list.getValue()) {
                    if (item instanceof ScalarNode scalar) {
                        out.add(scalar.getValue());
                    } else {
                        yaml.add("C011", item, "a tag is a text");
                    }
                }
            } else {
                yaml.add("C011", tuple.getKeyNode(), "'tags' is a list: [light, upstairs]");
            }
            return Set.copyOf(out);
        }

        private boolean adoptAll(Map<String, NodeTuple> keys) {
            String text = text(keys, "adopt");
            if (text != null && !text.equals("all") && !text.equals("ask")) {
                yaml.add("C011", place(keys, "adopt"), "'adopt' is ask or all, not '" + text + "'");
            }
            return "all".equals(text);
        }

        private static Node place(Map<String, NodeTuple> keys, String key) {
            return requireNonNull(keys.get(key), key).getValueNode();
        }

        /** A time for all points, or one for each point that is named. */
        private Map<String, Duration> holds(Map<String, NodeTuple> keys) {
            NodeTuple tuple = keys.get("hold");
            if (tuple == null) {
                return Map.of();
            }
            Map<String, Duration> holds = new TreeMap<>();
            if (tuple.getValueNode() instanceof MappingNode points) {
                for (NodeTuple each : points.getValue()) {
                    if (each.getKeyNode() instanceof ScalarNode point) {
                        hold("hold' of '" + point.getValue(), each.getValueNode())
                                .ifPresent(time -> holds.put(point.getValue(), time));
                    } else {
                        yaml.add(
                                "C011", each.getKeyNode(), "'hold' is a time, or a time for each point: onoff: 30 min");
                    }
                }
            } else {
                hold("hold", tuple.getValueNode()).ifPresent(time -> holds.put(DeviceEntry.ALL, time));
            }
            return Map.copyOf(holds);
        }

        private Optional<Duration> hold(String what, Node node) {
            String text = node instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
            Matcher m = DURATION.matcher(text);
            if (text.equals("none")) {
                return Optional.of(Duration.ZERO);
            } else if (m.matches()) {
                Duration time = Duration.ofSeconds(Long.parseLong(m.group(1)) * SECONDS.getOrDefault(m.group(2), 1L));
                if (time.compareTo(RequestCheck.LONGEST_HOLD) <= 0) {
                    return Optional.of(time);
                }
                yaml.add("C011", node, "'" + what + "' is at most ten years, not '" + text + "'");
                return Optional.empty();
            }
            yaml.add("C011", node, "'" + what + "' is none or a duration such as 30 min or 2 h, not '" + text + "'");
            return Optional.empty();
        }

        private Map<String, Object> config(Map<String, NodeTuple> keys) {
            NodeTuple tuple = keys.get("config");
            if (tuple == null) {
                return Map.of();
            }
            if (tuple.getValueNode() instanceof MappingNode map) {
                return Map.copyOf(yaml.map(map));
            }
            yaml.add("C011", tuple.getKeyNode(), "'config' is a map of the binding's settings, indented below");
            return Map.of();
        }
    }
}
