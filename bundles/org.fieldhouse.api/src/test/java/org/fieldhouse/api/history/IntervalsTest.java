package org.fieldhouse.api.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalsTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(VIENNA).toInstant();
    }

    private static List<String> edges(String from, String to, Duration every) {
        return Intervals.edges(at(from), at(to), every, VIENNA).stream()
                .map(edge -> edge.atZone(VIENNA).toLocalDateTime().toString())
                .toList();
    }

    @Test
    void theyLieOnTheGridOfTheDay() {
        assertThat(edges("2026-11-27T10:07", "2026-11-27T11:00", Duration.ofMinutes(15)))
                .containsExactly(
                        "2026-11-27T10:07",
                        "2026-11-27T10:15",
                        "2026-11-27T10:30",
                        "2026-11-27T10:45",
                        "2026-11-27T11:00");
        assertThat(edges("2026-11-26T21:00", "2026-11-27T08:00", Duration.ofHours(7)))
                .containsExactly("2026-11-26T21:00", "2026-11-27T00:00", "2026-11-27T07:00", "2026-11-27T08:00");
        assertThat(edges("2026-11-27T10:00", "2026-11-27T10:00:01", Duration.ofDays(1)))
                .hasSize(2);
    }

    /** The clock goes from 3 back to 2 on 25 October, and from 2 on to 3 on 29 March. */
    @Test
    void daysLastAsLongAsTheyDo() {
        List<Instant> autumn =
                Intervals.edges(at("2026-10-24T00:00"), at("2026-10-27T00:00"), Duration.ofDays(1), VIENNA);
        assertThat(Duration.between(autumn.get(1), autumn.get(2))).isEqualTo(Duration.ofHours(25));
        List<Instant> spring =
                Intervals.edges(at("2026-03-29T00:00"), at("2026-03-30T00:00"), Duration.ofHours(1), VIENNA);
        assertThat(spring).hasSize(24);
        assertThat(Intervals.edges(at("2026-10-25T00:00"), at("2026-10-26T00:00"), Duration.ofHours(1), VIENNA))
                .hasSize(26);
        assertThat(LocalDate.ofInstant(
                        Intervals.edges(at("2026-10-01T09:00"), at("2026-10-30T00:00"), Duration.ofDays(7), VIENNA)
                                .get(1),
                        VIENNA))
                .isEqualTo(LocalDate.of(2026, 10, 1)
                        .plusDays(7 - Math.floorMod(LocalDate.of(2026, 10, 1).toEpochDay(), 7)));
    }

    @Test
    void theyAreNotTooMany() {
        Instant now = at("2026-11-27T10:00");
        assertThat(Intervals.edges(now, now.plusSeconds(History.MOST_INTERVALS), Duration.ofSeconds(1), VIENNA))
                .hasSize(History.MOST_INTERVALS + 1);
        assertThatThrownBy(() -> Intervals.edges(
                        now, now.plusSeconds(History.MOST_INTERVALS + 2), Duration.ofSeconds(1), VIENNA))
                .hasMessageContaining("more than 10000 intervals");
        assertThatThrownBy(() -> Intervals.edges(Instant.EPOCH, now.plusSeconds(9), Duration.ofHours(1), VIENNA))
                .hasMessageContaining("ask for longer ones");
        assertThatThrownBy(() -> Intervals.edges(now, now, Duration.ofDays(1), VIENNA))
                .hasMessageContaining("is not before");
        assertThatThrownBy(() -> Intervals.edges(now, now.plusSeconds(9), Duration.ofMillis(999), VIENNA))
                .hasMessageContaining("a second or more");
    }
}
