package org.fieldhouse.history.store;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What could not be read: each place is logged and counted once. Any thread. */
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    /** Places that are remembered; beyond that they are counted each time. */
    private static final int REMEMBERED = 10_000;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final AtomicLong count = new AtomicLong();

    void found(Path file, long at, String why) {
        if (known.size() < REMEMBERED && !known.add(file.getFileName() + "@" + at)) {
            return;
        }
        count.incrementAndGet();
        LOG.error("history: {} is damaged at byte {}: {}; the rest is read on", file, at, why);
    }

    long count() {
        return count.get();
    }
}
