package org.fieldhouse.runtime.swap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Leak;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.SwapListener;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees every update of a bundle with a binding, whoever makes it: when the old version leaves, its bytes are kept; when the new one
 * was put in its place, a thread of this object waits until it is healthy, and puts the old bytes back if it is not.
 *
 * <p>What it hears comes on the thread that updates the bundle, which holds the bundle's lock; so nothing here waits for a bundle but
 * the judging threads.
 */
final class Swaps implements HotSwap, SwapListener, SynchronousBundleListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Swaps.class);
    private static final int RECENT = 64;
    private static final int JUDGES = 8;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** How long an interrupted start may take to end. */
    private static final long OUT_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Where the old version goes if the new one cannot be got out of its place. */
    private static final String BESIDE = "fieldhouse-swap:";

    /**
     * @param start how long a bundle may take to start, after which the starting thread is interrupted
     * @param register from then until its bindings are there
     * @param healthy from then until its devices are online
     */
    record Limits(Duration start, Duration register, Duration healthy) {}

    private final BundleContext context;
    private final DeviceHost host;
    private final Limits limits;
    private final JarKeeper keeper;
    private final Departures departures;
    private final Map<Long, Trial> trials = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor judges;
    private final Deque<Swap> recent = new ArrayDeque<>();

    Swaps(BundleContext context, DeviceHost host, Limits limits, JarKeeper keeper, Departures departures) {
        this.context = context;
        this.host = host;
        this.limits = limits;
        this.keeper = keeper;
        this.departures = departures;
        AtomicInteger number = new AtomicInteger();
        judges = new ThreadPoolExecutor(JUDGES, JUDGES, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(256), task -> {
            Thread thread = new Thread(task, "fieldhouse-swap-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        judges.allowCoreThreadTimeOut(true);
    }

    // ---- what happens to bundles

    @Override
    public boolean leaving(Binding binding, Set<DeviceId> online) {
        Bundle bundle = FrameworkUtil.getBundle(binding.getClass());
        if (bundle == null) {
            return true; // of a test
        }
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
            return false;
        }
        Trial trial = trials.computeIfAbsent(bundle.getBundleId(), id -> new Trial(bundle, false));
        if (!trial.updated) {
            trial.bindings.add(binding.id());
            trial.online.addAll(online);
            trial.leftNanos = System.nanoTime();
            keep(trial);
        }
        trial.arrived.remove(binding.id());
        return true;
    }

    private void keep(Trial trial) {
        if (trial.kept == null) {
            try {
                trial.kept = keeper.keep(trial.bundle);
            } catch (IOException | RuntimeException e) {
                LOG.error("{}: cannot be kept, so an update of it cannot be taken back", trial.bundle, e);
            }
        }
    }

    @Override
    public void arrived(Binding binding) {
        Bundle bundle = FrameworkUtil.getBundle(binding.getClass());
        Trial trial = bundle == null ? null : trials.get(bundle.getBundleId());
        if (trial != null) {
            trial.arrived.add(binding.id());
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        departures.bundleChanged(event);
        Trial trial = trials.get(bundle.getBundleId());
        if (trial == null) {
            return;
        }
        switch (event.getType()) {
            case BundleEvent.STARTING -> trial.starter = Thread.currentThread();
            case BundleEvent.STARTED -> {
                trial.ran = trial.updated;
                trial.stopped = false;
                if (!trial.updated && !trial.asked) {
                    forget(trial); // it was only stopped, and is back
                }
            }
            case BundleEvent.STOPPED -> trial.stopped = trial.ran;
            case BundleEvent.UPDATED -> {
                trial.updated = true;
                if (trial.judged.compareAndSet(false, true)) {
                    submit(() -> judge(trial), trial);
                }
            }
            case BundleEvent.UNINSTALLED -> forget(trial);
            default -> {}
        }
    }

    private void submit(Runnable task, Trial trial) {
        try {
            judges.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.error("{}: nobody is free to watch this update; it is not taken back if it fails", trial.bundle);
            forget(trial);
        }
    }

    private void forget(Trial trial) {
        trials.remove(trial.bundle.getBundleId(), trial);
        trials.remove(trial.inForce.getBundleId(), trial);
        Path kept = trial.kept;
        if (kept != null) {
            try {
                Files.deleteIfExists(kept);
            } catch (IOException e) {
                LOG.debug("{} stays: {}", kept, e.getMessage());
            }
        }
    }

    // ---- on a judging thread

    private void judge(Trial trial) {
        String to = trial.bundle.getVersion().toString();
        try {
            String trouble = start(trial);
            if (trouble == null) {
                trouble = awaitHealthy(trial, true);
            }
            if (trouble == null) {
                end(trial, trial.result(Outcome.REPLACED, to, "", System.nanoTime()));
            } else if (trial.stopped && trial.bundle.getState() == Bundle.RESOLVED) {
                end(trial, trial.result(Outcome.FAILED, to, "stopped meanwhile", System.nanoTime()));
            } else {
                rollBack(trial, to, trouble);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the update could not be judged", trial.bundle, e);
            end(trial, trial.result(Outcome.FAILED, to, "could not be judged: " + e, System.nanoTime()));
        } finally {
            forget(trial);
        }
    }

    /** Waits until the bundle has started; why it has not, or null. */
    private @Nullable String start(Trial trial) {
        // Whoever updates it starts it, under the bundle's lock. This waits for that, and hears what was wrong.
        Future<?> starting = judges.submit(() -> {
            trial.bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        });
        try {
            try {
                starting.get(limits.start.toMillis(), TimeUnit.MILLISECONDS);
                return null;
            } catch (TimeoutException e) {
                String where = interruptStarters(trial, starting);
                return "it did not return from its start within " + limits.start.toSeconds() + " s" + where;
            }
        } catch (ExecutionException e) {
            return Words.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the runtime is stopped";
        }
    }

    /**
     * Interrupts whoever starts the bundle until nobody does: once the thread that updates it is out, the one that waits for its lock
     * starts it again.
     */
    private static String interruptStarters(Trial trial, Future<?> starting) throws InterruptedException {
        String where = interruptStarter(trial);
        for (long end = System.nanoTime() + OUT_NANOS; System.nanoTime() < end; interruptStarter(trial)) {
            try {
                starting.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
                return where;
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException ended) {
                LOG.debug("{}: ended by interruption", trial.bundle, ended);
                return where;
            }
        }
        starting.cancel(true);
        return where;
    }

    /** Gets a thread out of the bundle's activator or component; says where it was. */
    private static String interruptStarter(Trial trial) {
        Thread starter = trial.starter;
        if (starter == null) {
            return "";
        }
        for (StackTraceElement frame : starter.getStackTrace()) {
            if (Words.isOf(frame, trial.bundle)) {
                starter.interrupt();
                return "; it is in " + frame;
            }
        }
        return "";
    }

    /** Waits until all is as it was; what is not, or null. */
    private @Nullable String awaitHealthy(Trial trial, boolean impatient) {
        long begin = System.nanoTime();
        long register = begin + limits.register.toNanos();
        String missing = missing(trial);
        while (missing != null) {
            if (System.nanoTime() > register) {
                return missing + interruptStarter(trial);
            }
            if (!pause()) {
                return "the runtime is stopped";
            }
            missing = missing(trial);
        }
        long healthy = System.nanoTime() + limits.healthy.toNanos();
        while (true) {
            Map<DeviceId, Status> waiting = host.notOnline(trial.online);
            if (waiting.isEmpty()) {
                return null;
            }
            if (impatient) {
                String broken = host.broken(trial.online).orElse(null);
                if (broken != null) {
                    return broken;
                }
            }
            if (System.nanoTime() > healthy) {
                Map.Entry<DeviceId, Status> one = waiting.entrySet().iterator().next();
                return waiting.size() + " of " + trial.online.size() + " devices that were online are not, "
                        + one.getKey() + " is " + one.getValue();
            }
            if (!pause()) {
                return "the runtime is stopped";
            }
        }
    }

    private static @Nullable String missing(Trial trial) {
        if (trial.inForce.getState() != Bundle.ACTIVE) {
            return "it is not active";
        }
        for (String binding : trial.bindings) {
            if (!trial.arrived.contains(binding)) {
                return "it started, and brought no binding '" + binding + "'";
            }
        }
        Set<String> there = services(trial.inForce);
        for (String service : trial.services) {
            if (!there.contains(service)) {
                return "it started, and registered no " + service;
            }
        }
        return null;
    }

    private static Set<String> services(Bundle bundle) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references != null) {
            for (ServiceReference<?> reference : references) {
                names.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
            }
        }
        return names;
    }

    private static boolean pause() {
        LockSupport.parkNanos(LOOK_NANOS);
        return !Thread.currentThread().isInterrupted();
    }

    private void rollBack(Trial trial, String to, String trouble) {
        LOG.warn("{} {}: {}; {} comes back", trial.bundle.getSymbolicName(), to, trouble, trial.from);
        trial.rollingBack = true;
        Path kept = trial.kept;
        String failure = kept == null ? "its bytes were not kept" : putBack(trial, kept);
        if (failure == null) {
            failure = awaitHealthy(trial, false);
        }
        Outcome outcome = failure == null ? Outcome.ROLLED_BACK : Outcome.FAILED;
        String reason = failure == null ? trouble : trouble + "; and " + trial.from + ", put back: " + failure;
        end(trial, trial.result(outcome, to, reason, System.nanoTime()));
    }

    private @Nullable String putBack(Trial trial, Path kept) {
        Bundle bundle = trial.bundle;
        trial.arrived.clear();
        try (InputStream jar = Files.newInputStream(kept)) {
            if (bundle.getState() == Bundle.STARTING) {
                return putBeside(trial, jar);
            }
            bundle.update(jar);
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        } catch (BundleException | IOException | RuntimeException e) {
            return Words.of(e);
        }
    }

    /** The new version's start ignores interruption, so its bundle cannot be touched: the old one goes beside it. */
    private @Nullable String putBeside(Trial trial, InputStream jar) throws BundleException, IOException {
        LOG.error(
                "{} never returns from its start and ignores interruption: its thread is written off until the next start",
                trial.bundle);
        departures.stuck(trial.bundle, trial.starter);
        Bundle beside = context.installBundle(BESIDE + trial.bundle.getSymbolicName(), jar);
        beside.adapt(BundleStartLevel.class)
                .setStartLevel(trial.bundle.adapt(BundleStartLevel.class).getStartLevel());
        trials.put(beside.getBundleId(), trial);
        trial.inForce = beside;
        // The cache now holds a bundle that would hang the next start; what it was made from is still there.
        String home = context.getProperty("fieldhouse.home");
        if (home != null) {
            Files.deleteIfExists(Path.of(home, "data", "cache.stamp"));
        }
        beside.start(Bundle.START_TRANSIENT);
        return null;
    }

    private void end(Trial trial, Swap swap) {
        synchronized (recent) {
            recent.addLast(swap);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
        switch (swap.outcome()) {
            case REPLACED ->
                LOG.info(
                        "{} {} replaces {}, gap {} ms",
                        swap.bundle(),
                        swap.to(),
                        swap.from(),
                        swap.gap().toMillis());
            case ROLLED_BACK ->
                LOG.warn(
                        "{} {} was taken back: {}; {} is in place again, gap {} ms",
                        swap.bundle(),
                        swap.to(),
                        swap.reason(),
                        swap.from(),
                        swap.gap().toMillis());
            case FAILED -> LOG.error("{} {}: {}", swap.bundle(), swap.to(), swap.reason());
        }
        trial.ended.complete(swap);
    }

    // ---- the service

    @Override
    public CompletionStage<Swap> replace(long bundleId, Path jar) {
        Bundle bundle = context.getBundle(bundleId);
        if (bundle == null || bundleId == Constants.SYSTEM_BUNDLE_ID) {
            return CompletableFuture.failedStage(new IllegalArgumentException("there is no bundle " + bundleId));
        }
        if (bundleId == context.getBundle().getBundleId()) {
            return CompletableFuture.failedStage(
                    new IllegalArgumentException("the runtime itself is replaced by a restart"));
        }
        if (!Files.isReadable(jar)) {
            return CompletableFuture.failedStage(new IOException("cannot read " + jar));
        }
        Trial trial = new Trial(bundle, true);
        trial.services.addAll(services(bundle));
        if (trials.putIfAbsent(bundleId, trial) != null) {
            return CompletableFuture.failedStage(
                    new IllegalStateException(bundle.getSymbolicName() + " is being replaced already"));
        }
        submit(() -> update(trial, jar), trial);
        return trial.ended;
    }

    private void update(Trial trial, Path jar) {
        keep(trial);
        trial.leftNanos = System.nanoTime();
        try (InputStream in = Files.newInputStream(jar)) {
            trial.bundle.update(in);
        } catch (BundleException | IOException | RuntimeException e) {
            if (!trial.updated && trial.judged.compareAndSet(false, true)) {
                // It was not even taken in: the framework has started the version before again.
                trial.updated = true;
                String failure = awaitHealthy(trial, false);
                String reason = Words.of(e) + (failure == null ? "" : "; and then " + failure);
                Outcome outcome = failure == null ? Outcome.ROLLED_BACK : Outcome.FAILED;
                end(trial, trial.result(outcome, jar.getFileName() + "", reason, System.nanoTime()));
                forget(trial);
            }
        }
    }

    @Override
    public List<Swap> recent() {
        synchronized (recent) {
            return List.copyOf(recent);
        }
    }

    @Override
    public Map<String, Integer> starts() {
        return departures.starts();
    }

    @Override
    public List<Leak> leaks(boolean heapDump) {
        return departures.leaks(heapDump);
    }

    @Override
    public void close() {
        judges.shutdownNow();
        trials.values().forEach(t -> t.ended.cancel(false));
    }
}
