package org.fieldhouse.webconsole.tab;

import static org.assertj.core.api.Assertions.assertThat;

import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void aNumberHasAsManyDigitsAsTellAPersonSomething() {
        PointSpec point = PointSpec.measurement("x", ValueSpec.quantity(Units.of("°C")));
        assertThat(Words.value(point, Quantity.of(16.8922098, "°C"))).isEqualTo("16.892 °C");
        assertThat(Words.value(point, Quantity.of(-0.00123456, "°C"))).isEqualTo("-0.0012346 °C");
        assertThat(Words.value(point, Quantity.of(40, "°C"))).isEqualTo("40 °C");
        assertThat(Words.value(point, Quantity.of(12_345_678.9, "°C"))).isEqualTo("12345679 °C");
        assertThat(Words.value(point, Quantity.of(0, "°C"))).isEqualTo("0 °C");
        assertThat(Words.value(point, null)).isEqualTo("–");
    }
}
