package org.fieldhouse.rules.syntax;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.DaySet;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.grammar.RulesParser.*;
import org.jspecify.annotations.Nullable;

/** Makes expressions of the parse tree, and reads literals. */
final class ExprTree {
    /** Operands in one chain of and, or, +, *: more is a program that writes rules. */
    private static final int MAX_CHAIN = 500;
    /** Longest duration, so that milliseconds and calendars stay within bounds: ten years. */
    private static final double MAX_SECONDS = 3650d * 86_400;

    private static final Map<String, DayOfWeek> DAYS = Map.of(
            "monday", DayOfWeek.MONDAY,
            "tuesday", DayOfWeek.TUESDAY,
            "wednesday", DayOfWeek.WEDNESDAY,
            "thursday", DayOfWeek.THURSDAY,
            "friday", DayOfWeek.FRIDAY,
            "saturday", DayOfWeek.SATURDAY,
            "sunday", DayOfWeek.SUNDAY);

    private final Positions at;
    private final Findings findings;

    ExprTree(Positions at, Findings findings) {
        this.at = at;
        this.findings = findings;
    }

    Positions at() {
        return at;
    }

    Findings findings() {
        return findings;
    }

    Expr expr(ExprContext c) {
        List<Expr> operands = chain(c.andExpr(), this::and, at.span(c));
        return operands.size() == 1 ? operands.get(0) : new Expr.Or(operands, at.span(c));
    }

    private Expr and(AndExprContext c) {
        List<Expr> operands = chain(c.notExpr(), this::not, at.span(c));
        return operands.size() == 1 ? operands.get(0) : new Expr.And(operands, at.span(c));
    }

    private <T> List<Expr> chain(List<T> contexts, java.util.function.Function<T, Expr> make, Span span) {
        if (contexts.size() > MAX_CHAIN) {
            findings.add(
                    Code.E006,
                    span,
                    "expression of " + contexts.size() + " parts",
                    "at most " + MAX_CHAIN + "; use a group or a variable");
            return List.of(new Expr.Invalid(span));
        }
        List<Expr> made = new ArrayList<>(contexts.size());
        contexts.forEach(each -> made.add(make.apply(each)));
        return made;
    }

    private Expr not(NotExprContext c) {
        Expr inner = compared(c.compared());
        if (c.held() != null) {
            inner = new Expr.HeldFor(
                    inner, additive(c.held().additive()), at.span(c.compared()).to(at.span(c.held())));
        }
        return c.NOT().size() % 2 == 0 ? inner : new Expr.Not(inner, at.span(c));
    }

    private Expr compared(ComparedContext c) {
        Expr left = additive(c.additive());
        return c.tail() == null ? left : tail(left, c.tail(), at.span(c));
    }

    /** What stands behind an operand: a comparison, a range, a question for its quality. */
    private Expr tail(Expr left, TailContext tail, Span span) {
        if (tail instanceof TailBetweenContext between) {
            return new Expr.Between(left, additive(between.additive(0)), additive(between.additive(1)), span);
        }
        if (tail instanceof TailCompareContext compare) {
            return new Expr.Compare(op(compare.compareOp()), left, additive(compare.additive()), span);
        }
        TailIsContext is = (TailIsContext) tail;
        IsTailContext what = is.isTail();
        boolean not = is.NOT() != null;
        if (what.quality() == null && what.BETWEEN() == null && what.compareOp() == null) {
            Expr.CompareOp op = not ? Expr.CompareOp.NE : Expr.CompareOp.EQ;
            return new Expr.Compare(op, left, additive(what.additive(0)), span);
        }
        Expr positive;
        if (what.quality() != null) {
            positive = new Expr.QualityIs(left, quality(what.quality()), span);
        } else if (what.BETWEEN() != null) {
            positive = new Expr.Between(left, additive(what.additive(0)), additive(what.additive(1)), span);
        } else {
            positive = new Expr.Compare(op(what.compareOp()), left, additive(what.additive(0)), span);
        }
        return not ? new Expr.Not(positive, span) : positive;
    }

    static Expr.QualityTest quality(QualityContext c) {
        return Expr.QualityTest.valueOf(c.getText().toUpperCase(Locale.ROOT));
    }

