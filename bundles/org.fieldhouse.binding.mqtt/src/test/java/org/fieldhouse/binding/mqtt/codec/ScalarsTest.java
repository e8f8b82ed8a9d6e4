package org.fieldhouse.binding.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.fieldhouse.api.value.Text;
import org.junit.jupiter.api.Test;

/** Single values of the wire. */
class ScalarsTest {
    @Test
    void aTextIsTakenUpToALength() {
        assertThat(Scalars.textual("x".repeat(2_048))).isEqualTo(Reading.good(new Text("x".repeat(2_048))));
        assertThat(Scalars.textual("x".repeat(2_049))).isEqualTo(Reading.bad("text of 2049 characters, at most 2048"));
    }
}
