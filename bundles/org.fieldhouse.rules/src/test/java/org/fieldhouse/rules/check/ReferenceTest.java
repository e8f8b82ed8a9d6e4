package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Vocabulary;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.junit.jupiter.api.Test;

/** docs/rules/reference.md is made from the grammar and the checker; {@code -Dfieldhouse.reference=write} makes it anew. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../../docs/rules/reference.md");
    private static final Path GRAMMAR = Path.of("src/main/antlr4/org/fieldhouse/rules/syntax/grammar/RulesParser.g4");

    @Test
    void the_reference_is_as_grammar_and_checker_are() throws IOException {
        String made = words() + sentences() + kinds() + codes();
        if (System.getProperty("fieldhouse.reference", "").equals("write")) {
            Files.writeString(PAGE, made);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(made);
    }

    private static String words() {
        Set<String> words = new TreeSet<>();
        Vocabulary all = RulesLexer.VOCABULARY;
        for (int type = 0; type <= all.getMaxTokenType(); type++) {
            String literal = all.getLiteralName(type);
            if (literal != null && literal.matches("'[a-z]+'")) {
                words.add("`" + literal.replace("'", "") + "`");
            }
        }
        return "# Reference of the rule language\n\nMade from the grammar and the checker by a test; the tutorial explains, this page lists.\n\n"
                + "## Words\n\nNames of your own begin with a capital letter or stand in back-quotes, so none of these is ever in their way.\n\n"
                + String.join(" ", words) + "\n\n";
    }

    /** The rules of the grammar without labels and comments. */
    private static String sentences() throws IOException {
        String grammar = Files.readString(GRAMMAR);
        String rules = grammar.substring(
                        grammar.indexOf("declaration\n"), grammar.indexOf("/** A word where a value may stand."))
                .lines()
                .map(line -> line.replaceAll("\\s*# \\w+\\s*$", "").replaceAll("\\b(\\w+) = (additive)", "$2"))
                .filter(line -> !line.startsWith("//") && !line.startsWith("/**"))
                .collect(Collectors.joining("\n"));
        return "## Sentences\n\nCapitals are the words above and literals; `?` may be left out, `*` may be repeated, `|` is a choice.\n\n```text\n"
                + rules.replaceAll("\n{3,}", "\n\n").strip() + "\n```\n\n";
    }

    private static String kinds() {
        StringBuilder all = new StringBuilder(
                "## Kinds of devices\n\nWhat `expect Hall.Motion: motion` can name. The first point is the main one.\n\n| Kind | Points | Actions and events |\n|---|---|---|\n");
        for (String kind : Catalogue.names()) {
            DeviceDescription d = Catalogue.find(kind).orElseThrow();
            all.append("| `").append(kind).append("` | ");
            all.append(d.points().stream().map(ReferenceTest::point).collect(Collectors.joining("; ")));
            all.append(" | ");
            all.append(java.util.stream.Stream.concat(
                            d.actions().stream().map(each -> "`" + each.name() + "()`"),
                            d.events().stream().map(each -> "`" + each.name() + "`"))
                    .collect(Collectors.joining(", ")));
            all.append(" |\n");
        }
        return all.append('\n').toString();
    }

    private static String point(PointSpec point) {
        return "`" + point.name() + "` " + point.value().describe()
                + (point.access().writable() ? "" : " (read only)");
    }

    private static String codes() {
        StringBuilder all = new StringBuilder("## Messages\n\n| Code | |\n|---|---|\n");
        for (Code code : new TreeSet<>(Set.of(Code.values()))) {
            all.append("| [")
                    .append(code)
                    .append("](errors/")
                    .append(code)
                    .append(".md) | ")
                    .append(code.title())
                    .append(" |\n");
        }
        return all.toString();
    }
}
