package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.fieldhouse.api.history.Aggregate;
import org.fieldhouse.api.history.History;
import org.fieldhouse.api.history.HistoryStatus;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.junit.jupiter.api.Test;

class HistoryCommandsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final HouseModel MODEL = new HouseModel(List.of(new DeviceInfo(
            new DeviceId("s1"),
            "Cellar.Sensor",
            "test",
            null,
            "",
            Set.of(),
            new DeviceDescription(
                    "sensor",
                    List.of(
                            PointSpec.state("temperature", ValueSpec.quantity(Units.of("°C"), -40, 80)),
                            PointSpec.state("wet", ValueSpec.ON_OFF),
                            PointSpec.state("note", ValueSpec.TEXT)),
                    List.of(),
                    List.of(),
                    "temperature",
                    Map.of()),
            Status.ONLINE)));

    /** Rises a degree an hour, and was not there in the third. */
    private static final class Past implements History {
        final List<List<Instant>> asked = new ArrayList<>();

        @Override
        public void read(PointId point, Instant from, Instant to, Predicate<PastState> reader) {
            for (int i = 0; i < 60; i++) {
                Instant time = from.plusSeconds(i);
                reader.test(new PastState(time, new Text("note " + i), Quality.GOOD, time));
            }
        }

        @Override
        public Optional<PastState> before(PointId point, Instant time) {
            return Optional.of(new PastState(time.minusSeconds(9), new Text("before"), Quality.STALE, time));
        }

        @Override
        public List<Aggregate> aggregates(PointId point, List<Instant> edges) {
            asked.add(edges);
            boolean share = point.point().equals("wet");
            List<Aggregate> all = new ArrayList<>();
            for (int i = 0; i < edges.size() - 1; i++) {
                boolean nothing = i == 2;
                double mean = nothing ? Double.NaN : share ? 0.25 : 20 + i;
                all.add(new Aggregate(
                        edges.get(i),
                        edges.get(i + 1),
                        nothing ? 0 : 6,
                        nothing ? 0 : 1,
                        mean - 0.5,
                        mean,
                        mean + 0.5,
                        share ? Unit.ONE : Units.of("°C"),
                        null));
            }
            return all;
        }

        @Override
        public HistoryStatus status() {
            return new HistoryStatus("the disk is full", 9, 12_345, 67_890, NOW, 77, 3, 5, 1, 2);
        }
    }

    private final Past past = new Past();
    private final HistoryCommands commands = commands(past);

    private static HistoryCommands commands(History history) {
        return new HistoryCommands(stub(House.class), Clock.fixed(NOW, ZoneOffset.UTC), history, stub(RuleBook.class));
    }

    private static <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "model" -> MODEL;
                    case "named" -> MODEL.named((String) arguments[0]);
                    case "zone" -> ZoneId.of("Europe/Vienna");
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private String printed(String... words) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            if (words.length == 0) {
                commands.history();
            } else {
                commands.history(words);
            }
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void numbersAreATableWithAGraphInTheZoneOfTheHouse() {
        assertThat(printed("Cellar.Sensor", "--from", "4h", "--every", "1h"))
                .isEqualToNormalizingNewlines(
                        """
                        Cellar.Sensor.temperature from 2026-11-27 09:00 to 2026-11-27 13:00 (Europe/Vienna)
                        FROM              MIN      MEAN   MAX                             CHANGES  KNOWN
                        2026-11-27 09:00  19.5 °C  20 °C  20.5 °C  ███                    6
                        2026-11-27 10:00  20.5 °C  21 °C  21.5 °C  █████████              6
                        2026-11-27 11:00  –        –      –                               0        0 %
                        2026-11-27 12:00  22.5 °C  23 °C  23.5 °C  █████████████████████  6
                        The bars go from 19.5 °C to 23.5 °C.
                        """);
    }

    @Test
    void aSwitchShowsTheShareOfTheTimeThatItWasOn() {
        assertThat(printed("Cellar.Sensor.wet", "--from", "10:00", "--to", "11:00", "--every", "30", "min"))
                .contains("ON", "2026-11-27 10:00  25 %  ██████")
                .doesNotContain("MEAN");
    }

    @Test
    void intervalsFitAScreenUnlessSomebodySaysOtherwise() {
        printed("Cellar.Sensor");
        printed("Cellar.Sensor", "--from", "2026-11-01");
        printed("Cellar.Sensor", "--from", "90m");
        assertThat(past.asked).extracting(List::size).containsExactly(25, 28, 19);
        assertThat(Duration.between(past.asked.get(1).get(1), past.asked.get(1).get(2)))
                .isEqualTo(Duration.ofDays(1));
    }

    /** An hour comes twice on 25 October. */
    @Test
    void theOffsetIsShownWhereTheClockWasSet() {
        assertThat(printed(
                        "Cellar.Sensor", "--from", "2026-10-25T01:00", "--to", "2026-10-25T04:00", "--every", "1", "h"))
                .contains("2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00", "2026-10-25 03:00+01:00");
    }

    @Test
    void textsAreListed() {
        assertThat(printed("Cellar.Sensor.note"))
                .contains("note 59  good", "note 10  good", "The latest 50 of 60")
                .doesNotContain("note 9 ", "before");
    }

    @Test
    void howMuchIsKept() {
        assertThat(printed())
                .contains("12345 states, 66.3 KiB", "event 77, 3 behind", "1 pieces, left out", "the disk is full");
    }

    @Test
    void whatCannotBeSaidIsToldWithItsCure() {
        assertThatThrownBy(() -> commands(null).history("Cellar.Sensor"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("`feature:install history`");
        assertThatThrownBy(() -> printed("Cellar.Senso")).hasMessageContaining("did you mean Cellar.Sensor?");
        assertThatThrownBy(() -> printed("Cellar.Sensor", "--since", "4h"))
                .hasMessageContaining("there is no option --since");
        assertThatThrownBy(() -> printed("Cellar.Sensor", "--from", "yesterday"))
                .hasMessageContaining("is no time");
        assertThatThrownBy(() -> printed("Cellar.Sensor", "--from", "1h", "--to", "2h"))
                .hasMessageContaining("--from is not before --to");
        assertThatThrownBy(() -> printed("Cellar.Sensor", "--from", "30d", "--every", "1", "s"))
                .hasMessageContaining("more than 10000 intervals");
    }
}
