package org.fieldhouse.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.history.HistoryStatus;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.history.store.Store;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal from its cursor on and keeps the states of points, on a thread of its own. The cursor is in the files of the
 * history, behind the states that it covers: so a state is in them once, whenever the process or this bundle ends. What is on disk in
 * the journal alone is read; nobody waits for this.
 */
final class Recorder {
    /** Says when the house ran: on from a start on, off from the moment on when it was last known to be alive. */
    static final PointId RUNNING = PointId.of(".house", "running");

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final String NAME = "history";

    /** Events looked at in one go. */
    private static final int STRIDE = 4_000;

    private static final long LOOK_MILLIS = 500;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 300_000;
    private static final long STOP_MILLIS = 15_000;
    private static final long TIDY_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long DAY_MICROS = 86_400_000_000L;

    /**
     * What is kept, and when it is written.
     *
     * @param keep how long
     * @param keepBytes how much
     * @param every states gather in memory for so long
     * @param memoryBytes and up to so much
     * @param reports whether reports that change nothing are kept
     * @param hold how long the journal waits for a history that cannot be written
     */
    record Settings(Duration keep, long keepBytes, Duration every, long memoryBytes, boolean reports, Duration hold) {}

    private final Path directory;
    private final Journal journal;
    private final Settings settings;
    private final Store.Limits limits;
    private final Clock clock;
    private final Thread thread;
    private final Object signal = new Object();

    private volatile boolean stopping;
    private volatile @Nullable Store store;
    private volatile String trouble = "";
    private volatile long recorded;
    private volatile long failures;
    private volatile long cursor;

    // The thread alone.
    private long flushedAt;
    private long tidiedAt;
    private long pause = FIRST_PAUSE_MILLIS;
    /** Not before this time a write is tried again; 0 for at once. */
    private long notBefore;

    private boolean released;
    private boolean readFailed;

    Recorder(Path directory, Journal journal, Settings settings, Store.Limits limits, Clock clock) {
        this.directory = directory;
        this.journal = journal;
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
        thread = new Thread(this::run, "fieldhouse-history");
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Writes what is in memory, and ends. What cannot be written is read from the journal by who comes next. */
    void stop() {
        stopping = true;
        synchronized (signal) {
            signal.notifyAll();
        }
        // Not interrupted: that would close the files under its hands.
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (thread.isAlive() && System.nanoTime() < end) {
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The files, or why they cannot be read. */
    Store store() throws StoreException {
        Store opened = store;
        if (opened == null) {
            throw new StoreException(
                    trouble.isEmpty() ? "the history is being opened" : "the history cannot be opened: " + trouble);
        }
        return opened;
    }

    HistoryStatus status() {
        Store opened = store;
        if (opened == null) {
            return new HistoryStatus(trouble, 0, 0, 0, null, 0, 0, 0, 0, failures);
        }
        long since = opened.since();
        long behind = Math.max(0, journal.committedSequence() - cursor);
        return new HistoryStatus(
                trouble,
                recorded,
                opened.kept(),
                opened.bytes(),
                since == Long.MAX_VALUE ? null : Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(since)),
                cursor,
                behind,
                opened.waiting(),
                opened.damaged(),
                failures);
    }

    // ---- the thread

    private void run() {
        try {
            Store opened = open();
            if (opened != null) {
                follow(opened);
                if (opened.waiting() > 0 || opened.cursor() != opened.flushed()) {
                    flush(opened);
                }
            }
        } catch (Error e) {
            trouble = e + "; restart the bundle org.fieldhouse.history";
            throw e;
        } finally {
            journal.retain(NAME, Long.MAX_VALUE);
        }
    }

    private @Nullable Store open() {
        while (!stopping) {
            try {
                Store opened = Store.open(directory, limits);
                meet(opened);
                cursor = opened.cursor();
                store = opened;
                trouble = "";
                pause = FIRST_PAUSE_MILLIS;
                return opened;
            } catch (IOException | RuntimeException e) {
                failed(e);
                idle(pause());
            }
        }
        return null;
    }

    /** The journal may have lost its end, or be another one: then what is newer than the history is read from it. */
    private void meet(Store opened) {
        long newest = journal.committedSequence();
        if (opened.cursor() > newest) {
            long first = journal.sequenceAt(opened.cursorMicros() + 1).orElse(newest + 1);
            LOG.warn(
                    "The history has read up to event {}, and the journal ends at {}: it goes on at event {}",
                    opened.cursor(),
                    newest,
                    first);
            opened.rewind(first - 1);
        }
        journal.retain(NAME, opened.cursor() + 1);
    }

    private void follow(Store opened) {
        flushedAt = System.nanoTime();
        tidiedAt = flushedAt - TIDY_NANOS;
        while (!stopping) {
            try {
                long begin = System.nanoTime();
                boolean more = !isFull(opened) && round(opened);
                if (readFailed) {
                    fine();
                }
                if (isDue(opened) && mayWrite()) {
                    flush(opened);
                }
                tidy(opened);
                // Half of the time at most: what is far behind catches up without being in anybody's way.
                idle(more ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)) : LOOK_MILLIS);
            } catch (StoreException | RuntimeException e) {
                readFailed = true;
                failed(e);
                idle(pause());
            }
        }
    }

