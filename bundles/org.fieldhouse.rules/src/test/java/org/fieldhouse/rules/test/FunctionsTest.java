package org.fieldhouse.rules.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** Functions that bundles contribute, as rule files and their tests see them. */
class FunctionsTest {
    private static final ValueSpec CELSIUS = ValueSpec.quantity(Units.CELSIUS);
    private static final HouseModel HOUSE = HouseModel.EMPTY.withFunctions(List.of(
            FunctionSpec.pure(
                    "dewpoint",
                    CELSIUS,
                    new ArgumentSpec("temperature", CELSIUS, true),
                    new ArgumentSpec("humidity", ValueSpec.quantity(Units.PERCENT, 0, 100), true)),
            FunctionSpec.action("speak", null, Duration.ofSeconds(10), new ArgumentSpec("text", ValueSpec.TEXT, true)),
            FunctionSpec.action(
                    "ask",
                    ValueSpec.choice(List.of("yes", "no")),
                    Duration.ofSeconds(60),
                    new ArgumentSpec("question", ValueSpec.TEXT, true))));

    private static final String HEAD =
            """
            expect Living.Temp: thermometer
            expect Wall: thermometer
            expect Fan: switch
            expect Bell: button
            """;

    private static CheckResult check(String text) {
        return RuleCompiler.check(List.of(new SourceFile("rules/a.rules", HEAD + text)), HOUSE);
    }

    private static void passes(String text) {
        CheckResult checked = check(text);
        assertThat(checked.diagnostics().stream().filter(Diagnostic::isError).map(Diagnostic::render))
                .isEmpty();
        List<TestResult> results = TestRunner.run(checked.program(), TestRunner.ANYWHERE);
        assertThat(results).isNotEmpty();
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.failures()).as(result.name()).isEmpty());
    }

    private static String error(String text) {
        List<Diagnostic> all =
                check(text).diagnostics().stream().filter(Diagnostic::isError).toList();
        assertThat(all).hasSize(1);
        return all.get(0).code() + " " + all.get(0).message() + ": "
                + all.get(0).help();
    }

    private static String inRule(String statement) {
        return "rule \"r\" when Bell pressed mode single do " + statement + " end";
    }

    @Test
    void aPureFunctionDecidesAndIsLookedAtAgainWhenItSaysSomethingElse() {
        passes(
                """
                control Fan
                  on  when Wall.temperature < dewpoint(Living.Temp.temperature, Living.Temp.humidity) + 1 K
                  off when Wall.temperature > dewpoint(temperature: Living.Temp.temperature, humidity: Living.Temp.humidity) + 2 K
                  fail off when Living.Temp.humidity is bad
                end
                rule "say" when Bell pressed do
                  notify Family "dew at {dewpoint(70 °F, 50 %)}"
                end
                test "dew"
                  given call dewpoint = 12 °C, Wall.temperature 15 °C, Living.Temp.temperature 21 °C, Living.Temp.humidity 60 %, Fan off
                  expect at 1 s Fan is off
                  at 2 s call dewpoint = 14.5 °C
                  expect at 3 s Fan is on
                  at 4 s restart
                  at 5 s call dewpoint = 9 °C
                  expect at 6 s Fan is off
                  at 7 s Bell pressed
                  expect at 7 s notified Family "dew at 9 °C"
                end
                test "while nobody says what it is, what was held stays"
                  given Wall.temperature 15 °C, Living.Temp.temperature 21 °C, Living.Temp.humidity 60 %, Fan off
                  expect at 1 s Fan is off
                end
                """);
    }

    @Test
    void anActionIsCalledAndItsAnswerWaitedFor() {
        passes(
                """
                rule "bell" when Bell pressed mode single do
                  call speak("ding")
                  let Answer = call ask("open?") within 30 s else fail "nobody"
                  if Answer is yes
                    turn on Fan
                  end
                end
                rule "or else" when Bell held mode single do
                  let Answer = call ask("open?") within 30 s else do turn off Fan end
                  if Answer is yes
                    notify Family "yes"
                  end
                end
                test "yes"
                  given Fan off, call ask = yes
                  at 1 s Bell pressed
                  expect at 1 s called speak
                  expect at 1 s Fan is on
                end
                test "no"
                  given Fan off, call ask = no
                  at 1 s Bell pressed
                  expect at 2 s Fan is off
                end
                test "it fails"
                  given Fan on, call ask fail "no voice"
                  at 1 s Bell held
                  expect at 2 s Fan is off
                  expect at 2 s not called speak
                  expect at 2 s not notified Family
                end
                """);
    }

    @Test
    void whatIsCalledWronglyIsFoundBeforeItRuns() {
        assertThat(error(inRule("let X = dewpiont(20 °C, 50 %)")))
                .isEqualTo("E104 unknown function dewpiont: did you mean dewpoint?");
        assertThat(error(inRule("call speek(\"x\")"))).isEqualTo("E104 unknown function speek: did you mean speak?");
        assertThat(error(inRule("let X = dewpoint(20 °C)")))
                .isEqualTo("E105 dewpoint needs humidity: humidity is 0 to 100 %");
        assertThat(error(inRule("let X = dewpoint(20 °C, 5 K)"))).startsWith("E203 humidity takes 0 to 100 %, not ");
        assertThat(error(inRule("let X = dewpoint(20 °C, 500 %)"))).startsWith("E204 ");
        assertThat(error(inRule("let X = speak(\"x\")")))
                .isEqualTo("E106 speak does something; it cannot stand in an expression: write call speak(…)");
        assertThat(error(inRule("call dewpoint(20 °C, 50 %)")))
                .isEqualTo("E106 dewpoint only computes: use its value: let X = dewpoint(…)");
        assertThat(error(inRule("let X = call speak(\"x\")")))
                .isEqualTo("E106 speak gives no result: write call speak(…)");
        assertThat(error("rule \"r\" when Bell pressed do let X = call ask(\"x\") end"))
                .startsWith("E301 ");
    }

    @Test
    void unitsAreConvertedToWhatTheFunctionTakes() {
        CheckResult checked = check(inRule("let X = dewpoint(70 °F, 50 %) log \"{X}\""));
        assertThat(checked.diagnostics()).isEmpty();
    }
}
