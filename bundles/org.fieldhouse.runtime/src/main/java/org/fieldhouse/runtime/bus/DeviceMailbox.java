package org.fieldhouse.runtime.bus;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.DeviceSignalled;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.bus.MailEntry.Kind;
import org.fieldhouse.runtime.state.StateCell;
import org.fieldhouse.runtime.state.StateTable;
import org.jspecify.annotations.Nullable;

/**
 * The mailbox of one device. While the baton is free and nothing waits, a report goes straight to its number and never comes in
 * here. Otherwise it waits in a list, and a later report of the same point takes its place.
 *
 * <p>A signal ends a stretch: reports before it stay as they are, later ones queue behind it. So that a device that signals and
 * reports without end stays bounded, a point that has a report waiting in an earlier stretch loses that one when more than
 * {@link #SEALED} entries wait; it counts as coalesced like any other.
 */
final class DeviceMailbox implements Mailbox {
    static final int SEALED = 1_024;

    private final DeviceId device;
    private final Cause cause;
    private final Sequencer sequencer;
    private final StateTable states;
    private final BusTime time;
    private final int maxSignals;
    private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();

    /** Reports that went straight to their number. Written by the holder of the baton. */
    private volatile long direct;
    /** Written under this object's lock. */
    private volatile int waiting;

    // Guarded by this.
    private @Nullable MailEntry first;
    private @Nullable MailEntry last;
    private boolean scheduled;
    private int signals;
    private long stretch;
    private long queued;
    private long coalesced;
    private long refused;

    private static final class Slot {
        final StateCell cell;
        /** The newest report that waits; guarded by the mailbox. */
        @Nullable
        MailEntry pending;

        Slot(StateCell cell) {
            this.cell = cell;
        }
    }

    DeviceMailbox(DeviceId device, Sequencer sequencer, StateTable states, BusTime time, int maxSignals) {
        this.device = device;
        this.cause = Cause.device(device);
        this.sequencer = sequencer;
        this.states = states;
        this.time = time;
        this.maxSignals = maxSignals;
    }

    Cause cause() {
        return cause;
    }

    private Slot slot(String point) {
        Slot known = slots.get(point);
        return known != null ? known : slots.computeIfAbsent(point, p -> new Slot(states.cell(new PointId(device, p))));
    }

    @Override
    public void report(String point, @Nullable Value value, Quality quality, long sourceMicros) {
        Slot slot = slot(point);
        if (waiting == 0 && sequencer.tryEnter(true)) {
            try {
                if (sequencer.room() > 0) {
                    sequencer.sequenceReport(slot.cell, value, quality, sourceMicros, time.nowMicros(), cause);
                    direct++;
                    sequencer.publish();
                    return;
                }
                if (enqueue(slot, value, quality, sourceMicros)) {
                    sequencer.later(this);
                }
            } finally {
                sequencer.exit();
            }
        } else if (enqueue(slot, value, quality, sourceMicros)) {
            sequencer.submit(this, true);
        }
    }

    /** Whether the mailbox has to be put into the sequencer's queue. */
    private synchronized boolean enqueue(Slot slot, @Nullable Value value, Quality quality, long sourceMicros) {
        MailEntry entry = slot.pending;
        if (entry != null && (entry.stretch == stretch || waiting >= SEALED)) {
            coalesced++;
            if (value == null) {
                value = entry.value;
            }
            if (entry.stretch != stretch) {
                unlink(entry);
                entry = null;
            }
        } else {
            entry = null;
        }
        if (entry == null) {
            entry = new MailEntry(Kind.REPORT, slot.cell);
            entry.stretch = stretch;
            slot.pending = entry;
            append(entry);
        }
        queued++;
        entry.value = value;
        entry.quality = quality;
        entry.receivedMicros = time.nowMicros();
        entry.sourceMicros = sourceMicros;
        return schedule();
    }

    @Override
    public boolean signal(String event, Map<String, Value> arguments) {
        Fact fact = new DeviceSignalled(device, event, arguments);
        synchronized (this) {
            if (signals >= maxSignals) {
                refused++;
                return false;
            }
            MailEntry entry = fact(fact, cause);
            entry.signal = true;
            signals++;
            if (!schedule()) {
                return true;
            }
        }
        sequencer.submit(this, true);
        return true;
    }

    @Override
    public void publish(Fact fact, Cause why) {
        put(fact, why, false);
    }

    @Override
    public void say(Fact fact, Cause why) {
        put(fact, why, true);
    }

    private void put(Fact fact, Cause why, boolean willAttend) {
        synchronized (this) {
            fact(fact, why);
            if (!schedule()) {
                return;
            }
        }
        sequencer.submit(this, willAttend);
    }

    @Override
    public void attend() {
        sequencer.attend();
    }

    @Override
    public CompletionStage<Event> publishDurably(Fact fact, Cause why) {
        CompletableFuture<Event> committed = new CompletableFuture<>();
        synchronized (this) {
            fact(fact, why).committed = committed;
            if (!schedule()) {
                return committed;
            }
        }
        sequencer.submit(this);
        return committed;
    }

    private MailEntry fact(Fact fact, Cause why) {
        MailEntry entry = new MailEntry(Kind.FACT, null);
        entry.fact = fact;
        entry.cause = why;
        append(entry);
        stretch++;
        return entry;
    }

    @Override
    public void offline() {
        all(Kind.OFFLINE);
    }

    @Override
    public void online() {
        all(Kind.ONLINE);
    }

    private void all(Kind kind) {
        synchronized (this) {
            for (StateCell cell : states.cellsOf(device)) {
                append(new MailEntry(kind, cell));
            }
            stretch++;
            if (waiting == 0 || !schedule()) {
                return;
            }
        }
        sequencer.submit(this);
    }

    private boolean schedule() {
        boolean wasIdle = !scheduled;
        scheduled = true;
        return wasIdle;
    }

    /** For the holder of the baton: takes out at most {@code most} entries. */
    synchronized int take(MailEntry[] into, int most) {
        int n = 0;
        for (MailEntry entry = first; entry != null && n < most; entry = first) {
            unlink(entry);
            if (entry.kind == Kind.REPORT && entry.cell != null) {
                Slot slot = slots.get(entry.cell.point().point());
                if (slot != null && slot.pending == entry) {
                    slot.pending = null;
                }
            }
            if (entry.signal) {
                signals--;
            }
            into[n++] = entry;
        }
        return n;
    }

    /** For the holder of the baton, after {@link #take}: whether there is more, and the mailbox stays in the queue. */
    synchronized boolean keepScheduled() {
        scheduled = first != null;
        return scheduled;
    }

    private void append(MailEntry entry) {
        MailEntry tail = last;
        entry.previous = tail;
        if (tail == null) {
            first = entry;
        } else {
            tail.next = entry;
        }
        last = entry;
        waiting++;
    }

    private void unlink(MailEntry entry) {
        MailEntry before = entry.previous;
        MailEntry after = entry.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        waiting--;
    }

    /** Reports taken in. */
    synchronized long reported() {
        return direct + queued;
    }

    @Override
    public synchronized long coalesced() {
        return coalesced;
    }

    @Override
    public synchronized long refused() {
        return refused;
    }

    @Override
    public int waiting() {
        return waiting;
    }
}
