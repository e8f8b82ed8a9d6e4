package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages about codes cannot drift from the checker: each example gives exactly the message that its page shows. */
class ErrorPagesTest {
    private static final Path PAGES = Path.of("../../docs/rules/errors");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)\\n```", Pattern.DOTALL);

    private record Block(String language, String text) {}

    @ParameterizedTest
    @EnumSource(Code.class)
    void each_code_has_a_page_whose_example_gives_it(Code code) throws IOException {
        String page = Files.readString(PAGES.resolve(code + ".md"));
        assertThat(page).startsWith("# " + code + ": " + code.title() + "\n").contains("## Cure");
        List<Block> blocks = blocks(page);
        if (blocks.isEmpty()) {
            return; // limits of size, whose examples would fill books (see LimitsTest); and E900, which nothing should
            // give
        }
        List<Diagnostic> found = check(blocks.get(0)).diagnostics();
        assertThat(found).extracting(Diagnostic::code).contains(code);
        assertThat(found.stream().map(Diagnostic::render).collect(Collectors.joining("\n")))
                .isEqualTo(blocks.get(1).text());
        assertThat(check(blocks.get(2)).diagnostics())
                .extracting(Diagnostic::render)
                .isEmpty();
    }

    @Test
    void there_is_no_page_without_a_code() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            Set<String> names = pages.map(page -> page.getFileName().toString().replace(".md", ""))
                    .collect(Collectors.toSet());
            names.remove("README");
            assertThat(names).isEqualTo(Stream.of(Code.values()).map(Code::name).collect(Collectors.toSet()));
        }
    }

    private static FullCheck.Outcome check(Block block) {
        String name = block.language().equals("ics") ? "off.ics" : "example.rules";
        List<SourceFile> files = List.of(new SourceFile(name, block.text() + "\n"));
        CheckResult checked = RuleCompiler.check(files, TestHouse.model());
        // What the engine cannot run yet is no matter of these pages.
        FullCheck.Outcome all = FullCheck.check(files, TestHouse.model());
        boolean runs = all.diagnostics().stream().noneMatch(each -> each.code() == Code.E900);
        return runs ? all : new FullCheck.Outcome(checked.diagnostics(), 0, 0);
    }

    private static List<Block> blocks(String page) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(page);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
