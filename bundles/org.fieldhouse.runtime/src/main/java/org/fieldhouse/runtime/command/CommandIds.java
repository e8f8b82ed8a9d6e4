package org.fieldhouse.runtime.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers for commands, increasing and never used twice, also after a crash that forgot the last commands: a range is reserved on
 * disk before the first number of it is given out. The more commands there are, the longer the ranges. Thread-safe.
 */
public final class CommandIds {
    private static final Logger LOG = LoggerFactory.getLogger(CommandIds.class);
    private static final String SNAPSHOT = "command-ids";
    public static final long RANGE = 10_000;
    /** At the most: a crash loses what was not given out. */
    private static final long MOST_RANGE = 1 << 20;
    /** Ranges that do not last so long get longer. */
    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Journal journal;
    private final AtomicLong last;
    private final AtomicBoolean reserving = new AtomicBoolean();
    private volatile long reserved;
    /** How many numbers are reserved at once. */
    private volatile long range = RANGE;

    private boolean first = true;
    private long reservedNanos;

    /** Reads what was reserved before, and reserves the first range. */
    public CommandIds(Journal journal) {
        this.journal = journal;
        long before = 0;
        try {
            List<Snapshot> kept = journal.snapshots(SNAPSHOT);
            for (Snapshot snapshot : kept) {
                before = snapshot.data().length == Long.BYTES
                        ? Math.max(before, ByteBuffer.wrap(snapshot.data()).getLong())
                        : before;
            }
        } catch (StoreException e) {
            LOG.error("Cannot read which command numbers were used; going on from the clock", e);
            before = System.currentTimeMillis();
        }
        last = new AtomicLong(before);
        reserved = before;
        reserve();
    }

    /** The next number. Waits for the disk only if half a range was given out while the last reservation was written. */
    public long next() {
        long id = last.incrementAndGet();
        long left = reserved - id;
        if (left < 0) {
            reserve();
        } else if (left < range / 2 && reserving.compareAndSet(false, true)) {
            Thread ahead = new Thread(this::reserveAhead, "fieldhouse-command-ids");
            ahead.setDaemon(true);
            ahead.start();
        }
        return id;
    }

    private void reserveAhead() {
        try {
            reserve();
        } finally {
            reserving.set(false);
        }
    }

    private synchronized void reserve() {
        if (reserved - last.get() >= range / 2) {
            return;
        }
        long now = System.nanoTime();
        if (first) {
            first = false;
        } else if (now - reservedNanos < LASTING_NANOS) {
            range = Math.min(MOST_RANGE, 2 * range);
        } else {
            range = Math.max(RANGE, range / 2);
        }
        reservedNanos = now;
        long upTo = Math.max(reserved, last.get()) + range;
        try {
            journal.putSnapshot(
                    SNAPSHOT,
                    new Snapshot(
                            0, ByteBuffer.allocate(Long.BYTES).putLong(upTo).array()));
        } catch (StoreException e) {
            LOG.error("Cannot reserve command numbers; after a crash some may be used again", e);
        }
        reserved = upTo;
    }
}
