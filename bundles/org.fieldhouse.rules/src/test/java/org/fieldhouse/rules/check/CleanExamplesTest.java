package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every construct of the language's description parses and checks; none of it is a false alarm. */
class CleanExamplesTest {

    static SourceFile file(String name) throws IOException {
        return new SourceFile(name, Files.readString(Path.of("src/test/resources/clean", name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "description.rules",
                "description-link.rules",
                "edges-and-levels.rules",
                "keywords-as-names.rules",
                "working.rules"
            })
    void is_free_of_findings(String name) throws IOException {
        CheckResult result = RuleCompiler.check(java.util.List.of(file(name)), TestHouse.model());
        assertThat(result.diagnostics()).extracting(Diagnostic::render).isEmpty();
        assertThat(result.isClean()).isTrue();
        assertThat(result.program().declarations()).isNotEmpty().noneMatch(each -> each.decl() instanceof Decl.Broken);
    }
}
