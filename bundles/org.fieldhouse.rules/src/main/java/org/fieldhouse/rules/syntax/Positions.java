package org.fieldhouse.rules.syntax;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Span;

/** Turns tokens into spans: ANTLR counts code points, Java strings count UTF-16 units. */
final class Positions {
    private final String text;
    private final int base;
    private final boolean plain;

    /**
     * @param text what was lexed
     * @param base where in the file it begins, in UTF-16 units
     */
    Positions(String text, int base) {
        this.text = text;
        this.base = base;
        this.plain = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
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
        return new Name(token.getText(), span(token));
    }

    Name name(ParserRuleContext context) {
        return new Name(context.getText(), span(context));
    }

    private int units(int codePoints) {
        return plain ? codePoints : text.offsetByCodePoints(0, Math.max(0, codePoints));
    }
}
