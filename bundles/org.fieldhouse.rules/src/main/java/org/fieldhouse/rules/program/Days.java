package org.fieldhouse.rules.program;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Set;
import org.fieldhouse.rules.syntax.ast.DaySet.Holidays;

/** Which days of the calendar: {@code each workday}. */
public record Days(Set<DayOfWeek> week, Holidays holidays) {
    public static final Days EVERY = new Days(Set.of(DayOfWeek.values()), Holidays.IGNORED);

    public Days {
        week = Set.copyOf(week);
    }

    public boolean contains(LocalDate day, Calendar calendar) {
        if (holidays != Holidays.IGNORED && calendar.isHoliday(day)) {
            return holidays == Holidays.INCLUDED;
        }
        return week.contains(day.getDayOfWeek());
    }
}
