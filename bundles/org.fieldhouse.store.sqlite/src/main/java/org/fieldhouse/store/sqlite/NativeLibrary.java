package org.fieldhouse.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * Unpacks SQLite's native library once, below the data directory. By itself the driver unpacks it at every start into a directory
 * that may be mounted noexec, and leaves it there after a kill; that cost 100 ms of CPU a start.
 */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private NativeLibrary() {}

    /** Tells the driver where its library is (properties: USAGE.md of sqlite-jdbc). Before the driver is used. */
    static void prepare(Path directory) {
        if (System.getProperty("org.sqlite.lib.path") != null || System.getProperty("org.sqlite.tmpdir") != null) {
            return;
        }
        String name = System.mapLibraryName("sqlitejdbc");
        Path folder = directory.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
        try {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve(name)) && !unpack(name, folder)) {
                System.setProperty("org.sqlite.tmpdir", directory.toString());
                return;
            }
            System.setProperty("org.sqlite.lib.path", folder.toString());
            System.setProperty("org.sqlite.lib.name", name);
        } catch (IOException e) {
            LOG.warn("{} cannot be used; SQLite's library is unpacked elsewhere at each start", folder, e);
        }
    }

    private static boolean unpack(String name, Path folder) throws IOException {
        String resource = "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS() + "/" + name;
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                return false;
            }
            Path part = Files.createTempFile(folder, name, ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }
}
