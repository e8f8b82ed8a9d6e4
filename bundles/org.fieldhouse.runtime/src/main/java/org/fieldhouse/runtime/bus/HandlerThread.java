package org.fieldhouse.runtime.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Event;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription with its thread. The thread goes to sleep when nothing waits; whoever publishes wakes it only then, so under
 * load there are no wake-ups at all. While it sleeps, a publisher may {@link #attend} to a handler that is prompt: then there are
 * none at a low rate either.
 */
abstract class HandlerThread implements Subscription, Wakeable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerThread.class);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int CACHE_LINE = 32;

    /** States of {@link #mode}: the own thread is up. */
    private static final int AWAKE = 0;
    /** The own thread sleeps. */
    private static final int ASLEEP = 1;
    /** The own thread sleeps, and a publisher's runs the handler. */
    private static final int ATTENDED = 2;

    /** Events that a publisher handles before the own thread takes over. */
    private static final int ATTEND_EVENTS = 64;
    /** A handler that takes longer for an event is left to its own thread for a while. */
    private static final long PROMPT_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long LEFT_ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** After so many events the thread looks whether they come thick and fast. */
    private static final int BRISK_EVENTS = 64;
    /** They do if they take less than this each, the waiting for them included. */
    private static final long BRISK_NANOS = 2_000;
    /** How long a few of them are left to gather then. */
    private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final VarHandle CURSOR;
    private static final VarHandle DELIVERED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURSOR = lookup.findVarHandle(HandlerThread.class, "cursor", long.class);
            DELIVERED = lookup.findVarHandle(HandlerThread.class, "delivered", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final EventRing ring;
    private final String name;
    private final EventHandler handler;
    private final Thread thread;
    private final boolean core;
    private final Consumer<HandlerThread> onClosed;

    /** The newest event that the handler is done with, or that was dropped. Written by the own thread. */
    private volatile long cursor;
    /** Written by the own thread. */
    private volatile long delivered;

    private volatile long failures;
    private volatile boolean closed;

    /** Every publisher looks at it, so it has a cache line of its own: the one element in the middle. */
    private final AtomicIntegerArray mode = new AtomicIntegerArray(2 * CACHE_LINE);

    /** Until then the handler is left to its own thread, {@link System#nanoTime}; 0 if it need not be. */
    private volatile long alone;

    private volatile @Nullable Thread attendant;

    /** Events handled after {@link #since}. Own thread. */
    private long recent;
    /** {@link System#nanoTime}. Own thread. */
    private long since = System.nanoTime();
    /** Whether the last of them came thick and fast. Own thread. */
    private boolean brisk;

    HandlerThread(
            String name,
            boolean core,
            EventRing ring,
            EventHandler handler,
            long after,
            Consumer<HandlerThread> onClosed) {
        this.name = name;
        this.core = core;
        this.ring = ring;
        this.handler = handler;
        this.cursor = after;
        this.onClosed = onClosed;
        String title = "fieldhouse-sub-" + name;
        if (core) {
            thread = new CoreThread(this::run, title);
        } else {
            thread = new Thread(this::run, title);
            thread.setDaemon(true);
        }
    }

    void start() {
        thread.start();
    }

    /** The next event for the handler; null if there is none now. Own thread. */
    abstract @Nullable Event poll();

    /** Whether {@link #poll} would have something. Own thread. */
    abstract boolean hasMore();

    /** Something to do while nothing comes, at most every so often; {@link Long#MAX_VALUE} for never. */
    long idleNanos() {
        return Long.MAX_VALUE;
    }

    private void run() {
        boolean busy = false;
        while (!closed) {
            Event event = poll();
            if (event != null) {
                handle(event);
                busy = true;
                recent++;
            } else if (busy) {
                busy = false;
                idle();
                linger();
            } else {
                park();
                brisk = false;
                recent = 0;
                since = System.nanoTime();
            }
        }
        onClosed.accept(this);
    }

    /**
     * Offers the processor, for whoever publishes may be waiting for it: more in one go is cheaper than to sleep and be woken. While
     * events come thick and fast it does not even look for a moment: a reader at the writer's heels takes from it, event by
     * event, the cache lines that it writes next.
     */
    private void linger() {
        long start = 0;
        if (brisk || recent >= BRISK_EVENTS) {
            start = System.nanoTime();
        }
        if (recent >= BRISK_EVENTS) {
            brisk = start - since < recent * BRISK_NANOS;
            recent = 0;
            since = start;
        }
        do {
            Thread.yield();
        } while (brisk && System.nanoTime() - start < GATHER_NANOS);
    }

    private void handle(Event event) {
        try {
            handler.onEvent(event);
        } catch (Exception | Error e) { // an error must neither end the rules nor reach whoever attends to them
            failed(e);
        }
        DELIVERED.setRelease(this, delivered + 1);
        done(event.sequence());
    }

    private void idle() {
        try {
            handler.onIdle();
        } catch (Exception | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        if (e instanceof InterruptedException && closed) {
            return;
        }
        if (failures++ == 0) {
            LOG.error("{}: the handler failed; later failures are only counted", name, e);
        }
    }

    private void park() {
        mode.set(CACHE_LINE, ASLEEP);
        if (!hasMore() && !closed) {
            long most = idleNanos();
            if (most == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, most);
            }
        }
        while (mode.get(CACHE_LINE) != AWAKE && !mode.compareAndSet(CACHE_LINE, ASLEEP, AWAKE)) {
            LockSupport.park(this);
        }
    }

    @Override
    public void wake(long published) {
        if (mode.get(CACHE_LINE) == ASLEEP && mode.compareAndSet(CACHE_LINE, ASLEEP, AWAKE)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public final boolean canBeAttended() {
        if (!core || !handler.isPrompt()) {
            return false;
        }
        long until = alone;
        return until == 0 || System.nanoTime() - until > 0;
    }

    @Override
    public final void attend() {
        while (mode.get(CACHE_LINE) == ASLEEP && hasMore()) {
            if (closed || !canBeAttended()) {
                wake(0);
            } else if (mode.compareAndSet(CACHE_LINE, ASLEEP, ATTENDED)) {
                boolean more = true;
                try {
                    more = attended();
                } finally {
                    mode.set(CACHE_LINE, ASLEEP);
                    if (more || closed) {
                        wake(0);
                    }
                }
            }
        }
    }

    /** Runs the handler for a while; whether it is for the own thread to go on. */
    private boolean attended() {
        long start = System.nanoTime();
        int count = 0;
        attendant = Thread.currentThread();
        CoreThread.lend();
        try {
            Event event = poll();
            while (event != null && !closed) {
                handle(event);
                if (++count == ATTEND_EVENTS) {
                    return true;
                }
                event = poll();
            }
            if (count > 0) {
                idle();
            }
            return false;
        } finally {
            CoreThread.giveBack();
            attendant = null;
            long end = System.nanoTime();
            alone = end - start > PROMPT_NANOS * Math.max(1, count) ? Math.max(1, end + LEFT_ALONE_NANOS) : 0;
        }
    }

    /** Moves the cursor; cheap. Own thread. */
    final void done(long sequence) {
        CURSOR.setRelease(this, sequence);
    }

    /** Moves the cursor with a full fence, before asking whether somebody waits for it. Own thread. */
    final void doneForAll(long sequence) {
        CURSOR.setVolatile(this, sequence);
    }

    final long cursor() {
        return cursor;
    }

    final boolean isClosed() {
        return closed;
    }

    /** Ends it from the inside. */
    final void end() {
        closed = true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long delivered() {
        return delivered;
    }

    @Override
    public long failures() {
        return failures;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread || Thread.currentThread() == attendant) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        long start = System.nanoTime();
        boolean nudged = false;
        while (thread.isAlive()) {
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!nudged && System.nanoTime() - start > CLOSE_NANOS && thread.isAlive()) {
                nudged = true;
                LOG.warn("{}: the handler does not return; interrupting it", name);
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
