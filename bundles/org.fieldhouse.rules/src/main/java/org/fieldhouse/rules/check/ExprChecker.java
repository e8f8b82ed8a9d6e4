package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Span;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/**
 * Gives every expression its type. A literal is read from the type of its neighbour ({@code off} of the point it is compared
 * with, {@code 70 °F} in the point's °C), which is handed down as a hint.
 */
final class ExprChecker {
    private final Resolver names;
    private final Facts facts;
    private final Findings findings;
    private final Literals literals;
    private final Arithmetic arithmetic;
    private final List<EventSpec> events = new ArrayList<>();
    private @Nullable Type member;

    ExprChecker(Resolver names, Facts facts, Findings findings) {
        this.names = names;
        this.facts = facts;
        this.findings = findings;
        this.literals = new Literals(facts, findings);
        this.arithmetic = new Arithmetic(this, facts, findings);
    }

    /** The events that can trigger the body that is checked now; {@code event.x} is a field of one of them. */
    void triggeredBy(List<EventSpec> triggers) {
        events.clear();
        events.addAll(triggers);
    }

    Scope scope() {
        return names.scope();
    }

    /** A condition: on/off, open/closed, a comparison. */
    void condition(Expr e) {
        Type type = check(e, Type.BoolType.CONDITION);
        if (!(type instanceof Type.BoolType) && !Types.isUnknown(type)) {
            findings.add(
                    Code.E203,
                    e.span(),
                    "this is " + Types.describe(type) + ", not a condition",
                    "compare it with something");
        }
    }

    /** A length of time. */
    void duration(Expr e) {
        Type type = check(e, new Type.QuantityType(Units.SECOND));
        boolean time = type instanceof Type.QuantityType q && q.isTime();
        if (!time && !Types.isUnknown(type)) {
            findings.add(
                    Code.E203,
                    e.span(),
                    "this is " + Types.describe(type) + ", not a length of time",
                    "write 5 min or 30 s");
        } else if (time && constant(e) instanceof Quantity q && q.number() < 0) {
            findings.add(Code.E204, e.span(), "a length of time cannot be negative", "");
        }
    }

    /** A length of time that nothing can change while the rules run. */
    void fixedDuration(Expr e) {
        int told = findings.told();
        duration(e);
        if (findings.told() == told && constant(e) == null) {
            findings.add(Code.E203, e.span(), "a plain length of time is needed here", "write 15 min or 1 h 30 min");
        }
    }

    /** A value for something that can only hold what {@code spec} allows. */
    Type value(Expr e, ValueSpec spec, String what) {
        Type wanted = Types.of(spec);
        Type type = check(e, wanted);
        if (!Types.compatible(type, wanted)) {
            findings.add(
                    Code.E203,
                    e.span(),
                    what + " takes " + (wanted instanceof Type.QuantityType ? spec.describe() : Types.describe(wanted))
                            + ", not " + Types.describe(type),
                    unitHelp(e, type, wanted));
        } else {
            inRange(e, spec, what);
        }
        return type;
    }

    private void inRange(Expr e, ValueSpec spec, String what) {
        Value value = constant(e);
        if (value != null) {
            spec.violation(value)
                    .ifPresent(why -> findings.add(Code.E204, e.span(), why, what + " takes " + spec.describe()));
        }
    }

    private static String unitHelp(Expr e, Type type, Type wanted) {
        boolean bare = e instanceof Expr.Num && wanted instanceof Type.QuantityType;
        if (bare && wanted instanceof Type.QuantityType q) {
            return "write " + Quantity.of(((Expr.Num) e).value()) + " " + q.unit();
        }
        boolean difference = type instanceof Type.QuantityType a
                && wanted instanceof Type.QuantityType b
                && a.unit().dimension().equals(b.unit().dimension())
                && a.unit().isAbsolute() != b.unit().isAbsolute();
        if (wanted instanceof Type.ColourType) {
            return "write a name such as red, or \"#ff8800\"";
        }
        return difference ? "°C is a place on the scale, K a difference" : "";
    }

