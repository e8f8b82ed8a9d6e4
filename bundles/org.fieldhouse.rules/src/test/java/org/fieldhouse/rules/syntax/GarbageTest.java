package org.fieldhouse.rules.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.check.TestHouse;
import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;

/** No text makes the checker throw, and whatever is wrong is found at a place that exists. */
class GarbageTest {
    private static final List<String> CLEAN =
            List.of(read("description.rules"), read("edges-and-levels.rules"), read("keywords-as-names.rules"));

    private static String read(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/clean", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void survives(String text) {
        SourceFile file = new SourceFile("a.rules", text);
        CheckResult result = RuleCompiler.check(List.of(file), TestHouse.model());
        for (Diagnostic each : result.diagnostics()) {
            assertThat(each.span().start()).isBetween(0, text.length());
            assertThat(each.span().end()).isBetween(each.span().start(), text.length());
            assertThat(each.render()).contains(each.code().name());
        }
    }

    @Property(tries = 500)
    void any_characters(@ForAll String text) {
        survives(text);
    }

    @Property(tries = 500)
    void any_words(@ForAll("soup") String text) {
        survives(text);
    }

    @Provide
    Arbitrary<String> soup() {
        List<String> words = new ArrayList<>(RulesLexerBase.keywords());
        words.addAll(List.of(
                "Hall.Motion",
                "Hall.Light",
                ".brightness",
                "\"text {Hall.Light}\"",
                "\"{\"",
                "`x`",
                "`",
                "\"",
                "5",
                "5 min",
                "21 °C",
                "60 %",
                "06:30",
                "2026-02-30",
                "(",
                ")",
                ",",
                "=",
                "<",
                ">",
                "->",
                "+",
                "-",
                "*",
                "/",
                ":",
                "|",
                "end",
                "end",
                "do",
                "rule",
                "\n",
                "#",
                "😀",
                "5 😀",
                "°",
                "1e9"));
        return Arbitraries.of(words).list().ofMaxSize(60).map(all -> String.join(" ", all));
    }

    @Property(tries = 500)
    @Tag("slow")
    void slips_of_the_hand(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(CLEAN.get(random.nextInt(CLEAN.size())));
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, to);
                case 1 -> text.insert(at, text.substring(at, to));
                case 2 -> text.insert(at, (char) random.nextInt(0x3000));
                default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
        }
        survives(text.toString());
    }

    @Property(tries = 200)
    @Tag("slow")
    void a_text_that_breaks_off(@ForAll long seed) {
        String text = CLEAN.get((int) Math.floorMod(seed, (long) CLEAN.size()));
        survives(text.substring(0, (int) Math.floorMod(seed / 3, (long) text.length())));
    }
}
