package org.fieldhouse.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.cli.RuleDirectory;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeAssistantTest {
    private static final Path CORPUS = Path.of("src/test/resources/automations.yaml");
    private static Imported house;

    @TempDir
    Path directory;

    @BeforeAll
    static void importTheCorpus() {
        house = Imported.run("home-assistant", CORPUS.toString(), "src/test/resources/scenes.yaml");
    }

    private Imported automation(String yaml, String... more) throws IOException {
        return Imported.of(directory, "home-assistant", "one.yaml", yaml, more);
    }

    @Test
    void what_can_be_translated_is_live_and_passes_the_checker() {
        assertThat(house.findings()).isEmpty();
        assertThat(house.live()).hasSize(24).contains("Hall light with motion", "Remote of the living room: motion");
        assertThat(house.report()).contains("25 of 36 translated");
        assertThat(house.exit()).isEqualTo(1);
    }

    @Test
    void the_rules_do_what_the_automations_did() {
        assertThat(
                        house.findings(
                                """
                        test "off two minutes after the last motion, and anew with each motion"
                          given time 23:00, Hall.Motion off, Hall.Ceiling off
                          at 1 s Hall.Motion = on
                          expect at 2 s Hall.Ceiling is on and Hall.Ceiling.brightness is 60 %
                          at 1 min Hall.Motion = off
                          at 2 min Hall.Motion = on
                          at 3 min Hall.Motion = off
                          expect at 4 min 59 s Hall.Ceiling is on
                          expect at 5 min 1 s Hall.Ceiling is off
                        end
                        test "not by day"
                          given time 12:00, Hall.Motion off, Hall.Ceiling off
                          at 1 s Hall.Motion = on
                          expect at 2 s Hall.Ceiling is off
                        end
                        test "three times, ten minutes apart"
                          given Washing on, Washer.Power 400 W
                          at 1 s Washer.Power = 2 W
                          expect at 1 min 59 s not notified Family
                          expect at 2 min 2 s notified Family "The laundry is done"
                          expect at 2 min 3 s Washing is off
                        end
                        test "a condition in the middle ends the sequence"
                          given Living.Tv on, Living.Lamp off
                          at 1 s Living.Tv = off
                          expect at 2 s Living.Lamp is off
                          at 3 s Living.Tv = on
                          expect at 4 s Living.Lamp.brightness is 25 %
                        end
                        test "each trigger its own branch"
                          given Living.Lamp off, Living.Illuminance 20 lx, Living.Motion off, Living.Blind.open open
                          at 1 s Scene.Next pressed
                          expect at 2 s Mood is "Film night" and Living.Lamp is off and Living.Blind.position is 20 %
                          at 3 s Living.Motion = on
                          expect at 4 s Living.Lamp is on
                        end
                        test "not on Fridays, not with guests"
                          given date 2026-06-18 22:14, Living.Lamp on
                          expect at 2 min Living.Lamp is off
                        end
                        test "with guests"
                          given date 2026-06-18 22:14, Living.Lamp on, Guests on
                          expect at 2 min Living.Lamp is on
                        end"""))
                .isEmpty();
    }

    @Test
    void a_state_of_several_begins_its_time_anew() throws IOException {
        Imported one = automation(
                """
                - alias: Warm
                  trigger:
                    - platform: state
                      entity_id: binary_sensor.hall_motion
                      to: 'on'
                  condition:
                    - condition: state
                      entity_id: climate.living
                      state: [heat, auto]
                      for: '00:10:00'
                  action:
                    - service: light.turn_on
                      target: {entity_id: light.hall}
                """);
        assertThat(
                        one.findings(
                                """
                        test "from one to the other"
                          given Living.mode off, Hall.Motion off, Hall off
                          at 1 s Living.mode = heat
                          at 9 min Living.mode = auto
                          at 12 min Hall.Motion = on
                          expect at 13 min Hall is off
                          at 20 min Hall.Motion = off
                          at 21 min Hall.Motion = on
                          expect at 22 min Hall is on
                        end"""))
                .isEmpty();
    }

    /** Without this the test above could not fail. */
    @Test
    void a_wrong_expectation_is_found() {
        assertThat(house.findings("test \"x\" given Living.Lamp off expect at 1 s Living.Lamp is on end"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "On the hour | 131 | a template is not translated",
                "MQTT button | 368 | a topic is a point of a device here",
                "Device trigger | 376 | a device trigger names ids",
                "Template | 391 | what is called is made by a template",
                "Blueprint | 395 | a blueprint",
                "Loop without an end | 404 | loops without an end",
                "Music | 418 | variables of an automation",
                "Music | 420 | media_player.play_media",
                "May be so already | 431 | may be so already",
                "By area | 443 | a target by area",
                "Secret | 449 | !secret",
                "Unknown unit | 456 | sensor.water_hardness"
            })
    void what_cannot_is_listed_with_its_line_and_runs_not(String name, int line, String why) {
        assertThat(house.report()).contains("automations.yaml:" + line + ": not translated: ", why);
        assertThat(house.rules())
                .contains("# not translated: automations.yaml:" + line + ": ", "# rule \"" + name + "\"");
        assertThat(house.live()).doesNotContain(name);
    }

    @Test
    void the_original_stands_above_each_rule() {
        assertThat(house.rules())
                .contains("# automations.yaml:41\n"
                        + "#   - alias: Porch light off\n"
                        + "#     trigger:\n"
                        + "#       platform: time\n");
    }

    @Test
    void one_part_that_cannot_be_translated_takes_the_whole_rule_out() throws IOException {
        Imported found = automation(
                """
                alias: half
                trigger: {platform: state, entity_id: binary_sensor.hall_motion, to: "on"}
                action:
                  - {service: light.turn_on, entity_id: light.hall}
                  - {service: media_player.media_stop, entity_id: media_player.hall}
                """);
        assertThat(found.live()).isEmpty();
        assertThat(found.rules())
                .contains(
                        "#   turn on Hall",
                        "one.yaml:5: there is no counterpart of the service media_player.media_stop");
        assertThat(found.rules().lines().filter(line -> !line.isBlank())).allMatch(line -> line.startsWith("#"));
    }

    /** What is commanded before the wait may be so already; wait_for_trigger would wait for the next time. */
    @Test
    void a_wait_for_what_was_just_commanded_is_listed() throws IOException {
        Imported found = automation(
                """
                alias: a
                trigger: {platform: state, entity_id: light.hall, to: "on"}
                action:
                  - {service: light.turn_off, entity_id: light.hall}
                  - {wait_for_trigger: [{platform: state, entity_id: light.hall, to: "off"}], timeout: 60}
                  - {service: light.turn_on, entity_id: light.porch}
                """);
        assertThat(found.report()).contains("one.yaml:5: not translated: this may be so already");
        assertThat(found.live()).isEmpty();
    }

    @Test
    void no_brightness_is_off() throws IOException {
        assertThat(automation("alias: a\n"
                                + "trigger: {platform: time, at: '20:00'}\n"
                                + "action: [{service: light.turn_on, entity_id: light.a, data: {brightness: 0,"
                                + " transition: 3}}]\n")
                        .rules())
                .contains("  turn off A with fade 3 s\n");
    }

    @Test
    void a_scene_that_is_in_no_file_takes_the_rule_out() throws IOException {
        Imported found =
                automation("alias: a\ntrigger: {platform: time, at: '20:00'}\naction: [{scene: scene.film}]\n");
        assertThat(found.live()).isEmpty();
        assertThat(found.report()).contains("the checker refuses it: E104 unknown scene Film");
    }

    @Test
    void numbers_of_a_house_in_fahrenheit_stay_what_they_are() throws IOException {
        String yaml = "alias: a\ntrigger: {platform: numeric_state, entity_id: sensor.attic_temperature, above: 80}\n"
                + "action: [{service: fan.turn_on, entity_id: fan.attic}]\n";
        assertThat(automation(yaml, "--fahrenheit").rules()).contains("when Attic.Temperature > 80 °F");
        assertThat(automation(yaml).report())
                .contains("80 is read as °C; if your house measures in °F say --fahrenheit");
    }

    @Test
    void the_map_has_the_last_word_on_names() throws IOException {
        Path map = directory.resolve("names.yaml");
        Files.writeString(map, "light.hall: Floor.Lamp\nsensor.water_hardness: {name: Cellar.Water, kind: level}\n");
        Imported found = automation(
                "alias: a\ntrigger: {platform: numeric_state, entity_id: sensor.water_hardness, above: 10}\n"
                        + "action: [{service: light.turn_on, entity_id: light.hall}]\n",
                "--map",
                map.toString());
        assertThat(found.rules()).contains("when Cellar.Water > 10 %", "turn on Floor.Lamp");
        assertThat(found.exit()).isZero();
        Files.writeString(map, "light.hall: hall light\n");
        assertThat(automation("[]", "--map", map.toString()).report())
                .contains("names.yaml:1: light.hall: 'hall light' is no name");
    }

    @Test
    void two_ids_never_become_one_device() throws IOException {
        Imported found = automation(
                """
                alias: a
                trigger: {platform: state, entity_id: switch.kitchen, to: "on"}
                action: [{service: light.turn_on, entity_id: light.kitchen}]
                """);
        assertThat(found.rules()).contains("when Kitchen turns on", "turn on Kitchen.Light");
    }

    @Test
    void nothing_is_overwritten_unless_asked() throws IOException {
        String yaml = "alias: a\n"
                + "trigger: {platform: time, at: '20:00'}\n"
                + "action: [{service: light.turn_on, entity_id: light.a}]\n";
        String to = directory.resolve("rules").toString();
        assertThat(automation(yaml, "-o", to).exit()).isZero();
        Files.writeString(directory.resolve("rules/one.rules"), "mine");
        assertThat(automation(yaml, "-o", to).exit()).isEqualTo(73);
        assertThat(directory.resolve("rules/one.rules")).hasContent("mine");
        assertThat(automation(yaml, "-o", to, "--force").exit()).isZero();
        assertThat(directory.resolve("rules/one.rules")).content().contains("turn on A");
    }

    @Test
    void what_is_there_already_is_not_declared_again() throws IOException {
        String to = directory.resolve("rules").toString();
        String yaml = "alias: %s\n"
                + "trigger: {platform: state, entity_id: input_boolean.guests, to: 'on'}\n"
                + "action: [{service: light.turn_on, entity_id: light.hall}]\n";
        for (String name : List.of("one", "two")) {
            Imported found = Imported.of(directory, "home-assistant", name + ".yaml", yaml.formatted(name), "-o", to);
            assertThat(found.report()).contains("1 of 1 translated");
        }
        RuleDirectory rules = new RuleDirectory(Path.of(to));
        assertThat(FullCheck.check(rules.files(), HouseModel.EMPTY).diagnostics())
                .noneMatch(Diagnostic::isError);
        assertThat(directory.resolve("rules/two.rules")).content().doesNotContain("expect", "variable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1 | one.yaml:1: not YAML",
                "&a [*a] | an alias within itself",
                "- 17 | no automation",
                "- !include x.yaml | another file: import it as well"
            })
    void garbage_is_told_with_its_place(String text, String message) throws IOException {
        assertThat(automation(text).report()).contains(message);
    }

    /** Characters and lines lost, doubled, moved: never an exception, and what comes out always passes the checker. */
    @Test
    void whatever_comes_in_what_comes_out_is_in_order() throws IOException {
        String corpus = Files.readString(CORPUS);
        Random random = new Random(7);
        for (int i = 0; i < 250; i++) {
            Imported found = automation(Garbling.garbled(corpus, random));
            assertThat(found.exit()).as("round %s", i).isIn(0, 1, 65);
            assertThat(found.findings()).as("round %s", i).isEmpty();
        }
    }

    @Test
    void every_automation_of_the_corpus_is_accounted_for() throws IOException {
        List<String> aliases = Files.readString(CORPUS)
                .lines()
                .filter(line -> line.contains("alias: "))
                .map(line -> line.replaceFirst(".*alias: ", ""))
                .toList();
        assertThat(aliases).hasSizeGreaterThan(30);
        assertThat(aliases).allMatch(alias -> house.rules().contains("rule \"" + alias));
    }
}
