package org.fieldhouse.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Gets what is readable out of a damaged file into a new one. The damaged file is kept beside it as {@code journal.corrupt-<time>},
 * untouched, until a person deletes it.
 */
final class Salvage {
    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private long blocks;
    private long snapshots;
    private long unreadable;

    long unreadable() {
        return unreadable;
    }

    /**
     * Moves the damaged file aside and fills a new one.
     *
     * @throws IOException if the file cannot be moved; then nothing was changed
     */
    Database run(Path file, Clock clock, SQLiteConfig.SynchronousMode synchronous) throws IOException, SQLException {
        Path aside = file.resolveSibling("journal.corrupt-" + STAMP.format(clock.instant()));
        Path part = file.resolveSibling(file.getFileName() + ".salvage");
        Files.deleteIfExists(part);
        move(file, aside);
        try (Database target = Database.open(part, synchronous)) {
            copyAll(aside, target);
        }
        Files.deleteIfExists(suffixed(part, "-wal"));
        Files.deleteIfExists(suffixed(part, "-shm"));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        LOG.error(
                "{} was damaged and is kept as {}; {} blocks and {} snapshots were saved, {} places could not be read",
                file,
                aside.getFileName(),
                blocks,
                snapshots,
                unreadable);
        return Database.open(file, synchronous);
    }

    private static Path suffixed(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void move(Path file, Path aside) throws IOException {
        for (String suffix : new String[] {"-wal", "-shm", ""}) {
            Path from = suffixed(file, suffix);
            if (Files.exists(from)) {
                Files.move(from, suffixed(aside, suffix), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private void copyAll(Path damaged, Database target) throws IOException, SQLException {
        Path copy = damaged.resolveSibling("salvage.tmp");
        try {
            copyFile(damaged, copy);
            if (!copyFrom(copy, target)) {
                copyFile(damaged, copy);
                repairHeader(copy);
                copyFrom(copy, target);
            }
        } finally {
            deleteCopy(copy);
        }
    }

    private static void copyFile(Path damaged, Path copy) throws IOException {
        deleteCopy(copy);
        Files.copy(damaged, copy);
        Path wal = suffixed(damaged, "-wal");
        if (Files.exists(wal)) {
            Files.copy(wal, suffixed(copy, "-wal"));
        }
    }

    private static void deleteCopy(Path copy) throws IOException {
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(suffixed(copy, suffix));
        }
    }

    /** Whether anything could be asked of the file at all. */
    private boolean copyFrom(Path source, Database target) {
        try (Connection from = org.sqlite.JDBC.createConnection("jdbc:sqlite:" + source, new java.util.Properties())) {
            try (Statement s = from.createStatement()) {
                s.execute("PRAGMA writable_schema = ON");
                s.execute("PRAGMA cell_size_check = ON");
                s.executeQuery("SELECT rootpage FROM sqlite_master WHERE name IN ('block', 'snapshot')")
                        .close();
            }
            Database.number(from, "SELECT count(*) FROM (SELECT 1 FROM block LIMIT 0)", 0);
            target.write(to -> copyBlocks(from, to));
            target.write(to -> copySnapshots(from, to));
            return true;
        } catch (SQLException e) {
            LOG.warn("salvage of {}: {}", source.getFileName(), e.getMessage());
            return false;
        }
    }

    private void copyBlocks(Connection from, Connection to) throws SQLException {
        Blocks reader = new Blocks(from);
        try (PreparedStatement insert = to.prepareStatement(SqliteStore.INSERT_BLOCK)) {
            SQLException[] failure = new SQLException[1];
            reader.read(0, block -> {
                try {
                    if (block.data() != null && block.lastSequence() >= block.firstSequence()) {
                        SqliteStore.bind(insert, block);
                        insert.executeUpdate();
                        blocks++;
                    }
                    return true;
                } catch (SQLException e) {
                    failure[0] = e;
                    return false;
                }
            });
            if (failure[0] != null) {
                throw failure[0];
            }
        }
        unreadable += reader.unreadable();
    }

    private void copySnapshots(Connection from, Connection to) throws SQLException {
        try (Statement s = from.createStatement();
                ResultSet rs = s.executeQuery("SELECT name, generation, sequence, crc, data FROM snapshot");
                PreparedStatement insert = to.prepareStatement(SqliteStore.INSERT_SNAPSHOT)) {
            while (rs.next()) {
                insert.setString(1, rs.getString(1));
                insert.setLong(2, rs.getLong(2));
                insert.setLong(3, rs.getLong(3));
                insert.setLong(4, rs.getLong(4));
                insert.setBytes(5, rs.getBytes(5));
                insert.executeUpdate();
                snapshots++;
            }
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw e;
            }
            unreadable++;
        }
    }

    /**
     * The first page of the file says where the tables are, and it is the same in every file of this schema: so a damaged one is
     * replaced by that of an empty file (SQLite file format, fileformat2.html §1.3: the page count at 28 is ignored when the
     * counters at 24 and 92 differ).
     */
    private static void repairHeader(Path copy) throws IOException, SQLException {
        Path model = copy.resolveSibling("salvage-model.tmp");
        deleteCopy(model);
        try {
            try (Database empty = Database.open(model, SQLiteConfig.SynchronousMode.OFF)) {
                empty.write(c -> {});
            }
            byte[] first = new byte[4_096];
            try (FileChannel in = FileChannel.open(model, StandardOpenOption.READ)) {
                in.read(ByteBuffer.wrap(first), 0);
            }
            first[27]++;
            try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                if (out.size() >= first.length) {
                    out.write(ByteBuffer.wrap(first), 0);
                }
            }
        } finally {
            deleteCopy(model);
        }
    }
}
