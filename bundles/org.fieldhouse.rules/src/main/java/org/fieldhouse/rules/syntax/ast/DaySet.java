package org.fieldhouse.rules.syntax.ast;

import java.time.DayOfWeek;
import java.util.Set;

/**
 * Which days: {@code each workday}, {@code each monday, friday}.
 *
 * @param week the days of the week that belong to it
 * @param holidays what a holiday of the calendar does to it
 */
public record DaySet(Set<DayOfWeek> week, Holidays holidays, Span span) implements Node {
    public DaySet {
        week = Set.copyOf(week);
    }

    /** How holidays count. */
    public enum Holidays {
        /** A holiday is a day like any other. */
        IGNORED,
        /** A holiday never belongs to it (workday). */
        EXCLUDED,
        /** A holiday always belongs to it (weekend, holiday). */
        INCLUDED
    }
}
