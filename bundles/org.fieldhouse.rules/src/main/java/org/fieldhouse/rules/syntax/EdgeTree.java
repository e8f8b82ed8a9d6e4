package org.fieldhouse.rules.syntax;

import java.util.Locale;
import org.fieldhouse.rules.syntax.ast.DaySet;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes edges of the parse tree. */
final class EdgeTree {
    private final Positions at;
    private final ExprTree exprs;

    EdgeTree(ExprTree exprs) {
        this.at = exprs.at();
        this.exprs = exprs;
    }

    Edge edge(EdgeContext c) {
        Span span = at.span(c);
        if (c instanceof EdgeTurnsContext e) {
            Expr value = new Expr.Word(e.value().getText(), at.span(e.value()));
            return new Edge.Becomes(subject(e.subject()), Expr.CompareOp.EQ, value, held(e.held()), span);
        } else if (c instanceof EdgeBecomesContext e) {
            Expr.CompareOp op = e.compareOp() == null ? Expr.CompareOp.EQ : ExprTree.op(e.compareOp());
            return new Edge.Becomes(subject(e.subject()), op, exprs.additive(e.additive()), held(e.held()), span);
        } else if (c instanceof EdgeChangesContext e) {
            return new Edge.Changes(subject(e.subject()), value(e.by), value(e.from), value(e.to), span);
        } else if (c instanceof EdgeReachesContext e) {
            return new Edge.Reaches(subject(e.subject()), exprs.additive(e.additive()), span);
        } else if (c instanceof EdgePresenceContext e) {
            return new Edge.Presence(subject(e.subject()), e.ARRIVES() != null, held(e.held()), span);
        } else if (c instanceof EdgeGoesContext e) {
            return new Edge.Goes(exprs.ref(e.ref()), e.ONLINE() != null, held(e.held()), span);
        } else if (c instanceof EdgeHappensContext e) {
            Ref whole = exprs.ref(e.ref());
            return new Edge.DeviceEvent(device(whole), happening(whole), exprs.with(e.withArgs()), span);
        } else if (c instanceof EdgeEventContext e) {
            return new Edge.DeviceEvent(exprs.ref(e.ref()), at.name(e.eventWord()), exprs.with(e.withArgs()), span);
        }
        return timed(c, span);
    }

    private Edge timed(EdgeContext c, Span span) {
        if (c instanceof EdgeAtContext e) {
            Expr date = e.DAY() == null ? null : date(e);
            DaySet days = e.daySet() == null ? null : exprs.days(e.daySet());
            return new Edge.At(date, exprs.additive(e.clock), days, span);
        } else if (c instanceof EdgeEveryContext e) {
            return new Edge.Every(exprs.additive(e.additive()), span);
        } else if (c instanceof EdgeStartedContext) {
            return new Edge.Started(span);
        } else if (c instanceof EdgeCronContext e) {
            Expr.TextLit text = exprs.string(e.STRING().getSymbol());
            return new Edge.Cron(new Name(text.plain(), text.span()), span);
        }
        return new Edge.BecomesTrue(exprs.expr(((EdgeConditionContext) c).expr()), span);
    }

    private Expr date(EdgeAtContext e) {
        Span span = at.span(e.DAY());
        return exprs.day(e.DAY().getText(), span)
                .<Expr>map(day -> new Expr.DateLit(day, span))
                .orElse(new Expr.Invalid(span));
    }

    /** {@code Hall.Button.single happens}: the device is what stands before the event's name. */
    static Ref device(Ref whole) {
        return new Ref(whole.path(), null, whole.path().span());
    }

    /** The event's name of {@code Hall.Button.single happens}; empty when the text names none. */
    static Name happening(Ref whole) {
        Name member = whole.member();
        return member == null ? new Name("", whole.span()) : member;
    }

    private Edge.Subject subject(SubjectContext c) {
        Ref ref = exprs.ref(c.ref());
        if (c.OF() == null) {
            return new Edge.One(ref);
        }
        Edge.Which which = Edge.Which.valueOf(c.getStart().getText().toUpperCase(Locale.ROOT));
        return new Edge.Of(which, ref, at.span(c));
    }

    private @Nullable Expr held(@Nullable HeldContext c) {
        return c == null ? null : exprs.additive(c.additive());
    }

    private @Nullable Expr value(@Nullable AdditiveContext c) {
        return c == null ? null : exprs.additive(c);
    }
}
