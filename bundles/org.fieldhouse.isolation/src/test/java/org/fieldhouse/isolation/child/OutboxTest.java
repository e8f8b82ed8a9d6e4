package org.fieldhouse.isolation.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.isolation.wire.FromChild;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Outbox out = new Outbox();

    private static FromChild.Reported report(long opening, String point, int value) {
        return new FromChild.Reported(opening, point, Quantity.of(value), Quality.GOOD, 1);
    }

    private List<FromChild> all() throws InterruptedException {
        out.close();
        List<FromChild> all = new ArrayList<>();
        for (FromChild next = out.take(); next != null; next = out.take()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void theNewestReportTakesThePlaceOfOneThatWaits() throws Exception {
        out.report(report(1, "a", 1));
        out.report(report(1, "b", 2));
        out.report(report(2, "a", 3));
        out.report(report(1, "a", 4));
        assertThat(all()).containsExactly(report(1, "a", 4), report(1, "b", 2), report(2, "a", 3));
    }

    @Test
    void notOverSomethingElseThatItsDeviceSaid() throws Exception {
        FromChild.Signalled pressed = new FromChild.Signalled(1, "pressed", Map.of());
        out.report(report(1, "a", 1));
        assertThat(out.signal(pressed)).isTrue();
        out.report(report(1, "a", 2));
        out.report(report(1, "a", 3));
        assertThat(all()).containsExactly(report(1, "a", 1), pressed, report(1, "a", 3));
    }

    @Test
    void tooManySignalsAreRefusedAndNoneIsDropped() throws Exception {
        int taken = 0;
        while (out.signal(new FromChild.Signalled(1, "s" + taken, Map.of()))) {
            taken++;
        }
        out.say(new FromChild.Done(1));
        assertThat(taken).isEqualTo(1024);
        assertThat(all()).hasSize(1025).last().isEqualTo(new FromChild.Done(1));
    }

    @Test
    void whoSaysTooMuchWaitsUntilSomethingIsTaken() throws Exception {
        Thread talker = new Thread(() -> {
            for (int i = 0; i < 5000; i++) {
                out.report(report(1, "p" + i, i));
            }
            out.close();
        });
        talker.start();
        List<FromChild> heard = new ArrayList<>();
        for (FromChild next = out.take(); next != null; next = out.take()) {
            heard.add(next);
        }
        talker.join();
        assertThat(heard).hasSize(5000);
    }

    /** What is taken: of each point the newest of its stretch, in order. */
    @Property(tries = 300)
    void keepsOrderAndTheNewest(@ForAll("deeds") List<Integer> deeds) throws Exception {
        Outbox box = new Outbox();
        List<FromChild> taken = new ArrayList<>();
        int number = 0;
        List<Integer> lastOfPoint = new ArrayList<>(List.of(-1, -1));
        for (int deed : deeds) {
            number++;
            switch (deed) {
                case 0, 1 -> {
                    box.report(report(1, "p" + deed, number));
                    lastOfPoint.set(deed, number);
                }
                case 2 -> box.say(new FromChild.Confirmed(1, number));
                default -> {
                    box.say(new FromChild.Pong(number));
                    taken.add(box.take());
                }
            }
        }
        box.close();
        for (FromChild next = box.take(); next != null; next = box.take()) {
            taken.add(next);
        }
        long confirmed =
                taken.stream().filter(FromChild.Confirmed.class::isInstance).count();
        assertThat(confirmed).isEqualTo(deeds.stream().filter(d -> d == 2).count());
        for (int point = 0; point < 2; point++) {
            String name = "p" + point;
            List<Double> numbers = taken.stream()
                    .filter(m -> m instanceof FromChild.Reported r && r.point().equals(name))
                    .map(m -> ((Quantity) ((FromChild.Reported) m).value()).number())
                    .toList();
            assertThat(numbers).isSorted();
            if (lastOfPoint.get(point) >= 0) {
                assertThat(numbers).last().isEqualTo((double) lastOfPoint.get(point));
            }
        }
    }

    @Provide
    Arbitrary<List<Integer>> deeds() {
        return Arbitraries.integers().between(0, 3).list().ofMaxSize(60);
    }
}
