package org.fieldhouse.binding.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.fieldhouse.api.value.Text;
import org.junit.jupiter.api.Test;

/** Single values of the wire. */
class ScalarsTest {
    @Test
    void aNumberIsTheOneThatJavaReads() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            int digits = 1 + random.nextInt(18);
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
            for (int d = 0; d < digits; d++) {
                text.append((char) ('0' + random.nextInt(10)));
            }
            if (random.nextBoolean()) {
                text.insert(text.length() - random.nextInt(digits), '.');
            }
            assertThat(Scalars.number(text.toString()))
                    .as(text.toString())
                    .isEqualTo(Double.parseDouble(text.toString()));
        }
        assertThat(Scalars.number("-0")).isEqualTo(-0.0);
        assertThat(Scalars.number("1e3")).isEqualTo(1_000);
        assertThat(Scalars.number("+5")).isEqualTo(5);
        assertThat(Scalars.number(" 5 ")).isEqualTo(5);
        for (String none : new String[] {"", "-", ".", "-.", "1.2.3", "--1", "1-", "0x10", "NaN", "1 2", "٣"}) {
            assertThat(Scalars.number(none)).as(none).isNaN();
        }
    }

    @Test
    void aTextIsTakenUpToALength() {
        assertThat(Scalars.textual("x".repeat(2_048))).isEqualTo(Reading.good(new Text("x".repeat(2_048))));
        assertThat(Scalars.textual("x".repeat(2_049))).isEqualTo(Reading.bad("text of 2049 characters, at most 2048"));
    }
}
