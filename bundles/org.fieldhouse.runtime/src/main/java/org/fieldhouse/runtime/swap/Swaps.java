package org.fieldhouse.runtime.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.swap.HotSwap;
import org.fieldhouse.api.swap.Leak;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.SwapListener;
import org.fieldhouse.runtime.swap.Trial.Way;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces bundles when asked to, a binding by a version {@link Beside} it, others {@link InPlace}. Sees every other update of a bundle
 * with a binding too, whoever makes it: when the old version leaves, its bytes are kept; when the new one was put in its place, a thread
 * of this object waits until it is healthy, and puts the old bytes back if it is not.
 *
 * <p>What it hears comes on the thread that updates the bundle, which holds the bundle's lock; so nothing here waits for a bundle but
 * the judging threads.
 */
final class Swaps implements HotSwap, SwapListener, SynchronousBundleListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Swaps.class);
    private static final int JUDGES = 8;

    /**
     * @param start how long a bundle may take to start, after which the starting thread is interrupted
     * @param register from then until its bindings are there
     * @param healthy from then until its devices are online
     */
    record Limits(Duration start, Duration register, Duration healthy) {}

    private final BundleContext context;
    private final JarKeeper keeper;
    private final Departures departures;
    private final InPlace inPlace;
    private final Beside beside;
    private final Map<Long, Trial> trials = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor judges;
    private final SwapLog log = new SwapLog();

    Swaps(BundleContext context, DeviceHost host, Limits limits, JarKeeper keeper, Departures departures) {
        this.context = context;
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
        Starter starter = new Starter(limits.start);
        // The version before works meanwhile: there is time to load, and to rehearse.
        Starter patient = new Starter(limits.start.multipliedBy(2));
        Judge judge = new Judge(host, new ComponentFailures(context), limits.register, limits.healthy);
        Headroom headroom = new Headroom();
        inPlace = new InPlace(context, starter, judge, departures, headroom);
        beside = new Beside(context, patient, judge, departures, headroom);
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
        Trial trial = trials.computeIfAbsent(bundle.getBundleId(), id -> new Trial(bundle, Way.SEEN, b -> {}));
        if (bundle != trial.bundle) {
            return true; // a version on trial goes, and the one before takes its devices
        }
        if (!trial.updated) {
            trial.bindings.add(binding.id());
            trial.online.addAll(online);
            trial.leftNanos = System.nanoTime();
            if (trial.way != Way.BESIDE) {
                keep(trial);
            }
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
        Trial trial = trialOf(binding);
        if (trial != null) {
            trial.arrived.add(binding.id());
            if (isNoUpdate(trial) && trial.arrived.containsAll(trial.bindings)) {
                forget(trial);
            }
        }
    }

    /** Its binding left while the bundle stayed: its configuration was changed, or what it needs went. */
    private static boolean isNoUpdate(Trial trial) {
        return trial.way == Way.SEEN && !trial.updated && trial.bundle.getState() == Bundle.ACTIVE;
    }

    @Override
    public void refused(Binding binding, String reason) {
        Trial trial = trialOf(binding);
        if (trial != null) {
            trial.refused = reason;
        }
    }

    private @Nullable Trial trialOf(Binding binding) {
        Bundle bundle = FrameworkUtil.getBundle(binding.getClass());
        Trial trial = bundle == null ? null : trials.get(bundle.getBundleId());
        return trial != null && trial.inForce == bundle ? trial : null;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        departures.bundleChanged(event);
        Trial trial = trials.get(bundle.getBundleId());
        if (trial == null) {
            return;
        }
        if (trial.way == Way.BESIDE) {
            if (event.getType() == BundleEvent.STARTING) {
                trial.starter = Thread.currentThread();
            }
            return;
        }
        switch (event.getType()) {
            case BundleEvent.STARTING -> trial.starter = Thread.currentThread();
            case BundleEvent.STARTED -> {
                trial.ran = trial.updated;
                trial.stopped = false;
                if (!trial.updated && trial.way == Way.SEEN) {
                    forget(trial); // it was only stopped, and is back
                }
            }
            case BundleEvent.STOPPED -> trial.stopped = trial.ran;
            case BundleEvent.UPDATED -> {
                trial.updated = true;
                if (trial.judged.compareAndSet(false, true)) {
                    submit(trial, () -> inPlace.judge(trial));
                }
            }
            case BundleEvent.UNINSTALLED -> forget(trial);
            default -> {}
        }
    }

    /** @param task how the update ended; null if another task will know */
    private void submit(Trial trial, Supplier<@Nullable Swap> task) {
        try {
            judges.execute(() -> run(trial, task));
        } catch (RejectedExecutionException e) {
            end(trial, trial.result(Outcome.FAILED, trial.from, "nobody is free to watch this update"));
        }
    }

    private void run(Trial trial, Supplier<@Nullable Swap> task) {
        Swap swap;
        try {
            swap = task.get();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the update could not be judged", trial.bundle, e);
            swap = trial.result(Outcome.FAILED, trial.from, "could not be judged: " + e);
        }
        if (swap != null) {
            end(trial, swap);
        }
    }

    private void end(Trial trial, Swap swap) {
        forget(trial);
        log.add(swap);
        trial.ended.complete(swap);
    }

    private void forget(Trial trial) {
        trials.values().removeIf(t -> t == trial);
        Path kept = trial.kept;
        if (kept != null) {
            try {
                Files.deleteIfExists(kept);
            } catch (IOException e) {
                LOG.debug("{} stays: {}", kept, e.getMessage());
            }
        }
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
        Trial[] made = new Trial[1];
        Trial trial = new Trial(
                bundle,
                Beside.suits(bundle) ? Way.BESIDE : Way.ASKED,
                b -> trials.put(b.getBundleId(), Objects.requireNonNull(made[0])));
        made[0] = trial;
        trial.services.addAll(Judge.services(bundle));
        if (trial.way == Way.BESIDE) {
            trial.bindings.addAll(bindings(bundle));
        }
        Trial seen = trials.get(bundleId);
        if (seen != null && isNoUpdate(seen)) {
            forget(seen);
        }
        if (trials.putIfAbsent(bundleId, trial) != null) {
            return CompletableFuture.failedStage(
                    new IllegalStateException(bundle.getSymbolicName() + " is being replaced already"));
        }
        submit(trial, () -> {
            if (trial.way == Way.BESIDE) {
                return beside.replace(trial, jar);
            }
            keep(trial);
            return inPlace.update(trial, jar);
        });
        return trial.ended;
    }

    private Set<String> bindings(Bundle bundle) {
        Set<String> found = new HashSet<>();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
            if (List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(Binding.class.getName())
                    && context.getService(reference) instanceof Binding binding) {
                found.add(binding.id());
                context.ungetService(reference);
            }
        }
        return found;
    }

    @Override
    public List<Swap> recent() {
        return log.recent();
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
