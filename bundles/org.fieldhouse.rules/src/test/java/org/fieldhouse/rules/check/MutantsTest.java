package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors that people make, sown one at a time into the clean examples: each is found, by the code that its page explains. */
class MutantsTest {
    /** Limits of size, what no version should give, and calendars, which are no rule files (see DaysOffTest). */
    private static final Set<Code> NO_SLIPS = EnumSet.of(Code.E005, Code.E006, Code.E900, Code.E011);

    private static final Path RESOURCES = Path.of("src/test/resources");

    /**
     * @param file one of the clean examples
     * @param from occurs in it
     */
    record Mutant(Code code, String file, String from, String to) {
        @Override
        public String toString() {
            return code + ": " + from + " -> " + to;
        }
    }

    static List<Mutant> mutants() throws IOException {
        List<Mutant> all = new ArrayList<>();
        for (String line : Files.readAllLines(RESOURCES.resolve("mutants.txt"))) {
            if (!line.isBlank() && !line.startsWith("//")) {
                String[] part = line.split(" *¦ *", -1);
                all.add(new Mutant(
                        Code.valueOf(part[0]),
                        part[1] + ".rules",
                        part[2].replace("⏎", "\n"),
                        part[3].replace("⏎", "\n")));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void is_found(Mutant mutant) throws IOException {
        String clean = Files.readString(RESOURCES.resolve("clean").resolve(mutant.file()));
        assertThat(clean).contains(mutant.from());
        int at = clean.indexOf(mutant.from());
        String text = clean.substring(0, at)
                + mutant.to()
                + clean.substring(at + mutant.from().length());
        List<SourceFile> files = List.of(new SourceFile(mutant.file(), text));
        List<Diagnostic> found = mutant.code() == Code.E601
                ? FullCheck.check(files, TestHouse.model()).diagnostics()
                : RuleCompiler.check(files, TestHouse.model()).diagnostics();
        assertThat(found).extracting(Diagnostic::code).as("%s", found).contains(mutant.code());
        assertThat(FullCheck.check(files, TestHouse.model()).diagnostics())
                .as("what depends on the slip is not blamed on this version")
                .extracting(Diagnostic::code)
                .doesNotContain(Code.E900);
    }

    @Test
    void the_corpus_is_large_and_touches_every_code_that_a_slip_can_give() throws IOException {
        List<Mutant> all = mutants();
        assertThat(all).hasSizeGreaterThanOrEqualTo(200);
        assertThat(all.stream().map(Mutant::code).distinct())
                .containsAll(Stream.of(Code.values())
                        .filter(code -> !NO_SLIPS.contains(code))
                        .toList());
    }
}
