package org.fieldhouse.rules.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.check.TestHouse;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that would exhaust stack, memory or patience get a clear error instead. */
class LimitsTest {

    private static List<Diagnostic> check(String text) {
        return Assertions.assertTimeout(Duration.ofSeconds(20), () -> RuleCompiler.check(
                        List.of(new SourceFile("a.rules", text)), TestHouse.model())
                .diagnostics());
    }

    private static String rule(String condition) {
        return "rule \"a\" when started if " + condition + " do stop end";
    }

    @Test
    void a_file_of_ten_megabytes_is_refused() {
        assertThat(check("# ten megabytes\n".repeat(700_000)))
                .extracting(Diagnostic::code)
                .containsExactly(Code.E005);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000, 300_000})
    void nested_parentheses_are_refused(int depth) {
        assertThat(check(rule("(".repeat(depth) + "Hall.Motion" + ")".repeat(depth))))
                .extracting(Diagnostic::code)
                .containsExactly(Code.E006);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 10_000})
    void nested_blocks_are_refused(int depth) {
        String body = "if Hall.Motion ".repeat(depth) + "stop " + "end ".repeat(depth);
        assertThat(check("rule \"a\" when started do " + body + "end"))
                .extracting(Diagnostic::code)
                .containsExactly(Code.E006);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hall.Motion and ", "Hall.Motion or ", "Living.Temp + 1 K + ", "not "})
    void endless_chains_do_not_overflow(String part) {
        boolean negation = part.startsWith("not");
        List<Diagnostic> found = check(rule(part.repeat(50_000) + (part.contains("+") ? "1 K > 3 °C" : "Hall.Motion")));
        assertThat(found).extracting(Diagnostic::code).allMatch(code -> code == Code.E006);
        assertThat(found.isEmpty()).isEqualTo(negation);
    }

    @Test
    void fifty_levels_are_fine() {
        assertThat(check(rule("(".repeat(50) + "Hall.Motion" + ")".repeat(50)))).isEmpty();
    }

    @Test
    void a_thousand_errors_are_reported_up_to_the_limit() {
        String text = "scene S\n" + "Nowhere.Lamp = on\n".repeat(1_000) + "end";
        assertThat(check(text)).hasSize(Findings.LIMIT).allMatch(each -> each.code() == Code.E101);
    }

    @Test
    void the_file_can_be_large_and_right() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            text.append("rule \"r")
                    .append(i)
                    .append("\"\n  when Hall.Motion turns on\n  if Hall.Lux < 20 lx\n")
                    .append("do\n  turn on Hall.Light with brightness 60 %, fade 2 s\nend\n");
        }
        assertThat(check(text.toString())).isEmpty();
    }
}