    static Expr.CompareOp op(CompareOpContext c) {
        return c.NE() != null
                ? Expr.CompareOp.NE
                : c.LT() != null
                        ? Expr.CompareOp.LT
                        : c.LE() != null
                                ? Expr.CompareOp.LE
                                : c.GT() != null
                                        ? Expr.CompareOp.GT
                                        : c.GE() != null ? Expr.CompareOp.GE : Expr.CompareOp.EQ;
    }

    Expr additive(AdditiveContext c) {
        List<Expr> terms = chain(c.term(), this::term, at.span(c));
        Expr sum = terms.get(0);
        for (int i = 1; i < terms.size(); i++) {
            boolean plus = c.getChild(2 * i - 1).getText().equals("+");
            Expr.ArithmeticOp op = plus ? Expr.ArithmeticOp.ADD : Expr.ArithmeticOp.SUBTRACT;
            sum = new Expr.Arithmetic(
                    op, sum, terms.get(i), sum.span().to(terms.get(i).span()));
        }
        return sum;
    }

    private Expr term(TermContext c) {
        List<Expr> factors = chain(c.signed(), this::signed, at.span(c));
        Expr product = factors.get(0);
        for (int i = 1; i < factors.size(); i++) {
            boolean over = c.getChild(2 * i - 1).getText().equals("/");
            Expr.ArithmeticOp op = over ? Expr.ArithmeticOp.DIVIDE : Expr.ArithmeticOp.MULTIPLY;
            product = new Expr.Arithmetic(
                    op,
                    product,
                    factors.get(i),
                    product.span().to(factors.get(i).span()));
        }
        return product;
    }

    private Expr signed(SignedContext c) {
        Expr inner = primary(c.primary());
        if (c.MINUS().size() % 2 == 0) {
            return inner;
        }
        Span span = at.span(c);
        if (inner instanceof Expr.Num num) {
            return new Expr.Num(-num.value(), span);
        }
        if (inner instanceof Expr.Quantity quantity) {
            return new Expr.Quantity(-quantity.value(), quantity.unit(), span);
        }
        if (inner instanceof Expr.DurationLit duration) {
            return new Expr.DurationLit(duration.value().negated(), span);
        }
        return new Expr.Negate(inner, span);
    }

    private Expr primary(PrimaryContext c) {
        Span span = at.span(c);
        if (c instanceof PrimNumberContext n) {
            return new Expr.Num(number(n.getText(), span), span);
        } else if (c instanceof PrimQuantityContext q) {
            return quantity(q.QUANTITY(), span);
        } else if (c instanceof PrimClockContext) {
            return clock(c.getText(), span)
                    .<Expr>map(t -> new Expr.TimeLit(t, span))
                    .orElse(new Expr.Invalid(span));
        } else if (c instanceof PrimDayContext) {
            return day(c.getText(), span)
                    .<Expr>map(d -> new Expr.DateLit(d, span))
                    .orElse(new Expr.Invalid(span));
        } else if (c instanceof PrimStringContext s) {
            return string(s.STRING().getSymbol());
        } else if (c instanceof PrimSunTimeContext) {
            return new Expr.SunTime(Expr.SunEvent.valueOf(c.getText().toUpperCase(Locale.ROOT)), span);
        } else if (c instanceof PrimTimeContext) {
            return new Expr.TimeNow(span);
        } else if (c instanceof PrimWordContext) {
            return new Expr.Word(c.getText(), span);
        } else if (c instanceof PrimRefContext r) {
            return new Expr.Use(ref(r.ref()));
        } else if (c instanceof PrimParenContext p) {
            return expr(p.expr());
        }
        return special(c, span);
    }

