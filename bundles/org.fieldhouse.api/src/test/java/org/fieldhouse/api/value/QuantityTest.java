package org.fieldhouse.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class QuantityTest {
    /** Counters and identifiers have more digits than sensors; nobody reads three hundred zeros. */
    @Test
    void wholeNumbersAreShownWholeAndExtremesWithAnExponent() {
        assertThat(Quantity.of(12345678901.0, "Wh")).hasToString("12345678901 Wh");
        assertThat(Quantity.of(9007199254740993.0)).hasToString("9007199254740992");
        assertThat(Quantity.of(1234567890.4)).hasToString("1234567890");
        assertThat(Quantity.of(1e308, "K")).hasToString("1e+308 K");
        assertThat(Quantity.of(-1.5e-300)).hasToString("-1.5e-300");
        assertThat(Quantity.of(0.1 + 0.2)).hasToString("0.3");
        assertThat(Quantity.of(100)).hasToString("100");
        assertThat(Quantity.of(-0.0)).hasToString("0");
    }

    @Test
    void fahrenheitConvertsToCelsius() {
        assertThat(Quantity.of(72.5, "°F").in(Units.CELSIUS).number()).isCloseTo(22.5, within(1e-9));
        assertThat(Quantity.of(212, "°F").compare(Quantity.of(100, "°C"))).isBetween(-1, 1);
    }

    @Test
    void twoPlacesOnAScaleDifferByKelvin() {
        Quantity difference = Quantity.of(21, "°C").minus(Quantity.of(68, "°F"));
        assertThat(difference.unit()).isEqualTo(Units.KELVIN);
        assertThat(difference.number()).isCloseTo(1.0, within(1e-9));
    }

    @Test
    void twoPlacesOnAScaleCannotBeAdded() {
        assertThatThrownBy(() -> Quantity.of(1, "°C").plus(Quantity.of(1, "°C")))
                .hasMessageContaining("cannot add");
    }

    @Test
    void aDistanceMovesAPlaceOnTheScale() {
        assertThat(Quantity.of(21, "°C").minus(Quantity.of(0.3, "K")).toString())
                .isEqualTo("20.7 °C");
        assertThat(Quantity.of(0.5, "K").plus(Quantity.of(21, "°C")).toString()).isEqualTo("21.5 °C");
        assertThat(Quantity.of(50, "°F")
                        .plus(Quantity.of(5, "K"))
                        .in(Units.FAHRENHEIT)
                        .number())
                .isCloseTo(59, within(1e-9));
    }

    @Test
    void aDistanceIsNotComparedWithAPlace() {
        assertThatThrownBy(() -> Quantity.of(3, "K").compare(Quantity.of(3, "°C")))
                .hasMessageContaining("temperature difference");
        assertThatThrownBy(() -> Quantity.of(3, "%").compare(Quantity.of(3, "°C")))
                .hasMessageContaining("no conversion");
    }

    @Test
    void negativeZeroIsZero() {
        assertThat(Quantity.of(-0.0)).isEqualTo(Quantity.of(0.0));
    }

    @Test
    void infinityIsNoValue() {
        assertThatThrownBy(() -> Quantity.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void conversionThereAndBackIsTheSame(@ForAll @DoubleRange(min = -1e6, max = 1e6) double number) {
        Quantity there = Quantity.of(number, "°C").in(Units.FAHRENHEIT);
        assertThat(there.in(Units.CELSIUS).number()).isCloseTo(number, within(1e-6));
    }
}
