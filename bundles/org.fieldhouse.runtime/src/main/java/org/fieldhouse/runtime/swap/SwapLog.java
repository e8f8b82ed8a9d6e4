package org.fieldhouse.runtime.swap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.fieldhouse.api.swap.Swap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the last updates went, in the log and for whoever asks. Thread-safe. */
final class SwapLog {
    private static final Logger LOG = LoggerFactory.getLogger(SwapLog.class);
    private static final int RECENT = 64;

    private final Deque<Swap> recent = new ArrayDeque<>();

    void add(Swap swap) {
        synchronized (recent) {
            recent.addLast(swap);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
        String bundle = swap.bundle();
        long gap = swap.gap().toMillis();
        switch (swap.outcome()) {
            case REPLACED -> LOG.info("{} {} replaces {}, gap {} ms", bundle, swap.to(), swap.from(), gap);
            case ROLLED_BACK ->
                LOG.warn(
                        "{} {} was taken back: {}; {} is in place again, gap {} ms",
                        bundle,
                        swap.to(),
                        swap.reason(),
                        swap.from(),
                        gap);
            case FAILED -> LOG.error("{} {}: {}", bundle, swap.to(), swap.reason());
        }
    }

    /** Newest last. */
    List<Swap> recent() {
        synchronized (recent) {
            return List.copyOf(recent);
        }
    }
}