    private Expr special(PrimaryContext c, Span span) {
        if (c instanceof PrimSunIsContext s) {
            return new Expr.SunIs((s.UP() != null) != (s.NOT() != null), span);
        } else if (c instanceof PrimSunValueContext s) {
            return new Expr.SunValue(member(s.MEMBER()), span);
        } else if (c instanceof PrimTodayContext t) {
            Expr is = new Expr.TodayIs(days(t.daySet()), span);
            return t.NOT() == null ? is : new Expr.Not(is, span);
        } else if (c instanceof PrimEventContext e) {
            return new Expr.EventField(member(e.MEMBER()), span);
        } else if (c instanceof PrimAlarmContext a) {
            return alarmIs(a, span);
        } else if (c instanceof PrimQuantifiedContext q) {
            Expr member = new Expr.Member(at.span(q.ref()));
            Expr test = q.tail() == null ? member : tail(member, q.tail(), span);
            Expr.Quantifier quantifier =
                    Expr.Quantifier.valueOf(q.getStart().getText().toUpperCase(Locale.ROOT));
            return new Expr.Quantified(quantifier, ref(q.ref()), test, span);
        } else if (c instanceof PrimCountContext count) {
            return new Expr.Aggregate(Expr.AggregateOp.COUNT, ref(count.ref()), countTest(count, span), span);
        } else if (c instanceof PrimAggregateContext a) {
            Expr.AggregateOp op =
                    Expr.AggregateOp.valueOf(a.getStart().getText().toUpperCase(Locale.ROOT));
            return new Expr.Aggregate(op, ref(a.ref()), null, span);
        }
        PrimCallContext call = (PrimCallContext) c;
        return new Expr.Call(at.name(call.value()), args(call.args()), span);
    }

    private Expr alarmIs(PrimAlarmContext a, Span span) {
        String state = a.word() == null ? "out_of_service" : a.word().getText();
        for (Expr.AlarmTest test : Expr.AlarmTest.values()) {
            if (test.name().toLowerCase(Locale.ROOT).equals(state)) {
                Expr is = new Expr.AlarmIs(path(a.PATH()), test, span);
                return a.NOT() == null ? is : new Expr.Not(is, span);
            }
        }
        List<String> known = new ArrayList<>();
        for (Expr.AlarmTest test : Expr.AlarmTest.values()) {
            known.add(test.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        findings.add(
                Code.E104, at.span(a.word()), "an alarm is never " + state, "it can be " + String.join(", ", known));
        return new Expr.Invalid(span);
    }

    private @Nullable Expr countTest(PrimCountContext c, Span span) {
        CountTailContext tail = c.countTail();
        if (tail == null) {
            return null;
        }
        Expr member = new Expr.Member(at.span(c.ref()));
        if (tail.compareOp() != null) {
            return new Expr.Compare(op(tail.compareOp()), member, additive(tail.additive()), span);
        }
        if (tail.quality() != null) {
            Expr is = new Expr.QualityIs(member, quality(tail.quality()), span);
            return tail.NOT() == null ? is : new Expr.Not(is, span);
        }
        Expr.CompareOp op = tail.NOT() == null ? Expr.CompareOp.EQ : Expr.CompareOp.NE;
        return new Expr.Compare(op, member, new Expr.Word(tail.value().getText(), at.span(tail.value())), span);
    }

    List<Arg> args(@Nullable ArgsContext c) {
        List<Arg> args = new ArrayList<>();
        if (c != null) {
            for (ArgContext each : c.arg()) {
                Name name = each.word() == null ? null : at.name(each.word());
                args.add(new Arg(name, expr(each.expr()), at.span(each)));
            }
        }
        return args;
    }

    List<Arg> with(@Nullable WithArgsContext c) {
        List<Arg> args = new ArrayList<>();
        if (c != null) {
            for (WithArgContext each : c.withArg()) {
                args.add(new Arg(at.name(each.word()), additive(each.additive()), at.span(each)));
            }
        }
        return args;
    }

    Ref ref(RefContext c) {
        Name member = c.MEMBER() == null ? null : member(c.MEMBER());
        return new Ref(path(c.PATH()), member, at.span(c));
    }

    /** The path without its back-quotes. */
    Name path(TerminalNode node) {
        return at.name(node.getText().replace("`", ""), at.span(node));
    }

    /** The name without its dot. */
    Name member(TerminalNode node) {
        Span span = at.span(node);
        return at.name(
                node.getText().substring(1), new Span(span.start() + 1, span.end(), span.line(), span.column() + 1));
    }

    /** Days of the week, or one of day, workday, weekend, holiday. */
    DaySet days(DaySetContext c) {
        Set<DayOfWeek> week = EnumSet.noneOf(DayOfWeek.class);
        DaySet.Holidays holidays = DaySet.Holidays.IGNORED;
        for (WordContext word : c.word()) {
            DayOfWeek day = DAYS.get(word.getText());
            switch (word.getText()) {
                case "day" -> week.addAll(EnumSet.allOf(DayOfWeek.class));
                case "workday" -> {
                    week.addAll(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));
                    holidays = DaySet.Holidays.EXCLUDED;
                }
                case "weekend" -> week.addAll(EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));
                case "holiday" -> holidays = DaySet.Holidays.INCLUDED;
                default -> {
                    if (day == null) {
                        unknownDay(word);
                    } else {
                        week.add(day);
                    }
                }
            }
        }
        return new DaySet(week, holidays, at.span(c));
    }

