package org.fieldhouse.binding.mqtt.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written into a template. */
class ValueEncoderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{value} ~ a \"b\" $1 ~ a \"b\" $1",
                "{\"t\":{json}} ~ a \"b\" $1 ~ {\"t\":\"a \\\"b\\\" $1\"}",
                "{\"t\":{json}} ~ {value} ~ {\"t\":\"{value}\"}",
                "<{value}|{value}> ~ {json} ~ <{json}|{json}>"
            })
    void aTextStandsAsItIs(String template, String text, String payload) {
        ValueEncoder encoder = new ValueEncoder(ValueSpec.TEXT, 1, 0, "on", "off", Map.of());
        assertThat(encoder.payload(template, new Text(text))).isEqualTo(payload);
    }

    @ParameterizedTest
    @CsvSource({"{value},42", "{\"v\":{json}},{\"v\":42}"})
    void aNumberIsBare(String template, String payload) {
        ValueEncoder encoder = new ValueEncoder(ValueSpec.quantity(Units.PERCENT), 0.5, 0, "on", "off", Map.of());
        assertThat(encoder.payload(template, Quantity.of(21, "%"))).isEqualTo(payload);
    }
}
