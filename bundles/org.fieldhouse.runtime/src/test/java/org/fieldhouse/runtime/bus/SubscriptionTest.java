package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {
    private final Bus bus = new Bus(BusSettings.DEFAULT, new MemoryStore(), Clock.systemUTC(), System::nanoTime);

    @AfterEach
    void stop() {
        bus.stop();
    }

    private void publish(int n) {
        for (int i = 0; i < n; i++) {
            bus.publish(new TimerElapsed(i), Cause.CLOCK);
        }
    }

    /** Stops in its first event until it is let go. */
    private static final class Slow implements EventHandler {
        final CountDownLatch in = new CountDownLatch(1);
        final CountDownLatch let = new CountDownLatch(1);
        final List<Event> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(Event event) throws Exception {
            in.countDown();
            let.await();
            seen.add(event);
        }
    }

    /** 10 reads the ring, 20,000 has a queue of its own. */
    @ParameterizedTest
    @ValueSource(ints = {10, 20_000})
    void theOldestAreDroppedAndCounted(int capacity) throws Exception {
        Slow slow = new Slow();
        Subscription subscription = bus.subscribe("view", Overflow.DROP_OLDEST, capacity, slow);
        publish(1);
        slow.in.await();
        publish(capacity * 3);
        assertThat(subscription.waiting()).isBetween(capacity - 1, capacity);
        long dropped = subscription.dropped();
        assertThat(dropped).isBetween(2L * capacity, 2L * capacity + 1);
        slow.let.countDown();
        await().until(() -> subscription.waiting() == 0 && slow.seen.size() > 1);
        await().until(() -> subscription.delivered() + subscription.dropped() == 1 + 3L * capacity);
        assertThat(slow.seen.get(slow.seen.size() - 1).sequence()).isEqualTo(bus.lastSequence());
        assertThat(subscription.dropped()).isBetween(dropped - 1, dropped);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20_000})
    void whoIsTooFarBehindIsDisconnected(int capacity) throws Exception {
        Slow slow = new Slow();
        Subscription subscription = bus.subscribe("uplink", Overflow.DISCONNECT, capacity, slow);
        publish(1);
        slow.in.await();
        publish(capacity + 2);
        slow.let.countDown();
        await().until(() -> !alive("fieldhouse-sub-uplink"));
        assertThat(slow.seen).hasSize(1);
        assertThat(subscription.delivered()).isEqualTo(1);
    }

    @Test
    void aWaitingReportIsReplacedByALaterOneOfItsPoint() throws Exception {
        Slow slow = new Slow();
        Subscription subscription = bus.subscribe("web", Overflow.COALESCE, 100, slow);
        publish(1);
        slow.in.await();
        Mailbox mailbox = bus.mailbox(new DeviceId("d"));
        for (int i = 0; i < 50; i++) {
            mailbox.report("a", Quantity.of(i), Quality.GOOD, 0);
            mailbox.report("b", Quantity.of(i), Quality.GOOD, 0);
            publish(1);
        }
        assertThat(subscription.waiting()).isEqualTo(52);
        assertThat(subscription.dropped()).isEqualTo(98);
        slow.let.countDown();
        await().until(() -> slow.seen.size() == 53);
        assertThat(slow.seen).extracting(Event::sequence).isSorted();
        assertThat(slow.seen)
                .filteredOn(e -> e.fact() instanceof StateChanged)
                .extracting(e -> ((StateChanged) e.fact()).after().value())
                .containsExactly(Quantity.of(49), Quantity.of(49));
    }

    @Test
    void publishersWaitForACoreSubscription() throws Exception {
        Slow slow = new Slow();
        Subscription subscription = bus.subscribe("rules", Overflow.WAIT, 8, slow);
        AtomicInteger published = new AtomicInteger();
        Thread publisher = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                bus.publish(new TimerElapsed(i), Cause.CLOCK);
                published.incrementAndGet();
            }
        });
        publisher.start();
        slow.in.await();
        await().until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
        assertThat(published.get()).isLessThan(10_000);
        assertThat(bus.lastSequence()).isLessThanOrEqualTo(1 + 8);
        slow.let.countDown();
        publisher.join();
        await().until(() -> slow.seen.size() == 20_000);
        assertThat(subscription.dropped()).isZero();
        for (int i = 1; i < slow.seen.size(); i++) {
            assertThat(slow.seen.get(i).sequence())
                    .isEqualTo(slow.seen.get(i - 1).sequence() + 1);
        }
    }

    /** The rules answer each event with one or two more while their own mailbox is as small as can be: they must not wait for themselves. */
    @Test
    void aCoreSubscriptionThatPublishesDoesNotWaitForItself() {
        AtomicInteger seen = new AtomicInteger();
        bus.subscribe("rules", Overflow.WAIT, 1, event -> {
            if (seen.incrementAndGet() < 10_000) {
                bus.publish(new TimerElapsed(1), Cause.CLOCK);
                if (seen.get() % 2 == 0) {
                    bus.publish(new TimerElapsed(2), Cause.CLOCK);
                }
            }
        });
        publish(1);
        await().until(() -> seen.get() == 14_999);
    }

    @Test
    void closingAStuckCoreSubscriptionLetsTheBusGoOn() throws Exception {
        Slow slow = new Slow();
        Subscription subscription = bus.subscribe("rules", Overflow.WAIT, 1, slow);
        publish(1);
        slow.in.await();
        Mailbox mailbox = bus.mailbox(new DeviceId("d"));
        mailbox.signal("a", java.util.Map.of());
        mailbox.signal("b", java.util.Map.of());
        assertThat(bus.counters().waiting()).isPositive();
        new Thread(subscription::close).start();
        await().until(() -> bus.counters().waiting() == 0);
        slow.let.countDown();
    }

    @Test
    void whatAHandlerThrowsIsCounted() {
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription = bus.subscribe("bad", Overflow.WAIT, 8, event -> {
            calls.incrementAndGet();
            throw new IllegalStateException("expected in this test");
        });
        publish(3);
        await().until(() -> calls.get() == 3 && subscription.failures() == 3);
        assertThat(subscription.delivered()).isEqualTo(3);
    }

    @Test
    void idleIsCalledOnceAfterTheLast() {
        List<String> calls = new CopyOnWriteArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        bus.subscribe("batch", Overflow.WAIT, 64, new EventHandler() {
            @Override
            public void onEvent(Event event) throws Exception {
                go.await();
                calls.add("event");
            }

            @Override
            public void onIdle() {
                calls.add("idle");
            }
        });
        publish(3);
        go.countDown();
        await().until(() -> calls.size() >= 4);
        assertThat(calls).containsExactly("event", "event", "event", "idle");
    }

    @Test
    void afterCloseTheHandlerIsNotRunning() throws Exception {
        for (int i = 0; i < 50; i++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicBoolean late = new AtomicBoolean();
            Subscription subscription = bus.subscribe("s", Overflow.WAIT, 64, event -> {
                if (closed.get()) {
                    late.set(true);
                }
            });
            Thread publisher = new Thread(() -> publish(100));
            publisher.start();
            subscription.close();
            closed.set(true);
            publisher.join();
            assertThat(late).isFalse();
        }
    }

    @Test
    void aHandlerMayCloseItsOwnSubscription() {
        AtomicReference<Subscription> self = new AtomicReference<>();
        List<Event> seen = new CopyOnWriteArrayList<>();
        CountDownLatch ready = new CountDownLatch(1);
        self.set(bus.subscribe("once", Overflow.WAIT, 64, event -> {
            ready.await();
            seen.add(event);
            self.get().close();
        }));
        ready.countDown();
        publish(5);
        await().until(() -> !alive("fieldhouse-sub-once"));
        assertThat(seen).hasSize(1);
        publish(100_000);
    }

    @Test
    void aBundleSpeaksForItselfAndItsSubscriptionsEndWithIt() throws Exception {
        BundleBus acme = new BundleBus(bus, "com.acme.door", true);
        List<Event> seen = new CopyOnWriteArrayList<>();
        acme.subscribe("s", Overflow.WAIT, 8, seen::add);
        assertThatThrownBy(() -> acme.subscribe("s", Overflow.WAIT, 8, seen::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("com.acme.door");
        Event event = acme.publish(new Fact.ExternalFact("com.acme.Due", java.util.Map.of()), Cue.user("root"))
                .toCompletableFuture()
                .get();
        assertThat(event.cause()).isEqualTo(new Cause(0, Cause.Origin.EXTERNAL, "com.acme.door", null));
        assertThatThrownBy(() -> acme.publish(new Fact.RuntimeStopped(), Cue.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RuntimeStopped");
        acme.release();
        assertThat(alive("fieldhouse-sub-com.acme.door/s")).isFalse();
    }

    /** What a person changes by the shell or the console is on record under his name. */
    @Test
    void theFeaturesServiceActsForWhoAskedIt() throws Exception {
        BundleBus features = new BundleBus(bus, "org.fieldhouse.features", true);
        Fact fact = new Fact.AuditRecorded("feature.changed", "Install acme", "");
        assertThat(features.publish(fact, Cue.user("anna"))
                        .toCompletableFuture()
                        .get()
                        .cause())
                .isEqualTo(new Cause(0, Cause.Origin.USER, "anna", null));
        BundleBus trust = new BundleBus(bus, "org.fieldhouse.trust", true);
        assertThat(trust.publish(fact, Cue.user("anna"))
                        .toCompletableFuture()
                        .get()
                        .cause()
                        .actor())
                .isEqualTo("anna");
        assertThat(features.publish(fact, Cue.NONE)
                        .toCompletableFuture()
                        .get()
                        .cause()
                        .actor())
                .isEqualTo("org.fieldhouse.features");
    }

    @Test
    void aBundleThatDidNotSaySoPublishesNothing() {
        BundleBus acme = new BundleBus(bus, "com.acme.door", false);
        assertThatThrownBy(() -> acme.publish(new Fact.ExternalFact("com.acme.Due", java.util.Map.of()), Cue.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("com.acme.door cannot publish")
                .hasMessageContaining("`publish` in Fieldhouse-Permissions");
    }

    private static boolean alive(String thread) {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().forEach(t -> names.add(t.getName()));
        return names.contains(thread);
    }
}
