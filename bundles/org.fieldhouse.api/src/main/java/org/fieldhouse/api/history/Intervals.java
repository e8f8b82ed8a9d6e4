package org.fieldhouse.api.history;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Makes the edges that {@link History#aggregates} wants, as people of a time zone cut time. */
public final class Intervals {
    private static final Duration DAY = Duration.ofDays(1);

    private Intervals() {}

    /**
     * The edges between two times: {@code from}, {@code to}, and all that lie between on the grid of {@code every}. The grid begins
     * anew at each midnight of the zone; whole days are days of the calendar, which last 23 or 25 hours where the clock is set.
     *
     * @param every a second or more; days if it is a multiple of 24 h
     * @throws IllegalArgumentException if {@code every} is shorter, {@code from} is not before {@code to}, or that would be more than
     *     {@value History#MOST_INTERVALS} intervals
     */
    public static List<Instant> edges(Instant from, Instant to, Duration every, ZoneId zone) {
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("an interval lasts a second or more, not " + every);
        }
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(from + " is not before " + to);
        }
        List<Instant> edges = new ArrayList<>();
        edges.add(from);
        boolean days = every.toNanosPart() == 0 && every.toSeconds() % DAY.toSeconds() == 0;
        LocalDate day = LocalDate.ofInstant(from, zone);
        long stride = days ? every.toDays() : 1;
        if (days && stride > 1) {
            day = LocalDate.ofEpochDay(Math.floorDiv(day.toEpochDay(), stride) * stride);
        }
        while (true) {
            Instant midnight = day.atStartOfDay(zone).toInstant();
            if (!midnight.isBefore(to)) {
                break;
            }
            LocalDate next = day.plusDays(stride);
            Instant end = next.atStartOfDay(zone).toInstant();
            if (days) {
                add(edges, midnight, to);
            } else {
                Instant edge = midnight;
                if (edge.isBefore(from)) {
                    edge = edge.plus(
                            every.multipliedBy(Duration.between(edge, from).dividedBy(every)));
                }
                for (; edge.isBefore(end) && edge.isBefore(to); edge = edge.plus(every)) {
                    add(edges, edge, to);
                }
            }
            day = next;
        }
        add(edges, to, to.plus(1, ChronoUnit.NANOS));
        return List.copyOf(edges);
    }

    private static void add(List<Instant> edges, Instant edge, Instant to) {
        if (!edge.isAfter(edges.get(edges.size() - 1)) || !edge.isBefore(to)) {
            return;
        }
        if (edges.size() > History.MOST_INTERVALS) {
            throw new IllegalArgumentException(
                    "more than " + History.MOST_INTERVALS + " intervals; ask for longer ones, or for less time");
        }
        edges.add(edge);
    }
}
