package org.fieldhouse.runtime.bus;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor: what it needs is in the ring, or, when it is further behind, in the journal. So there is no seam between replay and
 * live, and nobody waits for it.
 */
final class Follower extends HandlerThread {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int BATCH = 2_048;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Journal journal;
    private final long firstOfRun;
    // Own thread.
    private final ArrayDeque<Event> buffer = new ArrayDeque<>();
    private boolean waitsForDisk;
    private boolean troubled;
    /** Events of this run that neither the ring nor the journal has. Written by the own thread. */
    private volatile long missing;

    Follower(
            String name,
            long from,
            EventRing ring,
            Journal journal,
            long firstOfRun,
            EventHandler handler,
            Consumer<HandlerThread> onClosed) {
        super(name, false, ring, handler, from - 1, onClosed);
        this.journal = journal;
        this.firstOfRun = firstOfRun;
    }

    @Override
    boolean hasMore() {
        return !waitsForDisk && (!buffer.isEmpty() || ring.published() > cursor());
    }

    @Override
    long idleNanos() {
        return waitsForDisk ? RETRY_NANOS : Long.MAX_VALUE;
    }

    @Override
    @Nullable
    Event poll() {
        waitsForDisk = false;
        Event buffered = buffer.poll();
        while (buffered == null && !isClosed()) {
            long next = cursor() + 1;
            if (next > ring.published()) {
                return null;
            }
            Event recent = ring.get(next);
            if (recent != null) {
                return recent;
            }
            readBatch(next);
            buffered = buffer.poll();
            if (buffered == null || buffered.sequence() != next && next >= firstOfRun) {
                buffered = null;
                buffer.clear();
                if (!skip(next)) {
                    waitsForDisk = true;
                    return null;
                }
            }
        }
        return buffered;
    }

    private void readBatch(long next) {
        try {
            journal.read(next, event -> {
                buffer.add(event);
                return buffer.size() < BATCH;
            });
            troubled = false;
        } catch (StoreException e) {
            buffer.clear();
            if (!troubled) {
                LOG.warn("{}: cannot read the journal, trying again", name(), e);
            }
            troubled = true;
        }
    }

    /** Goes past a number that will never come; false if it may come yet. */
    private boolean skip(long next) {
        if (troubled || next >= firstOfRun && journal.committedSequence() < next) {
            return false;
        }
        if (next < firstOfRun) {
            done(firstOfRun - 1);
        } else {
            missing++;
            done(next);
        }
        return true;
    }

    @Override
    public long dropped() {
        return missing;
    }

    @Override
    public int waiting() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, ring.published() - cursor()));
    }
}
