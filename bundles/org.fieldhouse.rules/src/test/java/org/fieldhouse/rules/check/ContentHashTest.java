package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** Promise 3 of the language: comments, spacing and order do not matter; anything else does. */
class ContentHashTest {
    private static final String RULE =
            "rule \"a\" when Hall.Motion turns on mode restart do turn on Hall.Light wait 1 h 30 min turn off Hall.Light end";

    private static Map<String, String> hashes(String text) {
        CheckResult result = RuleCompiler.check(List.of(new SourceFile("a.rules", text)), TestHouse.model());
        assertThat(result.isClean()).as("%s", result.diagnostics()).isTrue();
        Map<String, String> all = new TreeMap<>();
        result.program().declarations().forEach(each -> all.put(each.id(), each.hash()));
        return all;
    }

    @Property(tries = 200)
    void spacing_and_comments_do_not_change_it(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (String word : RULE.split(" ")) {
            text.append(word);
            switch (random.nextInt(4)) {
                case 0 -> text.append("\n\t");
                case 1 -> text.append("   ");
                case 2 -> text.append(word.matches("\\d+") ? " " : " # said \"end\"\n");
                default -> text.append(' ');
            }
        }
        String spaced = text.toString().replaceAll("(\\d)\\s+(h|min)", "$1 $2");
        assertThat(hashes(spaced)).isEqualTo(hashes(RULE));
    }

    @Test
    void order_does_not_change_it() {
        String other = "variable Guests = off";
        assertThat(hashes(RULE + "\n" + other)).isEqualTo(hashes(other + "\n\n" + RULE));
    }

    @Test
    void every_change_of_content_changes_it() {
        Map<String, String> before = hashes(RULE);
        for (String[] edit : new String[][] {
            {"turns on", "turns off"},
            {"restart", "single"},
            {"1 h 30 min", "1 h 31 min"},
            {"turn on Hall.Light", "turn on Living.Lamp"},
            {"turn on Hall.Light", "turn on Hall.Light with fade 1 s"},
            {"do turn", "if sun is down do turn"},
            {"mode restart", "mode restart after outage fire"}
        }) {
            assertThat(hashes(RULE.replace(edit[0], edit[1]))).as(edit[1]).isNotEqualTo(before);
        }
    }

    @Test
    void a_back_quoted_plain_name_is_the_same_name() {
        assertThat(hashes(RULE.replace("Hall.Motion", "`Hall`.Motion"))).isEqualTo(hashes(RULE));
    }

    @Test
    void identity_is_kind_and_name() {
        assertThat(hashes(RULE + " control Living.Valve on when Living.Temp < 20 °C off when Living.Temp > 21 °C end"))
                .containsOnlyKeys("rule a", "control Living.Valve");
    }
}
