package org.fieldhouse.webconsole.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often somebody may try: a few times at once, then with a delay that doubles with each failure, counted for each address and
 * for all together. An attempt counts as failed from its beginning until it succeeds, so that many at once are no way around.
 * Any thread.
 */
final class AttemptLimit {
    /** Failures of one address before it has to wait. */
    static final int FREE = 5;
    /** Failures of all addresses before everybody has to wait. */
    static final int FREE_TOGETHER = 20;

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int ADDRESSES = 1000;

    private final LongSupplier nanos;
    private final Count together = new Count(FREE_TOGETHER);
    /** Whoever was quiet for longest is forgotten first. */
    private final Map<String, Count> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** @param nanos monotonic, as {@code System::nanoTime} */
    AttemptLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private static final class Count {
        private final int free;
        private int failures;
        private long last;

        private Count(int free) {
            this.free = free;
        }

        private Duration left(long now) {
            if (failures > 0 && now - last > FORGOTTEN.toNanos()) {
                failures = 0;
            }
            if (failures < free) {
                return Duration.ZERO;
            }
            long doubled = FIRST.toNanos() << Math.min(failures - free, 20);
            long left = Math.min(doubled, LONGEST.toNanos()) - (now - last);
            return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
        }

        private void count(long now) {
            failures++;
            last = now;
        }
    }

    /** Begins an attempt. @return how long to wait before it may be made; zero if it may be made now, and only then it counts */
    synchronized Duration begin(String address) {
        long now = nanos.getAsLong();
        Count own = addresses.computeIfAbsent(address, a -> new Count(FREE));
        Duration left = own.left(now);
        Duration all = together.left(now);
        left = left.compareTo(all) < 0 ? all : left;
        if (left.isZero()) {
            own.count(now);
            together.count(now);
        }
        return left;
    }

    /** The attempt that was begun last from there was right: what was before does not count for that address any more. */
    synchronized void succeeded(String address) {
        addresses.remove(address);
        together.failures = Math.max(0, together.failures - 1);
    }
}
