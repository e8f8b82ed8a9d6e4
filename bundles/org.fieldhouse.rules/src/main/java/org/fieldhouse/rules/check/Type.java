package org.fieldhouse.rules.check;

import java.util.List;
import org.fieldhouse.api.value.Dimension;
import org.fieldhouse.api.value.Unit;

/** The type of an expression. */
public sealed interface Type {

    /** True or false; {@code off} and {@code on} are the words that the point uses for them. */
    record BoolType(String off, String on) implements Type {
        /** Of conditions and of points that say nothing else. */
        public static final BoolType CONDITION = new BoolType("off", "on");
    }

    /**
     * A number in a unit. Durations are quantities in seconds.
     *
     * @param unit in which the expression's number is; absolute (°C) or not (K)
     */
    record QuantityType(Unit unit) implements Type {
        /** Whether it is a duration. */
        public boolean isTime() {
            return unit.dimension().equals(Dimension.TIME);
        }
    }

    /** Text. */
    record TextType() implements Type {}

    /** One of these options. */
    record ChoiceType(List<String> options) implements Type {
        public ChoiceType {
            options = List.copyOf(options);
        }
    }

    /** A point in time. */
    record MomentType() implements Type {}

    /** A colour. */
    record ColourType() implements Type {}

    /** A time of day on the wall clock, {@link java.time.LocalTime}. */
    record TimeOfDayType() implements Type {}

    /** A day of the calendar, {@link java.time.LocalDate}. */
    record DateType() implements Type {}

    /** Nothing can be said, because an error was reported already; goes with everything. */
    record UnknownType() implements Type {}

    Type TEXT = new TextType();
    Type MOMENT = new MomentType();
    Type COLOUR = new ColourType();
    Type TIME_OF_DAY = new TimeOfDayType();
    Type DATE = new DateType();
    Type UNKNOWN = new UnknownType();
}
