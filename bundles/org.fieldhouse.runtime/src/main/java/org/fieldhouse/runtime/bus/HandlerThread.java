package org.fieldhouse.runtime.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
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
 * load there are no wake-ups at all.
 */
abstract class HandlerThread implements Subscription, Wakeable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerThread.class);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
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
    private final Consumer<HandlerThread> onClosed;

    /** The newest event that the handler is done with, or that was dropped. Written by the own thread. */
    private volatile long cursor;
    /** Written by the own thread. */
    private volatile long delivered;

    private volatile long failures;
    private volatile boolean parked;
    private volatile boolean closed;

    HandlerThread(
            String name,
            boolean core,
            EventRing ring,
            EventHandler handler,
            long after,
            Consumer<HandlerThread> onClosed) {
        this.name = name;
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
            } else if (busy) {
                busy = false;
                idle();
            } else {
                park();
            }
        }
        onClosed.accept(this);
    }

    private void handle(Event event) {
        try {
            handler.onEvent(event);
        } catch (Exception | LinkageError | StackOverflowError e) {
            failed(e);
        }
        DELIVERED.setRelease(this, delivered + 1);
        done(event.sequence());
    }

    private void idle() {
        try {
            handler.onIdle();
        } catch (Exception | LinkageError | StackOverflowError e) {
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
        parked = true;
        if (!hasMore() && !closed) {
            long most = idleNanos();
            if (most == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, most);
            }
        }
        parked = false;
    }

    @Override
    public void wake(long published) {
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
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
        if (Thread.currentThread() == thread) {
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
