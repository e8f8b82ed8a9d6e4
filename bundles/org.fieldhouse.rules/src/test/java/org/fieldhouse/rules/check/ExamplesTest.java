package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.editor.RuleEditor;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What newcomers copy is right: the stories, the demo, and every block of the tutorial and of the comparison page. */
class ExamplesTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern BLOCK =
            Pattern.compile("```rules\\n(.*?)\\n```(?:\\n\\n```text\\n(.*?)\\n```)?", Pattern.DOTALL);

    private static final Pattern STATEMENT =
            Pattern.compile("  +(turn|open|close|lock|unlock|set|notify|raise|clear|release|wait \\d|if  "
                    + " |escalate|suppress|require|[a-z]+ +when) *");

    static List<Path> stories() throws IOException {
        try (Stream<Path> all = Files.list(ROOT.resolve("examples/stories"))) {
            return all.filter(each -> each.toString().endsWith(".rules"))
                    .sorted()
                    .toList();
        }
    }

    /** A directory of stories is one house: nothing in one of them stands in the way of another. */
    @Test
    void all_stories_together_are_free_of_findings() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Path story : stories()) {
            files.add(new SourceFile(story.getFileName().toString(), Files.readString(story)));
        }
        FullCheck.Outcome outcome = FullCheck.check(files, HouseModel.EMPTY, true);
        assertThat(outcome.diagnostics()).extracting(Diagnostic::render).isEmpty();
        assertThat(outcome.reached()).hasSizeGreaterThan(100).allMatch(each -> each.times() > 0);
        assertThat(files).hasSizeGreaterThanOrEqualTo(12);
    }

    /** The tests beside the rules reach every branch: whatever statement or condition is left out, one of them fails. */
    @ParameterizedTest
    @MethodSource("stories")
    void no_statement_of_a_story_can_be_left_out(Path story) throws IOException {
        List<String> lines = Files.readString(story).lines().toList();
        int count = 0;
        for (int i = 0; i < lines.size() && !lines.get(i).startsWith("test "); i++) {
            if (STATEMENT.matcher(lines.get(i)).lookingAt()) {
                count++;
                List<String> without = new ArrayList<>(lines);
                without.set(i, "");
                SourceFile file = new SourceFile("story.rules", String.join("\n", without) + "\n");
                assertThat(FullCheck.check(List.of(file), HouseModel.EMPTY).isClean())
                        .as("%s without line %s: %s", story.getFileName(), i + 1, lines.get(i))
                        .isFalse();
            }
        }
        assertThat(count).isPositive();
    }

    @ParameterizedTest
    @MethodSource("stories")
    void each_story_is_free_of_findings_and_passes_its_tests(Path story) throws IOException {
        FullCheck.Outcome outcome = FullCheck.check(
                List.of(new SourceFile(story.getFileName().toString(), Files.readString(story))), HouseModel.EMPTY);
        assertThat(outcome.diagnostics()).extracting(Diagnostic::render).isEmpty();
        assertThat(outcome.tests()).isGreaterThanOrEqualTo(2);
        assertThat(RuleEditor.format(Files.readString(story)))
                .as("as fieldhouse format lays it out")
                .isEqualTo(Files.readString(story));
    }

    /** The snapshot was exported by the running demo. */
    @Test
    void the_demo_house_is_free_of_findings() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(ROOT.resolve("examples/demo/rules"))) {
            for (Path path : all.sorted().toList()) {
                files.add(new SourceFile(path.getFileName().toString(), Files.readString(path)));
            }
        }
        try (Reader model = Files.newBufferedReader(Path.of("src/test/resources/demo-model.json"))) {
            FullCheck.Outcome outcome = FullCheck.check(files, ModelSnapshot.read(model));
            assertThat(outcome.diagnostics()).extracting(Diagnostic::render).isEmpty();
            assertThat(outcome.tests()).isPositive();
        }
    }

    /** A block followed by the checker's answer gives exactly that answer; any other is free of findings. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"tutorial.md", "coming-from.md"})
    void each_block_of_the_docs_does_what_the_page_says(String page) throws IOException {
        Matcher blocks =
                BLOCK.matcher(Files.readString(ROOT.resolve("docs/rules").resolve(page)));
        int count = 0;
        while (blocks.find()) {
            count++;
            String expected = blocks.group(2) == null ? "" : blocks.group(2);
            String found = FullCheck.check(
                            List.of(new SourceFile("rules/my.rules", blocks.group(1) + "\n")), HouseModel.EMPTY)
                    .diagnostics()
                    .stream()
                    .map(Diagnostic::render)
                    .collect(Collectors.joining("\n"));
            assertThat(found).as("block %s of %s", count, page).isEqualTo(expected);
        }
        assertThat(count).isGreaterThan(3);
    }
}
