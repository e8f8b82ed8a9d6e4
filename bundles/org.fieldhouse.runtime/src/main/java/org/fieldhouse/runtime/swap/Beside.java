package org.fieldhouse.runtime.swap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a new version of a binding beside the old one, which works on while the new one is resolved, loads its classes and starts. Its
 * devices change over when the new binding is registered; then the old bundle goes. A version that does not get so far was never seen by
 * a device. On judging threads.
 */
final class Beside {
    /** How the location of such a bundle begins. */
    static final String LOCATION = "fieldhouse-swap:";

    private static final long STOP_MILLIS = 10_000;
    /** How long an interrupted stop may take to end. */
    private static final long OUT_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Beside.class);
    /** Loading classes ahead of need is a kindness, not a duty. */
    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final BundleContext context;
    private final Starter starter;
    private final Judge judge;
    private final Departures departures;
    private final Headroom headroom;

    Beside(BundleContext context, Starter starter, Judge judge, Departures departures, Headroom headroom) {
        this.context = context;
        this.starter = starter;
        this.judge = judge;
        this.departures = departures;
        this.headroom = headroom;
    }

    /** Whether two versions of a bundle can be there at once: it has a binding, and nobody is wired to its packages. */
    static boolean suits(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return bundle.getState() == Bundle.ACTIVE
                && revision != null
                && revision.getDeclaredCapabilities(BundleRevision.PACKAGE_NAMESPACE)
                        .isEmpty()
                && Judge.services(bundle).contains(Binding.class.getName());
    }

    /**
     * Puts an end to what an earlier run did not: a version that was still on trial goes; of two that are there the one that had passed
     * stays.
     */
    static void sweep(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            // One that never returned from its start cannot be touched.
            if (!bundle.getLocation().startsWith(LOCATION) || bundle.getState() == Bundle.STARTING) {
                continue;
            }
            if (bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                Arrays.stream(context.getBundles())
                        .filter(b -> b != bundle && bundle.getSymbolicName().equals(b.getSymbolicName()))
                        .forEach(Beside::uninstall);
            } else {
                uninstall(bundle);
            }
        }
    }

    Swap replace(Trial trial, Path jar) {
        Bundle next;
        try (InputStream in = Files.newInputStream(jar)) {
            String location = LOCATION + NUMBERS.incrementAndGet() + ":" + System.nanoTime() + ":"
                    + trial.bundle.getSymbolicName();
            next = context.installBundle(location, in);
        } catch (BundleException | IOException | RuntimeException e) {
            return trial.result(Outcome.ROLLED_BACK, jar.getFileName() + "", Words.of(e));
        }
        trial.watch(next);
        String to = next.getVersion().toString();
        String trouble = tryOut(trial, next);
        return trouble == null ? settle(trial, next, to) : takeBack(trial, next, to, trouble);
    }

    /** Why the version cannot stay, or null. */
    private @Nullable String tryOut(Trial trial, Bundle next) {
        String name = trial.bundle.getSymbolicName();
        if (!name.equals(next.getSymbolicName())) {
            return "the jar is " + next.getSymbolicName() + ", not " + name;
        }
        next.adapt(BundleStartLevel.class)
                .setStartLevel(trial.bundle.adapt(BundleStartLevel.class).getStartLevel());
        FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        if (wiring.resolveBundles(List.of(next))) {
            load(next);
            headroom.make();
        } // else its start says why
        String trouble = starter.start(trial, next);
        return trouble == null ? judge.awaitHealthy(trial, true) : trouble;
    }

    /** Loads and links the bundle's classes, which devices would wait for otherwise; nothing of them is run. */
    private static void load(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        long end = System.nanoTime() + LOAD_NANOS;
        for (String resource : wiring.listResources(
                "/", "*.class", BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL)) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return;
            }
            String name = resource.substring(0, resource.length() - ".class".length());
            try {
                // Asking for its methods verifies a class, and does not initialize it.
                var unused = bundle.loadClass(name.replace('/', '.')).getDeclaredMethods();
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // it needs what is optional; whoever uses it will say so
            }
        }
    }

    private Swap settle(Trial trial, Bundle next, String to) {
        long healthy = System.nanoTime();
        try {
            next.start(Bundle.START_ACTIVATION_POLICY); // it is active: this makes it start with the house from now on
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} will not start with the house: {}", next, e.getMessage());
        }
        putAway(trial.bundle);
        return trial.result(Outcome.REPLACED, to, "", healthy);
    }

    private Swap takeBack(Trial trial, Bundle next, String to, String trouble) {
        boolean stopped = trouble.equals(Judge.STOPPED);
        if (next.getState() == Bundle.STARTING) {
            departures.stuck(next, trial.starter);
            forgetCache(context);
        } else {
            putAway(next);
        }
        trial.watch(trial.bundle);
        trial.arrived.addAll(trial.bindings);
        String failure = stopped ? null : judge.awaitHealthy(trial, false);
        Outcome outcome = stopped || failure != null ? Outcome.FAILED : Outcome.ROLLED_BACK;
        String reason = failure == null ? trouble : trouble + "; and then " + trial.from + ": " + failure;
        return trial.result(outcome, to, reason);
    }

    /** Uninstalls it. One that never returns from its stop stays, written off, until the next start: nobody waits for it. */
    private void putAway(Bundle bundle) {
        FutureTask<Void> leaving = new FutureTask<>(() -> uninstall(bundle), null);
        Thread thread = new Thread(leaving, "fieldhouse-swap-stop");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        try {
            thread.join(STOP_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(OUT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.error("{} does not return from its stop, and stays until the next start", bundle);
            departures.stuck(bundle, thread, "stop");
            forgetCache(context);
        }
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | RuntimeException e) {
            LOG.error("{} cannot be removed; the next start makes all bundles anew", bundle, e);
        }
    }

    /** The cache holds a bundle that would hang the next start; what it was made from is still there. */
    static void forgetCache(BundleContext context) {
        String home = context.getProperty("fieldhouse.home");
        if (home == null) {
            return;
        }
        try {
            Files.deleteIfExists(Path.of(home, "data", "cache.stamp"));
        } catch (IOException e) {
            LOG.error("The next start may hang: {}", e.getMessage());
        }
    }
}
