package org.fieldhouse.isolation;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.IsolatedProcess;
import org.fieldhouse.isolation.wire.ToChild;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the process of one feature: starts it, brings its bindings into the house, starts it again when it dies, puts another in its
 * place. All of that happens on a thread of its own, one thing after the other.
 */
final class Ward implements Child.Watcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ward.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long END_SECONDS = 30;
    private static final String NO_BINDING = "it brings no binding, and nothing else comes out of a process";
    /** What a person asks for, and one of each that the process can cause. */
    private static final int MOST_WAITING = 64;

    /** What the house is to it. Its own thread, but for {@link #audit}. */
    interface House {
        /** Brings a binding into the house. @return takes it out again, and returns when its devices are closed */
        Runnable bring(IsolatedBinding binding, String feature);

        /** Why a binding of that id cannot come: another has it; null if it can. */
        @Nullable
        String taken(String bindingId, Set<IsolatedBinding> mine);

        /** Devices of these bindings that are online. */
        Set<String> online(Set<String> bindingIds);

        void configurations(IsolatedFeature feature, Consumer<ToChild> to);

        void audit(String action, String feature, String detail);
    }

    private final String name;
    private final Launch launch;
    private final House house;
    private final Patience patience;
    private final ScheduledExecutorService timers;
    private final ThreadPoolExecutor own;

    /** Own thread. */
    private final Map<IsolatedBinding, Runnable> brought = new HashMap<>();

    private int deaths;
    private final AtomicBoolean exchangeDue = new AtomicBoolean();

    private volatile IsolatedFeature feature;
    private volatile @Nullable Child child;
    private volatile int restarts;
    private volatile String trouble = "it is being started";
    private volatile boolean givenUp;
    private volatile boolean closed;

    Ward(IsolatedFeature feature, Launch launch, House house, Patience patience, ScheduledExecutorService timers) {
        this.name = feature.name();
        this.feature = feature;
        this.launch = launch;
        this.house = house;
        this.patience = patience;
        this.timers = timers;
        own = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
            Thread thread = new Thread(task, "fieldhouse-isolated-" + name);
            thread.setDaemon(true);
            return thread;
        });
        own.allowCoreThreadTimeOut(true);
    }

    // ---- any thread

    /** Puts a process of this feature in the place of the one that runs. Waits. */
    void run(IsolatedFeature next) throws IOException {
        await(() -> {
            replace(next);
            return null;
        });
    }

    /** Starts it, and goes on trying. */
    void keep(IsolatedFeature next) {
        submit(() -> {
            feature = next;
            revive();
        });
    }

    void restart() {
        submit(() -> {
            deaths = 0;
            Child present = child;
            if (present == null) {
                revive();
                return;
            }
            try {
                replace(feature);
            } catch (IOException e) {
                LOG.warn("Feature {}: not started anew, the process before goes on: {}", name, e.getMessage());
            }
        });
    }

    /** The house has other configurations. */
    void configure(Consumer<Consumer<ToChild>> configurations) {
        Child present = child;
        if (present != null) {
            configurations.accept(present.line()::tell);
        }
    }

    IsolatedFeature feature() {
        return feature;
    }

    /** The process that is in the house now; null while there is none. */
    @Nullable
    Child child() {
        return child;
    }

    void beat() {
        Child present = child;
        if (present != null) {
            present.beat(patience.silence().toNanos(), limit());
        }
    }

    private int limit() {
        return feature.heapMegabytes() + IsolatedFeature.BESIDE_HEAP;
    }

    IsolatedProcess process() {
        Child present = child;
        return present != null && present.isAlive()
                ? new IsolatedProcess(name, present.pid(), present.usedMegabytes(), limit(), restarts, "", false)
                : new IsolatedProcess(name, 0, 0, limit(), restarts, trouble, givenUp);
    }

    @Override
    public void bindingsChanged(Child changed) {
        if (!exchangeDue.compareAndSet(false, true)) {
            return;
        }
        submit(() -> {
            exchangeDue.set(false);
            if (changed == child) {
                exchange(changed);
            }
        });
    }

    @Override
    public void died(Child dead, String reason) {
        submit(() -> {
            if (dead == child) {
                child = null;
                house.audit("isolated.died", name, reason);
                failed(reason, dead.livedNanos() > patience.stable().toNanos());
            }
        });
    }

    private void submit(Runnable task) {
        try {
            own.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("Feature {}: looking after its process stumbled", name, e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Feature {} is ended", name);
        }
    }

    private void await(Callable<Void> task) throws IOException {
        try {
            own.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("it is ended", e);
        }
    }

    // ---- own thread

    private Child start(IsolatedFeature next) throws IOException {
        Child started = Child.start(
                launch,
                next,
                to -> house.configurations(next, to),
                patience.start().toSeconds(),
                timers,
                this);
        if (started.bindings().isEmpty()) {
            started.line().end(NO_BINDING);
            throw new IOException(NO_BINDING);
        }
        for (IsolatedBinding binding : started.bindings()) {
            String taken = house.taken(binding.id(), brought.keySet());
            if (taken != null) {
                started.line().end(taken);
                throw new IOException(taken);
            }
        }
        return started;
    }

    private void replace(IsolatedFeature next) throws IOException {
        Child before = child;
        Child after = start(next);
        Set<String> online = new HashSet<>();
        if (before != null) {
            Set<String> ids = new HashSet<>();
            before.bindings().forEach(binding -> ids.add(binding.id()));
            online.addAll(house.online(ids));
        }
        use(after);
        String unhealthy = before == null ? null : unhealthy(after, online);
        if (before != null && unhealthy != null && before.isAlive()) {
            use(before);
            after.stop();
            throw new IOException(unhealthy);
        }
        feature = next;
        deaths = 0;
        givenUp = false;
        if (before != null) {
            before.stop();
        }
        told("isolated.started");
    }

    private void use(Child next) {
        child = next;
        exchange(next);
    }

    private void told(String action) {
        Child present = child;
        if (present != null) {
            LOG.info("Feature {} runs in process {}", name, present.pid());
            house.audit(action, name, "version " + feature.version() + ", pid " + present.pid());
        }
    }

    /** The bindings of that process in the house, and no others: the new ones come before the old ones go, so devices change over. */
    private void exchange(Child next) {
        Set<IsolatedBinding> wanted = new HashSet<>(next.bindings());
        for (IsolatedBinding binding : wanted) {
            if (brought.containsKey(binding)) {
                continue;
            }
            String taken = house.taken(binding.id(), brought.keySet());
            if (taken != null) {
                next.line().end(taken);
                return;
            }
            brought.put(binding, house.bring(binding, name));
        }
        for (IsolatedBinding binding : Set.copyOf(brought.keySet())) {
            Runnable takeOut = wanted.contains(binding) ? null : brought.remove(binding);
            if (takeOut != null) {
                takeOut.run();
            }
        }
    }

    /** Waits until the devices that were online are so again; what is not, or null. */
    private @Nullable String unhealthy(Child after, Set<String> online) {
        Set<String> ids = new HashSet<>();
        after.bindings().forEach(binding -> ids.add(binding.id()));
        long deadline = System.nanoTime() + patience.healthy().toNanos();
        while (true) {
            Set<String> missing = new HashSet<>(online);
            missing.removeAll(house.online(ids));
            if (!after.isAlive()) {
                return "it died when its devices were opened";
            } else if (missing.isEmpty()) {
                return null;
            } else if (System.nanoTime() > deadline) {
                return missing.size() + " of " + online.size() + " devices that were online are not: "
                        + missing.iterator().next();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void revive() {
        if (closed || child != null) {
            return;
        }
        givenUp = false;
        try {
            use(start(feature));
            told(deaths == 0 ? "isolated.started" : "isolated.restarted");
        } catch (IOException e) {
            house.audit("isolated.died", name, String.valueOf(e.getMessage()));
            failed(String.valueOf(e.getMessage()), false);
        }
    }

    private void failed(String reason, boolean wasStable) {
        deaths = wasStable ? 1 : deaths + 1;
        trouble = "the process of feature " + name + " ended: " + reason;
        if (closed) {
            return;
        }
        if (deaths > patience.most()) {
            giveUp(reason);
            return;
        }
        long pause =
                Math.min(patience.lastPause().toMillis(), patience.firstPause().toMillis() << Math.min(20, deaths - 1));
        LOG.warn("Feature {}: its process ended: {}; another is started in {} ms", name, reason, pause);
        restarts++;
        timers.schedule(() -> submit(this::revive), pause, TimeUnit.MILLISECONDS);
    }

    /** Bindings that only say why: their devices are told at once, and are in fault until somebody acts. */
    private void giveUp(String reason) {
        givenUp = true;
        trouble = "the process of feature " + name + " ended " + deaths + " times in a row, at last because: " + reason
                + "; mend or remove the feature, or try `feature:restart " + name + "`";
        LOG.error("Feature {} is given up: {}", name, trouble);
        house.audit("isolated.given-up", name, trouble);
        Map<IsolatedBinding, Runnable> old = new HashMap<>(brought);
        brought.clear();
        old.forEach((binding, takeOut) -> {
            IsolatedBinding mute = binding.givenUp(trouble);
            brought.put(mute, house.bring(mute, name));
            takeOut.run();
        });
    }

    private void dissolve() {
        Child last = child;
        child = null;
        if (last != null) {
            last.line().farewell();
        }
        brought.values().forEach(Runnable::run);
        brought.clear();
        if (last != null) {
            last.stop();
            house.audit("isolated.ended", name, "pid " + last.pid());
        }
    }

    /** Ends the process, and waits until it is gone. */
    @Override
    public void close() {
        closed = true;
        submit(this::dissolve);
        own.shutdown();
        try {
            if (!own.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("Feature {}: its process could not be put away within {} s", name, END_SECONDS);
                Child last = child;
                if (last != null) {
                    last.line().end("it was stopped");
                }
                own.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