    Type check(Expr e, @Nullable Type hint) {
        Type type = of(e, hint);
        facts.types.put(e, type);
        return type;
    }

    @Nullable
    Value constant(Expr e) {
        return literals.constant(e);
    }

    private Type of(Expr e, @Nullable Type hint) {
        if (e instanceof Expr.Num num) {
            return literals.number(num);
        } else if (e instanceof Expr.Quantity quantity) {
            return literals.quantity(quantity, hint);
        } else if (e instanceof Expr.DurationLit duration) {
            return literals.duration(duration, hint);
        } else if (e instanceof Expr.TextLit text) {
            return text(text, hint);
        } else if (e instanceof Expr.Word word) {
            return word(word, hint);
        } else if (e instanceof Expr.Use use) {
            return use(use);
        } else if (e instanceof Expr.Arithmetic sum) {
            return arithmetic.check(sum, hint);
        } else if (e instanceof Expr.Negate negate) {
            return arithmetic.negate(negate, hint);
        } else if (e instanceof Expr.Call call) {
            return arithmetic.call(call, hint);
        } else if (e instanceof Expr.TimeLit || e instanceof Expr.TimeNow || e instanceof Expr.SunTime) {
            return Type.TIME_OF_DAY;
        } else if (e instanceof Expr.DateLit) {
            return Type.DATE;
        } else if (e instanceof Expr.Member) {
            return member == null ? Type.UNKNOWN : member;
        } else if (e instanceof Expr.EventField field) {
            return eventField(field);
        } else if (e instanceof Expr.SunValue sun) {
            return sunValue(sun);
        } else if (e instanceof Expr.Invalid) {
            findings.addReported();
            return Type.UNKNOWN;
        } else if (e instanceof Expr.Aggregate aggregate) {
            return aggregate(aggregate);
        }
        logical(e);
        return Type.BoolType.CONDITION;
    }

    private void logical(Expr e) {
        if (e instanceof Expr.And and) {
            and.operands().forEach(this::condition);
        } else if (e instanceof Expr.Or or) {
            or.operands().forEach(this::condition);
        } else if (e instanceof Expr.Not not) {
            condition(not.operand());
        } else if (e instanceof Expr.HeldFor held) {
            condition(held.condition());
            duration(held.duration());
        } else if (e instanceof Expr.Compare compare) {
            compare(compare);
        } else if (e instanceof Expr.Between between) {
            between(between);
        } else if (e instanceof Expr.QualityIs quality) {
            quality(quality);
        } else if (e instanceof Expr.Quantified quantified) {
            Resolution.OfGroup group = names.group(quantified.group());
            overMembers(group, quantified.group().span(), quantified.test());
        } else if (e instanceof Expr.AlarmIs alarm) {
            names.declaration("alarm", alarm.alarm());
        }
    }

    private Type text(Expr.TextLit text, @Nullable Type hint) {
        for (Expr.Part part : text.parts()) {
            if (part instanceof Expr.Hole hole) {
                check(hole.value(), null);
            }
        }
        return literals.text(text, hint);
    }

    private Type word(Expr.Word word, @Nullable Type hint) {
        Stmt.Let local = names.local(word.text());
        if (local != null) {
            facts.resolutions.put(word, new Resolution.OfLocal(local));
            return facts.types.getOrDefault(local.value(), Type.UNKNOWN);
        }
        if (hint == null && !names.localNames().isEmpty()) {
            String meant = Suggestions.didYouMean(word.text(), names.localNames());
            if (!meant.isEmpty()) {
                findings.add(Code.E101, word.span(), "unknown name " + word.text(), meant);
                return Type.UNKNOWN;
            }
        }
        return literals.word(word, hint);
    }

