package org.fieldhouse.rules.editor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;
import org.junit.jupiter.api.Test;

/** The grammar for highlighting is made from the lexer; {@code -Dfieldhouse.textmate=write} makes it anew. */
class TextMateTest {
    private static final Path FILE = Path.of("../../editors/vscode/syntaxes/rules.tmLanguage.json");
    private static final String SEGMENT = "(?:[\\p{Lu}\\p{Lt}][\\p{L}\\p{N}_]*|`[^`\\r\\n]+`)";
    private static final String PATH = SEGMENT + "(?:\\." + SEGMENT + ")*";
    private static final String WORD = "[\\p{Ll}\\p{Lo}_][\\p{L}\\p{N}_]*";
    private static final String NUMBER = "[0-9]+(?:\\.[0-9]+)?";
    private static final Set<Integer> STATES = Set.of(
            RulesLexer.ON,
            RulesLexer.OFF,
            RulesLexer.OPEN,
            RulesLexer.CLOSED,
            RulesLexer.UP,
            RulesLexer.DOWN,
            RulesLexer.BAD,
            RulesLexer.STALE,
            RulesLexer.UNKNOWN,
            RulesLexer.ONLINE,
            RulesLexer.OFFLINE,
            RulesLexer.DAWN,
            RulesLexer.SUNRISE,
            RulesLexer.NOON,
            RulesLexer.SUNSET,
            RulesLexer.DUSK);
    private static final Set<Integer> LOGIC =
            Set.of(RulesLexer.AND, RulesLexer.OR, RulesLexer.NOT, RulesLexer.IS, RulesLexer.BETWEEN);

    private static String group(int type) {
        if (type >= RulesLexer.RULE && type <= RulesLexer.EXPECT) {
            return "keyword.control.declaration";
        } else if (STATES.contains(type)) {
            return "constant.language";
        }
        return LOGIC.contains(type) ? "keyword.operator.word" : "keyword.control";
    }

    /** The words of a group, longest first, none of them part of a longer word. */
    private static String words(String group) {
        return words(type -> group(type).equals(group));
    }

    private static String words(IntPredicate which) {
        Set<String> all = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (int type = 1; type <= RulesLexer.VOCABULARY.getMaxTokenType(); type++) {
            if (!Lexeme.keyword(type).isEmpty() && which.test(type)) {
                all.add(Lexeme.keyword(type));
            }
        }
        return "(?<![\\p{L}\\p{N}_])(?:" + String.join("|", all) + ")(?![\\p{L}\\p{N}_])";
    }

    /** {@code min} is both a word and a unit: behind a number it is the unit. */
    private static String unit() {
        String part = "[\\p{L}%‰°℃℉][\\p{L}\\p{N}%°·^]*";
        return "(?!" + words(type -> Units.find(Lexeme.keyword(type)).isEmpty()) + ")" + part + "(?:/" + part
                + ")*(?![\\p{L}\\p{N}_.`])";
    }

    private static String made() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("name", "Fieldhouse Rules");
            json.writeStringField("scopeName", "source.fieldhouse-rules");
            json.writeArrayFieldStart("fileTypes");
            json.writeString("rules");
            json.writeEndArray();
            json.writeArrayFieldStart("patterns");
            match(json, "comment.line.number-sign", "#.*$");
            text(json);
            include(json, "#value");
            json.writeEndArray();
            json.writeObjectFieldStart("repository");
            json.writeObjectFieldStart("value");
            json.writeArrayFieldStart("patterns");
            match(json, "entity.name.type", PATH);
            match(json, "variable.other.member", "\\." + WORD);
            match(json, "constant.numeric.date", "[0-9]{4}-[0-9]{2}-[0-9]{2}");
            match(json, "constant.numeric.time", "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?");
            quantity(json);
            match(json, "constant.numeric", NUMBER);
            for (String group : new String[] {
                "keyword.control.declaration", "constant.language", "keyword.operator.word", "keyword.control"
            }) {
                match(json, group, words(group));
            }
            match(json, "variable.other.word", WORD);
            match(json, "keyword.operator", "->|→|==|!=|≠|<>|<=|≤|>=|≥|[=<>+*/×·−-]");
            match(json, "punctuation", "[(),:|]");
            match(json, "keyword.other.unit", "[%‰°º℃℉]\\p{L}*");
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void match(JsonGenerator json, String scope, String pattern) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", scope + ".fieldhouse-rules");
        json.writeStringField("match", pattern);
        json.writeEndObject();
    }

    private static void include(JsonGenerator json, String what) throws IOException {
        json.writeStartObject();
        json.writeStringField("include", what);
        json.writeEndObject();
    }

    private static void quantity(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("match", "(" + NUMBER + ")[ \\t\\x{00A0}\\x{202F}]*(" + unit() + ")");
        json.writeObjectFieldStart("captures");
        json.writeObjectFieldStart("1");
        json.writeStringField("name", "constant.numeric.fieldhouse-rules");
        json.writeEndObject();
        json.writeObjectFieldStart("2");
        json.writeStringField("name", "keyword.other.unit.fieldhouse-rules");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void text(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", "string.quoted.double.fieldhouse-rules");
        json.writeStringField("begin", "\"");
        json.writeStringField("end", "\"|$");
        json.writeArrayFieldStart("patterns");
        match(json, "constant.character.escape", "\\\\[\"\\\\{}nt]");
        json.writeStartObject();
        json.writeStringField("name", "meta.embedded.line.fieldhouse-rules");
        json.writeStringField("begin", "\\{");
        json.writeStringField("end", "\\}|(?=\")|$");
        json.writeArrayFieldStart("patterns");
        include(json, "#value");
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    @Test
    void it_is_as_the_lexer_is() throws IOException {
        if (System.getProperty("fieldhouse.textmate", "").equals("write")) {
            Files.writeString(FILE, made());
        }
        assertThat(Files.readString(FILE)).isEqualTo(made());
    }

    @Test
    void every_word_is_in_one_group() {
        for (String word : RulesLexerBase.keywords()) {
            long groups = Set.of(
                            "keyword.control.declaration",
                            "constant.language",
                            "keyword.operator.word",
                            "keyword.control")
                    .stream()
                    .filter(group -> Pattern.compile(words(group)).matcher(word).matches())
                    .count();
            assertThat(groups).as(word).isEqualTo(1);
        }
    }

    /** The patterns for names and quantities cut the examples where the lexer does. */
    @Test
    void its_patterns_cut_where_the_lexer_cuts() throws IOException {
        Pattern path = Pattern.compile(PATH);
        Pattern quantity = Pattern.compile("(" + NUMBER + ")[ \\t\\u00A0\\u202F]*(" + unit() + ")");
        for (Path file : FormatterTest.examples()) {
            String text = Files.readString(file);
            for (Lexeme each : Lexeme.of(text)) {
                Pattern pattern =
                        each.type() == RulesLexer.PATH ? path : each.type() == RulesLexer.QUANTITY ? quantity : null;
                if (pattern != null) {
                    Matcher matcher = pattern.matcher(text)
                            .region(each.start(), text.length())
                            .useTransparentBounds(true);
                    assertThat(matcher.lookingAt()).as("%s: %s", file, each).isTrue();
                    assertThat(matcher.end()).as("%s: %s", file, each).isEqualTo(each.end());
                }
            }
        }
    }
}
