package org.fieldhouse.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.bus.Bus;
import org.fieldhouse.runtime.bus.BusSettings;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandIdsTest {
    private final CountDownLatch disk = new CountDownLatch(1);
    private final AtomicInteger reservations = new AtomicInteger();
    private volatile boolean stuck;
    private final MemoryStore store = new MemoryStore() {
        @Override
        public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
            if (name.equals("command-ids")) {
                reservations.incrementAndGet();
                if (stuck) {
                    try {
                        disk.await();
                    } catch (InterruptedException e) {
                        throw new StoreException("interrupted", e);
                    }
                }
            }
            super.putSnapshot(name, snapshot);
        }
    };
    private final Bus bus = new Bus(BusSettings.DEFAULT, store, Clock.systemUTC(), System::nanoTime);

    @AfterEach
    void stop() {
        disk.countDown();
        bus.stop();
    }

    @Test
    void numbersAreReservedAheadSoThatNobodyWaitsForTheDisk() {
        CommandIds ids = new CommandIds(bus);
        stuck = true;
        long first = ids.next();
        for (long i = 1; i < CommandIds.RANGE - 1; i++) {
            assertThat(ids.next()).isEqualTo(first + i);
        }
        await().until(() -> reservations.get() == 2);
        disk.countDown();
        for (long i = CommandIds.RANGE - 1; i < 10 * CommandIds.RANGE; i++) {
            assertThat(ids.next()).isEqualTo(first + i);
        }
    }

    @Test
    void theMoreCommandsTheLongerTheRanges() {
        CommandIds ids = new CommandIds(bus);
        long first = ids.next();
        for (long i = 1; i < 400 * CommandIds.RANGE; i++) {
            assertThat(ids.next()).isEqualTo(first + i);
        }
        assertThat(reservations.get()).isBetween(5, 20);
    }

    /** As after a crash: what was given out before is on disk as used, whenever it happened. */
    @Test
    void noNumberIsGivenOutTwice() {
        CommandIds ids = new CommandIds(bus);
        long last = 0;
        for (int i = 0; i < 3 * CommandIds.RANGE; i++) {
            last = ids.next();
            if (i % 1_000 == 0) {
                assertThat(new CommandIds(bus).next()).isGreaterThan(last);
            }
        }
    }
}
