package org.fieldhouse.rules.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.check.TestHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that would exhaust stack, memory or patience get a clear error instead. */
class LimitsTest {

    /** The most that a check may take, CPU of its thread, so that a busy machine does not matter. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static List<Diagnostic> check(String text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        List<Diagnostic> found = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model())
                .diagnostics();
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(PATIENCE);
        return found;
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

    /** The time for a word must not depend on where it stands, whatever is in the text before it. */
    @Test
    void a_large_file_with_one_emoji_takes_no_longer() {
        String text = "# \uD83D\uDE00\n" + "scene S1 Hall.Light = on end\n".repeat(8_000);
        assertThat(check(text)).hasSize(Findings.LIMIT).allMatch(each -> each.code() == Code.E010);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\uD800", "\uDC00", "\uDC00\uD800"})
    void what_is_no_text_is_said_with_its_place(String broken) {
        String text = "scene S\n  Hall.Light = on # \uD83D\uDE00 " + broken + "\nend\n";
        assertThat(check(text)).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo(Code.E004);
            assertThat(found.span().line()).isEqualTo(2);
            assertThat(found.span().column()).isEqualTo(23);
            assertThat(found.render()).contains("save it as UTF-8");
        });
        assertThat(check("rule \"" + broken + "\" when started do stop end"))
                .extracting(Diagnostic::code)
                .containsExactly(Code.E004);
    }

    @Test
    void byte_order_mark_and_line_ends_of_windows_mean_nothing() {
        String text = "scene S\n  Hall.Light = on # one\n  Hall.Ligth = on\nend\n";
        Diagnostic plain = check(text).get(0);
        Diagnostic windows = check("\uFEFF" + text.replace("\n", "\r\n")).get(0);
        assertThat(windows.code()).isEqualTo(plain.code()).isEqualTo(Code.E101);
        assertThat(windows.span().line()).isEqualTo(plain.span().line()).isEqualTo(3);
        assertThat(windows.span().column()).isEqualTo(plain.span().column());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"%s\"", "`%s`", "# %s", "X%s = on", "1%s °C", "Hall.%s"})
    void a_word_of_a_megabyte_is_dealt_with(String around) {
        for (String letter : List.of("a", "7", "Ä", "\uD83D\uDE00", "{", "(")) {
            List<Diagnostic> found =
                    check(String.format(around, letter.repeat(letter.equals("a") ? 1 << 20 : 1 << 16)));
            assertThat(found).hasSizeLessThanOrEqualTo(Findings.LIMIT).allSatisfy(each -> assertThat(each.render())
                    .hasSizeLessThan(10_000));
        }
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
