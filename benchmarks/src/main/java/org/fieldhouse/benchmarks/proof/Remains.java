package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kills of a day left, as it was before the next start touched it: for each a folder with the journal's files, and a line in
 * {@code kills.txt}. No two runs are killed at the very same places, so what a difference came from is kept, or it is not found again.
 */
final class Remains {
    private static final List<String> FILES = List.of("journal.db", "journal.db-wal");

    private final Path folder;
    private int kills;

    /** Beside the folder of a runtime's files; what an earlier day left there goes. */
    Remains(Path files) throws IOException {
        folder = files.resolveSibling(files.getFileName() + ".remains");
        Day.clear(folder);
        Files.createDirectories(folder);
    }

    /** Copies what a kill left. */
    void keep(Path files, String how) throws IOException {
        Path own = Files.createDirectory(folder.resolve(Integer.toString(++kills)));
        for (String name : FILES) {
            if (Files.exists(files.resolve(name))) {
                Files.copy(files.resolve(name), own.resolve(name));
            }
        }
        Files.writeString(
                folder.resolve("kills.txt"),
                kills + ": " + how + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    int kills() {
        return kills;
    }

    /** Brings all of it to a folder that outlives the run; which one. */
    Path save(long seed) throws IOException {
        Path to = Files.createTempDirectory("fieldhouse-killed-" + seed + "-");
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(folder.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy);
            }
        }
        return to;
    }
}
