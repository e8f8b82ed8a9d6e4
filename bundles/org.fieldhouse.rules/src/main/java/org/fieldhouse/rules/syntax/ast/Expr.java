package org.fieldhouse.rules.syntax.ast;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has a value: literals, references, arithmetic, conditions. */
public sealed interface Expr extends Node {

    /** A number without a unit. */
    record Num(double value, Span span) implements Expr {}

    /**
     * A number with a unit that is not a time, {@code 21.5 °C}.
     *
     * @param unit as written
     */
    record Quantity(double value, Name unit, Span span) implements Expr {}

    /** {@code 5 min}, {@code 1 h 30 min}. */
    record DurationLit(Duration value, Span span) implements Expr {}

    /** {@code 06:30}, {@code 06:30:15}. */
    record TimeLit(LocalTime value, Span span) implements Expr {}

    /** {@code 2026-12-24}. */
    record DateLit(LocalDate value, Span span) implements Expr {}

    /** A string; its holes are expressions. */
    record TextLit(List<Part> parts, Span span) implements Expr {
        public TextLit {
            parts = List.copyOf(parts);
        }

        /** Whether the string has no holes. */
        public boolean isPlain() {
            return parts.stream().allMatch(Text.class::isInstance);
        }

        /** The text of a plain string; holes are left out. */
        public String plain() {
            StringBuilder all = new StringBuilder();
            for (Part part : parts) {
                if (part instanceof Text text) {
                    all.append(text.text());
                }
            }
            return all.toString();
        }
    }

    /** A piece of a string. */
    sealed interface Part {}

    /** Characters of a string, escapes resolved. */
    record Text(String text) implements Part {}

    /** {@code {Hall.Light.brightness}} in a string. */
    record Hole(Expr value) implements Part {}

    /** A bare lower-case word: {@code on}, {@code closed}, an enum value, or a {@code let} name. */
    record Word(String text, Span span) implements Expr {}

    /** A device, point, group, variable, counter, or upper-case {@code let} name. */
    record Use(Ref ref) implements Expr {
        @Override
        public Span span() {
            return ref.span();
        }
    }

    /** {@code event.button}: a field of the event that triggered the rule. */
    record EventField(Name field, Span span) implements Expr {}

    /** {@code sun is down} ({@code up} false) or {@code sun is up}. */
    record SunIs(boolean up, Span span) implements Expr {}

    /** {@code sun.elevation}, {@code sun.azimuth}. */
    record SunValue(Name property, Span span) implements Expr {}

    /** {@code sunset}, a time of day. */
    record SunTime(SunEvent event, Span span) implements Expr {}

    /** The daily events of the sun. Dawn and dusk are civil (sun 6° below the horizon). */
    enum SunEvent {
        DAWN,
        SUNRISE,
        NOON,
        SUNSET,
        DUSK
    }

    /** {@code time}: the time of day now. */
    record TimeNow(Span span) implements Expr {}

    /** {@code today is workday}. */
    record TodayIs(DaySet days, Span span) implements Expr {}

    /** {@code - x}. */
    record Negate(Expr operand, Span span) implements Expr {}

    /** {@code not x}, also from {@code is not}. */
    record Not(Expr operand, Span span) implements Expr {}

    /** Arithmetic. */
    record Arithmetic(ArithmeticOp op, Expr left, Expr right, Span span) implements Expr {}

    /** The four operations. */
    enum ArithmeticOp {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/");

        private final String symbol;

        ArithmeticOp(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** {@code a < b}; {@code a is b} is EQ. */
    record Compare(CompareOp op, Expr left, Expr right, Span span) implements Expr {}

    /** The six comparisons. */
    enum CompareOp {
        EQ("is"),
        NE("is not"),
        LT("<"),
        LE("<="),
        GT(">"),
        GE(">=");

        private final String symbol;

        CompareOp(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** {@code time between 22:00 and 06:00}; for times of day the range may pass midnight. Both ends belong to it. */
    record Between(Expr value, Expr low, Expr high, Span span) implements Expr {}

    /** {@code Living.Temp is bad}. */
    record QualityIs(Expr value, QualityTest test, Span span) implements Expr {}

    /** What can be asked of a point or its device beside its value; never unknown itself. */
    enum QualityTest {
        /** Quality is bad. */
        BAD,
        /** Older than its max-age. */
        STALE,
        /** Has no usable value: never reported, bad, or stale. */
        UNKNOWN,
        /** The device is online. */
        ONLINE,
        /** The device is not online. */
        OFFLINE
    }

    /** {@code Hall.Motion is off for 5 min}: the condition has been true without a break for that long. */
    record HeldFor(Expr condition, Expr duration, Span span) implements Expr {}

    /** All of two or more. */
    record And(List<Expr> operands, Span span) implements Expr {
        public And {
            operands = List.copyOf(operands);
        }
    }

    /** At least one of two or more. */
    record Or(List<Expr> operands, Span span) implements Expr {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    /** The member at hand inside the test of {@link Quantified} and {@link Aggregate}. */
    record Member(Span span) implements Expr {}

    /**
     * {@code any of Windows is open}.
     *
     * @param group names a group; its member part names a point of each member
     * @param test holds {@link Member} where the member stands; a lone Member when the text gives no test
     */
    record Quantified(Quantifier quantifier, Ref group, Expr test, Span span) implements Expr {}

    /** How many members must pass. */
    enum Quantifier {
        ANY,
        ALL,
        NONE
    }

    /**
     * {@code average of Temperatures}, {@code count of Windows is open}.
     *
     * @param test which members count; null for all
     */
    record Aggregate(AggregateOp op, Ref group, @Nullable Expr test, Span span) implements Expr {}

    /** Functions over a group. */
    enum AggregateOp {
        COUNT,
        AVERAGE,
        MIN,
        MAX,
        SUM
    }

    /** {@code dewpoint(Living.Temp, Living.Humidity)}: a built-in or a bundle's function. */
    record Call(Name function, List<Arg> args, Span span) implements Expr {
        public Call {
            args = List.copyOf(args);
        }
    }

    /** {@code alarm Tank1HighHigh is active}. */
    record AlarmIs(Name alarm, AlarmTest test, Span span) implements Expr {}

    /** States of an alarm that can be asked for. */
    enum AlarmTest {
        NORMAL,
        ACTIVE,
        UNACKNOWLEDGED,
        ACKNOWLEDGED,
        RETURNED,
        SHELVED,
        SUPPRESSED,
        OUT_OF_SERVICE
    }

    /** A literal that could not be read; an error was reported, so no program that runs contains it. */
    record Invalid(Span span) implements Expr {}
}
