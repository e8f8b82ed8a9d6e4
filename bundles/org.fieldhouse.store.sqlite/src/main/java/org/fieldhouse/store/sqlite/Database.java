package org.fieldhouse.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The file, its one writing connection and a few reading ones. WAL, so that reading goes on beside writing; {@code synchronous=FULL},
 * so that a commit is on disk when it returns (SQLite documentation, pragma.html#pragma_synchronous).
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** "FHJ1" in the file's header, so that {@code file} and a person can tell what it is. */
    static final int APPLICATION_ID = 0x46484a31;

    static final int SCHEMA = 1;
    private static final int READERS_KEPT = 2;

    private final Path file;
    private final Connection writer;
    private final Deque<Connection> readers = new ArrayDeque<>();
    private boolean closed;

    private Database(Path file, Connection writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Opens the file, and makes it if there is none. */
    static Database open(Path file, SQLiteConfig.SynchronousMode synchronous) throws SQLException {
        Connection writer = connect(file, false);
        Database database = new Database(file, writer);
        try {
            database.prepare(synchronous);
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static Connection connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(5_000);
        config.setReadOnly(readOnly);
        return JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
    }

    private void prepare(SQLiteConfig.SynchronousMode synchronous) throws SQLException {
        try (Statement s = writer.createStatement()) {
            // Of use only while the file is empty, so before anything is written to it.
            s.execute("PRAGMA auto_vacuum = INCREMENTAL");
            s.execute("PRAGMA journal_mode = WAL");
            s.execute("PRAGMA synchronous = " + synchronous.getValue());
            s.execute("PRAGMA journal_size_limit = " + (16 << 20));
            int version = number(s, "PRAGMA user_version");
            if (version > SCHEMA) {
                throw new SQLException(file + " was written by a newer version (schema " + version + ")");
            }
            if (version == 0) {
                s.execute("BEGIN IMMEDIATE");
                s.execute("CREATE TABLE IF NOT EXISTS block(first INTEGER PRIMARY KEY, last INTEGER NOT NULL,"
                        + " t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, data BLOB NOT NULL)");
                s.execute("CREATE TABLE IF NOT EXISTS snapshot(name TEXT NOT NULL, generation INTEGER NOT NULL,"
                        + " sequence INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL,"
                        + " PRIMARY KEY(name, generation))");
                s.execute("PRAGMA application_id = " + APPLICATION_ID);
                s.execute("PRAGMA user_version = " + SCHEMA);
                s.execute("COMMIT");
            }
            probe(s);
        }
    }

    /** Asks for the places that a start needs: a file that cannot answer is salvaged, see {@link Salvage}. */
    private void probe(Statement s) throws SQLException {
        try {
            number(s, "SELECT count(*) FROM (SELECT first, last, t1 FROM block ORDER BY first DESC LIMIT 1)");
            number(s, "SELECT count(*) FROM (SELECT first, last, t1 FROM block ORDER BY first LIMIT 1)");
            number(s, "SELECT count(*) FROM snapshot");
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_ERROR.code) {
                throw new SQLException(
                        "the schema is damaged: " + e.getMessage(), null, SQLiteErrorCode.SQLITE_CORRUPT.code);
            }
            throw e;
        }
    }

    private static int number(Statement s, String sql) throws SQLException {
        try (ResultSet rs = s.executeQuery(sql)) {
            return rs.next() ? rs.getInt(1) : 0;
        }
    }

    /** What is done in one transaction. */
    interface Work {
        void run(Connection connection) throws SQLException;
    }

    /**
     * Does it all or nothing. One thread at a time. Transactions are spelled out, because the driver's own begins no new one after
     * SQLite has rolled back by itself on SQLITE_FULL.
     */
    synchronized void write(Work work) throws SQLException {
        execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            work.run(writer);
            execute("COMMIT");
            done = true;
        } finally {
            if (!done) {
                rollback();
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = writer.createStatement()) {
            s.execute(sql);
        }
    }

    private void rollback() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself on SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM (lang_transaction.html §2.3).
            LOG.trace("rolled back already", e);
        }
    }

    /** What is read with one connection. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    <T> T read(Question<T> question) throws SQLException {
        Connection connection = borrow();
        try {
            return question.ask(connection);
        } finally {
            giveBack(connection);
        }
    }

    /** Read-only: closed after {@link #close}, it must not tidy up what is somebody else's by then (ADR 191). */
    private Connection borrow() throws SQLException {
        synchronized (readers) {
            Connection kept = readers.poll();
            if (kept != null) {
                return kept;
            }
        }
        return connect(file, true);
    }

    private void giveBack(Connection connection) throws SQLException {
        synchronized (readers) {
            if (!closed && readers.size() < READERS_KEPT) {
                readers.add(connection);
                return;
            }
        }
        connection.close();
    }

    /** One number; {@code none} if there is no row or it is null. */
    static long number(Connection c, String sql, long none, long... parameters) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setLong(i + 1, parameters[i]);
            }
            try (ResultSet rs = s.executeQuery()) {
                if (!rs.next()) {
                    return none;
                }
                long value = rs.getLong(1);
                return rs.wasNull() ? none : value;
            }
        }
    }

    /** Whether the file itself is damaged, so that trying again is of no use. */
    static boolean isDamage(@Nullable Throwable e) {
        if (!(e instanceof SQLException sql)) {
            return false;
        }
        int primary = sql.getErrorCode() & 0xff;
        return primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    @Override
    public void close() {
        synchronized (readers) {
            closed = true;
            readers.forEach(Database::closeQuietly);
            readers.clear();
        }
        closeQuietly(writer);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing", e);
        }
    }
}
