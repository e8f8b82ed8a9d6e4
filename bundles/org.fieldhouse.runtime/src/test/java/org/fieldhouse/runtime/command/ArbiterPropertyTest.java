package org.fieldhouse.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.api.model.PriorityArray.Entry;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.command.Slots.Wish;

/** The sixteen slots against a sorted map, whatever is done to them in whatever order. */
class ArbiterPropertyTest {
    /** How much steady time is ahead of the time that people are told. */
    private static final long AHEAD = 77;

    private sealed interface Step {
        record Put(int slot, double value, long until) implements Step {}

        record Release(int slot) implements Step {}

        record Pass(long micros) implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> slots = Arbitraries.integers().between(1, 16);
        Arbitrary<Long> holds =
                Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(1, 1_000));
        Arbitrary<Step> put = Combinators.combine(slots, Arbitraries.integers().between(0, 5), holds)
                .as((slot, value, hold) -> new Step.Put(slot, value, hold));
        Arbitrary<Step> release = slots.map(Step.Release::new);
        Arbitrary<Step> pass = Arbitraries.longs().between(0, 400).map(Step.Pass::new);
        return Arbitraries.oneOf(put, put, release, pass).list().ofMaxSize(60);
    }

    @Property
    void behaveLikeASortedMap(@ForAll("steps") List<Step> steps) {
        Slots slots = new Slots();
        Map<Integer, Wish> model = new TreeMap<>();
        long now = 1_000;
        for (Step step : steps) {
            if (step instanceof Step.Put put) {
                long until = put.until == 0 ? 0 : now + put.until;
                Wish wish = new Wish(Quantity.of(put.value), until, until + AHEAD, "h" + put.value, 1);
                slots.put(put.slot, wish);
                model.put(put.slot, wish);
            } else if (step instanceof Step.Release release) {
                assertThat(slots.release(release.slot)).isEqualTo(model.remove(release.slot) != null);
            } else if (step instanceof Step.Pass pass) {
                now += pass.micros;
                long then = now;
                boolean any = model.values().removeIf(w -> w.untilMicros() != 0 && w.untilMicros() <= then);
                assertThat(slots.expire(now + AHEAD)).isEqualTo(any);
            }
            List<Integer> order = List.copyOf(model.keySet());
            assertThat(slots.array().entries()).extracting(Entry::slot).isEqualTo(order);
            assertThat(slots.inForce()).isEqualTo(order.isEmpty() ? 0 : order.get(0));
            assertThat(slots.strongest()).isEqualTo(order.isEmpty() ? null : model.get(order.get(0)));
            long next = model.values().stream()
                    .mapToLong(Wish::untilMicros)
                    .filter(u -> u != 0)
                    .min()
                    .orElse(Long.MAX_VALUE);
            assertThat(slots.nextExpiry()).isEqualTo(next == Long.MAX_VALUE ? next : next + AHEAD);
            Slots restored = Slots.of(slots.array(), AHEAD);
            assertThat(restored.array()).isEqualTo(slots.array());
            assertThat(restored.nextExpiry()).isEqualTo(slots.nextExpiry());
        }
    }
}
