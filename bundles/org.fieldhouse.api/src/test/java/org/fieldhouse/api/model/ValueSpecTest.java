package org.fieldhouse.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.junit.jupiter.api.Test;

class ValueSpecTest {
    @Test
    void saysWhyAValueIsNotAllowed() {
        ValueSpec percent = ValueSpec.quantity(Units.PERCENT, 0, 100);
        assertThat(percent.violation(Quantity.of(101, "%"))).contains("101 % is outside 0 to 100 %");
        assertThat(percent.violation(Quantity.of(10, "°C")))
                .hasValueSatisfying(m -> assertThat(m).contains("expected %"));
        assertThat(percent.violation(new Text("x")))
                .hasValueSatisfying(m -> assertThat(m).contains("expected 0 to 100 %"));
        assertThat(percent.violation(Quantity.of(100.0000000001, "%"))).isEmpty();
        assertThat(ValueSpec.choice(List.of("heat", "off")).violation(new Choice("heet")))
                .contains("'heet' is not one of heat, off");
    }

    @Test
    void bringsAValueIntoItsUnit() {
        assertThat(ValueSpec.quantity(Units.PERCENT, 0, 100).normalize(Quantity.of(0.5)))
                .isEqualTo(Quantity.of(50, "%"));
        assertThatThrownBy(() -> ValueSpec.ON_OFF.normalize(Quantity.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasAWordForEachSide() {
        assertThat(ValueSpec.bool("closed", "open").word(Bool.ON)).isEqualTo("open");
    }

    @Test
    void namesBecomePlainWherePossible() {
        assertThat(Names.toDeviceName("hall/motion_1")).isEqualTo("Hall.Motion_1");
        assertThat(Names.toDeviceName("0x00158d0001")).isEqualTo("0x00158d0001");
        assertThat(Names.quoted("0x00158d0001")).isEqualTo("`0x00158d0001`");
        assertThat(Names.toMemberName("Energy Level-2")).isEqualTo("energy_level_2");
        assertThat(Names.toMemberName("3 phase")).isEqualTo("p3_phase");
    }
}
