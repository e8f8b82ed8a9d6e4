package org.fieldhouse.rules.syntax.ast;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.fieldhouse.rules.syntax.ast.Expr.TextLit;
import org.jspecify.annotations.Nullable;

/** What a test does to the world, or expects of it. */
public sealed interface TestStep extends Node {

    /** {@code Hall.Motion = on}, {@code Hall.Motion off}: the device reports a value. */
    record Report(Ref target, Expr value, Span span) implements TestStep {}

    /** {@code Living.Temp bad}: the device reports bad quality, or the point goes stale. */
    record Quality(Ref target, Expr.QualityTest quality, Span span) implements TestStep {}

    /** {@code Hall.Button pressed with count 2}. */
    record Happens(Ref device, Name event, List<Arg> with, Span span) implements TestStep {
        public Happens {
            with = List.copyOf(with);
        }
    }

    /** {@code sun down}. */
    record Sun(boolean up, Span span) implements TestStep {}

    /**
     * {@code date 2026-03-29 22:00}, {@code time 22:00}: what the wall clock shows, in {@code given} at the start; later, somebody sets it.
     *
     * @param date null for the date that it is
     * @param time null for 00:00
     */
    record ClockIs(@Nullable LocalDate date, @Nullable LocalTime time, Span span) implements TestStep {
        /** The date and time meant, while the clock shows {@code now}. */
        public LocalDateTime at(LocalDateTime now) {
            LocalTime midnight = date == null ? now.toLocalTime() : LocalTime.MIDNIGHT;
            return LocalDateTime.of(date == null ? now.toLocalDate() : date, time == null ? midnight : time);
        }
    }

    /**
     * {@code restart}, {@code restart after 2 h}: the runtime is killed and comes back.
     *
     * @param downFor null for at once
     */
    record Restart(@Nullable Expr downFor, Span span) implements TestStep {}

    /** {@code expect at 5 min Hall.Light is off}. */
    record ExpectThat(Expr condition, Span span) implements TestStep {}

    /**
     * {@code expect at 5 min notified Family "text"}: by then such a message was sent.
     *
     * @param text null for any text
     */
    record ExpectNotified(boolean not, Name to, @Nullable TextLit text, Span span) implements TestStep {}

    /**
     * {@code acknowledge alarm X}, {@code shelve alarm X for 1 h}, {@code alarm X out of service}: an operator's act.
     *
     * @param duration how long to shelve; null for as long as the alarm allows
     */
    record AlarmAct(Name alarm, org.fieldhouse.api.rules.AlarmAct act, @Nullable Expr duration, Span span)
            implements TestStep {}

    /**
     * {@code call dewpoint = 12 °C}, {@code call speak fail "no voice"}: what calls of a function get from then on.
     *
     * @param value null: calls fail
     * @param reason why they fail; null for no words
     */
    record Answer(Name function, @Nullable Expr value, @Nullable TextLit reason, Span span) implements TestStep {}

    /** {@code expect at 5 s called speak}: by then it was. */
    record ExpectCalled(boolean not, Name function, Span span) implements TestStep {}
}