    private void unknownDay(WordContext word) {
        List<String> known = new ArrayList<>(DAYS.keySet());
        known.addAll(List.of("day", "workday", "weekend", "holiday"));
        String help = Suggestions.didYouMean(word.getText(), known);
        findings.add(
                Code.E104,
                at.span(word),
                "unknown kind of day '" + word.getText() + "'",
                help.isEmpty() ? "use day, workday, weekend, holiday or monday to sunday" : help);
    }

    double number(String text, Span span) {
        double value = Double.parseDouble(text);
        if (Math.abs(value) > 1e15) {
            findings.add(Code.E007, span, "number too large", "at most 1 000 000 000 000 000");
            return 0;
        }
        return value;
    }

    Optional<LocalTime> clock(String text, Span span) {
        try {
            return Optional.of(LocalTime.parse(text.indexOf(':') == 1 ? "0" + text : text));
        } catch (DateTimeException e) {
            findings.add(Code.E007, span, "there is no time " + text, "times go from 00:00 to 23:59:59");
            return Optional.empty();
        }
    }

    Optional<LocalDate> day(String text, Span span) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            findings.add(Code.E007, span, "there is no day " + text, "dates are written year-month-day, 2026-12-24");
            return Optional.empty();
        }
    }

    private Expr quantity(List<TerminalNode> tokens, Span span) {
        double seconds = 0;
        boolean times = true;
        Expr single = new Expr.Invalid(span);
        for (TerminalNode token : tokens) {
            Measured one = measured(token);
            if (one == null) {
                return new Expr.Invalid(span);
            }
            times &= one.unit().dimension().equals(Dimension.TIME);
            seconds += times ? one.value() * one.unit().factor() : 0;
            single = new Expr.Quantity(one.value(), one.name(), span);
        }
        if (times && seconds <= MAX_SECONDS) {
            return new Expr.DurationLit(Duration.ofMillis(Math.round(seconds * 1000)), span);
        }
        if (times) {
            findings.add(Code.E007, span, "this time is too long", "at most ten years");
            return new Expr.Invalid(span);
        }
        if (tokens.size() > 1) {
            findings.add(
                    Code.E007, span, "only times are put together like this", "1 h 30 min; otherwise use one unit");
            return new Expr.Invalid(span);
        }
        return single;
    }

    private record Measured(double value, Unit unit, Name name) {}

    private @Nullable Measured measured(TerminalNode token) {
        String text = token.getText();
        Span span = at.span(token);
        int digits = 0;
        while (digits < text.length() && "0123456789.".indexOf(text.charAt(digits)) >= 0) {
            digits++;
        }
        int from = digits;
        while (Character.isWhitespace(text.charAt(from)) || Character.isSpaceChar(text.charAt(from))) {
            from++;
        }
        String symbol = text.substring(from);
        Span unitSpan =
                new Span(span.start() + from, span.end(), span.line(), span.column() + text.codePointCount(0, from));
        Name written = new Name(symbol, unitSpan);
        Optional<Unit> unit = Units.find(symbol);
        if (unit.isEmpty()) {
            UnitHelp.unknown(written, findings);
            return null;
        }
        return new Measured(number(text.substring(0, digits), span), unit.get(), written);
    }

    /** A string with its holes. */
    Expr.TextLit string(Token token) {
        return new TextReader(at.span(token), token.getText(), this).read();
    }
}
