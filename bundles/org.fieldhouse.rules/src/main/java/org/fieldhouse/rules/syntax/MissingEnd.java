package org.fieldhouse.rules.syntax;

import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which block lacks its {@code end}. The parser notices at the next declaration only; indentation, which otherwise
 * carries no meaning, tells where the hand slipped: a block that is closed by an {@code end} further to the left.
 */
final class MissingEnd {
    private MissingEnd() {}

    static void report(Parser parser, Token noticed, Positions at, Findings findings) {
        ParserRuleContext open = openBlock(parser.getContext());
        ParserRuleContext suspect = suspect(parser, declaration(open));
        if (suspect != null) {
            Token start = suspect.getStart();
            findings.add(
                    Code.E003,
                    at.span(start),
                    "this '" + start.getText() + "' has no 'end' of its own",
                    "the one in line "
                            + suspect.getToken(RulesLexer.END, 0).getSymbol().getLine()
                            + " closes it, and then one is missing further down");
            return;
        }
        Token last = SyntaxErrors.before(parser, noticed);
        Span place = at.span(last == null ? noticed : last);
        int columns = last == null
                ? 0
                : last.getText().codePointCount(0, last.getText().length());
        Token start = open.getStart();
        findings.add(
                Code.E003,
                new Span(place.end(), place.end(), place.line(), place.column() + columns),
                "'end' is missing",
                "the '" + start.getText() + "' of line " + start.getLine() + " is still open here");
    }

    /** An {@code end} that closes nothing: most often an {@code if} below an {@code else} was taken for a block of its own. */
    static void reportSurplus(Parser parser, Token end, Positions at, Findings findings) {
        Token below = ifBelowElse(parser, end);
        if (below != null) {
            findings.add(
                    Code.E003,
                    at.span(below),
                    "this 'if' continues the 'else' above it and has no 'end' of its own",
                    "write 'else if' and leave out one 'end'; the one in line " + end.getLine() + " closes nothing");
            return;
        }
        findings.add(
                Code.E003,
                at.span(end),
                "this 'end' closes nothing",
                "there is one 'end' too many above, or the first line of a declaration is missing");
    }

    /** In the declaration that ends before that token, the last {@code if} that begins a line behind an {@code else}. */
    private static @Nullable Token ifBelowElse(Parser parser, Token from) {
        Token behind = from;
        Token each = SyntaxErrors.before(parser, behind);
        while (each != null) {
            boolean pair = each.getType() == RulesLexer.ELSE && behind.getType() == RulesLexer.IF;
            if (pair && each.getLine() < behind.getLine()) {
                return behind;
            }
            if (SyntaxErrors.startsDeclaration(each) && SyntaxErrors.startsLine(parser, each)) {
                return null;
            }
            behind = each;
            each = SyntaxErrors.before(parser, behind);
        }
        return null;
    }

    private static ParserRuleContext openBlock(RuleContext context) {
        RuleContext at = context;
        while (!(at instanceof RulesParser.StmtIfContext)
                && !(at instanceof RulesParser.StmtRepeatContext)
                && !(at.parent instanceof RulesParser.DeclarationContext)
                && at.parent != null) {
            at = at.parent;
        }
        return (ParserRuleContext) at;
    }

    private static ParserRuleContext declaration(ParserRuleContext context) {
        ParserRuleContext at = context;
        while (!(at instanceof RulesParser.DeclarationContext) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** The last block in there whose {@code end} stands further left than its first line; null if there is none. */
    private static @Nullable ParserRuleContext suspect(Parser parser, ParserRuleContext tree) {
        ParserRuleContext found = null;
        for (int i = 0; i < tree.getChildCount(); i++) {
            ParseTree child = tree.getChild(i);
            if (child instanceof ParserRuleContext inner) {
                ParserRuleContext deeper = suspect(parser, inner);
                found = deeper == null ? found : deeper;
            }
        }
        TerminalNode end = tree.getToken(RulesLexer.END, 0);
        if (found == null && end != null && end.getSymbol().getTokenIndex() >= 0) {
            Token close = end.getSymbol();
            boolean left = SyntaxErrors.startsLine(parser, close)
                    && close.getLine() > tree.getStart().getLine()
                    && close.getCharPositionInLine() < indentation(parser, tree.getStart());
            return left ? tree : null;
        }
        return found;
    }

    private static int indentation(Parser parser, Token token) {
        Token first = token;
        Token before = SyntaxErrors.before(parser, first);
        while (before != null && before.getLine() == first.getLine()) {
            first = before;
            before = SyntaxErrors.before(parser, first);
        }
        return first.getCharPositionInLine();
    }
}
