package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;

/**
 * One word, symbol, literal or comment of a text, right or wrong.
 *
 * @param type of {@link RulesLexer}
 * @param start offset in UTF-16 units
 * @param end offset behind it
 */
public record Lexeme(int type, String text, int start, int end) {

    /** All of a text; white space is what lies between them. */
    public static List<Lexeme> of(String text) {
        RulesLexer lexer = new RulesLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        List<Lexeme> all = new ArrayList<>();
        int points = 0;
        int units = 0;
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            // ANTLR counts code points.
            units = text.offsetByCodePoints(units, token.getStartIndex() - points);
            int end = text.offsetByCodePoints(units, token.getStopIndex() + 1 - token.getStartIndex());
            all.add(new Lexeme(token.getType(), text.substring(units, end), units, end));
            units = end;
            points = token.getStopIndex() + 1;
        }
        return all;
    }

    /** The same without comments. */
    public static List<Lexeme> spoken(String text) {
        return of(text).stream().filter(each -> !each.isComment()).toList();
    }

    public boolean isComment() {
        return type == RulesLexer.COMMENT;
    }

    public boolean isPath() {
        return type == RulesLexer.PATH || type == RulesLexer.OPEN_PATH;
    }

    public boolean isText() {
        return type == RulesLexer.STRING || type == RulesLexer.OPEN_STRING;
    }

    /** A name without its back-quotes, a member without its dot. */
    public String name() {
        return type == RulesLexer.MEMBER ? text.substring(1) : text.replace("`", "");
    }

    /** Whether it is a word of the language. */
    public boolean isKeyword() {
        return !keyword(type).isEmpty();
    }

    /** The word of the language of that type; empty for other types. */
    public static String keyword(int type) {
        String literal = type < 1 ? null : RulesLexer.VOCABULARY.getLiteralName(type);
        return literal != null && literal.length() > 2 && Character.isLowerCase(literal.charAt(1))
                ? literal.substring(1, literal.length() - 1)
                : "";
    }

    /** The owner's names and the words of a text, those between the braces of texts included. */
    public static List<Lexeme> names(String text) {
        List<Lexeme> all = new ArrayList<>();
        for (Lexeme each : of(text)) {
            for (Hole hole : each.isText() ? each.holes() : List.<Hole>of()) {
                names(hole.text()).forEach(inner -> all.add(inner.movedBy(hole.start())));
            }
            if (each.isPath() || each.type() == RulesLexer.WORD || each.isKeyword()) {
                all.add(each);
            }
        }
        return all;
    }

    /** The same further on. */
    public Lexeme movedBy(int units) {
        return new Lexeme(type, text, start + units, end + units);
    }

    /** Whether the offset is inside it or at one of its ends. */
    public boolean touches(int offset) {
        return start <= offset && offset <= end;
    }

    /**
     * The values in a text: what stands between braces.
     *
     * @param start offset of the first character behind the brace
     */
    public record Hole(String text, int start) {
        public boolean touches(int offset) {
            return start <= offset && offset <= start + text.length();
        }
    }

    /** The holes of a text, the last one open if the text is. */
    public List<Hole> holes() {
        List<Hole> all = new ArrayList<>();
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '{') {
                int close = text.indexOf('}', i);
                int end = close >= 0 ? close : text.endsWith("\"") ? text.length() - 1 : text.length();
                all.add(new Hole(text.substring(i + 1, Math.max(i + 1, end)), start + i + 1));
                i = Math.max(i, end);
            }
        }
        return all;
    }
}
