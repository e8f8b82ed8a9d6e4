package org.fieldhouse.runtime.swap;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for a change-over. A full collection halts all threads, and versions that left bring it on: their classes and the objects of their devices lie where
 * nothing else collects. One that is due soon had better be over before devices change over, so that the two pauses do not add up. Any thread.
 */
final class Headroom {
    private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);

    private static final long MEBIBYTE = 1 << 20;
    /** Growth of the class space after which to collect: some four versions of a binding. The more classes there are to unload, the longer the pause. */
    private static final long CLASSES = 8 * MEBIBYTE;
    /** A collection that frees less than this is not worth its pause. */
    private static final long OBJECTS = 8 * MEBIBYTE;
    /** How full the old generation may be, in percent. */
    private static final int FULL = 80;

    private final @Nullable MemoryPoolMXBean classes;
    private final @Nullable MemoryPoolMXBean old;
    private long leastClasses = Long.MAX_VALUE;

    Headroom() {
        classes = pool("Metaspace");
        old = pool("Tenured Gen", "PS Old Gen");
    }

    /** Collectors that unload classes beside the running program have other names for their pools, and need none of this. */
    private static @Nullable MemoryPoolMXBean pool(String... names) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> List.of(names).contains(pool.getName()))
                .findAny()
                .orElse(null);
    }

    /** Collects if the next collection is not far. */
    synchronized void make() {
        if (classes == null || old == null) {
            return;
        }
        long committed = classes.getUsage().getCommitted();
        leastClasses = Math.min(leastClasses, committed);
        MemoryUsage now = old.getUsage();
        MemoryUsage collected = old.getCollectionUsage();
        if (isDue(committed - leastClasses, now, collected == null ? 0 : collected.getUsed())) {
            long begun = System.nanoTime();
            System.gc();
            leastClasses = classes.getUsage().getCommitted();
            LOG.debug("Collected ahead of a change-over in {} ms", (System.nanoTime() - begun) / 1_000_000);
        }
    }

    /**
     * @param grown bytes of the class space more than after an earlier collection
     * @param old the old generation, whose maximum is known
     * @param live bytes of it that the last full collection left
     */
    static boolean isDue(long grown, MemoryUsage old, long live) {
        boolean full = old.getUsed() > old.getMax() / 100 * FULL;
        return grown > CLASSES || full && old.getUsed() - live > OBJECTS;
    }
}
