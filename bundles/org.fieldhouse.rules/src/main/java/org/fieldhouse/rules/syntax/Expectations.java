package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;

/** Says what could have stood at a place, in words that need no grammar. */
final class Expectations {
    /** More alternatives than this are not listed. */
    private static final int MAX_LISTED = 8;

    /** What can always go on behind a value; named only when nothing else could stand there. */
    private static final Set<Integer> OPERATORS = Set.of(
            RulesLexer.PLUS,
            RulesLexer.MINUS,
            RulesLexer.STAR,
            RulesLexer.SLASH,
            RulesLexer.IS,
            RulesLexer.AND,
            RulesLexer.OR,
            RulesLexer.BETWEEN,
            RulesLexer.FOR,
            RulesLexer.ASSIGN,
            RulesLexer.NE,
            RulesLexer.LT,
            RulesLexer.LE,
            RulesLexer.GT,
            RulesLexer.GE,
            RulesLexer.MEMBER,
            RulesLexer.LPAREN,
            RulesLexer.QUANTITY);

    private static final Map<Integer, String> WORDS = Map.ofEntries(
            Map.entry(Token.EOF, "the end of the file"),
            Map.entry(RulesLexer.PATH, "a name with a capital letter"),
            Map.entry(RulesLexer.MEMBER, "a point behind a dot"),
            Map.entry(RulesLexer.WORD, "a word"),
            Map.entry(RulesLexer.STRING, "a text in quotes"),
            Map.entry(RulesLexer.NUMBER, "a number"),
            Map.entry(RulesLexer.QUANTITY, "a number with its unit"),
            Map.entry(RulesLexer.CLOCK, "a time such as 06:30"),
            Map.entry(RulesLexer.DAY, "a date such as 2026-12-24"),
            Map.entry(RulesLexer.UNIT_SIGN, "a unit"));

    /** What a construct looks like, for places where a list of words would not help. */
    private static final Map<Integer, String> SHAPES = Map.ofEntries(
            Map.entry(RulesParser.RULE_edge, "an event such as 'Hall.Motion turns on' or 'at 07:00'"),
            Map.entry(RulesParser.RULE_expr, "a condition such as 'Hall.Motion is off' or a value"),
            Map.entry(RulesParser.RULE_compared, "a condition such as 'Hall.Motion is off' or a value"),
            Map.entry(RulesParser.RULE_primary, "a value such as 21 °C, on, or Hall.Light"),
            Map.entry(RulesParser.RULE_isTail, "a value such as 21 °C, on, or Hall.Light"),
            Map.entry(RulesParser.RULE_statement, "a statement such as 'turn on Hall.Light'"),
            Map.entry(RulesParser.RULE_controlPart, "a line such as 'on when Living.Temp < 20 °C'"),
            Map.entry(RulesParser.RULE_given, "a state such as 'Hall.Motion off' or 'sun down'"),
            Map.entry(RulesParser.RULE_act, "what happens, such as 'Hall.Motion = on' or 'restart'"),
            Map.entry(RulesParser.RULE_alarmPart, "a line such as 'when Tank1.Level > 95 %'"));

    private Expectations() {}

    /**
     * @param exact whether {@code expected} is what could stand at the wrong word itself, and not where its construct began
     */
    static String describe(Parser parser, IntervalSet expected, boolean exact) {
        if (!exact) {
            for (RuleContext at = parser.getContext(); at != null; at = at.parent) {
                String shape = SHAPES.get(at.getRuleIndex());
                if (shape != null) {
                    return "expected " + shape;
                }
            }
        }
        return expected.size() == 0 ? "" : "expected " + join(alternatives(expected));
    }

    private static List<String> alternatives(IntervalSet expected) {
        Set<Integer> left = new HashSet<>(expected.toList());
        List<String> all = new ArrayList<>();
        if (left.contains(RulesLexer.STAR) && !OPERATORS.containsAll(left)) {
            left.removeAll(OPERATORS);
        }
        if (left.containsAll(Set.of(RulesLexer.QUANTITY, RulesLexer.STRING, RulesLexer.LPAREN))) {
            return List.of("a value such as 21 °C, on, or Hall.Light");
        }
        if (left.containsAll(Set.of(RulesLexer.TURN, RulesLexer.SET, RulesLexer.WAIT))) {
            all.add("a statement such as 'turn on Hall.Light'");
            left.removeIf(type -> type >= RulesLexer.TURN && type <= RulesLexer.LET && type != RulesLexer.ELSE);
        }
        if (left.containsAll(Set.of(RulesLexer.RULE, RulesLexer.CONTROL, RulesLexer.SCENE))) {
            all.add("a declaration such as 'rule', 'scene', 'test'");
            left.removeIf(type -> type >= RulesLexer.RULE && type <= RulesLexer.EXPECT || type == Token.EOF);
        }
        if (left.contains(RulesLexer.WORD) && left.size() > MAX_LISTED) {
            all.add("a word");
            return all;
        }
        left.stream().sorted().limit(MAX_LISTED).forEach(type -> all.add(word(type)));
        return all;
    }

    private static String word(int type) {
        String known = WORDS.get(type);
        if (known != null) {
            return known;
        }
        String literal = RulesLexer.VOCABULARY.getLiteralName(type);
        return literal == null ? symbol(type) : literal;
    }

    private static String symbol(int type) {
        return switch (type) {
            case RulesLexer.ASSIGN -> "'='";
            case RulesLexer.ARROW -> "'->'";
            case RulesLexer.NE -> "'!='";
            case RulesLexer.LE -> "'<='";
            case RulesLexer.GE -> "'>='";
            case RulesLexer.MINUS -> "'-'";
            case RulesLexer.STAR -> "'*'";
            default -> RulesLexer.VOCABULARY.getSymbolicName(type);
        };
    }

    static String quote(String text) {
        return text.startsWith("\"") || text.startsWith("`") ? text : "'" + text + "'";
    }

    private static String join(List<String> all) {
        if (all.size() < 2) {
            return all.isEmpty() ? "something else" : all.get(0);
        }
        return String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1);
    }
}
