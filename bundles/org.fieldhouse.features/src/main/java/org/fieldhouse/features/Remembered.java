package org.fieldhouse.features;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** Small files of names and texts that are replaced as a whole. Not forced to disk: who ends the process does not end the system. */
final class Remembered {
    private Remembered() {}

    /**
     * Reads one; nothing if there is none.
     *
     * @throws IllegalArgumentException as {@link Properties#load(Reader)} does
     */
    static void read(Path file, Properties into) throws IOException {
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                into.load(reader);
            }
        }
    }

    /** Writes one. Its folder has to be there. */
    static void write(Path file, Properties all, String comment) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(half)) {
            all.store(writer, comment);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
