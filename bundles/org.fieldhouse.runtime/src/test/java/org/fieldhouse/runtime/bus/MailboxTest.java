package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.DeviceSignalled;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.Test;

/** What waits for a number: coalesced exactly, in order with the device's own signals, bounded. */
class MailboxTest {
    private static final DeviceId SENSOR = new DeviceId("sensor");
    private static final BusSettings SMALL = BusSettings.DEFAULT.withBounds(64, 16, 64);

    /** A bus whose one WAIT subscription is stuck in its handler until it is let go. */
    private static final class Stuck implements AutoCloseable {
        final Bus bus = new Bus(SMALL, new MemoryStore(), Clock.systemUTC(), System::nanoTime);
        final CountDownLatch let = new CountDownLatch(1);
        final List<Event> seen = new CopyOnWriteArrayList<>();
        final Subscription subscription;

        Stuck() {
            CountDownLatch inHandler = new CountDownLatch(1);
            subscription = bus.subscribe("stuck", Overflow.WAIT, 1, event -> {
                inHandler.countDown();
                let.await();
                seen.add(event);
            });
            bus.publish(new Fact.RuntimeStopped(), Cause.RUNTIME);
            try {
                inHandler.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        List<Event> letGo(int expected) {
            let.countDown();
            await().until(() -> seen.size() >= expected && bus.counters().waiting() == 0);
            return seen.subList(1, seen.size());
        }

        @Override
        public void close() {
            let.countDown();
            bus.stop();
        }
    }

    private static String word(Event event) {
        Fact fact = event.fact();
        if (fact instanceof DeviceSignalled signal) {
            return "!" + signal.event();
        }
        return fact instanceof StateChanged change
                ? change.point().point() + "=" + change.after().value()
                : ((StateReported) fact).point().point() + "="
                        + ((StateReported) fact).state().value();
    }

    @Test
    void aReportReplacesTheWaitingOneUnlessTheDeviceSignalledInBetween() {
        try (Stuck stuck = new Stuck()) {
            Mailbox mailbox = stuck.bus.mailbox(SENSOR);
            mailbox.report("a", Quantity.of(1), Quality.GOOD, 0);
            mailbox.report("b", Quantity.of(1), Quality.GOOD, 0);
            mailbox.report("a", Quantity.of(2), Quality.GOOD, 0);
            assertThat(mailbox.signal("pressed", Map.of())).isTrue();
            mailbox.report("a", Quantity.of(3), Quality.GOOD, 0);
            mailbox.report("a", Quantity.of(4), Quality.GOOD, 0);

            assertThat(mailbox.coalesced()).isEqualTo(2);
            assertThat(mailbox.waiting()).isEqualTo(4);
            assertThat(stuck.letGo(5)).extracting(MailboxTest::word).containsExactly("a=2", "b=1", "!pressed", "a=4");
        }
    }

    @Test
    void aBadReportKeepsTheValueThatItReplaces() {
        try (Stuck stuck = new Stuck()) {
            Mailbox mailbox = stuck.bus.mailbox(SENSOR);
            mailbox.report("a", Quantity.of(1), Quality.GOOD, 0);
            mailbox.report("a", null, Quality.BAD, 0);
            List<Event> seen = stuck.letGo(2);
            StateChanged change = (StateChanged) seen.get(0).fact();
            assertThat(change.after().value()).isEqualTo(Quantity.of(1));
            assertThat(change.after().quality()).isEqualTo(Quality.BAD);
        }
    }

    @Test
    void aFullMailboxTellsTheSignaller() {
        try (Stuck stuck = new Stuck()) {
            Mailbox mailbox = stuck.bus.mailbox(SENSOR);
            for (int i = 0; i < 16; i++) {
                assertThat(mailbox.signal("s" + i, Map.of())).isTrue();
            }
            assertThat(mailbox.signal("one too many", Map.of())).isFalse();
            assertThat(mailbox.refused()).isEqualTo(1);
            assertThat(stuck.bus.counters().refused()).isEqualTo(1);
            assertThat(stuck.letGo(17)).hasSize(16);
            assertThat(mailbox.signal("again", Map.of())).isTrue();
        }
    }

    /** Reports and signals in any order while nothing can be numbered: bounded, and what comes out is what a list would say. */
    @Property(tries = 60)
    void whatComesOutIsTheLatestOfEachStretch(@ForAll("steps") List<Integer> steps) {
        try (Stuck stuck = new Stuck()) {
            Mailbox mailbox = stuck.bus.mailbox(SENSOR);
            List<String> expected = new ArrayList<>();
            Map<String, Integer> inStretch = new HashMap<>();
            int reported = 0;
            int coalesced = 0;
            int signals = 0;
            for (int step : steps) {
                if (step >= 4) {
                    boolean taken = mailbox.signal("s", Map.of());
                    assertThat(taken).isEqualTo(signals < 16);
                    if (taken) {
                        signals++;
                        inStretch.clear();
                        expected.add("!s");
                    }
                    continue;
                }
                String point = "p" + step;
                Value value = Quantity.of(++reported);
                mailbox.report(point, value, Quality.GOOD, 0);
                Integer at = inStretch.get(point);
                if (at == null) {
                    inStretch.put(point, expected.size());
                    expected.add(point + "=" + value);
                } else {
                    coalesced++;
                    expected.set(at, point + "=" + value);
                }
            }
            assertThat(mailbox.coalesced()).isEqualTo(coalesced);
            assertThat(mailbox.waiting()).isEqualTo(expected.size());
            assertThat(stuck.letGo(expected.size() + 1))
                    .extracting(MailboxTest::word)
                    .isEqualTo(expected);
            assertThat(stuck.bus.counters().reported()).isEqualTo(reported);
        }
    }

    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, 4).list().ofMaxSize(60);
    }

