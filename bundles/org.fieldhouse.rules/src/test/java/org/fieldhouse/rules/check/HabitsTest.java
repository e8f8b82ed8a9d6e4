package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.rules.syntax.SourceFile;
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
            Garage.Presence9 turns on                 | do   | add it to devices/*.yaml, or say what it will be, such as expect Garage.Presence9: light
            """)
    void the_message_says_what_to_write(String trigger, String word, String cure) {
        String text = "rule \"habit\"\n  when " + trigger + "\n" + word + "\n  turn on Hall.Light\nend\n";
        assertThat(RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                        .diagnostics())
                .first()
                .satisfies(first -> assertThat(first.help()).isEqualTo(cure));
    }
}
