package org.fieldhouse.features;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.cm.json.io.Configurations;
import org.fieldhouse.features.lock.FeatureList.Config;
import org.fieldhouse.features.lock.Places;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Default configurations of features in the running Configuration Admin. What the Configurator does at a start from the same files:
 * a PID that the owner sets in {@code config/*.json} is the owner's, and no default touches it.
 */
final class Defaults {
    private final Places places;
    private final Path owners;
    private final ConfigurationAdmin admin;

    /** @param owners the folder with the owner's files */
    Defaults(Places places, Path owners, ConfigurationAdmin admin) {
        this.places = places;
        this.owners = owners;
        this.admin = admin;
    }

    /** By PID, factory configurations as {@code factory~name}; later files win, as at a start. */
    Map<String, Hashtable<String, Object>> of(List<Config> configs) throws IOException {
        Map<String, Hashtable<String, Object>> all = new LinkedHashMap<>();
        for (Config config : configs) {
            all.putAll(read(config.file(places)));
        }
        all.keySet().removeAll(ownersPids());
        return all;
    }

    /** The PIDs, the owner's among them. */
    Set<String> pids(List<Config> configs) throws IOException {
        Set<String> pids = new HashSet<>();
        for (Config config : configs) {
            pids.addAll(read(config.file(places)).keySet());
        }
        return pids;
    }

    private static Map<String, Hashtable<String, Object>> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return parse(reader, file.toString());
        }
    }

    /** By PID, what a file in the format of the Configurator says. */
    static Map<String, Hashtable<String, Object>> parse(Reader reader, String name) throws IOException {
        return Configurations.buildReader()
                .verifyAsBundleResource(true)
                .withIdentifier(name)
                .build(reader)
                .readConfigurationResource()
                .getConfigurations();
    }

    /** Whether two say the same. The reader's dictionaries do not know when they are equal, nor do arrays in them. */
    static boolean same(@Nullable Map<String, Object> one, @Nullable Map<String, Object> other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.size() == other.size()
                && one.entrySet().stream().allMatch(e -> Objects.deepEquals(e.getValue(), other.get(e.getKey())));
    }

    private Set<String> ownersPids() throws IOException {
        Set<String> pids = new HashSet<>();
        if (!Files.isDirectory(owners)) {
            return pids;
        }
        try (Stream<Path> files = Files.list(owners)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                try {
                    pids.addAll(read(file).keySet());
                } catch (IOException | RuntimeException e) {
                    // Broken already before the change: the Configurator left it out too, and /health says so.
                    continue;
                }
            }
        }
        return pids;
    }

    /** What is there now; null if nothing. */
    @Nullable
    Dictionary<String, Object> get(String pid) throws IOException {
        return configuration(pid).getProperties();
    }

    /** @param values null deletes */
    void set(String pid, @Nullable Dictionary<String, Object> values) throws IOException {
        Configuration configuration = configuration(pid);
        if (values == null) {
            configuration.delete();
        } else {
            configuration.updateIfDifferent(values);
        }
    }

    /** Any bundle may have it, as the Configurator's. */
    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }
}
