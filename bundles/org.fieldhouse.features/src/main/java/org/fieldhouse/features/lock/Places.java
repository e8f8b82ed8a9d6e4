package org.fieldhouse.features.lock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things lie.
 *
 * @param distribution the unpacked distribution; read-only
 * @param data the data directory of the home
 */
public record Places(Path distribution, Path data) {
    /** The path under which a generation has its lock. */
    public static final String LOCK = "features.lock";
    /** How the source of what came from the deploy folder begins. */
    public static final String DEPLOY = "deploy/";

    public Path store() {
        return data.resolve("features/store");
    }

    public Path stored(String sha256, String ending) {
        return store().resolve(sha256 + ending);
    }

    /** Whether something came from the deploy folder, and its file is not there any more. */
    boolean isGoneFromDeploy(String source) {
        return source.startsWith(DEPLOY)
                && !Files.exists(data.resolveSibling("deploy").resolve(source.substring(DEPLOY.length())));
    }

    /** The bundle cache is used again at a start only while this file is there, with the right content. */
    public Path stamp() {
        return data.resolve("cache.stamp");
    }

    /**
     * The lock of the generation in force, read from where the configuration directory keeps it: {@code generations/current} has
     * the number with its author, and then a line {@code SHA256 PATH} for every file, whose content is {@code generations/SHA256}.
     */
    public Optional<Lock> pinned() throws IOException {
        Optional<String> text = pinnedText();
        return text.isEmpty() ? Optional.empty() : Optional.of(Lock.parse(text.get()));
    }

    /** As {@link #pinned}, also of one that is damaged. */
    public Optional<String> pinnedText() throws IOException {
        Path folder = data.resolve("generations");
        Path current = folder.resolve("current");
        if (!Files.exists(current)) {
            return Optional.empty();
        }
        for (String line : Files.readAllLines(current, StandardCharsets.UTF_8)) {
            if (line.endsWith(' ' + LOCK) && line.indexOf(' ') == line.length() - LOCK.length() - 1) {
                return Optional.of(Files.readString(folder.resolve(line.substring(0, line.indexOf(' ')))));
            }
        }
        return Optional.empty();
    }

    /** What the distribution says of a feature. */
    public Optional<FeatureList> shipped(String name) throws IOException {
        Path file = distribution.resolve("features/" + name + ".list");
        return name.matches("[a-z][a-z0-9.-]*") && Files.exists(file)
                ? Optional.of(FeatureList.parse(Files.readString(file)))
                : Optional.empty();
    }
}