    /** Four threads on four devices against a handler of varying pace: nothing is lost but what is counted as coalesced. */
    @Property(tries = 10)
    @Tag("slow")
    void countersAreExactUnderContention(@ForAll long seed) throws Exception {
        try (ClosingBus bus = new ClosingBus()) {
            List<Event> seen = new ArrayList<>();
            bus.subscribe("slow", Overflow.WAIT, 32, event -> {
                seen.add(event);
                if ((event.sequence() * seed & 255) == 0) {
                    Thread.sleep(1);
                }
            });
            List<Thread> threads = new ArrayList<>();
            int each = 3_000;
            for (int t = 0; t < 4; t++) {
                Mailbox mailbox = bus.mailbox(new DeviceId("d" + t));
                Thread thread = new Thread(() -> {
                    for (int i = 1; i <= each; i++) {
                        if (i % 10 == 0) {
                            while (!mailbox.signal("n", Map.of("n", Quantity.of(i)))) {
                                Thread.yield();
                            }
                        } else {
                            mailbox.report("p" + i % 3, Quantity.of(i), Quality.GOOD, 0);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            await().until(() -> bus.counters().waiting() == 0);
            BusCounters counters = bus.counters();
            long last = bus.lastSequence();
            await().until(() -> !seen.isEmpty() && seen.get(seen.size() - 1).sequence() == last);

            assertThat(counters.reported()).isEqualTo(4 * each * 9 / 10);
            long reports = seen.stream()
                    .filter(e -> !(e.fact() instanceof DeviceSignalled))
                    .count();
            long signals = seen.size() - reports;
            assertThat(signals).isEqualTo(4 * each / 10);
            assertThat(reports).isEqualTo(counters.reported() - counters.coalesced());
            for (int i = 1; i < seen.size(); i++) {
                assertThat(seen.get(i).sequence()).isEqualTo(seen.get(i - 1).sequence() + 1);
                assertThat(seen.get(i).timeMicros())
                        .isGreaterThanOrEqualTo(seen.get(i - 1).timeMicros());
            }
            Map<String, Double> newest = new HashMap<>();
            for (Event event : seen) {
                String device;
                double n;
                if (event.fact() instanceof DeviceSignalled s) {
                    device = s.device().value();
                    n = ((Quantity) s.arguments().get("n")).number();
                    assertThat(n).isGreaterThan(newest.getOrDefault(device, 0.0));
                    newest.put(device, n);
                } else {
                    StateChanged c = (StateChanged) event.fact();
                    device = c.point().device().value();
                    n = ((Quantity) c.after().value()).number();
                    assertThat(n)
                            .as("not in front of a signal before it")
                            .isGreaterThan(newest.getOrDefault(device, 0.0));
                    String point = device + c.point().point();
                    assertThat(n).isGreaterThan(newest.getOrDefault(point, 0.0));
                    newest.put(point, n);
                }
            }
        }
    }

    private static final class ClosingBus extends Bus implements AutoCloseable {
        ClosingBus() {
            super(SMALL, new MemoryStore(), Clock.systemUTC(), System::nanoTime);
        }

        @Override
        public void close() {
            stop();
        }
    }
}
