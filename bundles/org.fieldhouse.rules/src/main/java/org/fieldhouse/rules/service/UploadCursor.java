package org.fieldhouse.rules.service;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.rules.Uplink;
import org.fieldhouse.api.rules.Uplink.Sample;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place in the journal up to which one uplink has everything. It is kept beside the journal after each batch, so a kill repeats
 * one batch at most and loses none; the journal is not pruned beyond it until the buffer's time is over.
 */
final class UploadCursor {
    private static final Logger LOG = LoggerFactory.getLogger(UploadCursor.class);
    private static final int BATCH = 500;
    /** Events looked at in one go. */
    private static final int STRIDE = 20_000;
    /** An idle cursor is kept again after so many events. */
    private static final long KEEP_EVENTS = 10_000;

    private static final long LOOK_MILLIS = 1_000;
    private static final long COMMIT_MILLIS = 50;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 300_000;
    /** The buffer's end is looked for this often while the other side is away. */
    private static final long EXPIRE_MILLIS = 60_000;

    private final String name;
    private final Journal journal;
    private final Clock clock;
    private final Supplier<@Nullable Uplink> uplink;
    private final Thread thread;
    private final Object signal = new Object();

    // Under signal.
    private boolean woken;

    private volatile long bufferMicros = Long.MAX_VALUE;
    private volatile String trouble = "";
    private volatile long sent;
    private volatile long lost;

    // The thread alone.
    private long cursor;
    private long keptAt = -1;
    private long expiredAt;
    private long pause = FIRST_PAUSE_MILLIS;

    /** @param from where a cursor begins that was never kept: what was before is nobody's */
    UploadCursor(String name, Journal journal, Clock clock, long from, Supplier<@Nullable Uplink> uplink) {
        this.name = name;
        this.journal = journal;
        this.clock = clock;
        this.uplink = uplink;
        this.cursor = from;
        this.thread = new Thread(this::run, "fieldhouse-uplink-" + name);
        thread.setDaemon(true);
    }

    private String store() {
        return "rules.uplink." + name;
    }

    private long kept(long otherwise) {
        try {
            List<Snapshot> all = journal.snapshots(store());
            return all.isEmpty() ? otherwise : all.get(0).sequence();
        } catch (StoreException e) {
            LOG.error("How far uplink {} got cannot be read; it goes on from now", name, e);
            return otherwise;
        }
    }

    void start() {
        thread.start();
    }

    void bufferMicros(long micros) {
        bufferMicros = micros;
    }

    void wake() {
        synchronized (signal) {
            woken = true;
            signal.notifyAll();
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    void join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String standing() {
        String gone = lost == 0 ? "" : ", " + lost + " were older than the buffer";
        return sent + " sent" + gone + (trouble.isEmpty() ? "" : "; waits: " + trouble);
    }

    // ---- the thread

    private void run() {
        cursor = kept(cursor);
        keep();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (!round()) {
                    idle(LOOK_MILLIS, true);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (StoreException | RuntimeException e) {
                trouble = e.toString();
                LOG.error("Uplink {} stumbled; it goes on", name, e);
                idleQuietly();
            }
        }
    }

    private void idleQuietly() {
        try {
            idle(LONGEST_PAUSE_MILLIS, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits so long, or until somebody says that there is something; that is on disk a moment later. */
    private void idle(long millis, boolean wakeable) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        synchronized (signal) {
            for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                if (wakeable && woken) {
                    woken = false;
                    end = Math.min(end, System.nanoTime() + COMMIT_MILLIS * 1_000_000);
                }
                signal.wait(Math.min(left, wakeable ? COMMIT_MILLIS : left));
            }
        }
    }

    /** Whether there may be more at once. */
    private boolean round() throws StoreException, InterruptedException {
        List<Event> found = new ArrayList<>();
        long[] seen = {cursor};
        long begin = cursor;
        journal.read(cursor + 1, event -> {
            seen[0] = event.sequence();
            if (isMine(event)) {
                found.add(event);
            }
            return found.size() < BATCH && event.sequence() - begin < STRIDE;
        });
        if (found.isEmpty()) {
            boolean moved = seen[0] > cursor;
            cursor = seen[0];
            if (cursor - keptAt >= KEEP_EVENTS) {
                keep();
            }
            trouble = "";
            return moved;
        }
        return send(found, seen[0]);
    }

    private boolean isMine(Event event) {
        return event.fact() instanceof Fact.ExternalFact fact
                && event.cause().origin() == Cause.Origin.RULE
                && fact.type().equals(Sender.UPLOAD)
                && fact.values().get("to") instanceof Text to
                && to.value().equals(name);
    }

    private boolean send(List<Event> found, long upTo) throws InterruptedException {
        Uplink to = uplink.get();
        if (to == null) {
            trouble = "uplink " + name + " is not there";
            expire();
            idle(LOOK_MILLIS, false);
            return true;
        }
        List<Sample> batch = new ArrayList<>();
        long oldest = oldest();
        for (Event event : found) {
            if (event.timeMicros() >= oldest) {
                batch.add(sample(event));
            } else {
                lost++;
            }
        }
        try {
            if (!batch.isEmpty()) {
                to.send(List.copyOf(batch));
            }
        } catch (Uplink.UplinkException e) {
            return later(String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Uplink {} failed; the values are kept", name, e);
            return later(e.toString());
        }
        if (!trouble.isEmpty()) {
            LOG.info("Uplink {} takes values again", name);
        }
        sent += batch.size();
        trouble = "";
        pause = FIRST_PAUSE_MILLIS;
        cursor = upTo;
        keep();
        return true;
    }

    private boolean later(String why) throws InterruptedException {
        if (trouble.isEmpty()) {
            LOG.warn("Uplink {} does not take values, which are kept: {}", name, why);
        }
        trouble = why;
        expire();
        idle(pause, false);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        return true;
    }

    private long oldest() {
        long now = clock.millis() * 1_000;
        return bufferMicros > now ? Long.MIN_VALUE : now - bufferMicros;
    }

    /** What is older than the buffer is not waited with. */
    private void expire() {
        long now = System.nanoTime() / 1_000_000;
        if (expiredAt != 0 && now - expiredAt < EXPIRE_MILLIS) {
            return;
        }
        expiredAt = now;
        long first = journal.sequenceAt(Math.max(0, oldest())).orElse(cursor + 1);
        if (first > cursor + 1) {
            LOG.warn("Uplink {}: what is older than the buffer is given up", name);
            lost++;
            cursor = first - 1;
            keep();
        }
    }

    private static Sample sample(Event event) {
        Fact.ExternalFact fact = (Fact.ExternalFact) event.fact();
        String name = fact.values().get("name") instanceof Text text ? text.value() : "";
        Instant time = fact.values().get("time") instanceof Moment moment ? moment.instant() : event.time();
        Value value = fact.values().getOrDefault("value", new Text(""));
        return new Sample(event.sequence(), name, value, time);
    }

    private void keep() {
        keptAt = cursor;
        try {
            journal.putSnapshot(store(), new Snapshot(cursor, new byte[] {1}));
        } catch (StoreException e) {
            LOG.error("How far uplink {} got cannot be kept; after a crash values may come twice", name, e);
        }
        journal.retain(store(), cursor + 1);
    }
}
