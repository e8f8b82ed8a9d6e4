package org.fieldhouse.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "m3/h, m³/h, volume flow",
        "m³/h, m³/h, volume flow",
        "l/min, l/min, volume flow",
        "kWh, kWh, energy",
        "W/m^2, W/m², irradiance",
        "µg/m³, µg/m³, concentration",
        "ug/m3, µg/m³, concentration",
        "degC, °C, temperature",
        "lux, lx, illuminance",
        "mL, ml, volume",
        "hPa, hPa, pressure",
        "kB/s, kB/s, data rate",
        "Ω, Ω, resistance",
        "m/s2, m/s², acceleration"
    })
    void knowsTheSymbol(String written, String canonical, String dimension) {
        Unit unit = Units.of(written);
        assertThat(unit.symbol()).isEqualTo(canonical);
        assertThat(unit.dimension().toString()).isEqualTo(dimension);
    }

    @ParameterizedTest
    @ValueSource(strings = {"frobs", "°C/h", "m/", "/h", "k%", "m³//h", "m12", "-"})
    void refusesWhatItDoesNotKnow(String symbol) {
        assertThat(Units.find(symbol)).isEmpty();
        assertThatThrownBy(() -> Units.of(symbol)).hasMessageContaining(symbol);
    }

    @Test
    void wattTimesHourIsEnergy() {
        assertThat(Units.of("W·h").convert(1000, Units.KILOWATT_HOUR)).isCloseTo(1, within(1e-12));
        assertThat(Units.of("m³/h").convert(3.6, Units.of("l/s"))).isCloseTo(1, within(1e-12));
    }

    @Test
    void degreesOfAnAngleAreNotAPercentage() {
        assertThat(Units.of("°").convertsTo(Units.PERCENT)).isFalse();
    }

    @Test
    void acidityIsNotALevelOfSound() {
        assertThat(Units.of("pH").convertsTo(Units.of("dB"))).isFalse();
    }

    @Property
    void noTextBreaksIt(@ForAll String garbage) {
        assertThat(Units.find(garbage)).isNotNull();
    }
}
