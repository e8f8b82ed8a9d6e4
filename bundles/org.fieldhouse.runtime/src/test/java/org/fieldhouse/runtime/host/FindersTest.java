package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext.Cancellable;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.binding.FinderContext;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.runtime.support.FakeIngress;
import org.junit.jupiter.api.Test;

class FindersTest {
    private static final Candidate HUB =
            new Candidate(new DeviceId("hub:1"), "acme", "hub", null, "Hub", "Acme Hub", Map.of(), true);

    private final FakeIngress ingress = new FakeIngress();
    private final Time time = new Time();
    private final Discovery discovery = new Discovery(ingress, time, id -> null, found -> {});
    private final Finders finders = new Finders(time, discovery, Settings::of);

    /** Runs what is due when it is told to. */
    private static final class Time implements Scheduler {
        private record Due(Duration delay, Runnable task) {}

        private final List<Due> due = new ArrayList<>();

        @Override
        public synchronized Cancellable after(Duration delay, Runnable task) {
            Due one = new Due(delay, task);
            due.add(one);
            return () -> {
                synchronized (Time.this) {
                    due.remove(one);
                }
            };
        }

        /** The pause until the one thing that is due. */
        synchronized Duration pause() {
            assertThat(due).hasSize(1);
            return due.get(0).delay();
        }

        synchronized int size() {
            return due.size();
        }

        void pass() {
            Due next;
            synchronized (this) {
                next = due.remove(0);
            }
            next.task().run();
        }
    }

    private static class Fake implements Finder {
        final AtomicInteger looks = new AtomicInteger();
        volatile List<Candidate> there = List.of();
        volatile String why = "";

        @Override
        public String title() {
            return "Acme hub at 10.0.0.1";
        }

        @Override
        public List<Candidate> look(FinderContext context) throws BindingException, InterruptedException {
            looks.incrementAndGet();
            if (!why.isEmpty()) {
                throw new BindingException(why);
            }
            return there;
        }
    }

    private void awaitLooks(Fake finder, int count) {
        await().until(() -> finder.looks.get() == count && time.size() == 1);
    }

    @Test
    void whatIsFoundIsOfferedOnceAndTakenBackWhenItIsNotThereAnyMore() {
        Fake finder = new Fake();
        finder.there = List.of(HUB);
        finders.begin();
        finders.add(finder);
        awaitLooks(finder, 1);
        time.pass();
        awaitLooks(finder, 2);
        assertThat(discovery.all()).containsExactly(HUB);
        assertThat(ingress.facts(Fact.CandidateFound.class)).hasSize(1);
        assertThat(finders.lines()).isEmpty();
        finder.there = List.of();
        time.pass();
        awaitLooks(finder, 3);
        assertThat(discovery.all()).isEmpty();
        assertThat(ingress.facts(Fact.CandidateGone.class)).hasSize(1);
    }

    @Test
    void whatIsNotFoundIsSaidInOneLineAndLookedForMoreAndMoreSeldom() {
        Fake finder = new Fake();
        finder.why = "connection refused";
        finders.begin();
        finders.add(finder);
        awaitLooks(finder, 1);
        assertThat(finders.lines()).containsExactly("Acme hub at 10.0.0.1: connection refused");
        assertThat(time.pause()).isBetween(Duration.ofMillis(1_600), Duration.ofMillis(2_400));
        for (int i = 2; i < 10; i++) {
            time.pass();
            awaitLooks(finder, i);
        }
        assertThat(time.pause()).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
        assertThat(finders.lines()).hasSize(1);
        finder.why = "";
        time.pass();
        awaitLooks(finder, 10);
        assertThat(finders.lines()).isEmpty();
    }

    @Test
    void nothingIsLookedForBeforeTheHouseKnowsItsDevices() {
        Fake finder = new Fake();
        finders.add(finder);
        assertThat(time.size()).isZero();
        assertThat(finder.looks).hasValue(0);
        finders.begin();
        awaitLooks(finder, 1);
    }

    @Test
    void aFinderThatGoesTakesOffersTimersAndThreadsWithIt() throws Exception {
        Fake finder = new Fake();
        finder.there = List.of(HUB);
        finders.begin();
        finders.add(finder);
        awaitLooks(finder, 1);
        finders.remove(finder);
        assertThat(discovery.all()).isEmpty();
        assertThat(time.size()).isZero();

        CountDownLatch inside = new CountDownLatch(1);
        Fake slow = new Fake() {
            @Override
            public List<Candidate> look(FinderContext context) throws InterruptedException {
                inside.countDown();
                new CountDownLatch(1).await();
                return List.of(HUB);
            }
        };
        finders.add(slow);
        inside.await();
        finders.remove(slow);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("fieldhouse-finder") && t.isAlive());
        assertThat(time.size()).isZero();
        assertThat(discovery.all()).isEmpty();
    }

    /** While a binding is replaced, both versions may look: the one that leaves takes nothing from the other. */
    @Test
    void whatTheNextVersionFoundStaysWhenThisOneGoes() {
        Fake before = new Fake();
        before.there = List.of(HUB);
        finders.begin();
        finders.add(before);
        awaitLooks(before, 1);
        Fake after = new Fake();
        after.there = List.of(HUB);
        finders.add(after);
        await().until(() -> after.looks.get() == 1 && time.size() == 2);
        finders.remove(before);
        assertThat(discovery.all()).containsExactly(HUB);
        assertThat(ingress.facts(Fact.CandidateFound.class)).hasSize(1);
        assertThat(ingress.facts(Fact.CandidateGone.class)).isEmpty();
    }

    @Test
    void oneThatFailsIsSaidAndLooksAgain() {
        Fake broken = new Fake() {
            @Override
            public List<Candidate> look(FinderContext context) {
                looks.incrementAndGet();
                throw new IllegalStateException("a bug");
            }
        };
        finders.begin();
        finders.add(broken);
        awaitLooks(broken, 1);
        assertThat(finders.lines()).singleElement().asString().contains("internal error", "a bug");
        time.pass();
        awaitLooks(broken, 2);
    }
}
