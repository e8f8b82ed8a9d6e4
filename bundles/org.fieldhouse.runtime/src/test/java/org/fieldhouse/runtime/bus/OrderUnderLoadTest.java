package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.api.bus.EventHandler;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.event.Fact.StateChanged;
import org.fieldhouse.api.event.Fact.StateReported;
import org.fieldhouse.api.event.Fact.TimerElapsed;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.journal.JournalSettings;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.junit.jupiter.api.Test;

/**
 * The first of the four rules: whatever has a number is seen by journal, state and rules, all of it, in order, while devices and
 * publishers on many threads say more than the slowest of them can take.
 */
class OrderUnderLoadTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 4_000;

    private final MemoryStore store = new MemoryStore();
    private final Bus bus = new Bus(
            BusSettings.DEFAULT
                    .withBounds(256, 64, 128)
                    .withJournal(JournalSettings.DEFAULT.withCommit(Duration.ofMillis(1))),
            store,
            Clock.systemUTC(),
            System::nanoTime);

    /** What is wrong with events that somebody was shown; empty if they are all and in order. */
    static List<String> wrong(List<Event> seen, long from, long to) {
        List<String> wrong = new ArrayList<>();
        long next = from;
        long micros = Long.MIN_VALUE;
        Map<PointId, State> states = new HashMap<>();
        Map<String, Double> last = new HashMap<>();
        for (Event event : seen) {
            if (event.sequence() != next) {
                wrong.add(next + " expected, " + event.sequence() + " seen");
            }
            next = event.sequence() + 1;
            if (event.timeMicros() < micros) {
                wrong.add(event.sequence() + " is before its time");
            }
            micros = event.timeMicros();
            if (event.fact() instanceof StateChanged change) {
                State before = states.put(change.point(), change.after());
                if (before != null && !before.equals(change.before())) {
                    wrong.add(event.sequence() + " changes " + change.before() + ", which was " + before);
                }
                inOrder(change.point().toString(), change.after(), last, wrong);
            } else if (event.fact() instanceof StateReported report) {
                states.put(report.point(), report.state());
                inOrder(report.point().toString(), report.state(), last, wrong);
            }
        }
        if (next != to + 1) {
            wrong.add("ends at " + (next - 1) + " and not at " + to);
        }
        return wrong;
    }

    /** Every device counts up: later events say more than earlier ones. */
    private static void inOrder(String point, State state, Map<String, Double> last, List<String> wrong) {
        double number = state.value() instanceof Quantity q ? q.number() : -1;
        Double before = last.put(point, number);
        if (before != null && number <= before) {
            wrong.add(point + " said " + number + " after " + before);
        }
    }

    private EventHandler slowly(List<Event> seen, int each) {
        return event -> {
            seen.add(event);
            if (event.sequence() % each == 0) {
                LockSupport.parkNanos(200_000);
            }
        };
    }

    private List<Thread> speakers(CountDownLatch start) {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int speaker = t;
            threads.add(new Thread(() -> {
                Random random = new Random(speaker);
                Mailbox mailbox = bus.mailbox(new DeviceId("device" + speaker));
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < ROUNDS; i++) {
                    mailbox.report("p" + random.nextInt(3), Quantity.of(i), Quality.GOOD, 0);
                    if (random.nextInt(8) == 0) {
                        bus.publish(new TimerElapsed(i), Cause.CLOCK);
                    }
                    if (random.nextInt(50) == 0) {
                        mailbox.signal("tick", Map.of("n", Quantity.of(i)));
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        return threads;
    }

    @Test
    void everybodySeesEverythingInOrderHoweverSlowSomeAre() throws Exception {
        List<Event> rules = new ArrayList<>();
        List<Event> other = new ArrayList<>();
        List<Event> followed = new ArrayList<>();
        long first = bus.firstSequence();
        bus.subscribe("rules", Overflow.WAIT, 64, slowly(rules, 64));
        bus.subscribe("other", Overflow.WAIT, 128, slowly(other, 200));
        bus.subscribe("view", Overflow.COALESCE, 16, event -> LockSupport.parkNanos(500_000));
        bus.subscribe("gives up", Overflow.DISCONNECT, 8, event -> LockSupport.parkNanos(500_000));
        bus.follow("follower", first, slowly(followed, 150));
        long from = bus.lastSequence() + 1;
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = speakers(start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Mailbox last = bus.mailbox(new DeviceId("device0"));
        await().until(() -> last.waiting() == 0 && bus.counters().waiting() == 0);
        bus.publish(new TimerElapsed(0), Cause.CLOCK);
        long to = bus.lastSequence();
        await().until(() -> rules.size() >= to - from + 1
                && other.size() >= to - from + 1
                && followed.size() >= to - first + 1
                && bus.committedSequence() >= to);

        List<Event> journal = new ArrayList<>();
        bus.read(first, journal::add);
        assertThat(wrong(tail(rules, from), from, to)).isEmpty();
        assertThat(wrong(tail(other, from), from, to)).isEmpty();
        assertThat(wrong(followed, first, to)).isEmpty();
        assertThat(wrong(journal, first, to)).isEmpty();
        assertThat(journal).isEqualTo(followed).endsWith(rules.get(rules.size() - 1));
        assertThat(tail(journal, from)).isEqualTo(tail(rules, from));
        Map<PointId, State> states = new HashMap<>();
        for (Event event : journal) {
            Fact fact = event.fact();
            if (fact instanceof StateChanged change) {
                states.put(change.point(), change.after());
            } else if (fact instanceof StateReported report) {
                states.put(report.point(), report.state());
            }
        }
        states.forEach((point, state) -> assertThat(bus.state(point)).isEqualTo(state));
        BusCounters counters = bus.counters();
        assertThat(counters.coalesced())
                .as("the load was more than they could take")
                .isPositive();
        assertThat(counters.reported())
                .as("every report was sequenced or coalesced, each counted once")
                .isEqualTo(counters.coalesced() + states(journal));
        bus.stop();
    }

    private static long states(List<Event> journal) {
        return journal.stream()
                .filter(e -> e.fact() instanceof StateChanged || e.fact() instanceof StateReported)
                .count();
    }

    private static List<Event> tail(List<Event> events, long from) {
        return events.stream().filter(e -> e.sequence() >= from).toList();
    }

    /** Negative control: one that lost an event, one that changed two, one that was shown one twice. */
    @Test
    void whatIsLostTurnedRoundOrShownTwiceIsCaught() {
        List<Event> events = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            events.add(new Event(i, i, Cause.CLOCK, new TimerElapsed(i)));
        }
        assertThat(wrong(events, 1, 10)).isEmpty();
        List<Event> lost = new ArrayList<>(events);
        lost.remove(4);
        assertThat(wrong(lost, 1, 10)).isNotEmpty();
        List<Event> turned = new ArrayList<>(events);
        turned.add(3, turned.remove(4));
        assertThat(wrong(turned, 1, 10)).isNotEmpty();
        List<Event> twice = new ArrayList<>(events);
        twice.add(4, events.get(3));
        assertThat(wrong(twice, 1, 10)).isNotEmpty();
        assertThat(wrong(events.subList(0, 9), 1, 10)).isNotEmpty();
        bus.stop();
    }
}
