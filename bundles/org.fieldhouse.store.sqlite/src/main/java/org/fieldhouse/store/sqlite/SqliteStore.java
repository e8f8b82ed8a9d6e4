package org.fieldhouse.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The journal in one SQLite file, {@code journal.db}: a row per block, so a group of events is one insert into the right-hand edge of
 * a b-tree. A damaged file is salvaged when it is met; a file that cannot be opened is tried again with each call.
 */
public final class SqliteStore implements JournalStore, AutoCloseable {
    static final String INSERT_BLOCK = "INSERT OR REPLACE INTO block(first, last, t0, t1, data) VALUES(?, ?, ?, ?, ?)";
    static final String INSERT_SNAPSHOT =
            "INSERT OR REPLACE INTO snapshot(name, generation, sequence, crc, data) VALUES(?, ?, ?, ?, ?)";
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    private static final int VACUUM_PAGES = 4_096;

    private final Path file;
    private final Clock clock;
    private final SQLiteConfig.SynchronousMode synchronous;
    private final AtomicLong unreadable = new AtomicLong();
    private volatile @Nullable Database database;
    private volatile boolean closed;

    /** Opens {@code journal.db} in that directory, or says in the log why not, and tries again when it is used. */
    public SqliteStore(Path directory, Clock clock) {
        this(directory, clock, SQLiteConfig.SynchronousMode.FULL);
    }

    SqliteStore(Path directory, Clock clock, SQLiteConfig.SynchronousMode synchronous) {
        this.file = directory.resolve("journal.db");
        this.clock = clock;
        this.synchronous = synchronous;
        try {
            open();
        } catch (StoreException e) {
            LOG.error("{} cannot be opened: {}", file, e.getMessage(), e);
        }
    }

    private Database open() throws StoreException {
        Database now = database;
        return now != null ? now : openOnce();
    }

    private synchronized Database openOnce() throws StoreException {
        Database now = database;
        if (now != null) {
            return now;
        }
        if (closed) {
            throw new StoreException("the store is closed");
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Database opened = openOrSalvage();
            database = opened;
            return opened;
        } catch (SQLException | IOException e) {
            throw failure(e);
        }
    }

