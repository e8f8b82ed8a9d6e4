package org.fieldhouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Colour;
import org.fieldhouse.api.value.Moment;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.junit.jupiter.api.Test;

class LiteralsTest {
    private static final ValueSpec TEMPERATURE = ValueSpec.quantity(Units.CELSIUS, 5, 30);

    @Test
    void readsEachKindAsPeopleTypeIt() {
        assertThat(Literals.parse("on", ValueSpec.ON_OFF)).isEqualTo(Bool.ON);
        assertThat(Literals.parse("closed", ValueSpec.bool("closed", "open"))).isEqualTo(Bool.OFF);
        assertThat(Literals.parse("21.5 °C", TEMPERATURE)).isEqualTo(Quantity.of(21.5, "°C"));
        assertThat(Literals.parse("21.5degC", TEMPERATURE)).isEqualTo(Quantity.of(21.5, "°C"));
        assertThat(Literals.parse("60 %", ValueSpec.quantity(Units.PERCENT))).isEqualTo(Quantity.of(60, "%"));
        assertThat(Literals.parse("HEAT", ValueSpec.choice(List.of("off", "heat"))))
                .isEqualTo(new Choice("heat"));
        assertThat(Literals.parse("\"two words\"", ValueSpec.TEXT)).isEqualTo(new Text("two words"));
        assertThat(Literals.parse("#ff0000", ValueSpec.COLOUR)).isEqualTo(Colour.ofRgb(0xff0000));
        assertThat(Literals.parse("2026-11-21T12:00:00Z", ValueSpec.MOMENT))
                .isEqualTo(new Moment(Instant.parse("2026-11-21T12:00:00Z")));
    }

    /** At a prompt the unit is known; in a rule file it has to be written. */
    @Test
    void takesABareNumberInThePointsOwnUnit() {
        assertThat(Literals.parse("21", TEMPERATURE)).isEqualTo(Quantity.of(21, "°C"));
    }

    @Test
    void saysWhatWouldFit() {
        assertThatThrownBy(() -> Literals.parse("40 °C", TEMPERATURE)).hasMessageContaining("5 to 30 °C");
        assertThatThrownBy(() -> Literals.parse("60 %", TEMPERATURE)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> Literals.parse("warm", TEMPERATURE)).hasMessageContaining("expected a number");
        assertThatThrownBy(() -> Literals.parse("abc", ValueSpec.quantity(Units.of(""))))
                .hasMessage("'abc' does not fit: expected a number");
        assertThatThrownBy(() -> Literals.parse("3 parsecs", TEMPERATURE)).hasMessageContaining("parsecs");
        assertThatThrownBy(() -> Literals.parse("ajar", ValueSpec.bool("closed", "open")))
                .hasMessageContaining("open or closed");
        assertThatThrownBy(() -> Literals.parse("cool", ValueSpec.choice(List.of("off", "heat"))))
                .hasMessageContaining("one of off, heat");
        assertThatThrownBy(() -> Literals.parse("red", ValueSpec.COLOUR)).hasMessageContaining("#rrggbb");
    }

    @Test
    void readsDurations() {
        assertThat(Literals.duration("1 h 30 min")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Literals.duration("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThatThrownBy(() -> Literals.duration("99999999999999999999 h")).hasMessageContaining("ten years");
        assertThat(Literals.duration("3650 d")).isEqualTo(Duration.ofDays(3650));
        assertThatThrownBy(() -> Literals.duration("soon")).hasMessageContaining("90 s");
        assertThatThrownBy(() -> Literals.duration("5 min or so")).hasMessageContaining("no duration");
    }
}
