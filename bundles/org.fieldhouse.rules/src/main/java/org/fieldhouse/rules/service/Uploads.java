package org.fieldhouse.rules.service;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.rules.Uplink;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.rules.program.Code;
import org.fieldhouse.rules.program.Program;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what rule files upload to the other side: one {@link UploadCursor} with its thread for each uplink that they name. Any thread. */
final class Uploads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final EventBus bus;
    private final Journal journal;
    private final Clock clock;
    private final Map<String, Uplink> present = new HashMap<>();
    private final Map<String, UploadCursor> cursors = new HashMap<>();
    private boolean closed;

    Uploads(EventBus bus, Journal journal, Clock clock) {
        this.bus = bus;
        this.journal = journal;
        this.clock = clock;
    }

    /** The program that counts from now on. What is left of uplinks that it does not name is still sent. */
    synchronized void wanted(Program program) {
        Map<String, Double> buffers = new HashMap<>();
        for (Code code : program.codes()) {
            if (code instanceof Code.Upload upload) {
                buffers.merge(upload.to(), upload.bufferSeconds(), Math::max);
            }
        }
        buffers.forEach((name, seconds) -> {
            UploadCursor cursor = cursors.get(name);
            if (cursor == null && !closed) {
                cursor = new UploadCursor(name, journal, clock, bus.lastSequence(), () -> find(name));
                cursors.put(name, cursor);
                cursor.start();
            }
            if (cursor != null) {
                cursor.bufferMicros((long) (seconds * 1e6));
            }
        });
    }

    private synchronized @Nullable Uplink find(String name) {
        return present.get(name);
    }

    void add(Uplink uplink) {
        String name = uplink.name();
        synchronized (this) {
            if (present.putIfAbsent(name, uplink) != null) {
                LOG.warn("There are two uplinks {}; the first one stays", name);
            }
        }
        woken(name);
    }

    synchronized void remove(Uplink uplink) {
        present.values().removeIf(each -> each == uplink);
    }

    /** Something for that uplink is on its way into the journal. */
    void woken(String name) {
        UploadCursor cursor;
        synchronized (this) {
            cursor = cursors.get(name);
        }
        if (cursor != null) {
            cursor.wake();
        }
    }

    /** How it stands with an uplink, for people; empty if the rules do not name it. */
    synchronized String standing(String name) {
        UploadCursor cursor = cursors.get(name);
        return cursor == null ? "" : cursor.standing();
    }

    /** The uplinks that rules have named so far. */
    synchronized Set<String> names() {
        return Set.copyOf(cursors.keySet());
    }

    @Override
    public void close() {
        Map<String, UploadCursor> all;
        synchronized (this) {
            closed = true;
            all = Map.copyOf(cursors);
        }
        all.values().forEach(UploadCursor::interrupt);
        all.values().forEach(each -> each.join(TimeUnit.SECONDS.toMillis(5)));
    }
}
