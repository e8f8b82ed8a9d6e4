package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Expr.TextLit;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes statements of the parse tree. */
final class StmtTree {
    /** The state that each verb stands for. */
    private static final Map<String, String> STATES =
            Map.of("on", "on", "off", "off", "open", "open", "close", "closed", "lock", "locked", "unlock", "unlocked");

    private final Positions at;
    private final ExprTree exprs;

    StmtTree(ExprTree exprs) {
        this.at = exprs.at();
        this.exprs = exprs;
    }

    List<Stmt> block(BlockContext c) {
        List<Stmt> body = new ArrayList<>(c.statement().size());
        c.statement().forEach(each -> body.add(statement(each)));
        return body;
    }

    private Stmt statement(StatementContext c) {
        Span span = at.span(c);
        if (c instanceof StmtTurnContext s) {
            TerminalNode verb = s.ON() == null ? s.OFF() : s.ON();
            return new Stmt.Turn(state(verb), exprs.ref(s.ref()), exprs.with(s.withArgs()), span);
        } else if (c instanceof StmtVerbContext s) {
            TerminalNode verb = (TerminalNode) s.getChild(0);
            return new Stmt.Turn(state(verb), exprs.ref(s.ref()), exprs.with(s.withArgs()), span);
        } else if (c instanceof StmtToggleContext s) {
            return new Stmt.Toggle(exprs.ref(s.ref()), span);
        } else if (c instanceof StmtSetContext s) {
            return new Stmt.Assign(exprs.ref(s.ref()), exprs.expr(s.expr()), exprs.with(s.withArgs()), span);
        } else if (c instanceof StmtReleaseContext s) {
            return new Stmt.Release(exprs.ref(s.ref()), span);
        } else if (c instanceof StmtCallContext s) {
            return call(s, span);
        } else if (c instanceof StmtWaitUntilContext s) {
            Expr within = s.additive() == null ? null : exprs.additive(s.additive());
            return new Stmt.WaitUntil(exprs.expr(s.expr()), within, otherwise(s.waitElse()), span);
        } else if (c instanceof StmtWaitContext s) {
            return new Stmt.Wait(exprs.additive(s.additive()), span);
        } else if (c instanceof StmtIfContext s) {
            return branches(s, span);
        } else if (c instanceof StmtRepeatContext s) {
            return new Stmt.Repeat(exprs.additive(s.additive()), block(s.block()), span);
        } else if (c instanceof StmtLetCallContext s) {
            return letCall(s, span);
        } else if (c instanceof StmtLetContext s) {
            Name name = s.PATH() == null ? at.name(s.word()) : exprs.path(s.PATH());
            return new Stmt.Let(name, exprs.expr(s.expr()), span);
        }
        return named(c, span);
    }

    private Stmt named(StatementContext c, Span span) {
        if (c instanceof StmtActivateContext s) {
            return new Stmt.Activate(exprs.path(s.PATH()), span);
        } else if (c instanceof StmtNotifyContext s) {
            List<Name> to = new ArrayList<>();
            s.PATH().forEach(each -> to.add(exprs.path(each)));
            return new Stmt.Notify(to, exprs.string(s.STRING().getSymbol()), span);
        } else if (c instanceof StmtLogContext s) {
            return new Stmt.Log(exprs.string(s.STRING().getSymbol()), span);
        } else if (c instanceof StmtRaiseContext s) {
            return new Stmt.Raise(exprs.path(s.PATH()), span);
        } else if (c instanceof StmtClearContext s) {
            return new Stmt.Clear(exprs.path(s.PATH()), span);
        } else if (c instanceof StmtStopContext) {
            return new Stmt.Stop(span);
        }
        return new Stmt.Fail(text(((StmtFailContext) c).STRING()), span);
    }

    private Expr.Word state(TerminalNode verb) {
        String word = verb.getText();
        return new Expr.Word(STATES.getOrDefault(word, word), at.span(verb));
    }

    private Stmt call(StmtCallContext s, Span span) {
        if (s.ref() == null) {
            return new Stmt.CallFunction(at.name(s.word()), exprs.args(s.args()), span);
        }
        Ref target = exprs.ref(s.ref());
        return new Stmt.CallAction(target, exprs.args(s.args()), span);
    }

    private Stmt letCall(StmtLetCallContext s, Span span) {
        // "let call = call f()": the first word is the name.
        Name name = s.PATH() == null ? at.name(s.word(0)) : exprs.path(s.PATH());
        Name function = at.name(s.word(s.word().size() - 1));
        Expr.Call call = new Expr.Call(function, exprs.args(s.args()), function.span());
        Expr within = s.additive() == null ? null : exprs.additive(s.additive());
        return new Stmt.LetCall(new Stmt.Let(name, call, span), within, otherwise(s.waitElse()), span);
    }

    private Stmt.If branches(StmtIfContext s, Span span) {
        List<Stmt.Branch> branches = new ArrayList<>();
        branches.add(new Stmt.Branch(exprs.expr(s.expr()), block(s.block(0)), at.span(s.expr())));
        for (ElseIfContext each : s.elseIf()) {
            branches.add(new Stmt.Branch(exprs.expr(each.expr()), block(each.block()), at.span(each)));
        }
        List<Stmt> otherwise = s.block().size() > 1 ? block(s.block(1)) : List.of();
        return new Stmt.If(branches, otherwise, span);
    }

    private Stmt.Otherwise otherwise(@Nullable WaitElseContext c) {
        if (c == null || c.CONTINUE() != null) {
            return new Stmt.GoOn();
        }
        if (c.STOP() != null) {
            return new Stmt.GiveUp();
        }
        return c.FAIL() != null ? new Stmt.Failing(text(c.STRING())) : new Stmt.Instead(block(c.block()));
    }

    private @Nullable TextLit text(@Nullable TerminalNode string) {
        return string == null ? null : exprs.string(string.getSymbol());
    }
}
