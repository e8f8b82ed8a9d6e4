package org.fieldhouse.isolation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.isolation.wire.Frames;
import org.fieldhouse.isolation.wire.Frames.MalformedException;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.FromChild.Failed;
import org.fieldhouse.isolation.wire.ToChild;
import org.fieldhouse.isolation.wire.WireCodec;
import org.fieldhouse.isolation.wire.WireCodec.TooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to one process, from its first frame to its end, of which there is one: {@link #end}. Calls come from any thread and wait for
 * their answer; what devices say is brought to their contexts by the line's own reader, in order.
 */
final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    /** Frames that wait for the process to read. */
    private static final int MOST_WAITING = 1024;

    private static final Duration TAKEN = Duration.ofSeconds(2);
    private static final long SIGNAL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Who wants to know of what is no call and no device's. On the reader's thread, but for {@link #ended}. */
    interface Listener {
        void bound(FromChild.Bound binding);

        void unbound(int binding);

        void started(String trouble);

        /** The stream has ended; says why, if it is known better. */
        String closed();

        /** Once. */
        void ended(String reason);
    }

    private final String feature;
    private final SocketChannel channel;
    private final Frames frames;
    private final Listener listener;
    private final BlockingQueue<byte[]> out = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Map<Long, CompletableFuture<FromChild.Reply>> calls = new ConcurrentHashMap<>();
    private final Map<Long, DeviceContext> openings = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Pace pace = new Pace();
    private final Thread writer;
    private final Thread reader;
    private volatile @Nullable String ended;
    private volatile boolean givenUp;
    private volatile boolean last;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean hearing;

    /** @param frames of the channel, from which the process's first frame has been read */
    Line(String feature, SocketChannel channel, Frames frames, Listener listener) {
        this.feature = feature;
        this.channel = channel;
        this.frames = frames;
        this.listener = listener;
        writer = daemon("writer", this::write);
        reader = daemon("reader", this::read);
    }

    private Thread daemon(String what, Runnable task) {
        Thread thread = new Thread(task, "fieldhouse-isolated-" + feature + "/" + what);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    void begin() {
        writer.start();
        reader.start();
    }

    // ---- to the process

    long number() {
        return numbers.incrementAndGet();
    }

    /** Calls and waits for the answer. @param number of {@link #number}, and in the message */
    FromChild.Reply call(long number, ToChild message, Duration deadline)
            throws BindingException, InterruptedException {
        CompletableFuture<FromChild.Reply> answer = ask(number, message);
        try {
            return good(answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            tell(new ToChild.Cancel(number));
            throw e;
        } catch (TimeoutException e) {
            tell(new ToChild.Cancel(number));
            throw BindingException.unknown(
                    "the process of feature " + feature + " has not answered within " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw BindingException.unknown(text(e));
        } finally {
            calls.remove(number);
        }
    }

    static String text(ExecutionException e) {
        Throwable cause = e.getCause();
        return String.valueOf((cause == null ? e : cause).getMessage());
    }

    /** Calls; the answer, which may be a {@link Failed}, comes later, or {@link IOException} says that the line has ended. */
    CompletableFuture<FromChild.Reply> ask(long number, ToChild message) throws BindingException, InterruptedException {
        byte[] frame;
        try {
            frame = WireCodec.encode(message);
        } catch (TooLargeException e) {
            throw new BindingException(String.valueOf(e.getMessage()), e);
        }
        CompletableFuture<FromChild.Reply> answer = new CompletableFuture<>();
        calls.put(number, answer);
        try {
            if (ended == null && !out.offer(frame, TAKEN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BindingException("the process of feature " + feature + " does not take what it is told");
            }
            check();
        } catch (BindingException | InterruptedException e) {
            calls.remove(number);
            throw e;
        }
        return answer;
    }

    /** Nobody waits for the answer of {@link #ask} any more. */
    void answered(long number) {
        calls.remove(number);
    }

    /** @throws BindingException if the line has ended, with the reason; permanent if nobody will start the process again */
    void check() throws BindingException {
        String reason = ended;
        if (reason != null) {
            throw givenUp ? BindingException.permanent(reason) : new BindingException(reason);
        }
    }

    /** The answer, unless it is a failure. */
    static FromChild.Reply good(FromChild.Reply reply) throws BindingException {
        if (reply instanceof Failed failed) {
            switch (failed.kind()) {
                case PERMANENT -> throw BindingException.permanent(failed.message());
                case THREW -> throw new IllegalStateException(failed.message());
                case TROUBLE, INTERRUPTED -> throw new BindingException(failed.message());
            }
        }
        return reply;
    }

    /** Says something that has no answer; it is left out if too much waits. */
    void tell(ToChild message) {
        if (ended == null && !out.offer(WireCodec.encode(message))) {
            LOG.debug("Too much waits for the process of feature {}: {} is left out", feature, message);
        }
    }

    private void write() {
        try {
            while (ended == null) {
                byte[] frame = out.poll(1, TimeUnit.SECONDS);
                ByteBuffer bytes = ByteBuffer.wrap(frame == null ? new byte[0] : frame);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            end(listener.closed());
        } catch (InterruptedException e) {
            end("its line was given up");
        }
    }

    // ---- from the process

    /** From now on what this opening says is heard. */
    void opened(long opening, DeviceContext context) {
        openings.put(opening, context);
    }

    /** What this opening still says is not heard any more. */
    void closed(long opening) {
        openings.remove(opening);
    }

    private void read() {
        try {
            for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
                hearing = true;
                take(WireCodec.fromChild(frame));
                heardNanos = System.nanoTime();
                hearing = false;
            }
            end(listener.closed());
        } catch (MalformedException e) {
            end("it sent what it must not: " + e.getMessage());
        } catch (IOException e) {
            end(listener.closed());
        } catch (RuntimeException | Error e) {
            LOG.error("The line to feature {} stumbled", feature, e);
            end("the house stumbled over what it sent: " + e);
        }
    }

    private void take(FromChild message) throws MalformedException {
        pace.take(message instanceof FromChild.Reported ? Pace.REPORT : cost(message), () -> ended != null);
        if (message instanceof FromChild.Said said) {
            DeviceContext context = openings.get(said.opening());
            if (context != null) {
                Hearing.hear(said, context, () -> pause(said.opening()));
            } else if (said.opening() > numbers.get()) {
                throw new MalformedException("opening " + said.opening() + " was never asked for", null);
            }
        } else if (message instanceof FromChild.Reply reply) {
            CompletableFuture<FromChild.Reply> waiting = calls.get(reply.call());
            if (waiting != null) {
                waiting.complete(reply);
            } else if (reply.call() > numbers.get()) {
                throw new MalformedException("call " + reply.call() + " was never made", null);
            }
        } else if (message instanceof FromChild.Bound bound) {
            listener.bound(bound);
        } else if (message instanceof FromChild.Unbound unbound) {
            listener.unbound(unbound.binding());
        } else if (message instanceof FromChild.Started started) {
            listener.started(started.trouble());
        } else if (message instanceof FromChild.Hello) {
            throw new MalformedException("it greets twice", null);
        }
    }

    private static int cost(FromChild message) {
        boolean asked = message instanceof FromChild.Reply || message instanceof FromChild.Pong;
        return asked
                        || message instanceof FromChild.Signalled
                        || message instanceof FromChild.Confirmed
                        || message instanceof FromChild.CommandFailed
                ? Pace.REPORT
                : Pace.RARE;
    }

    /** A mailbox is full: the reader waits, and with it the process. @return whether to try again */
    private boolean pause(long opening) {
        LockSupport.parkNanos(SIGNAL_PAUSE_NANOS);
        return ended == null && openings.containsKey(opening);
    }

    /** How long nothing has come, while the house was listening. */
    long silentNanos() {
        return hearing ? 0 : System.nanoTime() - heardNanos;
    }

    // ---- the end

    /** The first reason counts. Every call ends, every device is lost. Any thread. */
    void end(String reason) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = "the process of feature " + feature + " ended: " + reason;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("The line to feature {} does not close: {}", feature, e.getMessage());
        }
        String why = ended;
        calls.values().forEach(call -> call.completeExceptionally(new IOException(why)));
        openings.values().forEach(context -> context.lost(why));
        openings.clear();
        listener.ended(reason);
    }

    /** No other process comes after this one: its devices are closed, and leave nothing. */
    void farewell() {
        last = true;
    }

    boolean isLast() {
        return last;
    }

    /** Nobody will start the process again by itself. */
    void giveUp(String reason) {
        synchronized (this) {
            ended = reason;
            givenUp = true;
        }
    }

    boolean isEnded() {
        return ended != null;
    }
}
