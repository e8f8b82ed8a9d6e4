package org.fieldhouse.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutflowTest {
    private static final DeviceId HALL = new DeviceId("hall");
    private static final PointId TEMPERATURE = new PointId(HALL, "temperature");

    private record Delivered(String topic, Map<String, Object> properties) {}

    private final FakeBus bus = new FakeBus();
    private final List<Delivered> delivered = new ArrayList<>();
    private Outflow outflow = outflow(false);

    private Outflow outflow(boolean reported) {
        return new Outflow(
                "test",
                bus,
                new EmptyHouse(),
                new Config(reported),
                (topic, properties) -> delivered.add(new Delivered(topic, properties)));
    }

    @AfterEach
    void close() {
        outflow.close();
        await().untilAsserted(() -> assertThat(bus.handlers).isEmpty());
    }

    private void say(Fact fact) {
        bus.say(fact, Cause.device(HALL));
    }

    private static Fact changed(Value after) {
        return new Fact.StateChanged(TEMPERATURE, State.NONE, new State(after, Quality.GOOD, 5, 6));
    }

    @Test
    void nobodyListensNothingIsSubscribed() {
        assertThat(bus.handlers).isEmpty();
        outflow.listen(1, "com/acme/*");
        outflow.listen(2, null);
        assertThat(bus.handlers).isEmpty();
        outflow.listen(3, "*");
        assertThat(bus.handlers).hasSize(1);
        assertThat(bus.overflow).isEqualTo(Overflow.DROP_OLDEST);
        assertThat(bus.capacity).isEqualTo(7);
    }

    /** The thread goes with the last who listened, and what strangers left on it. */
    @Test
    void itEndsWithTheLastListenerAndBeginsAnew() {
        outflow.listen(1, "org/fieldhouse/state/*");
        outflow.listen(2, "com/acme/*");
        outflow.leave(2);
        assertThat(bus.handlers).hasSize(1);
        outflow.leave(1);
        await().untilAsserted(() -> assertThat(bus.handlers).isEmpty());
        outflow.listen(3, "org/fieldhouse/state/*");
        assertThat(bus.handlers).hasSize(1);
        say(changed(Bool.ON));
        assertThat(delivered).hasSize(1);
    }

    @Test
    void aChangeOfStateIsToldInTypesOfTheJdk() {
        outflow.listen(1, new String[] {"com/acme/X", "org/fieldhouse/state/*"});
        say(changed(Quantity.of(21.5, "°C")));
        assertThat(delivered).hasSize(1);
        assertThat(delivered.get(0).topic()).isEqualTo("org/fieldhouse/state/CHANGED");
        assertThat(delivered.get(0).properties())
                .containsEntry("sequence", 1L)
                .containsEntry("time.micros", 1000L)
                .containsEntry("timestamp", 1L)
                .containsEntry("cause.origin", "DEVICE")
                .containsEntry("cause.actor", "hall")
                .containsEntry("device", "hall")
                .containsEntry("device.id", "hall")
                .containsEntry("point", "temperature")
                .containsEntry("value", 21.5)
                .containsEntry("unit", "°C")
                .containsEntry("quality", "GOOD")
                .containsEntry("source.micros", 5L)
                .containsEntry("received.micros", 6L)
                .containsEntry("before.quality", "NEVER_REPORTED")
                .doesNotContainKeys("before.value", "before.unit");
    }

    @Test
    void eachKindOfValueHasAPlainType() {
        outflow.listen(1, "org/fieldhouse/state/CHANGED");
        say(changed(Bool.ON));
        say(changed(new Text("x")));
        say(changed(new Colour(0.25, 0.5)));
        say(changed(new Moment(Instant.EPOCH)));
        say(changed(Quantity.of(3)));
        assertThat(delivered)
                .extracting(each -> each.properties().get("value"))
                .containsExactly(true, "x", List.of(0.25, 0.5), "1970-01-01T00:00:00Z", 3.0);
        assertThat(delivered).noneMatch(each -> each.properties().containsKey("unit"));
    }

    @Test
    void onlyWhatSomebodyHearsIsTold() {
        outflow.listen(1, List.of("org/fieldhouse/device/STATUS"));
        say(changed(Bool.ON));
        assertThat(delivered).isEmpty();
        say(new Fact.StatusChanged(HALL, Status.CONNECTING, Status.fault("wrong password")));
        assertThat(delivered).hasSize(1);
        assertThat(delivered.get(0).properties())
                .containsEntry("status", "FAULT")
                .containsEntry("reason", "wrong password");
        outflow.leave(1);
        say(new Fact.StatusChanged(HALL, Status.CONNECTING, Status.ONLINE));
        assertThat(delivered).hasSize(1);
    }

    @Test
    void reportsGoOutOnlyIfTheyAreAskedFor() {
        Fact report = new Fact.StateReported(TEMPERATURE, new State(Bool.ON, Quality.GOOD, 1, 1));
        outflow.listen(1, "*");
        say(report);
        assertThat(delivered).isEmpty();
        outflow.close();
        outflow = outflow(true);
        outflow.listen(1, "*");
        say(report);
        assertThat(delivered).extracting(Delivered::topic).containsExactly("org/fieldhouse/state/REPORTED");
    }

    @Test
    void alarmsAreToldAndWhatRulesKeepForThemselvesIsNot() {
        outflow.listen(1, "*");
        Cause rule = new Cause(0, Cause.Origin.RULE, "Frost", null);
        bus.say(new Fact.ExternalFact("org.fieldhouse.rules.Upload", Map.of()), rule);
        bus.say(new Fact.ExternalFact("org.fieldhouse.rules.AlarmChanged", Map.of("alarm", new Text("Frost"))), rule);
        bus.say(new Fact.ExternalFact("com.acme.Seen", Map.of("level", Quantity.of(2, "m"))), Cause.RUNTIME);
        assertThat(delivered)
                .extracting(Delivered::topic)
                .containsExactly("org/fieldhouse/alarm/CHANGED", "org/fieldhouse/fact/EXTERNAL");
        assertThat(delivered.get(1).properties())
                .containsEntry("type", "com.acme.Seen")
                .containsEntry("values", Map.of("level", 2.0, "level.unit", "m"));
    }

    private record Config(boolean reported) implements BridgeConfig {
        @Override
        public int waiting() {
            return 7;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return BridgeConfig.class;
        }
    }

    private static final class EmptyHouse implements House {
        @Override
        public HouseModel model() {
            return HouseModel.EMPTY;
        }

        @Override
        public State state(PointId point) {
            return State.NONE;
        }

        @Override
        public PriorityArray priorities(PointId point) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Candidate> candidates() {
            return List.of();
        }
    }
}
