package org.fieldhouse.rules.check;

import java.util.Collections;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;

/** What types have to do with each other. */
final class Types {
    private Types() {}

    /** The type of what that specification allows. */
    static Type of(ValueSpec spec) {
        Unit unit = spec.unit();
        return switch (spec.kind()) {
            case BOOL -> new Type.BoolType(spec.options().get(0), spec.options().get(1));
            case QUANTITY -> new Type.QuantityType(unit == null ? Unit.ONE : unit);
            case TEXT -> Type.TEXT;
            case CHOICE -> new Type.ChoiceType(spec.options());
            case MOMENT -> Type.MOMENT;
            case COLOUR -> Type.COLOUR;
        };
    }

    /** Whether values of both can be compared, and one be put where the other is expected. A plain number is no percentage. */
    static boolean compatible(Type a, Type b) {
        if (a instanceof Type.UnknownType || b instanceof Type.UnknownType) {
            return true;
        }
        if (a instanceof Type.QuantityType x && b instanceof Type.QuantityType y) {
            return x.unit().convertsTo(y.unit()) && isPlain(x) == isPlain(y);
        }
        if (a instanceof Type.ChoiceType x && b instanceof Type.ChoiceType y) {
            return !Collections.disjoint(x.options(), y.options());
        }
        return a.getClass() == b.getClass();
    }

    /** Whether there is a smaller and a larger. */
    static boolean ordered(Type type) {
        return type instanceof Type.QuantityType
                || type instanceof Type.TimeOfDayType
                || type instanceof Type.DateType
                || type instanceof Type.MomentType
                || type instanceof Type.UnknownType;
    }

    static boolean isPlain(Type.QuantityType type) {
        return type.unit().symbol().isEmpty();
    }

    static boolean isUnknown(Type type) {
        return type instanceof Type.UnknownType;
    }

    /** In words for a person. */
    static String describe(Type type) {
        if (type instanceof Type.BoolType bool) {
            return bool.equals(Type.BoolType.CONDITION) ? "on or off" : bool.on() + " or " + bool.off();
        } else if (type instanceof Type.QuantityType q) {
            return isPlain(q) ? "a number without unit" : q.unit().describe();
        } else if (type instanceof Type.TextType) {
            return "text";
        } else if (type instanceof Type.ChoiceType choice) {
            return "one of " + String.join(", ", choice.options());
        } else if (type instanceof Type.MomentType) {
            return "a point in time";
        } else if (type instanceof Type.ColourType) {
            return "a colour";
        } else if (type instanceof Type.TimeOfDayType) {
            return "a time of day";
        }
        return type instanceof Type.DateType ? "a date" : "unknown";
    }
}
