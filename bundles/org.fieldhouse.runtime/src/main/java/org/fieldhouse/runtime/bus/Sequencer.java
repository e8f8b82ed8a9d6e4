package org.fieldhouse.runtime.bus;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.state.StateCell;
import org.fieldhouse.runtime.state.StateTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every event its number and time, and decides what a report changes. One thread at a time does this, whichever it is:
 * <em>whoever holds the baton sequences</em>. A thread that has something to say takes the baton if it is free and sequences it
 * there and then, so a report costs no wake-up before its subscribers' own. If the baton is taken it puts what it has into a queue
 * and goes; the holder looks again before it lets go. A holder that has sequenced {@link #INLINE} events of others hands the baton
 * to the bus thread, so nobody is kept for long.
 *
 * <p>When a {@link Gate} has no room the baton is put down as STALLED: mailboxes fill and coalesce, publishers wait, and the bus
 * thread takes it up again when there is room.
 *
 * <p>States of the baton: FREE → BUSY (taken) → AGAIN (taken, and there is more) → FREE, or → STALLED → BUSY.
 */
final class Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    static final int INLINE = 512;
    private static final int CHUNK = 64;

    private static final int FREE = 0;
    private static final int BUSY = 1;
    private static final int AGAIN = 2;
    private static final int STALLED = 3;
    private static final int CLOSED = 4;

    private final AtomicInteger baton = new AtomicInteger(STALLED);
    private final ConcurrentLinkedQueue<Object> ready = new ConcurrentLinkedQueue<>();
    private final EventRing ring;
    private final StateTable states;
    private final BusTime time;
    private final CommitQueue commits;
    private final FactListener listener;
    private final Admission admission;

    private volatile Gate[] gates = {};
    private volatile Wakeable[] readers = {};
    private volatile @Nullable Thread helper;
    private volatile long helperSleepsUntil;

    // All below: the holder of the baton.
    private long sequence;
    private long lastMicros;
    private long limit;
    private Gate[] gatesOfLimit = {};
    private boolean blocked;
    private boolean finished;
    /** Whether the holder is going to {@link #attend}. */
    private boolean attends;

    private volatile long stalls;
    private final MailEntry[] batch = new MailEntry[CHUNK];

    /** Where a publisher's wish to know about the disk is put, before the event can be read. */
    interface CommitQueue {
        void await(Event event, CompletableFuture<Event> committed);
    }

    /** Is told each fact that is not about a state, by the holder of the baton, before it can be read. */
    interface FactListener {
        void onFact(Fact fact);
    }

    /** Starts stalled: {@link #start} lets it go. */
    Sequencer(
            EventRing ring,
            StateTable states,
            BusTime time,
            CommitQueue commits,
            FactListener listener,
            Admission admission,
            long lastSequence,
            long lastMicros) {
        this.ring = ring;
        this.states = states;
        this.time = time;
        this.commits = commits;
        this.listener = listener;
        this.admission = admission;
        this.sequence = lastSequence;
        this.lastMicros = lastMicros;
    }

    /** Numbers one last fact, and nothing after it. */
    void finish(Fact fact, Cause cause) {
        Runnable last = () -> {
            sequence(fact, cause, null);
            finished = true;
        };
        submit(last);
    }

    /** Lets every reader but the journal fall behind. */
    synchronized void openGates(Gate except) {
        gates = new Gate[] {except};
        resume();
    }

    void start(Thread busThread) {
        helper = busThread;
        baton.set(FREE);
    }

    /** Nothing is sequenced any more once this has returned. */
    void close() {
        while (true) {
            int now = baton.get();
            if (now == CLOSED) {
                return;
            }
            if ((now == FREE || now == STALLED) && baton.compareAndSet(now, CLOSED)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    boolean isClosed() {
        return baton.get() == CLOSED;
    }

    /** What was put in and never got a number. After {@link #close}. */
    @Nullable
    Object pollRemaining() {
        return ready.poll();
    }

    int waiting() {
        return ready.size();
    }

    boolean isStalled() {
        return baton.get() == STALLED;
    }

    long stalls() {
        return stalls;
    }

    synchronized void addGate(Gate gate) {
        Gate[] more = Arrays.copyOf(gates, gates.length + 1);
        more[gates.length] = gate;
        gates = more;
    }

    synchronized void removeGate(Gate gate) {
        gates = List.of(gates).stream().filter(g -> g != gate).toArray(Gate[]::new);
        resume();
    }

    synchronized void addReader(Wakeable reader) {
        Wakeable[] more = Arrays.copyOf(readers, readers.length + 1);
        more[readers.length] = reader;
        readers = more;
    }

    synchronized void removeReader(Wakeable reader) {
        readers = List.of(readers).stream().filter(r -> r != reader).toArray(Wakeable[]::new);
    }

    /**
     * Takes the baton if it is free. With true the caller may call the {@code sequence…} methods, and must {@link #exit}.
     *
     * @param willAttend whether the caller calls {@link #attend} afterwards, so that readers that allow it need not be woken
     */
    boolean tryEnter(boolean willAttend) {
        if (baton.get() == FREE && baton.compareAndSet(FREE, BUSY)) {
            attends = willAttend;
            return true;
        }
        return false;
    }

    /** Handles what was published, where that spares waking somebody. Without the baton, and without locks. */
    void attend() {
        for (Wakeable reader : readers) {
            reader.attend();
        }
    }

    /** Lets the baton go, after what came meanwhile. */
    void exit() {
        work(INLINE);
    }

    /** Puts in a {@link DeviceMailbox}, a {@link Publication} or a {@link Runnable}, and sees to it that it is dealt with. */
    void submit(Object source) {
        submit(source, false);
    }

    /** The same by somebody who calls {@link #attend} afterwards. */
    void submit(Object source, boolean willAttend) {
        ready.add(source);
        while (true) {
            switch (baton.get()) {
                case FREE -> {
                    if (baton.compareAndSet(FREE, BUSY)) {
                        attends = willAttend;
                        work(INLINE);
                        return;
                    }
                }
                case BUSY -> {
                    if (baton.compareAndSet(BUSY, AGAIN)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Puts in a mailbox that found no room. Baton: {@link #exit} deals with it. */
    void later(Object source) {
        ready.add(source);
    }

    /** A gate has moved: the bus thread is to look. */
    void resume() {
        if (baton.get() == STALLED) {
            LockSupport.unpark(helper);
        }
    }

    /** For the bus thread: takes up the baton where it was put down, if there is room now. */
    boolean takeUp() {
        if (baton.get() == STALLED && hasRoom() && baton.compareAndSet(STALLED, BUSY)) {
            attends = false;
            work(Integer.MAX_VALUE);
            return true;
        }
        return false;
    }

    private boolean hasRoom() {
        long lowest = Long.MAX_VALUE;
        for (Gate gate : gates) {
            lowest = Math.min(lowest, gate.limit());
        }
        return ring.published() < lowest;
    }

    private void work(int most) {
        int done = 0;
        while (true) {
            if (baton.get() == AGAIN) {
                baton.set(BUSY);
            }
            done += drain(most - done);
            if (finished) {
                baton.set(CLOSED);
                return;
            }
            if (blocked || done >= most && !ready.isEmpty()) {
                if (putDown()) {
                    return;
                }
                done = 0;
            } else if (baton.compareAndSet(BUSY, FREE)) {
                return;
            }
        }
    }

    /** Leaves the rest to the bus thread; false if there is room again after all. */
    private boolean putDown() {
        boolean wait = blocked;
        blocked = false;
        if (wait) {
            stalls++;
        }
        baton.set(STALLED);
        if (wait && hasRoom() && baton.compareAndSet(STALLED, BUSY)) {
            return false;
        }
        LockSupport.unpark(helper);
        return true;
    }

    private int drain(int most) {
        int done = 0;
        int unpublished = 0;
        while (done < most && !finished) {
            int room = room();
            if (room == 0) {
                blocked = !ready.isEmpty();
                break;
            }
            Object source = ready.poll();
            if (source == null) {
                break;
            }
            int n = guarded(source, Math.min(room, CHUNK));
            done += n;
            unpublished += n;
            if (unpublished >= CHUNK) {
                publish(false); // there is more to do before this thread could attend
                unpublished = 0;
            }
        }
        if (unpublished > 0) {
            publish();
        }
        return done;
    }

    /** A bug in one source must not stop the bus. */
    private int guarded(Object source, int room) {
        long before = sequence;
        try {
            if (source instanceof DeviceMailbox mailbox) {
                drainMailbox(mailbox, room);
            } else if (source instanceof Publication publication) {
                admission.leave();
                sequence(publication.fact(), publication.cause(), publication.committed());
            } else if (source instanceof Runnable task) {
                task.run();
            }
        } catch (RuntimeException e) {
            LOG.error("an input of the bus was dropped", e);
        }
        return (int) (sequence - before);
    }

    private void drainMailbox(DeviceMailbox mailbox, int room) {
        int n = mailbox.take(batch, room);
        long now = time.nowMicros();
        for (int i = 0; i < n; i++) {
            MailEntry entry = batch[i];
            batch[i] = MailEntry.NONE;
            sequence(entry, mailbox.cause(), now);
        }
        if (mailbox.keepScheduled()) {
            ready.add(mailbox);
        }
    }

    private void sequence(MailEntry entry, Cause device, long now) {
        StateCell cell = entry.cell;
        switch (entry.kind) {
            case REPORT -> {
                if (cell != null) {
                    put(
                            states.report(cell, entry.value, entry.quality, entry.sourceMicros, entry.receivedMicros),
                            device,
                            now);
                }
            }
            case OFFLINE -> {
                Fact fact = cell == null ? null : states.offline(cell);
                if (fact != null) {
                    put(fact, Cause.RUNTIME, now);
                }
            }
            case ONLINE -> {
                Fact fact = cell == null ? null : states.online(cell, now);
                if (fact != null) {
                    put(fact, Cause.RUNTIME, now);
                }
            }
            case FACT -> {
                if (entry.fact != null && entry.cause != null) {
                    sequence(entry.fact, entry.cause, entry.committed);
                }
            }
            default -> throw new AssertionError(entry.kind);
        }
    }

    /** How many events there is room for. Baton. */
    int room() {
        Gate[] now = gates;
        if (sequence >= limit || now != gatesOfLimit) {
            long lowest = Long.MAX_VALUE;
            for (Gate gate : now) {
                lowest = Math.min(lowest, gate.limit());
            }
            limit = lowest;
            gatesOfLimit = now;
        }
        return (int) Math.max(0, Math.min(limit - sequence, Integer.MAX_VALUE));
    }

    /** Baton, with room. */
    void sequenceReport(
            StateCell cell, @Nullable Value value, Quality quality, long source, long received, Cause cause) {
        put(states.report(cell, value, quality, source, received), cause, received);
    }

    /** Baton, with room. */
    Event sequence(Fact fact, Cause cause, @Nullable CompletableFuture<Event> committed) {
        states.learn(fact);
        listener.onFact(fact);
        Event event = put(fact, cause, time.nowMicros());
        if (committed != null) {
            commits.await(event, committed);
        }
        return event;
    }

    /** Goes over to a wall clock that was set: first the event that says so, then everything else in the new time. Baton, with room. */
    BusTime.@Nullable Step sequenceStep() {
        BusTime.Step step = time.step();
        if (step != null) {
            states.moved(step::moved);
            put(step.fact(), Cause.CLOCK, time.nowMicros());
        }
        return step;
    }

    /** Makes points STALE whose time is over. Baton; as many as there is room for. */
    void sequenceStale() {
        long now = time.nowMicros();
        while (room() > 0) {
            Fact fact = states.nextStale(now);
            if (fact == null) {
                return;
            }
            put(fact, Cause.CLOCK, now);
        }
    }

    private Event put(Fact fact, Cause cause, long micros) {
        lastMicros = Math.max(lastMicros, micros);
        Event event = new Event(++sequence, lastMicros, cause, fact);
        ring.put(event);
        return event;
    }

    /** What was put can be read. Baton. */
    void publish() {
        publish(attends);
    }

    private void publish(boolean willAttend) {
        long now = sequence;
        ring.publish(now);
        for (Wakeable reader : readers) {
            if (!willAttend || !reader.canBeAttended()) {
                reader.wake(now);
            }
        }
        if (states.nextCheck() < helperSleepsUntil) {
            helperSleepsUntil = 0;
            LockSupport.unpark(helper);
        }
    }

    /** For the bus thread: until when it means to sleep, µs; an earlier max-age wakes it. */
    void helperSleepsUntil(long micros) {
        helperSleepsUntil = micros;
    }
}
