package org.fieldhouse.binding.mqtt.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fieldhouse.binding.mqtt.json.Json;
import org.fieldhouse.binding.mqtt.json.JsonException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates as devices in the field send them; the expected texts are what Python and Jinja give. */
class TemplateTest {
    private static final String MESSAGE =
            """
            {"temperature":21.46,"state":"ON","brightness":128,"contact":false,"position":55,"name":"Hall Light",
             "sensor":{"temps":[20,21.5],"x y":"deep","none":null},"running_state":"heat","count":7,"text":"12.7","on":true}""";

    static String render(String template) throws TemplateException, JsonException {
        Map<String, @Nullable Object> scope = new HashMap<>();
        scope.put("value", MESSAGE);
        scope.put("value_json", Json.parse(MESSAGE));
        return Template.compile(template, Set.of("value", "value_json")).render(scope);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ value_json.temperature }} ~ 21.46",
                "{{value_json['temperature']}} ~ 21.46",
                "{{ value_json.sensor.temps[1] }} ~ 21.5",
                "{{ value_json.sensor.temps.0 }} ~ 20",
                "{{ value_json.sensor['x y'] | upper }} ~ DEEP",
                "{{ value_json.contact }} ~ False",
                "{{ value_json.sensor.none }} ~ None",
                "a{{ value_json.nothing }}b ~ ab",
                "{{ value_json.temperature | round(1) }} ~ 21.5",
                "{{ value_json.temperature | round }} ~ 21",
                "{{ value_json.text | float | round(0) }} ~ 13",
                "{{ value_json.text | int }} ~ 12",
                "{{ value_json.text | float(0) * 2 }} ~ 25.4",
                "{{ value_json.nothing | float(3) }} ~ 3",
                "{{ value_json.nothing | default('unknown') }} ~ unknown",
                "{{ value_json.nothing | default(0, true) | int }} ~ 0",
                "{{ 'open' if value_json.position > 0 else 'closed' }} ~ open",
                "{{ 'OFF' if value_json.state == 'OFF' else 'ON' }} ~ ON",
                "{{ value_json.brightness | multiply(100/255) | round(0) }} ~ 50",
                "{{ (value_json.brightness | float / 2.55) | round | int }} ~ 50",
                "{{ value_json.count / 7 }} ~ 1.0",
                "{{ value_json.count // 2 }} ~ 3",
                "{{ -value_json.count % 4 }} ~ 1",
                "{{ 2 ** 3 + 1 }} ~ 9",
                "{% if value_json.on %}yes{% else %}no{% endif %} ~ yes",
                "{% if value_json.count > 8 %}a{% elif value_json.count > 6 %}b{% else %}c{% endif %} ~ b",
                "{% set values = {'idle':'idle','heat':'heating'} %}{{ values[value_json.running_state] }} ~ heating",
                "{{ {'ON':'1','OFF':'0'}[value_json.state] }} ~ 1",
                "{{ {'ON':'1'}.get(value_json.nothing, 'x') }} ~ x",
                "{{ value_json.get('count') }} ~ 7",
                "{{ value_json.sensor.get('missing', 5) + 1 }} ~ 6",
                "{{ value_json.tilt if value_json.tilt is defined else 0 }} ~ 0",
                "{{ value_json.name | lower | replace(' ', '_') }} ~ hall_light",
                "{{ value_json.name.split(' ')[0] }} ~ Hall",
                "{{ 'a' in value_json.name and not value_json.contact }} ~ True",
                "{{ value_json.count in [1, 7] }} ~ True",
                "{{ value_json.count not in [1, 7] }} ~ False",
                "{{ iif(value_json.on, 'ja', 'nein') }} ~ ja",
                "{{ value_json.on | iif('ja', 'nein') }} ~ ja",
                "{{ [3, 1, 2] | max }} ~ 3",
                "{{ max(3, 4) - min([1, 2]) }} ~ 3",
                "{{ (value_json.count * 10) | string + '%' }} ~ 70%",
                "{{- ' x ' -}}   {%- if true -%}  y  {%- endif -%} ~ x y",
                "{# a remark #}{{ 1 }} ~ 1",
                "{{ 0.1 + 0.2 }} ~ 0.30000000000000004",
                "{{ 2.5 | round }} ~ 2",
                "{{ value_json.sensor.temps | length }} ~ 2",
                "{{ value_json.sensor.temps | to_json }} ~ [20,21.5]",
                "{{ value_json.on | bool }} ~ True",
                "{{ 'on' | bool }} ~ True",
                "{{ value_json.temperature is number }} ~ True",
                "{{ 0 < value_json.position < 50 }} ~ False",
                "{{ 9 > value_json.count == 7 in [7] }} ~ True",
                "{{ -5 | abs }} ~ 5",
                "{{ -2 ** 2 }} ~ 4",
                "{{ 2 ** 3 ** 2 }} ~ 64",
                "{{ '2' | int ** 2 }} ~ 4",
                "{{ +value_json.count }} ~ 7",
                "{{ [[1, 2], [3, 4]].1.0 }} ~ 3",
                "{{ value_json.sensor.none | iif('a', 'b', 'c') }} ~ c",
                "{{ 'one (two) [three-four' | title }} ~ One (Two) [Three-Four",
                "{{ '1e20' | float | round }} ~ 1e+20",
                "{{ '  a  b ' .split() | to_json }} ~ [\"a\",\"b\"]",
                "{{ ''.split() | length }} ~ 0",
                "{{ 0.00001 }} ~ 1e-05",
                "{{ 2.5 % 0.00001 }} ~ 9.999999999795493e-06",
                "{{ -7 % 4 }} ~ 1",
                "{{ 7.5 % -4 }} ~ -0.5",
                "{{ value_json.nothing is iterable }} ~ True",
                "{{ value_json.on | abs }} ~ 1",
                "{{ '-2.5e+200' | float }} ~ -2.5e+200",
                "{{ value_json.sensor }} ~ {'temps': [20, 21.5], 'x y': 'deep', 'none': None}",
                "{{ [\"it's\", true, {1: 'a\\nb'}] }} ~ [\"it's\", True, {1: 'a\\nb'}]",
                "plain ~ plain"
            })
    void rendersWhatIsMetInTheWild(String template, String expected) throws Exception {
        assertThat(render(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ states('sensor.x') }}",
                "{{ now() }}",
                "{{ value | regex_replace('a', 'b') }}",
                "{% for i in value_json %}{{ i }}{% endfor %}",
                "{{ value_json.x",
                "{{ value_json. }}",
                "{{ 1 + }}",
                "{% if true %}x",
                "{% endif %}",
                "{{ value.__class__() }}",
                "{{ entity_id }}",
                "{{ value_json | map(attribute='x') }}",
                "{{ as_timestamp(value) }}",
                "{% import 'x' as y %}",
                "{{ 'a' }} {%",
                "{{ value[0:2] }}",
                "{{ value.split(',', 1) }}",
                "{{ value.strip('%') }}",
                "{{ value | trim('%') }}",
                "{{ value | int(0, 16) }}",
                "{{ value | round(1, 'floor') }}",
                "{{ value | replace('a', 'b', 1) }}",
                "{{ value.startswith('a', 1) }}",
                "{{ value | multiply }}",
                "{{ lipsum.__globals__ }}"
            })
    void refusesEverythingElseByName(String template) {
        assertThatThrownBy(() -> Template.compile(template, Set.of("value", "value_json")))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching("(?s).{3,}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ value_json.nothing.deeper }}",
                "{{ value_json.state | float }}",
                "{{ value_json.count / 0 }}",
                "{{ value_json.state + 1 }}",
                "{{ value_json.nothing > 3 }}",
                "{{ 10 ** 999 }}",
                "{{ value.split('') }}",
                "{{ value_json.state | from_json }}"
            })
    void saysWhyItCannotBeApplied(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateException.class);
    }

    @Test
    void aMessageMayHaveNoValueForIt() {
        assertThatThrownBy(() -> render("{{ value_json.nothing | is_defined }}"))
                .isInstanceOf(TemplateException.NoValue.class);
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> Template.compile("{{ " + "(".repeat(5000) + "1", Set.of()))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> Template.compile("{{ " + "-".repeat(5000) + "1 }}", Set.of()))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> Template.compile("{% if 1 %}".repeat(500), Set.of()))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> Template.compile("x".repeat(10_000), Set.of())).hasMessageContaining("at most 8192");
    }

    /** Without loops, each of these doubles or multiplies what it has some thirty times. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set a = a ~ a %}",
                "{% set a = a + a %}",
                "{% set a = [a, a] %}",
                "{% set a = {'x': a, 'y': a} %}",
                "{% set a = a | replace('', a) %}",
                "{% set a = (a ~ '').replace('a', a ~ 'aa') %}",
                "{{ a }}{% set a = a ~ a %}",
                "{% set a = [a ~ a, a ~ a] | to_json %}"
            })
    void makesNoMoreThanItMay(String step) throws Exception {
        Template template =
                Template.compile("{% set a = 'aaaaaaaa' %}" + step.repeat(40) + "{{ a | length }}", Set.of());
        assertThatThrownBy(() -> template.render(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("makes more than 131072 characters");
    }

    @Test
    void neitherCutsNorSearchesALongMessageForEver() throws Exception {
        Template parts = Template.compile("{{ value.split(',')[0] }}", Set.of("value"));
        assertThatThrownBy(() -> parts.render(Map.of("value", ",".repeat(4 << 20))))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("makes more than");
        Template search = Template.compile("{{ (value ~ 'b') in (value ~ value) }}", Set.of("value"));
        assertThatThrownBy(() -> search.render(Map.of("value", "a".repeat(30_000))))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("a search for 30001");
    }

    @Property(tries = 2000)
    void anyTextCompilesOrIsRefused(@ForAll("scraps") String template) {
        try {
            render(template);
        } catch (TemplateException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        } catch (JsonException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of(
                        "{{",
                        "}}",
                        "{%",
                        "%}",
                        "if",
                        "else",
                        "endif",
                        "elif",
                        "set",
                        "value_json",
                        ".",
                        "x",
                        "[",
                        "]",
                        "(",
                        ")",
                        "|",
                        "float",
                        "round",
                        "1",
                        "'a'",
                        " ",
                        "==",
                        "-",
                        "+",
                        "**",
                        "{",
                        "}",
                        ":",
                        ",",
                        "not",
                        "in",
                        "is",
                        "defined",
                        "~",
                        "default",
                        "get",
                        "state",
                        "=",
                        "99999999999999999999",
                        "1.5",
                        "%",
                        "int")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join(" ", parts));
    }
}
