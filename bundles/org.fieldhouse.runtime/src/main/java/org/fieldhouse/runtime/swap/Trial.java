package org.fieldhouse.runtime.swap;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.swap.Swap;
import org.fieldhouse.api.swap.Swap.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** One bundle between an old version that leaves and a new one that has to show that it works. */
final class Trial {
    /** How it came to be. */
    enum Way {
        /** Somebody updates the bundle; the framework's events tell. */
        SEEN,
        /** The house was asked, and updates it. */
        ASKED,
        /** The house was asked, and puts the new version beside it. */
        BESIDE
    }

    /** The old version; if it is updated in place, then the new one. */
    final Bundle bundle;

    final Way way;
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

    private final Consumer<Bundle> watched;
    /** The old version's bytes; null if they could not be had. */
    volatile @Nullable Path kept;

    /** What has to be healthy. */
    volatile Bundle inForce;

    /** When devices began to leave; 0 while none has. */
    volatile long leftNanos;

    volatile boolean updated;
    /** Whether the new version has started. */
    volatile boolean ran;
    /** Whether it was stopped after that: by a person, or for a refresh. */
    volatile boolean stopped;
    /** The thread that starts the bundle; null if none does. */
    volatile @Nullable Thread starter;
    /** Why its binding was not let in; null if it was. */
    volatile @Nullable String refused;

    /** @param watched told of each bundle whose events concern this trial */
    Trial(Bundle bundle, Way way, Consumer<Bundle> watched) {
        this.bundle = bundle;
        this.way = way;
        this.watched = watched;
        inForce = bundle;
        from = bundle.getVersion().toString();
        at = Instant.now();
    }

    /** From now on that one has to be healthy. */
    void watch(Bundle next) {
        inForce = next;
        watched.accept(next);
    }

    Swap result(Outcome outcome, String to, String reason) {
        return result(outcome, to, reason, System.nanoTime());
    }

    Swap result(Outcome outcome, String to, String reason, long untilNanos) {
        Duration gap = leftNanos == 0 ? Duration.ZERO : Duration.ofNanos(untilNanos - leftNanos);
        return new Swap(bundle.getSymbolicName(), inForce.getBundleId(), from, to, outcome, reason, gap, at);
    }
}
