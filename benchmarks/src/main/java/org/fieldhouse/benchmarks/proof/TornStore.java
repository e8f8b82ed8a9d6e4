package org.fieldhouse.benchmarks.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.store.sqlite.SqliteStore;

/**
 * The real store, killed in the middle of one of its writes. The files are read before and after that write; what a kill leaves is
 * made of both: the write-ahead log is written from front to back, so it is new up to some byte and old behind it. Pages get from
 * the log into the database only when the log is whole, so there any of them may be old or new. Nothing is written after that.
 */
final class TornStore implements JournalStore, AutoCloseable {
    private static final int PAGE = 4_096;

    private final Path folder;
    private final Path left;
    private final SqliteStore store;
    private final Random random;
    private long writesToCome;
    private long writes;
    private volatile boolean dead;

    /** @param fatal the write to die in, counted from 1; 0 for none */
    TornStore(Path folder, long fatal, Random random) {
        this.folder = folder;
        this.left = folder.resolveSibling(folder.getFileName() + ".left");
        this.random = random;
        this.writesToCome = fatal;
        this.store = new SqliteStore(folder, Clock.systemUTC());
    }

    boolean isDead() {
        return dead;
    }

    long writes() {
        return writes;
    }

    private interface Write {
        void run() throws StoreException;
    }

    private synchronized void write(Write write) throws StoreException {
        if (dead) {
            throw new StoreException("killed");
        }
        writes++;
        if (--writesToCome != 0) {
            write.run();
            return;
        }
        try {
            byte[] database = read("journal.db");
            byte[] log = read("journal.db-wal");
            write.run();
            tear(database, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            dead = true;
        }
        throw new StoreException("killed");
    }

    private byte[] read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private void tear(byte[] database, byte[] log) throws IOException {
        byte[] newDatabase = read("journal.db");
        byte[] newLog = read("journal.db-wal");
        boolean moved = !Arrays.equals(database, newDatabase);
        if (moved && random.nextBoolean()) {
            database = pages(database, newDatabase);
            log = newLog;
        } else {
            log = prefix(log, newLog);
        }
        Files.createDirectories(left);
        Files.write(left.resolve("journal.db"), database);
        Files.write(left.resolve("journal.db-wal"), log);
    }

    /** New up to a byte that lies where they differ, or at the ends of that. */
    private byte[] prefix(byte[] before, byte[] after) {
        int from = Math.max(0, Arrays.mismatch(before, after));
        int length = after.length - from;
        int cut = from + (length <= 0 ? 0 : random.nextInt(length + 1));
        byte[] torn = Arrays.copyOf(before, Math.max(before.length, cut));
        System.arraycopy(after, 0, torn, 0, Math.min(cut, after.length));
        return torn;
    }

    private byte[] pages(byte[] before, byte[] after) {
        byte[] mixed = Arrays.copyOf(after, Math.max(before.length, after.length));
        for (int at = 0; at < before.length; at += PAGE) {
            if (random.nextBoolean()) {
                System.arraycopy(before, at, mixed, at, Math.min(PAGE, before.length - at));
            }
        }
        return mixed;
    }

    /** Puts what the kill left in the place of the files. After {@link #close}. */
    void leave() throws IOException {
        for (String name : List.of("journal.db-shm", "journal.db-wal", "journal.db")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        for (String name : List.of("journal.db", "journal.db-wal")) {
            Path from = left.resolve(name);
            if (Files.exists(from)) {
                Files.move(from, folder.resolve(name));
            }
        }
        Files.deleteIfExists(left);
    }

    @Override
    public void append(List<JournalBlock> blocks) throws StoreException {
        write(() -> store.append(blocks));
    }

    @Override
    public void prune(long beforeSequence) throws StoreException {
        write(() -> store.prune(beforeSequence));
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        write(() -> store.putSnapshot(name, snapshot));
    }

    @Override
    public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
        store.read(fromSequence, reader);
    }

    @Override
    public Optional<JournalBlock> findByTime(long micros) throws StoreException {
        return store.findByTime(micros);
    }

    @Override
    public long lastSequence() throws StoreException {
        return store.lastSequence();
    }

    @Override
    public long firstSequence() throws StoreException {
        return store.firstSequence();
    }

    @Override
    public List<Snapshot> snapshots(String name) throws StoreException {
        return store.snapshots(name);
    }

    @Override
    public long unreadable() {
        return store.unreadable();
    }

    @Override
    public long size() throws StoreException {
        return store.size();
    }

    @Override
    public void close() {
        store.close();
    }
}
