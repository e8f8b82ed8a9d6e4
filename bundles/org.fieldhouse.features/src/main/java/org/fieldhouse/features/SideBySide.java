package org.fieldhouse.features;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Starts or stops bundles, as many at a time as there are processors, and those that need one another in their turn. Each has a thread of
 * its own and a time that ends: a foreign activator may never return, and its thread is interrupted and left to itself then. After a
 * failure no other one begins, and those that have begun are waited for, so that nothing changes any more when the failures are known.
 *
 * <p>One object serves one list of bundles. One thread uses it.
 */
final class SideBySide {
    /** How long an activator may take to come out once it is interrupted. */
    private static final long OUT_SECONDS = 2;

    /** What is done with a bundle, on a thread of its own. */
    interface Work {
        void on(Bundle bundle) throws BundleException;
    }

    /** One bundle being worked on. */
    private static final class Run {
        final Bundle bundle;
        final Thread thread;
        final long deadline;
        /** Written before it is reported as ended. */
        @Nullable
        Throwable failure;

        Run(Bundle bundle, Work work, BlockingQueue<Run> ended, long seconds) {
            this.bundle = bundle;
            this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            thread = new Thread(
                    () -> {
                        try {
                            work.on(bundle);
                        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                            failure = e;
                        }
                        ended.add(this);
                    },
                    "fieldhouse-change-" + bundle.getSymbolicName());
            thread.setDaemon(true);
        }
    }

    private final int width;
    private final long seconds;
    private final Work work;
    private final List<Run> running = new ArrayList<>();
    private final BlockingQueue<Run> ended = new LinkedBlockingQueue<>();
    private final Map<Bundle, String> failures = new LinkedHashMap<>();

    /**
     * @param width how many at a time
     * @param seconds for each
     */
    SideBySide(int width, long seconds, Work work) {
        this.width = width;
        this.seconds = seconds;
        this.work = work;
    }

    /** As many at a time as there are processors. */
    SideBySide(long seconds, Work work) {
        this(Runtime.getRuntime().availableProcessors(), seconds, work);
    }

    /** One bundle. @return why it failed, or null */
    static @Nullable String one(Bundle bundle, long seconds, Work work) {
        return new SideBySide(1, seconds, work).all(List.of(bundle), b -> {}).get(bundle);
    }

    /**
     * Returns when all have ended or been given up.
     *
     * @param bundles of two that need one another, the one before is done with before the other begins
     * @param begins told of each, on this thread
     * @return those that failed, and why
     */
    Map<Bundle, String> all(List<Bundle> bundles, Consumer<Bundle> begins) {
        List<Bundle> waiting = new ArrayList<>(bundles);
        try {
            while (!waiting.isEmpty() && failures.isEmpty()) {
                Bundle next = running.size() < width ? next(waiting) : null;
                if (next == null) {
                    awaitOne();
                    continue;
                }
                waiting.remove(next);
                begins.accept(next);
                Run run = new Run(next, work, ended, seconds);
                running.add(run);
                run.thread.start();
            }
        } finally {
            while (!running.isEmpty()) {
                awaitOne();
            }
        }
        return failures;
    }

    /** The first that needs none of those before it that have not ended, nor they it; null while there is none. */
    private @Nullable Bundle next(List<Bundle> waiting) {
        List<Bundle> before = new ArrayList<>();
        running.forEach(run -> before.add(run.bundle));
        for (Bundle bundle : waiting) {
            if (before.stream().noneMatch(b -> needs(bundle, b) || needs(b, bundle))) {
                return bundle;
            }
            before.add(bundle);
        }
        return null;
    }

    private void awaitOne() {
        long left = running.stream().mapToLong(run -> run.deadline).min().orElseThrow() - System.nanoTime();
        try {
            Run run = ended.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
            if (run == null) {
                giveUpTheLate();
            } else if (running.remove(run) && run.failure != null) {
                failures.put(run.bundle, message(run.failure));
            }
        } catch (InterruptedException e) {
            for (Run run : running) {
                run.thread.interrupt();
                failures.put(run.bundle, "interrupted");
            }
            running.clear();
            Thread.currentThread().interrupt();
        }
    }

    private void giveUpTheLate() throws InterruptedException {
        long now = System.nanoTime();
        for (Run run : List.copyOf(running)) {
            if (run.deadline <= now) {
                run.thread.interrupt();
                run.thread.join(TimeUnit.SECONDS.toMillis(OUT_SECONDS));
                running.remove(run);
                failures.put(run.bundle, "its activator has not returned within " + seconds + " s");
            }
        }
    }

    private static String message(Throwable failure) {
        Throwable cause = failure instanceof BundleException ? failure.getCause() : null;
        return cause == null ? String.valueOf(failure.getMessage()) : cause.toString();
    }

    /** Whether a bundle is wired to another, or says that it needs a service which that one says it offers. */
    static boolean needs(Bundle bundle, Bundle other) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            for (BundleWire wire : wiring.getRequiredWires(null)) {
                if (other.equals(wire.getProvider().getBundle())) {
                    return true;
                }
            }
        }
        BundleRevision needing = bundle.adapt(BundleRevision.class);
        BundleRevision offering = other.adapt(BundleRevision.class);
        if (needing == null || offering == null) {
            return false;
        }
        for (BundleRequirement service : needing.getDeclaredRequirements("osgi.service")) {
            for (BundleCapability offered : offering.getDeclaredCapabilities("osgi.service")) {
                if (service.matches(offered)) {
                    return true;
                }
            }
        }
        return false;
    }
}
