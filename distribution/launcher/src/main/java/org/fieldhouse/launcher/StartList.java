package org.fieldhouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The bundles and configurations of the chosen features, in start order.
 *
 * <p>The build turns each features/NAME.json into NAME.list, so that no JSON is parsed here: {@code requires FEATURE},
 * {@code bundle LEVEL JAR}; and NAME.config.json, in the Configurator's format, when the feature has configurations.
 */
record StartList(List<String> features, Map<Path, Integer> bundles, List<Path> configurations) {

    static StartList read(Path distribution, List<String> chosen) throws StartException {
        Set<String> features = new LinkedHashSet<>();
        Map<Path, Integer> bundles = new LinkedHashMap<>();
        for (String feature : chosen) {
            add(distribution, feature, features, bundles);
        }
        List<Path> configurations = features.stream()
                .map(name -> distribution.resolve("features/" + name + ".config.json"))
                .filter(Files::exists)
                .toList();
        return new StartList(List.copyOf(features), bundles, configurations);
    }

    private static void add(Path distribution, String feature, Set<String> features, Map<Path, Integer> bundles)
            throws StartException {
        if (features.contains(feature)) {
            return;
        }
        for (String[] words : lines(distribution, feature)) {
            if (words[0].equals("requires")) {
                add(distribution, words[1], features, bundles);
            } else {
                Path jar = distribution.resolve("bundles/" + words[2]);
                if (!Files.isReadable(jar)) {
                    throw new StartException(
                            Exit.BUNDLE_MISSING, "feature " + feature + " needs " + jar + ", which is not there");
                }
                bundles.merge(jar, Integer.valueOf(words[1]), Math::min);
            }
        }
        features.add(feature);
    }

    private static List<String[]> lines(Path distribution, String feature) throws StartException {
        Path file = distribution.resolve("features/" + feature + ".list");
        if (!feature.matches("[a-z][a-z0-9.-]*") || !Files.exists(file)) {
            throw new StartException(
                    Exit.SETUP, "no feature \"" + feature + "\"; there are " + String.join(", ", names(distribution)));
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.split(" ", -1))
                    .toList();
        } catch (IOException e) {
            throw new StartException(Exit.SETUP, "cannot read " + file + ": " + e);
        }
    }

    private static List<String> names(Path distribution) throws StartException {
        try (Stream<Path> files = Files.list(distribution.resolve("features"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".list"))
                    .map(name -> name.substring(0, name.length() - ".list".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartException(Exit.SETUP, distribution + " is not a Fieldhouse distribution: " + e);
        }
    }

    /** The configuration files of the features, then the owner's; both are read by the Configurator. */
    List<Path> configurationsWith(Path ownersDirectory) throws IOException {
        List<Path> all = new ArrayList<>(configurations);
        try (Stream<Path> files = Files.list(ownersDirectory)) {
            files.filter(file -> file.toString().endsWith(".json")).sorted().forEach(all::add);
        }
        return all;
    }

    /** Everything the bundle cache was made from; any difference makes the next start a cold one. */
    String fingerprint(Path distribution, List<Path> configurationFiles) throws IOException {
        StringBuilder text = new StringBuilder(Runtime.version().toString()).append('\n');
        text.append(stat(distribution.resolve("conf/system.properties")));
        try (Stream<Path> libraries = Files.list(distribution.resolve("lib"))) {
            for (Path library : libraries.sorted().toList()) {
                text.append(stat(library));
            }
        }
        for (Map.Entry<Path, Integer> bundle : bundles.entrySet()) {
            text.append(bundle.getValue()).append(' ').append(stat(bundle.getKey()));
        }
        for (Path file : configurationFiles) {
            text.append(stat(file));
        }
        return text.toString();
    }

    private static String stat(Path file) throws IOException {
        return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n";
    }
}
