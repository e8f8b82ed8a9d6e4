package org.fieldhouse.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where sqlite-jdbc unpacks its native library: below the data directory, because /tmp may be mounted noexec. */
final class NativeLibrary {
    /** See USAGE.md of sqlite-jdbc. */
    private static final String PROPERTY = "org.sqlite.tmpdir";

    private NativeLibrary() {}

    static void prepare(Path directory) {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            System.setProperty(PROPERTY, directory.toString());
        } catch (IOException e) {
            LoggerFactory.getLogger(NativeLibrary.class)
                    .warn("{} cannot be made; SQLite's library is unpacked elsewhere", directory, e);
        }
    }
}
