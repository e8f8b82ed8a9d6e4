package org.fieldhouse.runtime.swap;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.fieldhouse.api.swap.Leak;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The class loaders of bundles that left, by weak references, and what still keeps them. A loader that survives a full collection is
 * kept by something: a thread, a management bean, a thread-local, a static field elsewhere.
 */
final class Departures {
    /** More would be a report that nobody reads; the oldest are forgotten. */
    private static final int MOST = 512;

    private static final int COLLECTIONS = 3;

    private record Departed(String bundle, Instant left, WeakReference<ClassLoader> loader) {}

    /** The loader of each bundle that has started, weakly, so that it is known when the bundle is gone. */
    private final Map<Long, WeakReference<ClassLoader>> present = new ConcurrentHashMap<>();

    private final List<Departed> departed = new ArrayList<>();
    private final Map<String, Integer> starts = new ConcurrentHashMap<>();
    private final Map<String, String> stuck = new ConcurrentHashMap<>();

    void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STARTING, BundleEvent.STOPPING -> remember(bundle);
            case BundleEvent.STARTED -> {
                if (bundle.getSymbolicName() != null) {
                    starts.merge(bundle.getSymbolicName(), 1, Integer::sum);
                }
            }
            case BundleEvent.UNRESOLVED, BundleEvent.UPDATED, BundleEvent.UNINSTALLED -> leave(bundle);
            default -> {}
        }
    }

    /** How often each bundle has started since this object was there. */
    Map<String, Integer> starts() {
        return new TreeMap<>(starts);
    }

    private void remember(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
        if (loader != null) {
            present.put(bundle.getBundleId(), new WeakReference<>(loader));
        }
    }

    private void leave(Bundle bundle) {
        WeakReference<ClassLoader> loader = present.remove(bundle.getBundleId());
        if (loader == null) {
            return;
        }
        synchronized (departed) {
            departed.removeIf(d -> d.loader.refersTo(null));
            departed.add(new Departed(bundle.getSymbolicName() + " " + bundle.getVersion(), Instant.now(), loader));
            if (departed.size() > MOST) {
                departed.remove(0);
            }
        }
    }

    /** A bundle's start never returns. */
    void stuck(Bundle bundle, @Nullable Thread thread) {
        stuck.put(
                bundle.getSymbolicName() + " " + bundle.getVersion(),
                thread == null
                        ? "its start never returns"
                        : "thread " + thread.getName() + " never returns from its start");
    }

    List<Leak> leaks(boolean heapDump) {
        for (int i = 0; i < COLLECTIONS && !survivors().isEmpty(); i++) {
            System.gc();
        }
        List<Leak> out = new ArrayList<>();
        List<Departed> kept = survivors();
        Map<String, List<String>> paths = heapDump && !kept.isEmpty() ? HeapPaths.find(loadersOf(kept)) : Map.of();
        for (Departed d : kept) {
            ClassLoader loader = d.loader.get();
            if (loader != null) {
                Set<String> holders = new LinkedHashSet<>(holders(loader));
                holders.addAll(paths.getOrDefault(HeapPaths.key(loader), List.of()));
                out.add(new Leak(d.bundle, d.left, List.copyOf(holders)));
            }
        }
        stuck.forEach((bundle, how) -> out.add(new Leak(bundle, Instant.EPOCH, List.of(how))));
        return out;
    }

    private List<Departed> survivors() {
        synchronized (departed) {
            departed.removeIf(d -> d.loader.refersTo(null));
            return List.copyOf(departed);
        }
    }

    private static List<ClassLoader> loadersOf(List<Departed> kept) {
        List<ClassLoader> out = new ArrayList<>();
        for (Departed d : kept) {
            ClassLoader loader = d.loader.get();
            if (loader != null) {
                out.add(loader);
            }
        }
        return out;
    }

    private static List<String> holders(ClassLoader loader) {
        List<String> out = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getClass().getClassLoader() == loader) {
                out.add("thread '" + thread.getName() + "' is a "
                        + thread.getClass().getName());
            } else if (thread.getContextClassLoader() == loader) {
                out.add("thread '" + thread.getName() + "' has it as its context class loader");
            }
            Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
            if (handler != null && handler.getClass().getClassLoader() == loader) {
                out.add("thread '" + thread.getName() + "' has a handler of class "
                        + handler.getClass().getName());
            }
        }
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : beans.queryNames(null, null)) {
            try {
                if (beans.getClassLoaderFor(name) == loader) {
                    out.add("management bean " + name);
                }
            } catch (InstanceNotFoundException gone) {
                continue;
            }
        }
        return out;
    }
}
