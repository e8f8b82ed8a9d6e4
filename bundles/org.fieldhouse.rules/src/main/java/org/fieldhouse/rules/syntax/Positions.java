package org.fieldhouse.rules.syntax;

import java.util.HashMap;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Span;
import org.jspecify.annotations.Nullable;

/** Turns tokens into spans: ANTLR counts code points, Java strings count UTF-16 units. */
final class Positions {
    private final String text;
    private final int base;
    /** A name is written in many places and kept for each: they share its text. */
    private final Map<String, String> names = new HashMap<>();

    /** Where each character as people count them begins, in UTF-16 units; null where the two counts are the same. */
    private final int @Nullable [] begins;

    /**
     * @param text what was lexed
     * @param base where in the file it begins, in UTF-16 units
     */
    Positions(String text, int base) {
        this.text = text;
        this.base = base;
        this.begins = text.chars().noneMatch(c -> Character.isSurrogate((char) c)) ? null : begins(text);
    }

    Span span(Token token) {
        if (token.getType() == Token.EOF) {
            return new Span(
                    base + text.length(), base + text.length(), token.getLine(), token.getCharPositionInLine() + 1);
        }
        return new Span(
                base + units(token.getStartIndex()),
                base + units(token.getStopIndex() + 1),
                token.getLine(),
                token.getCharPositionInLine() + 1);
    }

    Span span(TerminalNode node) {
        return span(node.getSymbol());
    }

    Span span(ParserRuleContext context) {
        Span first = span(context.getStart());
        Token stop = context.getStop();
        return stop == null || stop.getTokenIndex() < context.getStart().getTokenIndex() ? first : first.to(span(stop));
    }

    Name name(Token token) {
        return name(token.getText(), span(token));
    }

    Name name(ParserRuleContext context) {
        return name(context.getText(), span(context));
    }

    Name name(String text, Span span) {
        return new Name(names.computeIfAbsent(text, each -> each), span);
    }

    /** Counted once: to count for each word anew would take the square of the length. */
    private static int[] begins(String text) {
        int[] begins = new int[text.codePointCount(0, text.length()) + 1];
        int at = 0;
        for (int i = 0; i < begins.length - 1; i++) {
            begins[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        begins[begins.length - 1] = at;
        return begins;
    }

    private int units(int codePoints) {
        return begins == null ? codePoints : begins[Math.max(0, Math.min(codePoints, begins.length - 1))];
    }
}