    private Type use(Expr.Use use) {
        Resolution found = names.value(use.ref());
        if (found instanceof Resolution.OfGroup group) {
            String name = group.group().key();
            findings.add(
                    Code.E106,
                    use.span(),
                    name + " is a group",
                    "write any of " + name + ", all of " + name + ", average of " + name);
            return Type.UNKNOWN;
        }
        return found == null ? Type.UNKNOWN : read(found, use.ref());
    }

    /** The type of what is read; reports what cannot be read. */
    private Type read(Resolution found, Ref ref) {
        if (found instanceof Resolution.OfLocal local) {
            return facts.types.getOrDefault(local.let().value(), Type.UNKNOWN);
        }
        if (found instanceof Resolution.OfPoint point && !point.spec().access().readable()) {
            findings.add(Code.E106, ref.span(), ref + " can be written only", "it never says what it is");
        }
        ValueSpec spec = specOf(found);
        return spec == null ? Type.UNKNOWN : Types.of(spec);
    }

    /** The values that a resolved name can have; null if it has none. */
    static @Nullable ValueSpec specOf(@Nullable Resolution found) {
        if (found instanceof Resolution.OfPoint point) {
            return point.spec().value();
        } else if (found instanceof Resolution.OfVariable variable) {
            return variable.spec();
        } else if (found instanceof Resolution.OfCounter counter) {
            return counter.spec();
        } else if (found instanceof Resolution.OfParameter parameter) {
            return parameter.spec().value();
        }
        return null;
    }

    private Type eventField(Expr.EventField field) {
        Set<String> known = new TreeSet<>();
        for (EventSpec event : events) {
            for (ArgumentSpec argument : event.arguments()) {
                known.add(argument.name());
                if (argument.name().equals(field.field().text())) {
                    facts.resolutions.put(field.field(), new Resolution.OfParameter(argument));
                    return Types.of(argument.value());
                }
            }
        }
        String help = Suggestions.didYouMean(field.field().text(), known);
        findings.add(
                Code.E102,
                field.field().span(),
                "no event of this rule has a field " + field.field().text(),
                help.isEmpty() && !known.isEmpty() ? "they have " + String.join(", ", known) : help);
        return Type.UNKNOWN;
    }

    private Type sunValue(Expr.SunValue sun) {
        Set<String> known = Set.of("elevation", "azimuth");
        if (!known.contains(sun.property().text())) {
            findings.add(
                    Code.E102,
                    sun.property().span(),
                    "the sun has no " + sun.property().text(),
                    "it has elevation and azimuth");
            return Type.UNKNOWN;
        }
        return new Type.QuantityType(Units.of("°"));
    }

    private Type aggregate(Expr.Aggregate aggregate) {
        Resolution.OfGroup group = names.group(aggregate.group());
        Expr test = aggregate.test();
        if (aggregate.op() == Expr.AggregateOp.COUNT) {
            if (test != null) {
                overMembers(group, aggregate.group().span(), test);
            }
            return new Type.QuantityType(Unit.ONE);
        }
        Type type = memberType(group, aggregate.group().span());
        if (!(type instanceof Type.QuantityType q)) {
            if (!Types.isUnknown(type)) {
                findings.add(
                        Code.E201,
                        aggregate.group().span(),
                        "members are " + Types.describe(type) + ", not numbers",
                        "");
            }
            return Type.UNKNOWN;
        }
        if (aggregate.op() == Expr.AggregateOp.SUM && q.unit().isAbsolute()) {
            findings.add(
                    Code.E201, aggregate.span(), "places on a scale cannot be added: " + q.unit(), "use average of");
        }
        return type;
    }

    private void overMembers(Resolution.@Nullable OfGroup group, Span span, Expr test) {
        Type outer = member;
        member = memberType(group, span);
        condition(test);
        member = outer;
    }

