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
 * The real store, killed in the middle of one of its writes. The files are read before and after that write, which is one transaction;
 * what a kill leaves is made of both, and is always one of two:
 *
 * <ul>
 *   <li>The database as it was, and a log that is new up to some byte and old behind it. SQLite writes the log from front to back. It
 *       begins it anew only in the first write after a checkpoint of all of it, so then the database holds whatever the log loses.
 *   <li>The database with any of its pages old or new, and the whole new log. A checkpoint comes after the commit, whose log is on
 *       disk by then ({@code synchronous=FULL}), and leaves the log as it is.
 * </ul>
 *
 * Nothing is written after that. Whoever reads, reads beside it, and changes no file (ADR 191).
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
    private volatile String death = "";

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

    /** In what it died, and what of that write is new. */
    String death() {
        return death;
    }

    private interface Write {
        void run() throws StoreException;
    }

    private synchronized void write(String what, Write write) throws StoreException {
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
            death = "write " + writes + ", " + what + ", " + tear(database, log);
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

    private String tear(byte[] database, byte[] log) throws IOException {
        byte[] newDatabase = read("journal.db");
        byte[] newLog = read("journal.db-wal");
        boolean moved = !Arrays.equals(database, newDatabase);
        Files.createDirectories(left);
        if (moved && random.nextBoolean()) {
            Files.write(left.resolve("journal.db"), pages(database, newDatabase));
            Files.write(left.resolve("journal.db-wal"), newLog);
            return "in its checkpoint";
        }
        int from = Math.max(0, Arrays.mismatch(log, newLog));
        int length = newLog.length - from;
        int cut = from + (length <= 0 ? 0 : random.nextInt(length + 1));
        Files.write(left.resolve("journal.db"), database);
        Files.write(left.resolve("journal.db-wal"), prefix(log, newLog, cut));
        return "its log, new from byte " + from + " to " + newLog.length + ", as far as " + cut
                + (moved ? ", before its checkpoint" : "");
    }

    /** New up to a byte. */
    private static byte[] prefix(byte[] before, byte[] after, int cut) {
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
        write("events from " + (blocks.isEmpty() ? "none" : blocks.get(0).firstSequence()), () -> store.append(blocks));
    }

    /** Is never killed in it: two transactions, and the second may begin the log anew that the first moved into the database. */
    @Override
    public synchronized void prune(long beforeSequence) throws StoreException {
        if (dead) {
            throw new StoreException("killed");
        }
        store.prune(beforeSequence);
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        write("snapshot " + name + " of " + snapshot.sequence(), () -> store.putSnapshot(name, snapshot));
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
