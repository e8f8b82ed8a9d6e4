package org.fieldhouse.features.lock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A feature as lines, so that a start parses no JSON: made by the build for those of the distribution, at the install for others.
 *
 * <pre>
 * feature mqtt 0.1.0 FEATURE Devices at MQTT brokers
 * requires core [0.1,1)
 * isolated 64
 * bundle 7 SHA256 org.fieldhouse.binding.mqtt 0.1.0 repository/…/x.jar
 * config SHA256 features/mqtt.config.json
 * </pre>
 *
 * @param kind FEATURE or BUNDLE
 * @param title for people
 * @param requires names, each optionally followed by a blank and a version range
 * @param configs default configurations in the format of the Configurator (OSGi Compendium 8.1, 150.3)
 * @param isolated heap of the process that it asks for, MiB; 0 if it asks for none
 */
public record FeatureList(
        String name,
        String version,
        String kind,
        String title,
        List<String> requires,
        List<Pin> bundles,
        List<Config> configs,
        int isolated) {
    public static final String FEATURE = "FEATURE";
    public static final String BUNDLE = "BUNDLE";

    public FeatureList {
        requires = List.copyOf(requires);
        bundles = List.copyOf(bundles);
        configs = List.copyOf(configs);
    }

    /**
     * A file of configurations.
     *
     * @param location path below the distribution, or {@link Pin#STORE}
     */
    public record Config(String sha256, String location) {
        /** The file. */
        public Path file(Places places) {
            return location.equals(Pin.STORE)
                    ? places.stored(sha256, ".config.json")
                    : places.distribution().resolve(location);
        }

        @Override
        public String toString() {
            return "config " + sha256 + ' ' + location;
        }
    }

    /** @throws IllegalArgumentException if it is none, with the line */
    public static FeatureList parse(String text) {
        String[] head = {"feature", "", "", FEATURE, ""};
        List<String> requires = new ArrayList<>();
        List<Pin> bundles = new ArrayList<>();
        List<Config> configs = new ArrayList<>();
        int isolated = 0;
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            try {
                switch (words[0]) {
                    case "feature" -> head = line.split(" ", 5);
                    case "requires" -> requires.add(line.substring("requires ".length()));
                    case "isolated" -> isolated = Integer.parseInt(words[1]);
                    case "bundle" -> bundles.add(Pin.parse(words));
                    case "config" -> configs.add(new Config(words[1], words[2]));
                    default -> throw new IllegalArgumentException("unknown word");
                }
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("not a line of a feature list: " + line, e);
            }
        }
        return new FeatureList(head[1], head[2], head[3], head[4], requires, bundles, configs, isolated);
    }

    public boolean isBundle() {
        return kind.equals(BUNDLE);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("feature " + name + ' ' + version + ' ' + kind + ' ' + title + '\n');
        requires.forEach(r -> text.append("requires ").append(r).append('\n'));
        if (isolated > 0) {
            text.append("isolated ").append(isolated).append('\n');
        }
        bundles.forEach(b -> text.append(b).append('\n'));
        configs.forEach(c -> text.append(c).append('\n'));
        return text.toString();
    }
}
