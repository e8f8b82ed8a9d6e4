package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.FailedPredicateException;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesLexer;
import org.fieldhouse.rules.syntax.grammar.RulesLexerBase;
import org.fieldhouse.rules.syntax.grammar.RulesParser;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words what is wrong, and finds the place where reading can go on.
 *
 * <p>Recovery is ANTLR's, with two changes: a declaration's first word counts as one only at the start of a line (otherwise
 * {@code activate scene Evening} behind an error would begin a scene), and one line gives one message.
 */
final class SyntaxErrors extends DefaultErrorStrategy {
    /** More messages about one declaration are noise. */
    private static final int MAX_PER_DECLARATION = 5;

    private static final List<String> EDGE_VERBS =
            List.of("turns", "becomes", "changes", "reaches", "arrives", "leaves", "goes", "happens");

    private final Positions at;
    private final Findings findings;
    private final Set<RulesParser.DeclarationContext> broken;
    private RuleContext lastDeclaration = ParserRuleContext.EMPTY;
    private int inDeclaration;
    private int lastLine = -1;

    SyntaxErrors(Positions at, Findings findings, Set<RulesParser.DeclarationContext> broken) {
        this.at = at;
        this.findings = findings;
        this.broken = broken;
    }

    @Override
    protected void reportNoViableAlternative(Parser parser, NoViableAltException e) {
        report(parser, e.getOffendingToken(), parser.getExpectedTokens(), e.getStartToken() == e.getOffendingToken());
    }

    @Override
    protected void reportInputMismatch(Parser parser, InputMismatchException e) {
        report(parser, e.getOffendingToken(), e.getExpectedTokens(), true);
    }

    @Override
    protected void reportFailedPredicate(Parser parser, FailedPredicateException e) {
        report(parser, e.getOffendingToken(), parser.getExpectedTokens(), false);
    }

    @Override
    protected void reportUnwantedToken(Parser parser) {
        if (!inErrorRecoveryMode(parser)) {
            beginErrorCondition(parser);
            report(parser, parser.getCurrentToken(), getExpectedTokens(parser), true);
        }
    }

    @Override
    protected void reportMissingToken(Parser parser) {
        if (!inErrorRecoveryMode(parser)) {
            beginErrorCondition(parser);
            report(parser, parser.getCurrentToken(), getExpectedTokens(parser), true);
        }
    }

    /** Like ANTLR's, but a wrong word at the start of a list is passed over like one inside it, so the rest is still read. */
    @Override
    public void sync(Parser parser) throws RecognitionException {
        ATNState state = parser.getInterpreter().atn.states.get(parser.getState());
        int kind = state.getStateType();
        boolean loop = kind == ATNState.STAR_LOOP_ENTRY || kind == ATNState.STAR_LOOP_BACK;
        if (!loop || inErrorRecoveryMode(parser)) {
            super.sync(parser);
            return;
        }
        int here = parser.getInputStream().LA(1);
        IntervalSet next = parser.getATN().nextTokens(state);
        boolean fits = next.contains(here)
                || next.contains(Token.EPSILON) && getExpectedTokens(parser).contains(here);
        if (!fits) {
            reportUnwantedToken(parser);
            consumeUntil(parser, getExpectedTokens(parser).or(getErrorRecoverySet(parser)));
        }
    }

    @Override
    protected void consumeUntil(Parser parser, IntervalSet set) {
        Token token = parser.getCurrentToken();
        while (token.getType() != Token.EOF && !(set.contains(token.getType()) && canRestart(parser, token))) {
            parser.consume();
            token = parser.getCurrentToken();
        }
    }

    private static boolean canRestart(Parser parser, Token token) {
        return !startsDeclaration(token) || startsLine(parser, token);
    }

    private void report(Parser parser, Token wrong, IntervalSet expected, boolean exact) {
        RulesParser.DeclarationContext declaration = declarationOf(parser.getContext());
        if (declaration != null) {
            broken.add(declaration);
        }
        RuleContext where = declaration == null ? ParserRuleContext.EMPTY : declaration;
        inDeclaration = where == lastDeclaration && declaration != null ? inDeclaration + 1 : 1;
        boolean sameLine = where == lastDeclaration && wrong.getLine() == lastLine;
        lastDeclaration = where;
        lastLine = wrong.getLine();
        if (sameLine || findings.touches(wrong.getLine()) || inDeclaration > MAX_PER_DECLARATION) {
            return;
        }
        boolean atEnd = wrong.getType() == Token.EOF || startsDeclaration(wrong) && startsLine(parser, wrong);
        if (atEnd && expected.contains(RulesLexer.END)) {
            MissingEnd.report(parser, wrong, at, findings);
        } else if (wrong.getType() == RulesLexer.END && declaration == null) {
            MissingEnd.reportSurplus(parser, wrong, at, findings);
        } else {
            unexpected(parser, wrong, expected, exact);
        }
    }