    /** The type that all members share; units may differ where they convert. */
    private Type memberType(Resolution.@Nullable OfGroup group, Span span) {
        if (group == null) {
            return Type.UNKNOWN;
        }
        Type first = Type.UNKNOWN;
        for (Resolution each : group.members()) {
            ValueSpec spec = specOf(each);
            Type type = spec == null ? Type.UNKNOWN : Types.of(spec);
            if (Types.isUnknown(first)) {
                first = type;
            } else if (!Types.compatible(first, type)) {
                findings.add(
                        Code.E202,
                        span,
                        "members of " + group.group().key() + " are of different kinds: " + Types.describe(first)
                                + " and " + Types.describe(type),
                        "name the point: " + group.group().key() + ".point");
                return Type.UNKNOWN;
            }
        }
        return first;
    }

    /** The type of a group's members. */
    Type ofGroup(Ref ref) {
        return memberType(names.group(ref), ref.span());
    }

    private void quality(Expr.QualityIs quality) {
        boolean ofDevice = quality.test() == Expr.QualityTest.ONLINE || quality.test() == Expr.QualityTest.OFFLINE;
        if (!(quality.value() instanceof Expr.Use use)) {
            check(quality.value(), null);
            if (!(quality.value() instanceof Expr.Member)) {
                findings.add(
                        Code.E202, quality.value().span(), "only a point or a device has a quality", "name a point");
            }
        } else if (ofDevice
                && names.local(use.ref().path().text()) == null
                && names.scope().value(use.ref().path().text()) == null) {
            device(use.ref());
            facts.types.put(use, Type.UNKNOWN);
        } else {
            check(use, null);
        }
    }

    /** A device as a whole. */
    @Nullable
    DeviceInfo device(Ref ref) {
        DeviceInfo device = names.device(ref);
        if (device != null && ref.member() != null) {
            names.value(ref);
        } else if (device != null) {
            facts.resolutions.put(ref, new Resolution.OfDevice(device));
        }
        return device;
    }

    private void between(Expr.Between between) {
        Type type = check(between.value(), null);
        for (Expr bound : List.of(between.low(), between.high())) {
            Type other = check(bound, type);
            mismatch(between.span(), type, other, bound);
        }
        if (!Types.ordered(type)) {
            findings.add(Code.E202, between.span(), Types.describe(type) + " has no order", "use 'is'");
        }
    }

    private void compare(Expr.Compare compare) {
        Expr left = compare.left();
        Expr right = compare.right();
        boolean rightFirst = isLiteral(left) && !isLiteral(right);
        Type first = check(rightFirst ? right : left, null);
        Type second = check(rightFirst ? left : right, first);
        Type l = rightFirst ? second : first;
        Type r = rightFirst ? first : second;
        boolean order = compare.op() != Expr.CompareOp.EQ && compare.op() != Expr.CompareOp.NE;
        if (mismatch(compare.span(), l, r, right)) {
            return;
        }
        if (order && !Types.ordered(l)) {
            findings.add(Code.E202, compare.span(), Types.describe(l) + " has no order", "use 'is' or 'is not'");
        } else {
            possible(left, right);
            possible(right, left);
        }
    }

    /** Reports a pair that cannot be compared. */
    boolean mismatch(Span span, Type left, Type right, Expr rightSide) {
        if (Types.compatible(left, right)) {
            return false;
        }
        findings.add(
                Code.E202,
                span,
                "cannot compare " + Types.describe(left) + " with " + Types.describe(right),
                unitHelp(rightSide, right, left));
        return true;
    }

    /** A point is never outside its own range, so comparing it with a value from there is a slip. */
    private void possible(Expr read, Expr literal) {
        if (read instanceof Expr.Use use) {
            possible(use.ref(), literal);
        }
    }

    void possible(Ref read, Expr literal) {
        ValueSpec spec = specOf(facts.resolution(read));
        if (spec != null) {
            inRange(literal, spec, read.toString());
        }
    }

    static boolean isLiteral(Expr e) {
        return e instanceof Expr.Word
                || e instanceof Expr.TextLit
                || e instanceof Expr.Num
                || e instanceof Expr.Quantity
                || e instanceof Expr.DurationLit;
    }
}
