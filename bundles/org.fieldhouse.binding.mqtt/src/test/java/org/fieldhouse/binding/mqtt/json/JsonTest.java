package org.fieldhouse.binding.mqtt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8259 and RFC 6901. */
class JsonTest {
    @Test
    void readsEveryKindOfValue() throws JsonException {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", 1L);
        expected.put("b", List.of(true, false, -2.5, "x\"\\/\b\f\n\r\t\u00e9😀"));
        expected.put("n", null);
        expected.put("o", Map.of());
        assertThat(Json.parse(
                        " {\"a\":1 , \"b\":[true,false,-2.5,\"x\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"],"
                                + "\"n\":null,\"o\":{ } } "))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"21,21", "-0,0", "21.0,21.0", "1e3,1000.0", "0.1,0.1", "123456789012345678901,1.2345678901234568E20"})
    void keepsNumbersAsTheyWereWritten(String text, String shown) throws JsonException {
        assertThat(String.valueOf(Json.parse(text))).isEqualTo(shown);
    }

    @Property
    void numbersAreTheNearestDouble(@ForAll @DoubleRange(min = -1e9, max = 1e9) double d) throws JsonException {
        double rounded = Math.round(d * 1000) / 1000.0;
        for (double n : new double[] {d, rounded}) {
            assertThat(((Number) Json.parse(Double.toString(n))).doubleValue()).isEqualTo(n);
        }
    }

    /** A message of 4 MiB is taken; what it becomes must not be what fills the heap. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"\":0}",
                "[0]",
                "\"\"",
                "{\"a name that is longer than any that is kept is a string each time too\":0}"
            })
    void refusesSmallThingsThatWouldFillTheHeap(String small) throws JsonException {
        byte[] many = ("[" + (small + ",").repeat(100_000) + "0]").getBytes(StandardCharsets.UTF_8);
        Object all = Json.parse(many, 32 << 20);
        assertThat(Json.items(all)).hasSize(100_001);
        assertThat(Json.size(all)).isBetween(2L << 20, 32L << 20);
        assertThatThrownBy(() -> Json.parse(many, 2 << 20))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("would fill the memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "{\"a\"}",
                "{\"a\":}",
                "[1,]",
                "{\"a\":1,}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "nul",
                "tru",
                "NaN",
                "'a'",
                "\"\\x\"",
                "\"\\u12\"",
                "{a:1}",
                "1 2",
                "\"a\nb\"",
                "[1 2]",
                "-",
                "{\"a\":1]",
                "1e999"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("no JSON: at byte");
    }

    @Test
    void isBoundedInDepth() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("at most 64 levels");
    }

    @Property
    void bytesNeverThrowAnythingElse(@ForAll byte[] bytes) {
        try {
            Json.parse(bytes);
        } catch (JsonException expected) {
            assertThat(expected).hasMessageContaining("no JSON");
        }
    }

    @Property(tries = 300)
    void whatIsWrittenIsReadAgain(@ForAll("any") Object value) throws JsonException {
        String written = JsonWriter.write(value);
        assertThat(JsonWriter.write(Json.parse(written))).isEqualTo(written);
    }

    @Property(tries = 200)
    void aCutDocumentIsRefusedOrSmaller(@ForAll("any") Object value, @ForAll int cut) {
        byte[] whole = JsonWriter.write(value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] part = Arrays.copyOf(whole, Math.floorMod(cut, whole.length + 1));
        try {
            Json.parse(part);
        } catch (JsonException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    @Provide
    Arbitrary<Object> any() {
        return Garbage.json("a", "b", "", "ü/~");
    }

    @Test
    void pointersFindTheirPlace() throws JsonException {
        Object d = Json.parse("{\"a/b\":{\"m~n\":[10,{\"x\":null}]},\"\":5}");
        assertThat(JsonPointer.of("/a~1b/m~0n/0").find(d)).isEqualTo(10L);
        assertThat(JsonPointer.of("/a~1b/m~0n/1/x").find(d)).isNull();
        assertThat(JsonPointer.of("/").find(d)).isEqualTo(5L);
        assertThat(JsonPointer.of("").find(d)).isSameAs(d);
        for (String nowhere : new String[] {"/x", "/a~1b/m~0n/2", "/a~1b/m~0n/01", "/a~1b/m~0n/-", "/a~1b/m~0n/0/x"}) {
            assertThat(JsonPointer.of(nowhere).find(d)).as(nowhere).isSameAs(JsonPointer.ABSENT);
        }
        assertThatThrownBy(() -> JsonPointer.of("a")).hasMessageContaining("starts with '/'");
        assertThatThrownBy(() -> JsonPointer.of("/a~2")).hasMessageContaining("~0");
    }
}
