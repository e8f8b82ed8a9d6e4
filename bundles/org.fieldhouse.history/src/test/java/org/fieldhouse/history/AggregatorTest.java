package org.fieldhouse.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.Intervals;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.history.Aggregator.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AggregatorTest {
    private static final Instant ZERO = Instant.parse("2026-11-27T00:00:00Z");
    private static final List<Instant> TWO_MINUTES = List.of(at(0), at(60), at(120));

    private static Instant at(int second) {
        return ZERO.plusSeconds(second);
    }

    private static PastState state(int second, Quality quality, @Nullable Value value) {
        return new PastState(at(second), value, quality, at(second));
    }

    private static PastState degrees(int second, double value) {
        return state(second, Quality.GOOD, Quantity.of(value, "°C"));
    }

    private static List<Aggregate> sum(@Nullable PastState before, List<Span> absences, PastState... states) {
        Aggregator sums = new Aggregator(TWO_MINUTES, absences, before, Units.of("°C"));
        for (PastState each : states) {
            sums.add(each);
        }
        return sums.finish(at(120));
    }

    @Test
    void aNumberCountsForAsLongAsItWas() {
        List<Aggregate> sums = sum(degrees(-500, 10), List.of(), degrees(15, 20), degrees(45, 40), degrees(60, 30));
        assertThat(sums.get(0).mean()).isCloseTo((15 * 10 + 30 * 20 + 15 * 40) / 60.0, within(1e-9));
        assertThat(sums.get(0).min()).isEqualTo(10);
        assertThat(sums.get(0).max()).isEqualTo(40);
        assertThat(sums.get(0).changes()).isEqualTo(2);
        assertThat(sums.get(0).known()).isCloseTo(1, within(1e-9));
        assertThat(sums.get(0).last()).isEqualTo(degrees(45, 40));
        assertThat(sums.get(1).mean()).isEqualTo(30);
        assertThat(sums.get(1).changes()).isEqualTo(1);
    }

    @Test
    void whatIsDoubtedIsNotKnown() {
        List<Aggregate> sums =
                sum(degrees(-1, 10), List.of(), state(30, Quality.STALE, Quantity.of(10, "°C")), degrees(75, 50));
        assertThat(sums.get(0).known()).isCloseTo(0.5, within(1e-9));
        assertThat(sums.get(0).mean()).isEqualTo(10);
        assertThat(sums.get(1).known()).isCloseTo(0.75, within(1e-9));
        assertThat(sums.get(1).mean()).isEqualTo(50);
    }

    @Test
    void nothingIsKnownWhileTheHouseDoesNotRun() {
        List<Span> nights = List.of(new Span(at(-9), at(-8)), new Span(at(10), at(20)), new Span(at(50), at(90)));
        List<Aggregate> sums = sum(degrees(-20, 10), nights, degrees(95, 20));
        assertThat(sums.get(0).known()).isCloseTo(40 / 60.0, within(1e-9));
        assertThat(sums.get(1).known()).isCloseTo(0.5, within(1e-9));
        assertThat(sums.get(1).mean()).isCloseTo((5 * 10 + 25 * 20) / 30.0, within(1e-9));
    }

    @Test
    void whatWasNeverSaidIsNaN() {
        List<Aggregate> sums = sum(null, List.of(), state(70, Quality.GOOD, new Text("hello")));
        assertThat(sums.get(0).known()).isZero();
        assertThat(sums.get(0).mean()).isNaN();
        assertThat(sums.get(0).last()).isNull();
        assertThat(sums.get(1).max()).isNaN();
        assertThat(sums.get(1).changes()).isEqualTo(1);
    }

    @Test
    void onIsOneAndUnitsConvert() {
        Aggregator onOff = new Aggregator(TWO_MINUTES, List.of(), state(-1, Quality.GOOD, Bool.ON), Unit.ONE);
        onOff.add(state(15, Quality.GOOD, Bool.OFF));
        assertThat(onOff.finish(at(120)).get(0).mean()).isCloseTo(0.25, within(1e-9));
        List<Aggregate> sums = sum(
                state(-1, Quality.GOOD, Quantity.of(50, "°F")),
                List.of(),
                state(60, Quality.GOOD, Quantity.of(3, "m")));
        assertThat(sums.get(0).mean()).isCloseTo(10, within(1e-9));
        assertThat(sums.get(1).known()).isZero();
    }

    @Test
    void whatLiesAheadIsNotKnown() {
        Aggregator sums = new Aggregator(TWO_MINUTES, List.of(), degrees(-1, 10), Units.of("°C"));
        List<Aggregate> all = sums.finish(at(30));
        assertThat(all.get(0).known()).isCloseTo(0.5, within(1e-9));
        assertThat(all.get(0).last()).isEqualTo(degrees(-1, 10));
        assertThat(all.get(1).known()).isZero();
        assertThat(all.get(1).last()).isNull();
    }

    /** 25 October 2026 has 25 hours in Vienna, 29 March 23. */
    @Test
    void aDayIsADayOfTheCalendar() {
        ZoneId vienna = ZoneId.of("Europe/Vienna");
        Instant from = LocalDate.of(2026, 10, 24).atStartOfDay(vienna).toInstant();
        Instant to = LocalDate.of(2026, 10, 27).atStartOfDay(vienna).toInstant();
        List<Instant> days = Intervals.edges(from, to, Duration.ofDays(1), vienna);
        assertThat(days).hasSize(4);
        Aggregator sums = new Aggregator(days, List.of(), state(-1, Quality.GOOD, Bool.ON), Unit.ONE);
        // Off for the 23 hours after the first hour of the long day.
        Instant off = LocalDate.of(2026, 10, 25).atTime(1, 0).atZone(vienna).toInstant();
        sums.add(new PastState(off, Bool.OFF, Quality.GOOD, off));
        Instant on = off.plus(Duration.ofHours(23));
        sums.add(new PastState(on, Bool.ON, Quality.GOOD, on));
        List<Aggregate> all = sums.finish(to);
        assertThat(Duration.between(all.get(1).from(), all.get(1).to())).isEqualTo(Duration.ofHours(25));
        assertThat(all.get(1).mean()).isCloseTo(2 / 25.0, within(1e-9));
        assertThat(all.get(2).mean()).isEqualTo(1);
    }
}