    private void unexpected(Parser parser, Token wrong, IntervalSet expected, boolean exact) {
        Token before = before(parser, wrong);
        Token behind =
                wrong.getType() == Token.EOF ? wrong : parser.getInputStream().get(wrong.getTokenIndex() + 1);
        Optional<String> meant = meant(parser, wrong, expected);
        Token culprit = wrong;
        if (meant.isEmpty() && before != null && before.getType() == RulesLexer.WORD) {
            meant = meant(parser, before, expected);
            culprit = meant.isPresent() ? before : wrong;
        }
        String help = Habits.cure(parser, wrong, before, behind, expected);
        if (!help.isEmpty()) {
            culprit = wrong;
        } else if (wrong.getType() == RulesLexer.WORD && behind.getType() == RulesLexer.MEMBER
                || wrong.getType() == RulesLexer.MEMBER) {
            culprit = wrong;
            help = "names of devices start with a capital letter, or stand in `back-quotes`";
        } else if (meant.isPresent()) {
            help = "did you mean '" + meant.get() + "'?";
        } else if (before != null && before.getType() == RulesLexer.NUMBER && wrong.getType() == RulesLexer.PATH) {
            help = "if '" + wrong.getText() + "' is a unit, it is not a known one";
        } else if (before != null && before.getType() == RulesLexer.QUEUE && expected.contains(RulesLexer.NUMBER)) {
            help = "say how many may wait: queue 5";
        } else if (before != null && before.getType() == RulesLexer.PARALLEL && expected.contains(RulesLexer.NUMBER)) {
            help = "say how many may run at once: parallel 5";
        } else {
            help = Expectations.describe(parser, expected, exact);
        }
        findings.add(Code.E001, span(culprit), unexpectedText(culprit), help);
    }

    private static Optional<String> meant(Parser parser, Token word, IntervalSet expected) {
        boolean structure =
                startsLine(parser, word) || word.getType() == RulesLexer.DO || word.getType() == RulesLexer.END;
        if (word.getType() != RulesLexer.WORD && expected.contains(RulesLexer.WORD) && structure) {
            return Optional.empty(); // a word is lacking in front; this one is right where it is
        }
        Token before = before(parser, word);
        return (before != null && isEdge(parser, word, before)
                        ? Suggestions.nearest(word.getText(), EDGE_VERBS)
                        : Optional.<String>empty())
                .or(() -> misspelled(word, expected));
    }

    /** Whether a word stands behind the point that a line with {@code when} begins with: where its verb should be. */
    private static boolean isEdge(Parser parser, Token wrong, Token point) {
        boolean named = point.getType() == RulesLexer.PATH || point.getType() == RulesLexer.MEMBER;
        Token first = point;
        for (Token each = point;
                named && each != null && each.getLine() == wrong.getLine();
                each = before(parser, each)) {
            first = each;
        }
        return named && first.getType() == RulesLexer.WHEN;
    }

    private Span span(Token token) {
        return at.span(token);
    }

    private static String unexpectedText(Token token) {
        return token.getType() == Token.EOF
                ? "the file ends too early"
                : "unexpected " + Expectations.quote(token.getText());
    }

    /** A word of the language in capitals or with a slip of the finger; one that fits here is preferred. */
    private static Optional<String> misspelled(Token token, IntervalSet expected) {
        String text = token.getText();
        int type = token.getType();
        if (type == RulesLexer.PATH) {
            String lower = text.toLowerCase(Locale.ROOT);
            return RulesLexerBase.keywords().contains(lower) ? Optional.of(lower) : Optional.empty();
        }
        if (!RulesLexerBase.keywords().contains(text) && type != RulesLexer.WORD) {
            return Optional.empty();
        }
        List<String> fitting = new ArrayList<>();
        for (int each : expected.toList()) {
            String word = RulesLexer.VOCABULARY.getLiteralName(each);
            if (word != null && Character.isLowerCase(word.charAt(1))) {
                fitting.add(word.substring(1, word.length() - 1));
            }
        }
        Optional<String> fits = Suggestions.nearest(text, fitting);
        if (fits.isPresent() && fits.get().equals(text)) {
            return Optional.empty();
        }
        return fits.isPresent() || type != RulesLexer.WORD
                ? fits
                : Suggestions.nearest(text, RulesLexerBase.keywords());
    }

    static boolean startsDeclaration(Token token) {
        return token.getType() >= RulesLexer.RULE && token.getType() <= RulesLexer.EXPECT;
    }

    static boolean startsLine(Parser parser, Token token) {
        Token before = before(parser, token);
        return before == null || before.getLine() < token.getLine();
    }

    /** The token in front that is no comment; null at the start. */
    static @Nullable Token before(Parser parser, Token token) {
        for (int i = token.getTokenIndex() - 1; i >= 0; i--) {
            Token each = parser.getInputStream().get(i);
            if (each.getChannel() == Token.DEFAULT_CHANNEL) {
                return each;
            }
        }
        return null;
    }

    private static RulesParser.@Nullable DeclarationContext declarationOf(RuleContext context) {
        RuleContext at = context;
        while (at != null && !(at instanceof RulesParser.DeclarationContext)) {
            at = at.parent;
        }
        return (RulesParser.DeclarationContext) at;
    }
}
