package org.fieldhouse.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenHabTest {
    private static final String CORPUS = "src/test/resources/house.rules";
    private static final String ITEMS = "src/test/resources/house.items";
    private static Imported house;

    @TempDir
    Path directory;

    @BeforeAll
    static void importTheCorpus() {
        house = Imported.run("openhab", CORPUS, ITEMS);
    }

    private Imported rules(String text) throws IOException {
        return Imported.of(directory, "openhab", "one.rules", text, ITEMS);
    }

    @Test
    void what_can_be_translated_is_live_and_passes_the_checker() {
        assertThat(house.findings()).isEmpty();
        assertThat(house.live()).hasSize(18).contains("Hall light with motion", "Any window");
        assertThat(house.report()).contains("18 of 27 translated");
        assertThat(house.exit()).isEqualTo(1);
    }

    @Test
    void the_rules_do_what_they_did() {
        assertThat(
                        house.findings(
                                """
                        test "the timer begins anew with each motion"
                          given time 12:10, Hall.Motion off, Hall.Light off
                          at 1 s Hall.Motion = on
                          expect at 2 s Hall.Light is on
                          at 3 min Hall.Motion = off
                          at 4 min Hall.Motion = on
                          expect at 8 min 59 s Hall.Light is on
                          expect at 9 min 1 s Hall.Light is off
                        end
                        test "a shutter that is quite closed is at 0 % here"
                          given time 11:59, Living.Shutter 100 %
                          expect at 2 min Living.Shutter is 50 %
                        end
                        test "by day and by night"
                          given time 21:59, Hall.Motion off
                          at 1 s Hall.Motion = on
                          expect at 2 s Living.Lamp.brightness is 80 %
                          at 1 min Hall.Motion = off
                          at 2 min Hall.Motion = on
                          expect at 3 min Living.Lamp.brightness is 5 %
                        end
                        test "the group is open if one of its members is"
                          given Kitchen.Window closed, Bath.Window closed, Guests off
                          at 1 s Kitchen.Window = open
                          expect at 2 s Living.Setpoint.setpoint is 16 °C
                        end
                        test "weekdays: Quartz counts from Sunday"
                          given date 2026-06-20 23:29, Living.Lamp on
                          expect at 2 min Living.Lamp is on
                        end
                        test "on a Friday"
                          given date 2026-06-19 23:29, Living.Lamp on
                          expect at 2 min Living.Lamp is off
                        end
                        test "a sleep"
                          given Cellar.Leak off, Siren off
                          at 1 s Cellar.Leak = on
                          expect at 30 s Siren is on
                          expect at 32 s Siren is off
                        end"""))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Counter | 176 | presses",
                "Shown, not done | 184 | postUpdate changes what is shown",
                "Received command | 189 | a command is no event here",
                "Every motion | 194 | 'received' also happens for a value that is as before",
                "Loop | 206 | 'while' has no counterpart",
                "Radio | 211 | a cron with",
                "Timer of two | 221 | another rule looks at the timer",
                "'Timer of two, cancelled' | 228 | is another rule's",
                "Sum | 236 | a calculation"
            })
    void what_cannot_is_listed_with_its_line_and_runs_not(String name, int line, String why) {
        assertThat(house.report()).contains("house.rules:" + line + ": not translated: ", why);
        assertThat(house.rules()).contains("# not translated: house.rules:" + line + ": ", "# rule \"" + name + "\"");
        assertThat(house.live()).doesNotContain(name);
    }

    @Test
    void a_timer_with_which_the_rule_goes_on_is_no_wait() throws IOException {
        Imported found = rules(
                """
                rule "x"
                when Item Hall_Motion changed to ON
                then
                  if (Guests.state == ON) {
                    createTimer(now.plusMinutes(1), [| Siren.sendCommand(ON) ])
                  }
                  Hall_Light.sendCommand(ON)
                end
                """);
        assertThat(found.live()).isEmpty();
        assertThat(found.report()).contains("a timer beside which the rule goes on");
    }

    @Test
    void what_stands_behind_a_timer_is_done_at_once() throws IOException {
        Imported found = rules(
                """
                rule "x"
                when Item Hall_Motion changed to ON
                then
                  createTimer(now.plusMinutes(1), [| Siren.sendCommand(ON) ])
                  Hall_Light.sendCommand(ON)
                end
                """);
        assertThat(found.rules()).contains("do\n  turn on Hall.Light\n  wait 1 min\n  turn on Siren\nend");
    }

    @Test
    void states_may_be_written_with_their_type() throws IOException {
        Imported found = rules(
                """
                rule "x"
                when Item Hall_Motion changed
                then
                  if (Hall_Motion.state == OnOffType.ON) logInfo("a." + "b", "lamp {}", Living_Lamp.state)
                end
                """);
        assertThat(found.rules()).contains("  if Hall.Motion is on\n    log \"lamp {Living.Lamp.brightness}\"\n  end");
    }

    /** "else" and "if" behind it are one word here. */
    @Test
    void an_if_within_an_else_stays_within_it() throws IOException {
        Imported found = rules(
                """
                rule "x"
                when Item Hall_Motion changed
                then
                  if (Guests.state == ON) { Siren.sendCommand(OFF) }
                  else {
                    if (Hall_Motion.state == ON) { Hall_Light.sendCommand(ON) } else { Hall_Light.sendCommand(OFF) }
                  }
                  if (Guests.state == ON) { Siren.sendCommand(OFF) }
                  else {
                    if (Washing.state == ON) { Bath_Fan.sendCommand(ON) }
                    Mood.postUpdate("x")
                  }
                end
                """);
        assertThat(found.rules())
                .contains("  else if Hall.Motion is on\n"
                        + "    turn on Hall.Light\n"
                        + "  else\n"
                        + "    turn off Hall.Light\n"
                        + "  end\n");
        assertThat(
                        found.findings(
                                """
                        test "both"
                          given Guests off, Washing off, Bath.Fan off, Hall.Motion off, Mood = "y"
                          at 1 s Hall.Motion = on
                          expect at 2 s Hall.Light is on and Bath.Fan is off and Mood is "x"
                        end"""))
                .isEmpty();
    }

    /** The state of a dimmer is its brightness there, that of a setpoint a temperature. */
    @Test
    void a_dimmer_changes_with_its_brightness() throws IOException {
        Imported found = rules(
                """
                rule "x"
                when Item Living_Lamp changed or Item Living_Setpoint changed
                then Hall_Light.sendCommand(ON)
                end
                rule "y"
                when Item Hall_Motion changed
                then if (Living_Lamp.state == ON) Hall_Light.sendCommand(ON)
                end
                """);
        assertThat(found.rules())
                .contains("  when Living.Lamp changes\n"
                        + "  when Living.Lamp.brightness changes\n"
                        + "  when Living.Setpoint.setpoint changes\n");
        assertThat(found.live()).containsExactly("x");
        assertThat(found.report())
                .contains("one.rules:7: not translated: the state of the dimmer Living_Lamp is a number");
    }

    /** A restart would end the timer although the original leaves it. */
    @Test
    void a_rule_that_may_return_before_it_cancels_does_not_restart() throws IOException {
        Imported found = rules(
                """
                var Timer t = null
                rule "x"
                when Item Hall_Motion changed
                then
                  if (Guests.state == ON) { return }
                  t?.cancel
                  t = createTimer(now.plusMinutes(1), [| Siren.sendCommand(ON) ])
                end
                """);
        assertThat(found.live()).isEmpty();
        assertThat(found.report())
                .contains("one.rules:6: not translated: the rule may stop before it cancels its timer");
    }

    @Test
    void without_items_the_rules_tell_what_they_can() throws IOException {
        Imported found = Imported.of(
                directory,
                "openhab",
                "one.rules",
                """
                rule "x"
                when Item Hall_Door changed to OPEN
                then Hall_Light.sendCommand(ON)
                end
                rule "y"
                when Item Mystery changed
                then Hall_Light.sendCommand(OFF)
                end
                """);
        assertThat(found.live()).containsExactly("x");
        assertThat(found.report())
                .contains("one.rules:6: not translated: what the item Mystery is, is not known: give the .items files"
                        + " too");
    }

    @Test
    void whatever_comes_in_what_comes_out_is_in_order() throws IOException {
        String corpus = Files.readString(Path.of(CORPUS));
        Random random = new Random(11);
        for (int i = 0; i < 150; i++) {
            Imported found = rules(Garbling.garbled(corpus, random));
            assertThat(found.exit()).as("round %s", i).isIn(0, 1);
            assertThat(found.findings()).as("round %s", i).isEmpty();
        }
    }
}
