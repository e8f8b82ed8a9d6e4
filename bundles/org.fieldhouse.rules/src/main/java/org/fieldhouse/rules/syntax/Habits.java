package org.fieldhouse.rules.syntax;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.jspecify.annotations.Nullable;

/** What to write for words and turns of other languages, and of plain English, that mean something here. */
final class Habits {
    /** Words for what a statement does here under another name. */
    private static final Map<String, String> STATEMENTS = Map.ofEntries(
            Map.entry("delay", "wait 5 min"),
            Map.entry("sleep", "wait 5 min"),
            Map.entry("pause", "wait 5 min"),
            Map.entry("after", "wait 5 min"),
            Map.entry("switch", "turn on Hall.Light"),
            Map.entry("send", "notify Ada \"…\""),
            Map.entry("run", "activate Evening"),
            Map.entry("print", "log \"…\""),
            Map.entry("return", "stop"),
            Map.entry("exit", "stop"),
            Map.entry("while", "wait until Hall.Motion is off, or repeat 5 times"),
            Map.entry("for", "repeat 5 times"));

    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("above", ">"),
            Map.entry("over", ">"),
            Map.entry("exceeds", ">"),
            Map.entry("greater", ">"),
            Map.entry("more", ">"),
            Map.entry("below", "<"),
            Map.entry("under", "<"),
            Map.entry("less", "<"));

    private static final Set<String> STATES = Set.of("on", "off", "open", "closed", "locked", "unlocked");
    private static final Set<String> DAYS =
            Set.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private Habits() {}

    /**
     * The cure; empty if the slip is of another kind.
     *
     * @param before the word in front; null at the start
     * @param behind the word that follows
     */
    static String cure(Parser parser, Token wrong, @Nullable Token before, Token behind, IntervalSet expected) {
        String word = wrong.getText();
        if (word.equals("then") && expected.contains(RulesLexer.DO)) {
            return "write 'do'";
        }
        if (word.equals("or") && expected.contains(RulesLexer.WHEN)) {
            return "for another trigger write another line with 'when'";
        }
        if (expected.contains(RulesLexer.WAIT) && SyntaxErrors.startsLine(parser, wrong)) {
            return statement(wrong, behind);
        }
        String compared = compared(wrong, before);
        if (!compared.isEmpty()) {
            return compared;
        }
        if (isName(before) && STATES.contains(word) && expected.contains(RulesLexer.IS)) {
            return "write 'is " + word + "'";
        }
        if (isName(before) && word.equals("turns") && expected.contains(RulesLexer.IS)) {
            return "a state is asked for here: write 'is'";
        }
        if (word.equals("since") && expected.contains(RulesLexer.FOR)) {
            return "write 'for'";
        }
        if (before != null && before.getType() == RulesLexer.SET && wrong.getType() == RulesLexer.WORD) {
            return "a let stays as it is, and other names of yours begin with a capital letter: use a variable";
        }
        boolean choice = wrong.getType() == RulesLexer.PATH
                && expected.contains(RulesLexer.WORD)
                && !expected.contains(RulesLexer.PATH)
                && !expected.contains(RulesLexer.STRING)
                && before != null
                && (before.getType() == RulesLexer.COLON || before.getType() == RulesLexer.BAR);
        if (choice) {
            return "states and kinds begin with a small letter: write " + word.toLowerCase(Locale.ROOT);
        }
        return day(wrong, before, expected);
    }

    private static String statement(Token wrong, Token behind) {
        if (isName(wrong) && (behind.getType() == RulesLexer.ASSIGN || behind.getType() == RulesLexer.MEMBER)) {
            return "write set " + wrong.getText() + (behind.getType() == RulesLexer.MEMBER ? behind.getText() : "")
                    + " = …";
        }
        int type = wrong.getType();
        boolean head = type == RulesLexer.MODE
                || type == RulesLexer.WHEN
                || type == RulesLexer.AFTER && behind.getType() == RulesLexer.OUTAGE;
        if (head) {
            return "such lines stand in front of do, or of the first step";
        }
        String here = STATEMENTS.get(wrong.getText());
        return here == null ? "" : "write " + here;
    }

    private static String compared(Token wrong, @Nullable Token before) {
        String sign = COMPARISONS.get(wrong.getText());
        if (sign == null && before != null && before.getType() == RulesLexer.WORD) {
            sign = COMPARISONS.get(before.getText());
        }
        return sign == null ? "" : "write '" + sign + "'";
    }

    private static String day(Token wrong, @Nullable Token before, IntervalSet expected) {
        String word = wrong.getText();
        if (before != null && before.getType() == RulesLexer.EACH && DAYS.contains(word.toLowerCase(Locale.ROOT))) {
            return "write " + word.toLowerCase(Locale.ROOT);
        }
        if (expected.contains(RulesLexer.EACH)) {
            if (word.equals("on")) {
                return "write each, such as each workday or each monday, friday";
            }
            if (word.equals("daily")) {
                return "without each it is every day; leave it out";
            }
        }
        boolean every = before != null && before.getText().equals("day") && word.equals("at");
        return every ? "write at 07:00 each day" : "";
    }

    private static boolean isName(@Nullable Token token) {
        return token != null && (token.getType() == RulesLexer.PATH || token.getType() == RulesLexer.MEMBER);
    }
}
