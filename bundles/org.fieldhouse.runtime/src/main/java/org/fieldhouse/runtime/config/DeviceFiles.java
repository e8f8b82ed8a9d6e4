package org.fieldhouse.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.HouseModel;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What can be said of {@code devices/*.yaml} where no house runs: everything but what the bindings say. For the command line, which
 * finds it by {@code META-INF/services}; in the house {@link Directory} knows more.
 */
public final class DeviceFiles implements ConfigurationParticipant {
    @Override
    public String pattern() {
        return Directory.DEVICES;
    }

    @Override
    public Prepared prepare(List<SourceFile> files, HouseModel model) {
        List<Problem> problems =
                Plan.of(files.stream().map(DevicesFile::parse).toList()).problems();
        return new Prepared() {
            @Override
            public List<Problem> problems() {
                return problems;
            }

            @Override
            public void activate(long generation) {
                throw new UnsupportedOperationException("no house runs here");
            }
        };
    }

    @Override
    public SourceFile renamed(SourceFile file, String from, String to) {
        Yaml yaml = new Yaml(file.path(), new ArrayList<>());
        if (!(yaml.compose(file.text()) instanceof MappingNode devices)) {
            return file;
        }
        StringBuilder text = new StringBuilder(file.text());
        places(yaml, devices, file.text(), from)
                .descendingMap()
                .forEach((start, end) -> text.replace(start, end, EntryText.scalar(to)));
        return new SourceFile(file.path(), text.toString());
    }

    /** Where a device is named: its key, and {@code bridge:} of others. Start to end, in UTF-16 units. */
    private static TreeMap<Integer, Integer> places(Yaml yaml, MappingNode devices, String text, String name) {
        TreeMap<Integer, Integer> places = new TreeMap<>();
        for (NodeTuple device : yaml.entries(devices).values()) {
            mark(device.getKeyNode(), text, name, places);
            if (device.getValueNode() instanceof MappingNode entry) {
                NodeTuple bridge = yaml.entries(entry).get("bridge");
                if (bridge != null) {
                    mark(bridge.getValueNode(), text, name, places);
                }
            }
        }
        return places;
    }

    private static void mark(Node node, String text, String name, TreeMap<Integer, Integer> places) {
        Mark start = node.getStartMark().orElse(null);
        Mark end = node.getEndMark().orElse(null);
        if (start != null
                && end != null
                && node instanceof ScalarNode scalar
                && scalar.getValue().equals(name)) {
            // Marks count code points.
            places.put(text.offsetByCodePoints(0, start.getIndex()), text.offsetByCodePoints(0, end.getIndex()));
        }
    }
}
