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
import org.fieldhouse.runtime.host.WrittenOff;
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

    /** @param firstThread no thread with a smaller number is its own; numbers of threads only rise */
    private record Present(String bundle, WeakReference<ClassLoader> loader, long firstThread) {}

    /** @param lastThread no thread with a greater number is its own */
    private record Departed(Present version, Instant left, long lastThread) {
        boolean isCollected() {
            return version.loader.refersTo(null);
        }
    }

    /** The loader of each bundle that has started, weakly, so that it is known when the bundle is gone. */
    private final Map<Long, Present> present = new ConcurrentHashMap<>();

    private final List<Departed> departed = new ArrayList<>();
    private final Map<String, Integer> starts = new ConcurrentHashMap<>();
    private final Map<String, Leak> stuck = new ConcurrentHashMap<>();
    private final Runnable forget;

    /** @param forget what to do when a bundle was uninstalled, so that the container holds it no longer */
    Departures(Runnable forget) {
        this.forget = forget;
    }

    void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STARTING -> remember(bundle, nextThread());
            case BundleEvent.STOPPING -> remember(bundle, 0);
            case BundleEvent.STARTED -> {
                if (bundle.getSymbolicName() != null) {
                    starts.merge(bundle.getSymbolicName(), 1, Integer::sum);
                }
            }
            case BundleEvent.UNRESOLVED, BundleEvent.UPDATED -> leave(bundle);
            case BundleEvent.UNINSTALLED -> {
                leave(bundle);
                forget.run();
            }
            default -> {}
        }
    }

    /** How often each bundle has started since this object was there. */
    Map<String, Integer> starts() {
        return new TreeMap<>(starts);
    }

    private void remember(Bundle bundle, long firstThread) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
        if (loader != null) {
            String version = bundle.getSymbolicName() + " " + bundle.getVersion();
            present.compute(
                    bundle.getBundleId(),
                    (id, known) -> known != null && known.loader.refersTo(loader)
                            ? known
                            : new Present(version, new WeakReference<>(loader), firstThread));
        }
    }

    private static long nextThread() {
        return new Thread().getId();
    }

    private void leave(Bundle bundle) {
        Present version = present.remove(bundle.getBundleId());
        if (version == null) {
            return;
        }
        synchronized (departed) {
            departed.removeIf(Departed::isCollected);
            departed.add(new Departed(version, Instant.now(), nextThread()));
            if (departed.size() > MOST) {
                departed.remove(0);
            }
        }
    }

    /** A bundle's start never returns. */
    void stuck(Bundle bundle, @Nullable Thread thread) {
        stuck(bundle, thread, "start");
    }

    /** @param where it never returns from: its start or its stop */
    void stuck(Bundle bundle, @Nullable Thread thread, String where) {
        String version = bundle.getSymbolicName() + " " + bundle.getVersion();
        String how = thread == null
                ? "its " + where + " never returns"
                : "thread " + thread.getName() + " never returns from its " + where;
        stuck.put(version, new Leak(version, Instant.now(), List.of(how)));
    }

    /** Collects even if nobody is missing: who asks wants to see the heap without garbage too. */
    List<Leak> leaks(boolean heapDump) {
        forget.run();
        for (int i = 0; i < COLLECTIONS && (i == 0 || !survivors().isEmpty()); i++) {
            System.gc();
        }
        List<Leak> out = new ArrayList<>();
        List<Departed> kept = survivors();
        Map<String, List<String>> paths = heapDump && !kept.isEmpty()
                ? HeapPaths.find(kept.stream().map(d -> d.version.loader).toList())
                : Map.of();
        for (Departed d : kept) {
            ClassLoader loader = d.version.loader.get();
            if (loader != null) {
                Set<String> holders = new LinkedHashSet<>(holders(d, loader));
                holders.addAll(paths.getOrDefault(HeapPaths.key(loader), List.of()));
                out.add(new Leak(d.version.bundle, d.left, List.copyOf(holders)));
            }
        }
        out.addAll(stuck.values());
        return out;
    }

    private List<Departed> survivors() {
        synchronized (departed) {
            departed.removeIf(Departed::isCollected);
            return List.copyOf(departed);
        }
    }

    /** What is certain; else the threads that may be its own. */
    private static List<String> holders(Departed departed, ClassLoader loader) {
        List<String> out = new ArrayList<>();
        List<String> guesses = new ArrayList<>();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            String name = "thread '" + thread.getName() + "' ";
            if (thread.getContextClassLoader() instanceof WrittenOff mark && mark.isOf(loader)) {
                out.add(name
                        + (mark.isFor(thread)
                                ? "was written off: it never returned from "
                                : "was begun by one that was written off: ")
                        + mark);
                return;
            }
            StackTraceElement frame =
                    departed.version.firstThread <= thread.getId() && thread.getId() < departed.lastThread
                            ? frameOf(loader, stack)
                            : null;
            if (thread.getClass().getClassLoader() == loader) {
                out.add(name + "is a " + thread.getClass().getName());
            } else if (thread.getContextClassLoader() == loader) {
                out.add(name + "has it as its context class loader");
            } else if (frame != null) {
                guesses.add(name + "was started while it was there, and is in " + frame);
            }
            Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
            if (handler != null && handler.getClass().getClassLoader() == loader) {
                out.add(name + "has a handler of class " + handler.getClass().getName());
            }
        });
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
        return out.isEmpty() ? guesses : out;
    }

    /** The innermost frame in a class of that loader. A frame knows the name of its class alone, which the next version has as well. */
    private static @Nullable StackTraceElement frameOf(ClassLoader loader, StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            try {
                if (frame.getModuleName() == null
                        && loader.loadClass(frame.getClassName()).getClassLoader() == loader) {
                    return frame;
                }
            } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
                continue; // of another bundle
            }
        }
        return null;
    }
}
