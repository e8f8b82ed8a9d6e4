package org.fieldhouse.benchmarks.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.fieldhouse.rules.check.CheckResult;
import org.junit.jupiter.api.Test;

/** A short part of {@link Fuzz}; the long one is a program. */
class FuzzTest {
    private static final List<String> CORPUS = Fuzz.corpus(Path.of("../examples"));

    @Test
    void nothingMakesCheckerOrEngineThrowOrHang() {
        Fuzz fuzz = new Fuzz(new Fuzz.Real(), 20_261_125, CORPUS);
        for (int i = 0; i < 2_500; i++) {
            fuzz.input(i);
        }
        assertThat(fuzz.failures()).isEmpty();
        assertThat(fuzz.clean())
                .as("texts that were right, so that the engine ran")
                .isGreaterThan(50);
        assertThat(fuzz.events()).isGreaterThan(500);
    }

    /** What it found once. */
    @Test
    void aRuleWhoseNameIsHalfACharacterIsRefused() {
        String text = "expect Tank: level rule \"\uD800\" when Tank > 5 % for 10 s do notify \"x\" end";
        assertThat(new Fuzz.Real().check(text).isClean()).isFalse();
    }

    /** Negative control: a checker that throws at one word, and an engine that keeps less than it has, are caught. */
    @Test
    void aBrokenSubjectIsCaught() {
        Fuzz fuzz = new Fuzz(
                new Fuzz.Subject() {
                    private final Fuzz.Real real = new Fuzz.Real();

                    @Override
                    public CheckResult check(String text) {
                        if (text.contains("escalate")) {
                            throw new IndexOutOfBoundsException("escalate");
                        }
                        return real.check(text);
                    }

                    @Override
                    public String run(RuleSet rules, long seed, int events) {
                        return rules.text().contains("wait") ? "forgot" : real.run(rules, seed, events);
                    }
                },
                1,
                CORPUS);
        for (int i = 0; i < 600; i++) {
            fuzz.input(i);
        }
        assertThat(fuzz.failures()).anyMatch(f -> f.what().contains("IndexOutOfBounds"));
        assertThat(fuzz.failures()).anyMatch(f -> f.what().equals("forgot"));
    }
}
