package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that hands write out of habit from other languages, and the cure that the message names. */
class HabitsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Hall.Motion turned on                     | do   | did you mean 'turns'?
            Hall.Motion turn on                       | do   | did you mean 'turns'?
            Hall.Motion turns of                      | do   | did you mean 'off'?
            Hall.Motion turns on mode queue           | do   | say how many may wait: queue 5
            Hall.Motion turns on mode parallel        | do   | say how many may run at once: parallel 5
            Hall.Motion turns on                      | then | write 'do'
            Hall.Motion turns on or Front.Door opens  | do   | for another trigger write another line with 'when'
            Living.Temp rises above 25 °C             | do   | write '>'
            Living.Temp is below 25 °C                | do   | write '<'
            Living.Temp is greater than 25 °C         | do   | write '>'
            Living.Temp exceeds 25 °C                 | do   | write '>'
            Hall.Motion is off since 5 min            | do   | write 'for'
            at 07:00 on weekdays                      | do   | write each, such as each workday or each monday, friday
            at 07:00 daily                            | do   | without each it is every day; leave it out
            at 07:00 each Monday                      | do   | write monday
            every day at 07:00                        | do   | write at 07:00 each day
            Hall.Motion goes ofline                   | do   | did you mean 'offline'?
            any of Hall.Motion turns on               | do   | it is a device: write it alone, without of
            Garage.Presence9 turns on                 | do   | add it to devices/*.yaml, or say what it will be, such as expect Garage.Presence9: light
            """)
    void the_message_says_what_to_write(String trigger, String word, String cure) {
        String text = "rule \"habit\"\n  when " + trigger + "\n" + word + "\n  turn on Hall.Light\nend\n";
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .first()
                .satisfies(first -> assertThat(first.help()).isEqualTo(cure));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            delay 5 min                           | write wait 5 min
            sleep 5 s                             | write wait 5 min
            after 5 min turn off Hall.Light       | write wait 5 min
            switch on Hall.Light                  | write turn on Hall.Light
            Hall.Light = off                      | write set Hall.Light = …
            Hall.Light.brightness = 30 %          | write set Hall.Light.brightness = …
            send "hello"                          | write notify Ada "…"
            return                                | write stop
            run scene Evening                     | write activate Evening
            wait until Hall.Light turns off       | a state is asked for here: write 'is'
            if Hall.Light on stop end             | write 'is on'
            mode restart                          | such lines stand in front of do, or of the first step
            after outage skip                     | such lines stand in front of do, or of the first step
            when Hall.Motion turns off            | such lines stand in front of do, or of the first step
            set twice = 3                         | a let stays as it is, and other names of yours begin with a capital letter: use a variable
            set Hall.Light.colour = "#12345"      | write a name such as red, or "#ff8800"
            """)
    void a_statement_of_another_language_is_answered_by_ours(String statement, String cure) {
        String text = "rule \"habit\"\n  when Hall.Motion turns on\n  mode single\ndo\n  " + statement + "\nend\n";
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .first()
                .satisfies(first -> assertThat(first.help()).isEqualTo(cure));
    }

    @Test
    void a_line_that_lacks_its_last_word_does_not_blame_the_next_one() {
        String text = "rule \"r\"\n  when Hall.Motion turns\ndo\n  turn on Hall.Light\nend\n";
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .first()
                .satisfies(first -> assertThat(first.help()).doesNotStartWith("did you mean"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            variable Mode: Home = Home            | states and kinds begin with a small letter: write home
            expect Cellar.Lamp: Light             | states and kinds begin with a small letter: write light
            """)
    void states_and_kinds_are_small(String text, String cure) {
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .first()
                .satisfies(first -> assertThat(first.help()).isEqualTo(cure));
    }

    @Test
    void an_expectation_without_is_is_answered_by_is() {
        String text = "test \"t\"\n  given Hall.Light off\n  expect at 2 min Hall.Light off\nend\n";
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .extracting(each -> each.help())
                .containsExactly("write 'is off'");
    }
}
