package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sets itself off again at its own pace is no loop (E501); what does so at once, or nearly, is one. */
class RhythmTest {
    private static List<String> codes(String text) {
        return RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model()).diagnostics().stream()
                .map(each -> each.code().toString())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                rule "rests" when Hall.Fan is on for 10 min do turn off Hall.Fan end
                rule "runs" when Hall.Fan is off for 50 min do turn on Hall.Fan end
                """,
                """
                rule "rests" when Hall.Fan turns on do wait 10 min turn off Hall.Fan end
                rule "runs" when Hall.Fan turns off for 50 min do turn on Hall.Fan end
                """,
                """
                variable Pause = 30 min
                rule "rests" when Hall.Fan becomes on for 90 s do turn off Hall.Fan end
                rule "runs" when Hall.Fan is off for 5 min and sun is down do turn on Hall.Fan end
                """
            })
    void aRhythmIsMeant(String text) {
        assertThat(codes(text)).doesNotContain("E501");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                rule "rests" when Hall.Fan is on for 2 s do turn off Hall.Fan end
                rule "runs" when Hall.Fan is off for 3 s do turn on Hall.Fan end
                """,
                """
                rule "rests" when Hall.Fan turns on do turn off Hall.Fan end
                rule "runs" when Hall.Fan turns off do turn on Hall.Fan end
                rule "much later" when Hall.Light is on for 2 h do turn off Hall.Light end
                """,
                """
                rule "rests" when Hall.Fan turns on do turn off Hall.Fan end
                rule "runs" when Hall.Fan turns off if Hall.Light is on for 1 h do turn on Hall.Fan end
                """
            })
    void aLoopIsNot(String text) {
        assertThat(codes(text)).contains("E501");
    }
}
