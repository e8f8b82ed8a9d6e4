package org.fieldhouse.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * Sums up states over intervals. Given the states in order, and when the house did not run, it weights each number by how long it was
 * GOOD while somebody looked.
 */
final class Aggregator {
    /** A stretch of time. */
    record Span(Instant from, Instant to) {}

    private final List<Instant> edges;
    private final List<Span> absences;
    private final Unit unit;
    private final List<Aggregate> done = new ArrayList<>();

    private @Nullable PastState now;
    private int at;
    private Instant since;
    /** The first absence that is not over at {@link #since}. */
    private int absence;

    private long changes;
    private double known;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /**
     * @param edges ascending, two at least
     * @param absences in order, apart from each other
     * @param before what was at the first edge
     * @param unit in which numbers are summed up
     */
    Aggregator(List<Instant> edges, List<Span> absences, @Nullable PastState before, Unit unit) {
        this.edges = edges;
        this.absences = absences;
        this.unit = unit;
        now = before;
        since = edges.get(0);
    }

    /** The next state, not before the first edge nor after the last. */
    void add(PastState state) {
        while (!state.time().isBefore(edges.get(at + 1))) {
            close();
        }
        upTo(state.time());
        now = state;
        changes++;
    }

    /** @param end what lies behind it is not known; the last edge or earlier */
    List<Aggregate> finish(Instant end) {
        while (at < edges.size() - 1) {
            if (end.isBefore(edges.get(at + 1))) {
                upTo(end);
                since = edges.get(at + 1);
                close(end.isBefore(edges.get(at)) ? null : now);
            } else {
                close();
            }
        }
        return List.copyOf(done);
    }

    private void close() {
        upTo(edges.get(at + 1));
        close(now);
    }

    private void close(@Nullable PastState last) {
        Instant from = edges.get(at);
        Instant to = edges.get(at + 1);
        boolean nothing = known == 0;
        done.add(new Aggregate(
                from,
                to,
                changes,
                known / seconds(from, to),
                nothing ? Double.NaN : min,
                nothing ? Double.NaN : sum / known,
                nothing ? Double.NaN : max,
                unit,
                last));
        at++;
        changes = 0;
        known = 0;
        sum = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
    }

    private void upTo(Instant time) {
        if (!since.isBefore(time)) {
            return;
        }
        double seconds = seconds(since, time) - absent(since, time);
        double number = now == null || !now.quality().isGood() ? Double.NaN : number(now.value());
        if (!Double.isNaN(number) && seconds > 0) {
            known += seconds;
            sum += number * seconds;
            min = Math.min(min, number);
            max = Math.max(max, number);
        }
        since = time;
    }

    private double absent(Instant from, Instant to) {
        double seconds = 0;
        while (absence < absences.size()) {
            Span next = absences.get(absence);
            if (!next.from.isBefore(to)) {
                break;
            }
            Instant begin = next.from.isAfter(from) ? next.from : from;
            Instant end = next.to.isBefore(to) ? next.to : to;
            if (begin.isBefore(end)) {
                seconds += seconds(begin, end);
            }
            if (next.to.isAfter(to)) {
                break;
            }
            absence++;
        }
        return seconds;
    }

    private double number(@Nullable Value value) {
        if (value instanceof Bool bool) {
            return bool.on() ? 1 : 0;
        }
        if (value instanceof Quantity quantity && quantity.unit().convertsTo(unit)) {
            return quantity.in(unit).number();
        }
        return Double.NaN;
    }

    private static double seconds(Instant from, Instant to) {
        Duration between = Duration.between(from, to);
        return between.getSeconds() + between.getNano() / 1e9;
    }
}