    private Database openOrSalvage() throws SQLException, IOException {
        try {
            return Database.open(file, synchronous);
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw e;
            }
            LOG.error("{} is damaged: {}", file, e.getMessage());
            return salvage();
        }
    }

    private Database salvage() throws SQLException, IOException {
        Salvage salvage = new Salvage();
        Database opened = salvage.run(file, clock, synchronous);
        unreadable.addAndGet(Math.max(1, salvage.unreadable()));
        return opened;
    }

    /** Replaces a file that turned out to be damaged while it was written to. */
    private synchronized void salvageOpen(Database damaged) throws StoreException {
        if (database != damaged) {
            return;
        }
        damaged.close();
        database = null;
        try {
            database = salvage();
        } catch (SQLException | IOException e) {
            throw failure(e);
        }
    }

    private StoreException failure(Exception e) {
        return new StoreException(file + ": " + e.getMessage(), e);
    }

    private void write(Database.Work work) throws StoreException {
        Database db = open();
        try {
            db.write(work);
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw failure(e);
            }
            salvageOpen(db);
            try {
                open().write(work);
            } catch (SQLException again) {
                throw failure(again);
            }
        }
    }

    private <T> T ask(Database.Question<T> question) throws StoreException {
        try {
            return open().read(question);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    static void bind(PreparedStatement insert, JournalBlock block) throws SQLException {
        insert.setLong(1, block.firstSequence());
        insert.setLong(2, block.lastSequence());
        insert.setLong(3, block.firstMicros());
        insert.setLong(4, block.lastMicros());
        insert.setBytes(5, block.data());
    }

    @Override
    public void append(List<JournalBlock> blocks) throws StoreException {
        write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT_BLOCK)) {
                for (JournalBlock block : blocks) {
                    bind(insert, block);
                    insert.executeUpdate();
                }
            }
        });
    }

    @Override
    public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
        ask(connection -> {
            Blocks blocks = new Blocks(connection);
            blocks.read(
                    startKey(connection, fromSequence),
                    block -> block.lastSequence() < fromSequence || reader.test(block));
            int bad = blocks.unreadable();
            SQLException trouble = blocks.trouble();
            if (bad > 0 && unreadable.getAndAdd(bad) == 0 && trouble != null) {
                LOG.error("{}: {} blocks cannot be read and are skipped: {}", file, bad, trouble.getMessage());
            }
            return bad;
        });
    }

    private static long startKey(Connection connection, long fromSequence) {
        try {
            String sql = "SELECT first FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1";
            return Database.number(connection, sql, fromSequence, fromSequence);
        } catch (SQLException e) {
            return fromSequence;
        }
    }

    /** Times rise with the keys, so the place is found by halving, without an index that each commit would have to write. */
    @Override
    public Optional<JournalBlock> findByTime(long micros) throws StoreException {
        long low = firstSequence();
        long high = lastSequence();
        if (high == 0) {
            return Optional.empty();
        }
        while (low < high) {
            long middle = low + (high - low) / 2;
            long key = middle;
            long lastMicros = ask(c -> Database.number(
                    c, "SELECT t1 FROM block WHERE first <= ? ORDER BY first DESC LIMIT 1", Long.MIN_VALUE, key));
            if (lastMicros >= micros) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        AtomicReference<JournalBlock> found = new AtomicReference<>();
        read(low, block -> {
            if (block.lastMicros() >= micros) {
                found.set(block);
                return false;
            }
            return true;
        });
        return Optional.ofNullable(found.get());
    }

    @Override
    public long lastSequence() throws StoreException {
        return ask(c -> Database.number(c, "SELECT last FROM block ORDER BY first DESC LIMIT 1", 0));
    }

    @Override
    public long firstSequence() throws StoreException {
        return ask(c -> Database.number(c, "SELECT first FROM block ORDER BY first LIMIT 1", 0));
    }

    @Override
    public void prune(long beforeSequence) throws StoreException {
        write(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM block WHERE first < ? AND last < ?")) {
                delete.setLong(1, beforeSequence);
                delete.setLong(2, beforeSequence);
                delete.executeUpdate();
            }
        });
        write(connection -> {
            try (Statement vacuum = connection.createStatement()) {
                vacuum.execute("PRAGMA incremental_vacuum(" + VACUUM_PAGES + ")");
            }
        });
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        write(connection -> {
            long generation = 1 + newestGeneration(connection, name);
            try (PreparedStatement insert = connection.prepareStatement(INSERT_SNAPSHOT)) {
                insert.setString(1, name);
                insert.setLong(2, generation);
                insert.setLong(3, snapshot.sequence());
                insert.setLong(4, crc(snapshot.data()));
                insert.setBytes(5, snapshot.data());
                insert.executeUpdate();
            }
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM snapshot WHERE name = ? AND generation < ?")) {
                delete.setString(1, name);
                delete.setLong(2, generation - 1);
                delete.executeUpdate();
            }
        });
    }

    private static long newestGeneration(Connection connection, String name) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT max(generation) FROM snapshot WHERE name = ?")) {
            s.setString(1, name);
            try (ResultSet rs = s.executeQuery()) {
                return rs.next() ? rs.getLong(1) : 0;
            }
        }
    }

    @Override
    public List<Snapshot> snapshots(String name) throws StoreException {
        return ask(connection -> {
            List<Snapshot> found = new ArrayList<>();
            for (long generation = newestGeneration(connection, name);
                    generation > 0 && found.size() < 2;
                    generation--) {
                Snapshot snapshot = snapshot(connection, name, generation);
                if (snapshot == null) {
                    break;
                }
                if (snapshot.sequence() >= 0) {
                    found.add(snapshot);
                }
            }
            return List.copyOf(found);
        });
    }

    /** Null if there is none; one numbered −1 if it cannot be read. */
    private @Nullable Snapshot snapshot(Connection connection, String name, long generation) throws SQLException {
        String sql = "SELECT sequence, crc, data FROM snapshot WHERE name = ? AND generation = ?";
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, name);
            s.setLong(2, generation);
            try (ResultSet rs = s.executeQuery()) {
                if (!rs.next()) {
                    return null;
                }
                byte[] data = rs.getBytes(3);
                if (crc(data) == rs.getLong(2)) {
                    return new Snapshot(rs.getLong(1), data);
                }
            }
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw e;
            }
        }
        unreadable.incrementAndGet();
        LOG.error("{}: snapshot {} of {} cannot be read", file, generation, name);
        return new Snapshot(-1, new byte[0]);
    }

    private static long crc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return crc.getValue();
    }

    @Override
    public long unreadable() {
        return unreadable.get();
    }

    @Override
    public long size() throws StoreException {
        return ask(c -> {
            long pages = Database.number(c, "PRAGMA page_count", 0) - Database.number(c, "PRAGMA freelist_count", 0);
            return pages * Database.number(c, "PRAGMA page_size", 4_096);
        });
    }

    /** For tests: a file that is full at that many pages. */
    void limitPages(long pages) throws StoreException {
        write(c -> Database.number(c, "PRAGMA max_page_count = " + pages, 0));
    }

    @Override
    public synchronized void close() {
        closed = true;
        Database now = database;
        database = null;
        if (now != null) {
            now.close();
        }
    }
}
