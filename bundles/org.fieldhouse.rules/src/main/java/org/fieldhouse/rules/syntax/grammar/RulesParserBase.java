package org.fieldhouse.rules.syntax.grammar;

import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Keeps the depth of nesting within bounds, so that no text can overflow the stack. */
public abstract class RulesParserBase extends Parser {
    /** About 60 nested parentheses or blocks; one level of parentheses is ten rules deep. */
    private static final int MAX_RULE_DEPTH = 640;

    private int depth;

    protected RulesParserBase(TokenStream input) {
        super(input);
    }

    @Override
    public void enterRule(ParserRuleContext localctx, int state, int ruleIndex) {
        if (++depth > MAX_RULE_DEPTH) {
            throw new TooDeep(getCurrentToken());
        }
        super.enterRule(localctx, state, ruleIndex);
    }

    @Override
    public void exitRule() {
        depth--;
        super.exitRule();
    }

    @Override
    public void reset() {
        super.reset();
        depth = 0;
    }

    /** The text is nested deeper than anybody writes. */
    public static final class TooDeep extends ParseCancellationException {
        private static final long serialVersionUID = 1L;
        private final transient Token at;

        TooDeep(Token at) {
            super("nested too deeply");
            this.at = at;
        }

        /** Where it was noticed. */
        public Token at() {
            return at;
        }
    }
}
