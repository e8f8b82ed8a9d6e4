package org.fieldhouse.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.event.Event;

class IntakeTest {
    private static final String TOPIC = "org/fieldhouse/external/com/acme/Seen";

    private final FakeBus bus = new FakeBus();
    private final Intake intake = new Intake(bus);

    @Test
    void anEventBecomesAFactAndTheFirstOfItsTypeIsAudited() {
        intake.handleEvent(new Event(
                TOPIC,
                Map.of("level", 2, "level.unit", "m", "open", true, "who", "Ann", "at", Instant.EPOCH, "a.unit", "x")));
        intake.notifyUntyped(TOPIC, Map.of());
        assertThat(bus.published)
                .containsExactly(
                        new Fact.AuditRecorded("external.type", "com.acme.Seen", "the first since the bridge started"),
                        new Fact.ExternalFact(
                                "com.acme.Seen",
                                Map.of(
                                        "level", Quantity.of(2, "m"),
                                        "open", Bool.ON,
                                        "who", new Text("Ann"),
                                        "at", new Moment(Instant.EPOCH),
                                        "a.unit", new Text("x"))),
                        new Fact.ExternalFact("com.acme.Seen", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "org/fieldhouse/external/Seen, reverse-domain name",
        "org/fieldhouse/external/com/9acme, reverse-domain name",
        "org/fieldhouse/state/CHANGED, reverse-domain name",
        "org/fieldhouse/external/org/fieldhouse/rules/AlarmAct, the house's own",
    })
    void aTopicThatIsNoTypeOfTheirsIsRefused(String topic, String why) {
        intake.notifyUntyped(topic, Map.of());
        refusedOnce(topic, why);
    }

    private void refusedOnce(String topic, String why) {
        assertThat(bus.published).hasSize(1);
        Fact.AuditRecorded audit = (Fact.AuditRecorded) bus.published.get(0);
        assertThat(audit.action()).isEqualTo("external.refused");
        assertThat(audit.subject()).isEqualTo(topic);
        assertThat(audit.detail()).contains(why);
    }

    private void refused(Map<String, Object> properties, String why) {
        bus.published.clear();
        new Intake(bus).notifyUntyped(TOPIC, properties);
        refusedOnce(TOPIC, why);
    }

    @Test
    void valuesThatTheJournalCannotHoldAreRefusedWithTheirName() {
        refused(Map.of("level", Double.NaN), "level is NaN");
        refused(Map.of("level", 1, "level.unit", "furlong"), "furlong");
        refused(Map.of("open", true, "open.unit", "m"), "open.unit stands beside no number");
        refused(Map.of("thing", new Object()), "thing is a java.lang.Object");
        refused(Map.of("text", "x".repeat(PlainValues.MAX_TEXT + 1)), "text has 4097 characters");
        refused(Map.of("bad name", 1), "begins with a letter");
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("gone", null);
        refused(nothing, "gone is null");
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i <= ExternalFacts.MAX_VALUES; i++) {
            many.put("p" + i, i);
        }
        refused(many, "more than 64");
    }

    @Test
    void aFloodOfBadEventsIsCountedAndToldOnceATopic() {
        for (int i = 0; i < 1000; i++) {
            intake.notifyUntyped("org/fieldhouse/external/bad" + i % 200, Map.of());
        }
        assertThat(intake.refused()).isEqualTo(1000);
        assertThat(bus.published).hasSize(100);
    }
}