    private boolean isFull(Store opened) {
        return opened.waitingBytes() >= settings.memoryBytes();
    }

    private boolean isDue(Store opened) {
        return isFull(opened)
                || opened.cursor() != opened.flushed()
                        && System.nanoTime() - flushedAt >= settings.every().toNanos();
    }

    private boolean mayWrite() {
        return notBefore == 0 || System.nanoTime() - notBefore >= 0;
    }

    /** Whether there may be more at once. */
    private boolean round(Store opened) throws StoreException {
        long from = opened.cursor();
        if (journal.committedSequence() <= from) {
            return false;
        }
        Reading reading = new Reading(from);
        journal.read(from + 1, reading::take);
        if (reading.upTo == from) {
            return false;
        }
        opened.add(reading.samples, reading.upTo, reading.micros);
        recorded += reading.samples.size();
        cursor = reading.upTo;
        return reading.looked >= STRIDE;
    }

    /** Events of one go. */
    private final class Reading {
        final List<Store.Sample> samples = new ArrayList<>();
        long upTo;
        long micros;
        int looked;

        Reading(long from) {
            upTo = from;
        }

        boolean take(Event event) {
            Fact fact = event.fact();
            long time = event.timeMicros();
            if (fact instanceof Fact.StateChanged changed) {
                samples.add(new Store.Sample(changed.point(), time, changed.after()));
            } else if (fact instanceof Fact.StateReported reported && settings.reports()) {
                samples.add(new Store.Sample(reported.point(), time, reported.state()));
            } else if (fact instanceof Fact.RuntimeStarted started && started.stoppedMicros() > 0) {
                long stopped = Math.min(started.stoppedMicros(), time);
                samples.add(new Store.Sample(RUNNING, stopped, running(false, stopped)));
                samples.add(new Store.Sample(RUNNING, time, running(true, time)));
            }
            upTo = event.sequence();
            micros = time;
            looked++;
            return looked < STRIDE && !stopping;
        }

        private State running(boolean on, long at) {
            return new State(Bool.of(on), Quality.GOOD, at, at);
        }
    }

    private void flush(Store opened) {
        try {
            opened.flush();
            flushedAt = System.nanoTime();
            fine();
            released = false;
            journal.retain(NAME, opened.flushed() + 1);
        } catch (IOException | RuntimeException e) {
            failed(e);
            notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause());
            release();
        }
    }

    /** The journal does not wait for ever. */
    private void release() {
        if (!released
                && System.nanoTime() - flushedAt
                        > settings.hold().toNanos() + settings.every().toNanos()) {
            released = true;
            journal.retain(NAME, Long.MAX_VALUE);
            LOG.error("The history could not be written for {}; the journal no longer waits for it", settings.hold());
        }
    }

    private void tidy(Store opened) {
        if (System.nanoTime() - tidiedAt < TIDY_NANOS && !opened.hasLongLog()) {
            return;
        }
        if (!mayWrite()) {
            return;
        }
        try {
            while (!stopping && opened.sort()) {
                LOG.debug("A log of the history was sorted");
            }
            // Of two clocks the earlier: one that stands wrong must not remove anything.
            long now = Math.min(TimeUnit.MILLISECONDS.toMicros(clock.millis()), opened.cursorMicros());
            opened.prune(now - settings.keep().toDays() * DAY_MICROS, settings.keepBytes());
            tidiedAt = System.nanoTime();
            if (notBefore != 0) {
                fine();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
            notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause());
        }
    }

    private void fine() {
        if (!trouble.isEmpty()) {
            LOG.info("The history is kept again");
        }
        trouble = "";
        pause = FIRST_PAUSE_MILLIS;
        notBefore = 0;
        readFailed = false;
    }

    private void failed(Exception e) {
        failures++;
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        if (trouble.isEmpty()) {
            LOG.warn("The history cannot be kept now; nothing is lost, the journal has it: {}", why, e);
        }
        trouble = why;
    }

    private long pause() {
        long now = pause;
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        return now;
    }

    private void idle(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (signal) {
            for (long left = millis;
                    left > 0 && !stopping;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                try {
                    signal.wait(left);
                } catch (InterruptedException e) {
                    LOG.trace("Who ends this thread says so", e);
                }
            }
        }
    }
}
