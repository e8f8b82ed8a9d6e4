package org.fieldhouse.rules.syntax;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.TestStep;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes tests of the parse tree. */
final class TestTree {
    private final Positions at;
    private final ExprTree exprs;

    TestTree(ExprTree exprs) {
        this.at = exprs.at();
        this.exprs = exprs;
    }

    Decl.Test test(TestDeclContext d, Span span) {
        List<TestStep> given = new ArrayList<>();
        d.given().forEach(each -> given.add(given(each)));
        List<Decl.TimedStep> steps = new ArrayList<>();
        for (TimedContext each : d.timed()) {
            if (each instanceof TimedActContext t) {
                Expr when = exprs.additive(t.additive());
                t.act().forEach(act -> steps.add(new Decl.TimedStep(when, act(act), at.span(each))));
            } else if (each instanceof TimedExpectContext t) {
                Expr when = exprs.additive(t.additive());
                steps.add(new Decl.TimedStep(when, expectation(t.expectation()), at.span(each)));
            }
        }
        Expr.TextLit name = exprs.string(d.STRING().getSymbol());
        return new Decl.Test(new Name(name.plain(), name.span()), given, steps, span);
    }

    private TestStep given(GivenContext c) {
        Span span = at.span(c);
        if (c instanceof GivenSunContext g) {
            return new TestStep.Sun(g.UP() != null, span);
        } else if (c instanceof GivenDateContext g) {
            return clockIs(g.DAY(), g.CLOCK(), span);
        } else if (c instanceof GivenTimeContext g) {
            return clockIs(null, g.CLOCK(), span);
        } else if (c instanceof GivenCallContext g) {
            return answer(at.name(g.word()), g.answer(), span);
        } else if (c instanceof GivenQualityContext g) {
            return new TestStep.Quality(exprs.ref(g.ref()), ExprTree.quality(g.quality()), span);
        }
        GivenReportContext g = (GivenReportContext) c;
        return new TestStep.Report(exprs.ref(g.ref()), exprs.additive(g.additive()), span);
    }

    private TestStep clockIs(@Nullable TerminalNode day, @Nullable TerminalNode time, Span span) {
        LocalDate date =
                day == null ? null : exprs.day(day.getText(), at.span(day)).orElse(null);
        return new TestStep.ClockIs(date, clock(time), span);
    }

    private @Nullable LocalTime clock(@Nullable TerminalNode clock) {
        return clock == null
                ? null
                : exprs.clock(clock.getText(), at.span(clock)).orElse(null);
    }

    private TestStep act(ActContext c) {
        Span span = at.span(c);
        if (c instanceof ActSunContext a) {
            return new TestStep.Sun(a.UP() != null, span);
        } else if (c instanceof ActDateContext a) {
            return clockIs(a.DAY(), a.CLOCK(), span);
        } else if (c instanceof ActTimeContext a) {
            return clockIs(null, a.CLOCK(), span);
        } else if (c instanceof ActRestartContext a) {
            return new TestStep.Restart(a.additive() == null ? null : exprs.additive(a.additive()), span);
        } else if (c instanceof ActAlarmContext a) {
            AlarmAct act = AlarmAct.valueOf(a.getStart().getText().toUpperCase(Locale.ROOT));
            Expr duration = a.additive() == null ? null : exprs.additive(a.additive());
            return new TestStep.AlarmAct(exprs.path(a.PATH()), act, duration, span);
        } else if (c instanceof ActServiceContext a) {
            AlarmAct act = a.OUT() == null ? AlarmAct.IN_SERVICE : AlarmAct.OUT_OF_SERVICE;
            return new TestStep.AlarmAct(exprs.path(a.PATH()), act, null, span);
        } else if (c instanceof ActCallContext a) {
            return answer(at.name(a.word()), a.answer(), span);
        } else if (c instanceof ActQualityContext a) {
            return new TestStep.Quality(exprs.ref(a.ref()), ExprTree.quality(a.quality()), span);
        } else if (c instanceof ActReportContext a) {
            return new TestStep.Report(exprs.ref(a.ref()), exprs.expr(a.expr()), span);
        } else if (c instanceof ActHappensContext a) {
            Ref whole = exprs.ref(a.ref());
            return new TestStep.Happens(
                    EdgeTree.device(whole), EdgeTree.happening(whole), exprs.with(a.withArgs()), span);
        }
        ActEventContext a = (ActEventContext) c;
        return new TestStep.Happens(exprs.ref(a.ref()), at.name(a.eventWord()), exprs.with(a.withArgs()), span);
    }

    private TestStep answer(Name function, AnswerContext c, Span span) {
        Expr value = c.additive() == null ? null : exprs.additive(c.additive());
        Expr.TextLit reason =
                c.STRING() == null ? null : exprs.string(c.STRING().getSymbol());
        return new TestStep.Answer(function, value, reason, span);
    }

    private TestStep expectation(ExpectationContext c) {
        Span span = at.span(c);
        if (c instanceof ExpectNotifiedContext e) {
            Expr.TextLit text =
                    e.STRING() == null ? null : exprs.string(e.STRING().getSymbol());
            return new TestStep.ExpectNotified(e.NOT() != null, exprs.path(e.PATH()), text, span);
        }
        if (c instanceof ExpectCalledContext e) {
            return new TestStep.ExpectCalled(e.NOT() != null, at.name(e.word()), span);
        }
        return new TestStep.ExpectThat(exprs.expr(((ExpectThatContext) c).expr()), span);
    }
}
