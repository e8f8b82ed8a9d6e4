package org.fieldhouse.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void keysOfTheOutermostObjectOnly() {
        String text =
                """
                // a comment with "quotes" and {
                {
                  ":configurator:resource-version": 1,
                  "a.pid": {"nested": {"deep": "x"}, "list": ["a", {"b": 1}]}, /* } */
                  "factory~one": {"text": "brace } and \\" quote"},
                  "empty": {}
                }
                """;
        assertThat(Json.topLevelKeys(text))
                .containsExactly(":configurator:resource-version", "a.pid", "factory~one", "empty");
    }

    /** A file cut off by a full disk, or edited badly, must be named, not read as "nothing expected". */
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\": {}", "{\"a\": {]}", "{\"a: 1}", "no json", "}", "{\"a\": 1}}"})
    void brokenTextIsRefused(String text) {
        assertThatThrownBy(() -> Json.topLevelKeys(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line ");
    }

    @Property
    void anyKeyComesBack(@ForAll @net.jqwik.api.constraints.AlphaChars String key) {
        assertThat(Json.topLevelKeys("{" + Json.quote(key) + ": {}}")).containsExactly(key);
    }

    @Test
    void quoting() {
        assertThat(Json.quote("a \"b\" \\ \n")).isEqualTo("\"a \\\"b\\\" \\\\ \\u000a\"");
    }
}
