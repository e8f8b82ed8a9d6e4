package org.fieldhouse.runtime.swap;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** One bundle between an old version that left and a new one that has to show that it works. */
final class Trial {
    final Bundle bundle;
    final String from;
    final Instant at;
    final CompletableFuture<Swap> ended = new CompletableFuture<>();
    /** Bindings that the old version had, and devices of theirs that were online. */
    final Set<String> bindings = ConcurrentHashMap.newKeySet();

    final Set<DeviceId> online = ConcurrentHashMap.newKeySet();
    /** Names of the services that the old version had. */
    final Set<String> services = new TreeSet<>();
    /** Bindings that are there again. */
    final Set<String> arrived = ConcurrentHashMap.newKeySet();
    /** Whether somebody judges it already. */
    final AtomicBoolean judged = new AtomicBoolean();

    final boolean asked;
    /** The old version's bytes; null if they could not be had. */
    volatile @Nullable Path kept;

    /** What has to be healthy: the bundle itself, or the old version beside it. */
    volatile Bundle inForce;

    volatile long leftNanos;
    volatile boolean updated;
    volatile boolean rollingBack;
    /** Whether the new version has started. */
    volatile boolean ran;
    /** Whether it was stopped after that: by a person, or for a refresh. */
    volatile boolean stopped;
    /** The thread that starts the bundle; null if none does. */
    volatile @Nullable Thread starter;

    /** @param asked whether it was asked for by {@code HotSwap.replace} */
    Trial(Bundle bundle, boolean asked) {
        this.bundle = bundle;
        inForce = bundle;
        this.asked = asked;
        from = bundle.getVersion().toString();
        at = Instant.now();
        leftNanos = System.nanoTime();
    }

    Swap result(Outcome outcome, String to, String reason, long untilNanos) {
        return new Swap(
                bundle.getSymbolicName(),
                bundle.getBundleId(),
                from,
                to,
                outcome,
                reason,
                Duration.ofNanos(untilNanos - leftNanos),
                at);
    }
}
