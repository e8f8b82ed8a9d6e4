package org.fieldhouse.rules.syntax.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What makes a rule fire: an instant, not a state. */
public sealed interface Edge extends Node {

    /** Whose edge it is. */
    sealed interface Subject extends Node {}

    /** One point (or device, meaning its main point), variable or counter. */
    record One(Ref ref) implements Subject {
        @Override
        public Span span() {
            return ref.span();
        }
    }

    /**
     * {@code any of Windows}, {@code first of Household}.
     *
     * @param ref a group; its member part names a point of each member
     */
    record Of(Which which, Ref ref, Span span) implements Subject {}

    /** Which member's edge counts. */
    enum Which {
        /** Each member's own edge. */
        ANY,
        /** The edge after which all are so. */
        ALL,
        /** The edge of the first after none was so. */
        FIRST,
        /** The edge of the last after which none is so any more. */
        LAST
    }

    /**
     * {@code Hall.Motion turns on}, {@code Door becomes open}, {@code Temp becomes > 25 °C}: it was not so and now is.
     *
     * @param op EQ for turns and becomes-a-state
     * @param heldFor fires only when it then lasts that long; null for at once
     */
    record Becomes(Subject subject, Expr.CompareOp op, Expr value, @Nullable Expr heldFor, Span span) implements Edge {}

    /**
     * {@code P changes}, {@code P changes by 5 %}, {@code P changes from a to b}.
     *
     * @param by least difference to the value at the last firing; null for any change
     */
    record Changes(Subject subject, @Nullable Expr by, @Nullable Expr from, @Nullable Expr to, Span span)
            implements Edge {}

    /** {@code P reaches 21 °C}: touches or passes the value from either side. */
    record Reaches(Subject subject, Expr value, Span span) implements Edge {}

    /** {@code Household arrives}/{@code leaves}: presence turns on or off. */
    record Presence(Subject subject, boolean arrives, @Nullable Expr heldFor, Span span) implements Edge {}

    /**
     * {@code Hall.Button pressed with count 2}: an event of a device.
     *
     * @param device its member is the event's name when written with a dot; then {@code event} repeats it
     * @param with payload fields that must equal
     */
    record DeviceEvent(Ref device, Name event, List<Arg> with, Span span) implements Edge {
        public DeviceEvent {
            with = List.copyOf(with);
        }
    }

    /** {@code Hall.Motion goes offline for 10 min}. */
    record Goes(Ref device, boolean online, @Nullable Expr heldFor, Span span) implements Edge {}

    /**
     * {@code at 07:00 each workday}, {@code at sunset - 30 min}, {@code at 2026-12-24 18:00}.
     *
     * @param date only on this day; null for every day
     * @param time a time of day
     * @param days null for every day
     */
    record At(@Nullable Expr date, Expr time, @Nullable DaySet days, Span span) implements Edge {}

    /** {@code every 15 min}, counted from midnight for what divides a day. */
    record Every(Expr period, Span span) implements Edge {}

    /** {@code started}: the rule set was loaded or the runtime came up. */
    record Started(Span span) implements Edge {}

    /** {@code cron "0 7 * * 1-5"}, five fields. */
    record Cron(Name expression, Span span) implements Edge {}

    /** A bare condition: the instant at which it becomes true, {@code Hall.Motion is off for 10 min}. */
    record BecomesTrue(Expr condition, Span span) implements Edge {}
}
