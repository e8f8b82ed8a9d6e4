package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers that are prompt run on the thread of whoever reports, while their own sleeps. */
class AttendTest {
    private final Bus bus = new Bus(BusSettings.DEFAULT, new MemoryStore(), Clock.systemUTC(), System::nanoTime);
    private final Mailbox mailbox = bus.mailbox(new DeviceId("d"));

    @AfterEach
    void stop() {
        bus.stop();
    }

    /** Remembers which thread brought what. */
    private static class Prompt implements EventHandler {
        final List<Event> seen = new CopyOnWriteArrayList<>();
        final List<Thread> threads = new CopyOnWriteArrayList<>();
        volatile boolean prompt = true;

        @Override
        public void onEvent(Event event) throws Exception {
            seen.add(event);
            threads.add(Thread.currentThread());
        }

        @Override
        public boolean isPrompt() {
            return prompt;
        }
    }

    private Subscription subscribe(EventHandler handler) {
        Subscription subscription = bus.subscribe("rules", Overflow.WAIT, 1_024, handler);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("fieldhouse-sub-rules") && t.getState() == Thread.State.WAITING));
        return subscription;
    }

    private void report(double value) {
        mailbox.report("a", Quantity.of(value), Quality.GOOD, 0);
        mailbox.attend();
    }

    @Test
    void aReportIsHandledOnTheReportersThread() {
        Prompt rules = new Prompt();
        subscribe(rules);
        report(1);
        mailbox.signal("pressed", Map.of());
        mailbox.attend();
        assertThat(rules.seen).hasSize(2);
        assertThat(rules.threads).containsOnly(Thread.currentThread());
    }

    @Test
    void whoPublishesWithoutAttendingWakesTheHandlersOwnThread() {
        Prompt rules = new Prompt();
        subscribe(rules);
        bus.publish(new TimerElapsed(1), Cause.CLOCK);
        await().until(() -> rules.seen.size() == 1);
        assertThat(rules.threads.get(0)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aHandlerThatIsNotPromptNowRunsOnItsOwnThread() {
        Prompt rules = new Prompt();
        subscribe(rules);
        rules.prompt = false;
        report(1);
        await().until(() -> rules.seen.size() == 1);
        assertThat(rules.threads.get(0)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aHandlerThatWasSlowIsLeftAloneForAWhile() {
        Prompt rules = new Prompt() {
            @Override
            public void onEvent(Event event) throws Exception {
                super.onEvent(event);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        };
        subscribe(rules);
        report(1);
        report(2);
        await().until(() -> rules.seen.size() == 2);
        assertThat(rules.threads.get(0)).isSameAs(Thread.currentThread());
        assertThat(rules.threads.get(1)).isNotSameAs(Thread.currentThread());
        // Its time alone ends; it is not for ever.
        await().untilAsserted(() -> {
            report(rules.seen.size());
            assertThat(rules.threads.stream().skip(2)).contains(Thread.currentThread());
        });
    }

    /** Whoever handles it: one at a time, in order, each event once. */
    @Test
    void manyReportersAndPublishersKeepTheOrder() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean overlap = new AtomicBoolean();
        List<Long> order = new ArrayList<>();
        Subscription subscription = subscribe(new Prompt() {
            @Override
            public void onEvent(Event event) {
                overlap.compareAndSet(false, inside.incrementAndGet() != 1);
                order.add(event.sequence());
                inside.decrementAndGet();
            }
        });
        long first = bus.lastSequence() + 1;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                Mailbox own = bus.mailbox(new DeviceId("d" + number));
                for (int i = 0; i < 20_000; i++) {
                    if (number == 0) {
                        bus.publish(new TimerElapsed(i), Cause.CLOCK);
                    } else {
                        own.report("a", Quantity.of(i), Quality.GOOD, 0);
                        own.attend();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await().until(() -> subscription.delivered() == bus.lastSequence() - first + 1);
        assertThat(overlap).isFalse();
        for (int i = 0; i < order.size(); i++) {
            assertThat(order.get(i)).isEqualTo(first + i);
        }
    }

    /** On somebody else's thread it must not wait for itself either. */
    @Test
    void aHandlerThatPublishesDoesNotWaitForItself() {
        AtomicInteger count = new AtomicInteger();
        subscribe(new Prompt() {
            @Override
            public void onEvent(Event event) {
                if (count.incrementAndGet() == 1) {
                    for (int i = 0; i < 20_000; i++) {
                        bus.publish(new TimerElapsed(i), Cause.CLOCK);
                    }
                }
            }
        });
        report(1);
        await().until(() -> count.get() == 20_001);
    }

    /** A defect of the rules is not the reporter's. */
    @Test
    void whatTheHandlerThrowsDoesNotReachTheReporter() {
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription = subscribe(new Prompt() {
            @Override
            public void onEvent(Event event) {
                calls.incrementAndGet();
                throw new AssertionError("expected in this test");
            }
        });
        report(1);
        assertThat(subscription.failures()).isEqualTo(1);
        // Writing the first one to the log may have taken long enough to be left alone.
        report(2);
        await().until(() -> calls.get() == 2 && subscription.failures() == 2);
    }

    @Test
    void closeWaitsForTheReporterThatRunsTheHandler() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        Subscription subscription = subscribe(new Prompt() {
            @Override
            public void onEvent(Event event) throws Exception {
                in.countDown();
                let.await();
                done.set(true);
            }
        });
        Thread reporter = new Thread(() -> report(1));
        reporter.start();
        in.await();
        AtomicBoolean doneAtClose = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            subscription.close();
            doneAtClose.set(done.get());
        });
        closer.start();
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        let.countDown();
        closer.join();
        reporter.join();
        assertThat(doneAtClose).isTrue();
    }

    @Test
    void aHandlerMayCloseItsOwnSubscription() {
        Subscription[] self = new Subscription[1];
        Prompt rules = new Prompt() {
            @Override
            public void onEvent(Event event) throws Exception {
                super.onEvent(event);
                self[0].close();
            }
        };
        self[0] = subscribe(rules);
        report(1);
        report(2);
        assertThat(rules.seen).hasSize(1);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("fieldhouse-sub-rules")));
    }
}
