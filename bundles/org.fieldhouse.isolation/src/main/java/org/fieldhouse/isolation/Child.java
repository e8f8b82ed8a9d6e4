package org.fieldhouse.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;

/** One process of a feature, from its start to its end. */
final class Child implements Line.Listener {
    /** More bindings than that no feature has. */
    private static final int MOST_BINDINGS = 64;

    private static final int MOST_TYPES = 256;
    private static final String NAME = "[a-z][a-z0-9-]{0,63}";
    private static final long STOP_SECONDS = 4;
    /** So often the memory of what a process has started is looked at as well: that takes a look at all processes. */
    private static final int FAMILY_BEATS = 5;

    private final Launch.Launched launched;
    private final Line line;
    private final Map<Integer, IsolatedBinding> bindings = new ConcurrentHashMap<>();
    private final CompletableFuture<String> started = new CompletableFuture<>();
    private final AtomicLong pings = new AtomicLong();
    private final long bornNanos = System.nanoTime();
    private final Watcher watcher;
    private volatile @Nullable String end;

    /** Who wants to know; called on the line's reader or whoever ended the process, must not wait. */
    interface Watcher {
        /** A binding came or went after the start. */
        void bindingsChanged(Child child);

        void died(Child child, String reason);
    }

    private Child(IsolatedFeature feature, Launch.Launched launched, Watcher watcher) {
        this.launched = launched;
        this.watcher = watcher;
        line = new Line(feature.name(), launched.channel(), launched.frames(), this);
    }

    /**
     * Starts the process and waits until its bundles are started.
     *
     * @param configure is given the line's other end, to say all configurations
     * @throws IOException if it does not come up, with the reason; then it is ended
     */
    static Child start(
            Launch launch,
            IsolatedFeature feature,
            Consumer<Consumer<ToChild>> configure,
            long seconds,
            ScheduledExecutorService timers,
            Watcher watcher)
            throws IOException {
        Child child = new Child(feature, launch.start(feature, timers), watcher);
        child.line.begin();
        configure.accept(child.line::tell);
        child.line.tell(new ToChild.Start());
        String trouble;
        try {
            trouble = child.started.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            trouble = "its bundles have not started within " + seconds + " s";
        } catch (ExecutionException e) {
            trouble = Line.text(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            trouble = "interrupted";
        }
        if (!trouble.isEmpty()) {
            child.line.end(trouble);
            throw new IOException(trouble);
        }
        return child;
    }

    // ---- from the line

    @Override
    public void bound(FromChild.Bound bound) {
        boolean sound = bound.id().matches(NAME)
                && bindings.size() < MOST_BINDINGS
                && !bound.types().isEmpty()
                && bound.types().size() <= MOST_TYPES
                && bound.types().stream().allMatch(type -> type.matches(NAME));
        if (!sound) {
            line.end("it brings a binding that none can be: " + bound.id());
            return;
        }
        bindings.put(bound.binding(), new IsolatedBinding(line, bound));
        if (started.isDone()) {
            watcher.bindingsChanged(this);
        }
    }

    @Override
    public void unbound(int binding) {
        if (bindings.remove(binding) != null && started.isDone()) {
            watcher.bindingsChanged(this);
        }
    }

    @Override
    public void started(String trouble) {
        started.complete(trouble);
    }

    @Override
    public String closed() {
        try {
            if (launched.process().waitFor(2, TimeUnit.SECONDS)) {
                return launched.log().cause(launched.process());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "it closed the line";
    }

    @Override
    public void ended(String reason) {
        end = reason;
        Launch.kill(launched.process());
        launched.log().end();
        started.completeExceptionally(new IOException(reason));
        watcher.died(this, reason);
    }

    // ---- for its ward

    List<IsolatedBinding> bindings() {
        return List.copyOf(bindings.values());
    }

    Line line() {
        return line;
    }

    long pid() {
        return launched.process().pid();
    }

    boolean isAlive() {
        return end == null;
    }

    long livedNanos() {
        return System.nanoTime() - bornNanos;
    }

    /** Looks whether it still answers and keeps within its memory; ends it if not. */
    void beat(long silenceNanos, int mostMegabytes) {
        long ping = pings.incrementAndGet();
        int used = ping % FAMILY_BEATS == 0 ? usedMegabytes() : megabytes(pid());
        if (used > mostMegabytes) {
            line.end("it used " + used + " MB of memory and may use " + mostMegabytes);
        } else if (line.silentNanos() > silenceNanos) {
            line.end("it has not answered for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos) + " s");
        } else {
            line.tell(new ToChild.Ping(ping));
        }
    }

    /** What it and all that it has started have in memory, MiB; 0 where the system does not say so. */
    int usedMegabytes() {
        try (Stream<ProcessHandle> started = launched.process().descendants()) {
            return megabytes(pid()) + started.mapToInt(p -> megabytes(p.pid())).sum();
        }
    }

    /** proc(5), status: VmRSS is in KiB. */
    private static int megabytes(long pid) {
        try {
            for (String text : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (text.startsWith("VmRSS:")) {
                    return Integer.parseInt(text.replaceAll("\\D", "")) >> 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }

    /** Asks it to end, and ends it if it does not within {@value #STOP_SECONDS} s. */
    void stop() {
        line.tell(new ToChild.Stop());
        try {
            launched.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            line.end("it was stopped");
            launched.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            line.end("it was stopped");
            Thread.currentThread().interrupt();
        }
    }
}
