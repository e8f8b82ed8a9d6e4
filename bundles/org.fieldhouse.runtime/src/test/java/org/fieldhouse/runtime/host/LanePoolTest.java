package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanePoolTest {
    private final LanePool pool = new LanePool(2, 8);
    private final CountDownLatch let = new CountDownLatch(1);

    @AfterEach
    void close() {
        let.countDown();
        pool.close();
    }

    private void block(int lanes) throws Exception {
        CountDownLatch in = new CountDownLatch(lanes);
        for (int i = 0; i < lanes; i++) {
            new Lane(pool).execute(() -> {
                in.countDown();
                try {
                    let.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        in.await();
    }

    /** Each burst wakes two threads, not one for every lane. */
    @Test
    void aBurstOfShortTasksIsDoneByAsManyThreadsAsThereAreProcessors() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lanes.add(new Lane(pool));
        }
        for (int burst = 0; burst < 50; burst++) {
            for (Lane lane : lanes) {
                lane.execute(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    done.incrementAndGet();
                });
            }
        }
        await().until(() -> done.get() == 5_000);
        // A machine that stops for milliseconds looks like threads that block, so one or two more may have come.
        assertThat(most.get()).isLessThan(8);
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void lanesThatBlockDoNotHoldUpOthers() throws Exception {
        block(5);
        for (int i = 0; i < 3; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            new Lane(pool).execute(ran::countDown);
            ran.await();
        }
        assertThat(pool.threads()).isBetween(6, 8);
    }

    @Test
    void thereAreNeverMoreThreadsThanTheMaximum() throws Exception {
        block(8);
        CountDownLatch ran = new CountDownLatch(1);
        new Lane(pool).execute(ran::countDown);
        await().until(() -> pool.waiting() == 1);
        assertThat(pool.threads()).isEqualTo(8);
        let.countDown();
        ran.await();
    }

    /** What comes while it offers its processor is taken without a wake-up; a lane that comes alone is not followed by an offer. */
    @Test
    void beforeItSleepsAThreadOffersItsProcessorOnceForEachBurst() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        Deque<Runnable> duringOffers = new ConcurrentLinkedDeque<>();
        Runnable offer = () -> {
            order.add("offer");
            Runnable next = duringOffers.poll();
            if (next != null) {
                next.run();
            }
        };
        try (LanePool single = new LanePool(1, 1, offer)) {
            duringOffers.add(() -> new Lane(single).execute(() -> order.add("third")));
            CountDownLatch running = new CountDownLatch(1);
            Thread[] worker = {null};
            new Lane(single).execute(() -> {
                worker[0] = Thread.currentThread();
                running.countDown();
                try {
                    let.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                order.add("first");
            });
            running.await();
            new Lane(single).execute(() -> order.add("second"));
            let.countDown();
            await().until(() -> order.size() == 5 && asleep(worker[0]));
            assertThat(order).containsExactly("first", "second", "offer", "third", "offer");

            new Lane(single).execute(() -> order.add("alone"));
            await().until(() -> order.size() == 6 && asleep(worker[0]));
            assertThat(order).endsWith("offer", "alone");
        }
    }

    private static boolean asleep(Thread worker) {
        return worker.getState() == Thread.State.TIMED_WAITING;
    }
}
