package org.fieldhouse.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.fieldhouse.api.store.JournalBlock;
import org.jspecify.annotations.Nullable;

/**
 * Reads blocks in order, past the places that cannot be read. A damaged overflow page costs one block, a damaged leaf of the b-tree
 * the blocks of that leaf: the first key behind it is found by trying further and further, and then halving.
 */
final class Blocks {
    private static final int BATCH = 32;
    private static final String SELECT = "SELECT first, last, t0, t1, data FROM block WHERE first >= ? ORDER BY first";

    private final Connection connection;
    /** Places that could not be read. */
    private int unreadable;
    /** What was wrong with the first of them. */
    private @Nullable SQLException trouble;

    Blocks(Connection connection) {
        this.connection = connection;
    }

    int unreadable() {
        return unreadable;
    }

    @Nullable
    SQLException trouble() {
        return trouble;
    }

    /** Reads from a key on until the reader answers false. */
    void read(long fromKey, Predicate<JournalBlock> reader) throws SQLException {
        long key = fromKey;
        while (true) {
            List<JournalBlock> batch = new ArrayList<>();
            try {
                select(key, BATCH, batch);
            } catch (SQLException e) {
                note(e);
                key = readPast(key, batch);
            }
            for (JournalBlock block : batch) {
                if (!reader.test(block)) {
                    return;
                }
            }
            if (!batch.isEmpty()) {
                key = Math.max(key, batch.get(batch.size() - 1).firstSequence() + 1);
            }
            if (key == Long.MAX_VALUE || batch.isEmpty() && end(key)) {
                return;
            }
        }
    }

    private boolean end(long key) throws SQLException {
        try {
            return nextKey(key) < 0;
        } catch (SQLException e) {
            note(e);
            return false;
        }
    }

    private void note(SQLException e) throws SQLException {
        if (!Database.isDamage(e)) {
            throw e;
        }
        if (trouble == null) {
            trouble = e;
        }
    }

    private void select(long key, int most, List<JournalBlock> into) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(SELECT + " LIMIT " + most)) {
            s.setLong(1, key);
            try (ResultSet rs = s.executeQuery()) {
                while (rs.next()) {
                    byte[] data = rs.getBytes(5);
                    into.add(new JournalBlock(rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4), data));
                }
            }
        }
    }

    /** After a batch broke off: what was read of it stays, then one by one; the key to go on with. */
    private long readPast(long fromKey, List<JournalBlock> batch) throws SQLException {
        long key = batch.isEmpty() ? fromKey : batch.get(batch.size() - 1).firstSequence() + 1;
        try {
            long next = nextKey(key);
            if (next < 0) {
                return Long.MAX_VALUE;
            }
            key = next;
            select(next, 1, batch);
            return next + 1;
        } catch (SQLException e) {
            note(e);
            unreadable++;
            return firstReadable(key + 1);
        }
    }

    private long nextKey(long key) throws SQLException {
        return Database.number(connection, "SELECT first FROM block WHERE first >= ? ORDER BY first LIMIT 1", -1, key);
    }

    private boolean readable(long key) throws SQLException {
        try {
            nextKey(key);
            return true;
        } catch (SQLException e) {
            note(e);
            return false;
        }
    }

    private long firstReadable(long key) throws SQLException {
        if (key < 0) {
            return Long.MAX_VALUE;
        }
        if (readable(key)) {
            return key;
        }
        long step = 1;
        while (!readable(key + step)) {
            if (step > Long.MAX_VALUE / 4 - key) {
                return Long.MAX_VALUE;
            }
            step *= 2;
        }
        long bad = key;
        long good = key + step;
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            if (readable(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }
}
