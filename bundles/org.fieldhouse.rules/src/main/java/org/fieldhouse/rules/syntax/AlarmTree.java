package org.fieldhouse.rules.syntax;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Expr.TextLit;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes one alarm of the parse tree; the fields collect its parts. */
final class AlarmTree {
    private final Positions at;
    private final ExprTree exprs;
    private final Findings findings;
    private Decl.@Nullable AlarmPriority priority;
    private @Nullable Expr when;
    private @Nullable Expr clear;
    private @Nullable Expr suppress;
    private boolean ack;
    private @Nullable TextLit message;
    private final List<Name> recipients = new ArrayList<>();
    private final List<Decl.Escalation> escalations = new ArrayList<>();
    private @Nullable Expr shelve;

    AlarmTree(Positions at, ExprTree exprs, Findings findings) {
        this.at = at;
        this.exprs = exprs;
        this.findings = findings;
    }

    Decl.Alarm alarm(AlarmDeclContext d, Span span) {
        d.alarmPart().forEach(this::part);
        if (escalations.stream().allMatch(each -> each.after() instanceof Expr.DurationLit)) {
            escalations.sort(Comparator.comparing(each -> ((Expr.DurationLit) each.after()).value()));
        }
        return new Decl.Alarm(
                exprs.path(d.PATH()),
                priority == null ? Decl.AlarmPriority.MEDIUM : priority,
                when,
                clear,
                suppress,
                ack,
                message,
                recipients,
                escalations,
                shelve,
                span);
    }

    private void part(AlarmPartContext c) {
        if (c instanceof AlarmPriorityContext p) {
            priority = once(priority, c, priority(p.word()));
        } else if (c instanceof AlarmWhenContext p) {
            when = once(when, c, exprs.expr(p.expr()));
        } else if (c instanceof AlarmClearContext p) {
            clear = once(clear, c, exprs.expr(p.expr()));
        } else if (c instanceof AlarmSuppressContext p) {
            suppress = once(suppress, c, exprs.expr(p.expr()));
        } else if (c instanceof AlarmAckContext) {
            ack = true;
        } else if (c instanceof AlarmMessageContext p) {
            message = once(message, c, exprs.string(p.STRING().getSymbol()));
        } else if (c instanceof AlarmNotifyContext p) {
            p.PATH().forEach(each -> recipients.add(exprs.path(each)));
        } else if (c instanceof AlarmEscalateContext p) {
            Expr after = exprs.additive(p.additive());
            escalations.add(new Decl.Escalation(exprs.path(p.PATH()), after, p.UNLESS() != null, at.span(p)));
        } else if (c instanceof AlarmShelveContext p) {
            shelve = once(shelve, c, exprs.additive(p.additive()));
        }
    }

    private <T> T once(@Nullable T earlier, AlarmPartContext where, T now) {
        if (earlier != null) {
            findings.add(Code.E001, at.span(where), "'" + where.getStart().getText() + "' is given twice", "keep one");
        }
        return now;
    }

    private Decl.AlarmPriority priority(WordContext word) {
        List<String> known = new ArrayList<>();
        for (Decl.AlarmPriority each : Decl.AlarmPriority.values()) {
            known.add(each.name().toLowerCase(Locale.ROOT));
            if (each.name().toLowerCase(Locale.ROOT).equals(word.getText())) {
                return each;
            }
        }
        findings.add(
                Code.E104,
                at.span(word),
                "unknown priority '" + word.getText() + "'",
                "known are " + String.join(", ", known));
        return Decl.AlarmPriority.MEDIUM;
    }
}
