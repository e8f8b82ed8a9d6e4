package org.fieldhouse.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Home directories for the measurements. */
final class Homes {
    private Homes() {}

    /** An empty one at that place; what was there before is deleted. */
    static Path fresh(Path home) throws IOException {
        delete(home);
        Files.createDirectories(home.resolve("devices"));
        Files.createDirectories(home.resolve("rules"));
        return home;
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
