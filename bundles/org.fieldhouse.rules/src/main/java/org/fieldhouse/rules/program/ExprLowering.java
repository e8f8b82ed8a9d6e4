package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.rules.check.CheckedDecl;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.check.Type;
import org.fieldhouse.rules.program.Cells.Valued;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Expr.CompareOp;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/**
 * Makes conditions, numbers and values of checked expressions. Beyond 400 lines because each member of the expression family has
 * its few lines here, in one place, so that one that is missing is seen.
 */
final class ExprLowering {
    private final CheckedProgram checked;
    private final Cells cells = new Cells();
    private final List<HeldCode> held = new ArrayList<>();
    private Reads reads = new Reads();
    private String declaration = "";
    private int heldHere;
    private final Map<Stmt.Let, Integer> slots = new IdentityHashMap<>();
    private int slotCount;
    private @Nullable List<Integer> heldSlots;
    private @Nullable Resolution member;

    /** A number and its unit. */
    record Typed(Num num, Unit unit) {
        Num in(Unit target) {
            return Nums.convert(num, unit, target);
        }

        /** As a distance: offsets play no part. */
        Num distance(Unit target) {
            double factor = unit.factor() / target.factor();
            return factor == 1
                    ? num
                    : num instanceof Nums.Const c ? new Nums.Const(c.value * factor) : new Nums.Linear(num, factor, 0);
        }
    }

    ExprLowering(CheckedProgram checked) {
        this.checked = checked;
    }

    Cells cells() {
        return cells;
    }

    List<HeldCode> held() {
        return held;
    }

    /**
     * A new declaration begins: its locals and its lasting conditions are counted from 0.
     *
     * @param identity see {@link CheckedDecl#identity}
     */
    void enter(String identity) {
        declaration = identity;
        heldHere = 0;
        slotCount = 0;
        slots.clear();
        heldSlots = null;
        member = null;
        reads = new Reads();
    }

    int slot(Stmt.Let let) {
        return slots.computeIfAbsent(let, l -> slotCount++);
    }

    int hiddenSlot() {
        return slotCount++;
    }

    int slotCount() {
        return slotCount;
    }

    /** What is made, and what it reads. */
    record Made<T>(T node, Deps deps) {}

    <T> Made<T> reading(Supplier<T> make) {
        Reads outer = reads;
        reads = new Reads();
        T node = make.get();
        Deps deps = reads.deps();
        outer.addAll(reads);
        reads = outer;
        return new Made<>(node, deps);
    }

    /** Collects the hidden locals of what is made within, for the wait that it stands in. */
    int[] heldSlots(Runnable make) {
        List<Integer> here = new ArrayList<>();
        heldSlots = here;
        make.run();
        heldSlots = null;
        return here.stream().mapToInt(Integer::intValue).toArray();
    }

    Resolution resolve(Ref ref) {
        return checked.resolution(ref)
                .orElseThrow(() -> new Unsupported(ref, "'" + ref + "' means nothing that can run"));
    }

    Optional<Resolution> resolution(Node node) {
        return checked.resolution(node);
    }

    Optional<Value> constant(Expr e) {
        return checked.constant(e);
    }

    List<Resolution> members(Ref group) {
        Resolution resolution = resolve(group);
        return resolution instanceof Resolution.OfGroup all ? all.members() : List.of(resolution);
    }

    @Nullable
    Valued valued(Resolution resolution) {
        return Cells.valued(resolution, this::variable);
    }

    Source variable(org.fieldhouse.rules.syntax.ast.Decl.Variable variable, ValueSpec spec) {
        Value initial = checked.constant(variable.initial())
                .orElseThrow(() -> new Unsupported(variable, "it has no first value"));
        return new Source.OfVariable(variable.name().text(), spec, spec.normalize(initial));
    }

    int read(Valued what) {
        int cell = cells.of(what.source());
        reads.cell(cell);
        return cell;
    }

    int readDevice(DeviceInfo device) {
        int cell = cells.device(device.id());
        reads.cell(cell);
        return cell;
    }

    // ---- conditions
    // --------------------------------------------------------------------------------------------------

    Cond cond(Expr e) {
        Optional<Value> constant = checked.constant(e);
        if (constant.isPresent() && constant.get() instanceof Bool bool) {
            return new Conds.Const(bool.on());
        } else if (e instanceof Expr.And and) {
            return new Conds.And(conds(and.operands()));
        } else if (e instanceof Expr.Or or) {
            return new Conds.Or(conds(or.operands()));
        } else if (e instanceof Expr.Not not) {
            return new Conds.Not(cond(not.operand()));
        } else if (e instanceof Expr.Compare compare) {
            return compare(compare);
        } else if (e instanceof Expr.Between between) {
            return between(between);
        } else if (e instanceof Expr.QualityIs quality) {
            return quality(quality);
        } else if (e instanceof Expr.HeldFor lasting) {
            return lasting(lasting);
        } else if (e instanceof Expr.Quantified quantified) {
            return quantified(quantified);
        } else if (e instanceof Expr.SunIs sun) {
            reads.time();
            return new Conds.SunIs(sun.up());
        } else if (e instanceof Expr.TodayIs today) {
            reads.time();
            return new Conds.TodayIs(new Days(today.days().week(), today.days().holidays()));
        } else if (e instanceof Expr.EventField field) {
            reads.local();
            return new Conds.ArgumentOn(field.field().text());
        } else if (e instanceof Expr.AlarmIs alarm) {
            return alarm(alarm);
        } else if (e instanceof Expr.Call call) {
            return new Calls.Condition(contributed(call));
        }
        Resolution resolution = named(e);
        if (resolution instanceof Resolution.OfLocal local) {
            reads.local();
            return new Conds.LocalOn(slot(local.let()));
        }
        Valued valued = resolution == null ? null : valued(resolution);
        if (valued != null) {
            return new Conds.CellOn(read(valued));
        }
        throw new Unsupported(e, "this condition cannot be run");
    }

    private Cond alarm(Expr.AlarmIs e) {
        int cell = cells.of(new Source.OfDeclaration("alarm " + e.alarm().text(), null));
        reads.cell(cell);
        if (e.test() == Expr.AlarmTest.ACTIVE) {
            return new Conds.Or(new Cond[] {
                new Conds.CellIs(cell, new Choice("unacknowledged")), new Conds.CellIs(cell, new Choice("acknowledged"))
            });
        }
        return new Conds.CellIs(cell, new Choice(e.test().name().toLowerCase(Locale.ROOT)));
    }

    private Cond[] conds(List<Expr> operands) {
        return operands.stream().map(this::cond).toArray(Cond[]::new);
    }

    /** What a name, a member of a group or a word for a local stands for; null for other expressions. */
    private @Nullable Resolution named(Expr e) {
        if (e instanceof Expr.Use use) {
            return resolve(use.ref());
        } else if (e instanceof Expr.Member) {
            return member;
        } else if (e instanceof Expr.Word) {
            return checked.resolution(e).orElse(null);
        }
        return null;
    }

    private Cond compare(Expr.Compare e) {
        Expr left = e.left();
        Expr right = e.right();
        if (left instanceof Expr.TimeNow || right instanceof Expr.TimeNow) {
            reads.time();
            return left instanceof Expr.TimeNow
                    ? new Conds.TimeAgainst(e.op(), number(right))
                    : new Conds.TimeAgainst(turned(e.op()), number(left));
        }
        Resolution named = named(left);
        Valued valued = named == null ? null : valued(named);
        if (valued != null) {
            return against(valued, e.op(), right);
        }
        Resolution other = named(right);
        Valued otherValued = other == null ? null : valued(other);
        if (otherValued != null) {
            return against(otherValued, turned(e.op()), left);
        }
        Type type = typeOf(left);
        if (type instanceof Type.QuantityType) {
            Typed a = typed(left);
            return new Conds.Compare(e.op(), a.num(), typed(right).in(a.unit()));
        } else if (type instanceof Type.TimeOfDayType || type instanceof Type.DateType) {
            return new Conds.Compare(e.op(), number(left), number(right));
        } else if (type instanceof Type.BoolType) {
            return signed(e.op(), new Conds.Equivalent(cond(left), cond(right)));
        }
        return signed(e.op(), new Conds.Same(val(left), val(right)));
    }

    private Type typeOf(Expr e) {
        return checked.type(e);
    }

    /** A point, variable or counter compared with an expression. */
    Cond against(Valued valued, CompareOp op, Expr right) {
        int cell = read(valued);
        Optional<Value> constant = checked.constant(right);
        ValueKind kind = valued.spec().kind();
        if (kind == ValueKind.BOOL) {
            if (constant.isPresent() && constant.get() instanceof Bool bool) {
                return bool.on() == (op == CompareOp.EQ) ? new Conds.CellOn(cell) : new Conds.CellOff(cell);
            }
            return signed(op, new Conds.Equivalent(new Conds.CellOn(cell), cond(right)));
        } else if (kind == ValueKind.QUANTITY) {
            Num limit = typed(right).in(valued.unit());
            return limit instanceof Nums.Const c
                    ? new Conds.CellAgainst(cell, op, c.value)
                    : new Conds.Compare(op, new Nums.CellNumber(cell), limit);
        }
        Cond same = constant.isPresent()
                ? new Conds.CellIs(cell, constant.get())
                : new Conds.Same(new Vals.CellValue(cell), val(right));
        return signed(op, same);
    }

    private static Cond signed(CompareOp op, Cond same) {
        return op == CompareOp.NE ? new Conds.Not(same) : same;
    }

    private static CompareOp turned(CompareOp op) {
        return switch (op) {
            case EQ, NE -> op;
            case LT -> CompareOp.GT;
            case LE -> CompareOp.GE;
            case GT -> CompareOp.LT;
            case GE -> CompareOp.LE;
        };
    }

    private Cond between(Expr.Between e) {
        if (e.value() instanceof Expr.TimeNow) {
            reads.time();
            return new Conds.TimeBetween(number(e.low()), number(e.high()));
        }
        Typed value = typed(e.value());
        return new Conds.And(new Cond[] {
            new Conds.Compare(CompareOp.GE, value.num(), typed(e.low()).in(value.unit())),
            new Conds.Compare(CompareOp.LE, value.num(), typed(e.high()).in(value.unit()))
        });
    }

    private Cond quality(Expr.QualityIs e) {
        Resolution named = named(e.value());
        boolean ofDevice = e.test() == Expr.QualityTest.ONLINE || e.test() == Expr.QualityTest.OFFLINE;
        if (named instanceof Resolution.OfDevice device) {
            return new Conds.QualityIs(readDevice(device.device()), e.test());
        } else if (named instanceof Resolution.OfPoint point && ofDevice) {
            return new Conds.QualityIs(readDevice(point.device()), e.test());
        }
        Valued valued = named == null ? null : valued(named);
        if (valued != null) {
            return new Conds.QualityIs(read(valued), e.test());
        }
        return e.test() == Expr.QualityTest.STALE ? new Conds.Const(false) : new Conds.IsUnknown(val(e.value()));
    }

    private Cond lasting(Expr.HeldFor e) {
        Num[] seconds = new Num[1];
        Reads outer = reads;
        reads = new Reads();
        Cond condition = cond(e.condition());
        Reads inner = reads;
        seconds[0] = typed(e.duration()).in(Units.SECOND);
        boolean local = reads.isLocal();
        reads = outer;
        outer.addAll(inner);
        outer.time();
        if (local) {
            int slot = hiddenSlot();
            if (heldSlots != null) {
                heldSlots.add(slot);
            }
            return new Conds.HeldLocally(slot, condition, seconds[0]);
        }
        return lasting(condition, inner.deps(), seconds[0], false);
    }

    /** Measures how long a condition lasts. */
    Cond lasting(Cond condition, Deps deps, Num seconds, boolean edged) {
        reads.time();
        held.add(new HeldCode("held " + declaration + " h" + heldHere++, condition, deps, edged));
        return new Conds.HeldFor(held.size() - 1, condition, seconds);
    }

    private Cond quantified(Expr.Quantified e) {
        Cond[] tests = each(e.group(), e.test());
        return switch (e.quantifier()) {
            case ANY -> new Conds.Or(tests);
            case ALL -> new Conds.And(tests);
            case NONE -> new Conds.Not(new Conds.Or(tests));
        };
    }

    private Cond[] each(Ref group, Expr test) {
        List<Cond> tests = new ArrayList<>();
        for (Resolution each : members(group)) {
            tests.add(with(each, () -> cond(test)));
        }
        return tests.toArray(new Cond[0]);
    }

    private <T> T with(Resolution each, Supplier<T> make) {
        Resolution outer = member;
        member = each;
        T made = make.get();
        member = outer;
        return made;
    }

    // ---- numbers
    // -----------------------------------------------------------------------------------------------------

    /** Seconds of the day, days since 1970, or a number in the expression's own unit. */
    Num number(Expr e) {
        return typed(e).num();
    }

    Num seconds(Expr e) {
        return typed(e).in(Units.SECOND);
    }

    Typed typed(Expr e) {
        Optional<Value> constant = checked.constant(e);
        if (constant.isPresent() && constant.get() instanceof Quantity q) {
            return new Typed(new Nums.Const(q.number()), q.unit());
        } else if (e instanceof Expr.Num num) {
            return new Typed(new Nums.Const(num.value()), Unit.ONE);
        } else if (e instanceof Expr.DurationLit duration) {
            return new Typed(new Nums.Const(duration.value().toNanos() / 1e9), Units.SECOND);
        } else if (e instanceof Expr.TimeLit time) {
            return new Typed(new Nums.Const(time.value().toNanoOfDay() / 1e9), Units.SECOND);
        } else if (e instanceof Expr.DateLit date) {
            return new Typed(new Nums.Const(date.value().toEpochDay()), Unit.ONE);
        } else if (e instanceof Expr.SunTime sun) {
            reads.time();
            return new Typed(new Nums.SunTime(sun.event()), Units.SECOND);
        } else if (e instanceof Expr.SunValue sun) {
            reads.time();
            return new Typed(new Nums.SunAngle(sun.property().text().equals("elevation")), Units.of("°"));
        } else if (e instanceof Expr.TimeNow) {
            reads.time();
            return new Typed(new Nums.TimeNow(), Units.SECOND);
        } else if (e instanceof Expr.Negate negate) {
            Typed inner = typed(negate.operand());
            return new Typed(new Nums.Linear(inner.num(), -1, 0), inner.unit());
        } else if (e instanceof Expr.Arithmetic arithmetic) {
            return arithmetic(arithmetic);
        } else if (e instanceof Expr.Aggregate aggregate) {
            return aggregate(aggregate);
        } else if (e instanceof Expr.Call call) {
            return call(call);
        }
        return namedNumber(e);
    }

    private Typed namedNumber(Expr e) {
        if (e instanceof Expr.EventField field) {
            reads.local();
            Unit unit = unitOf(e);
            return new Typed(new Nums.ArgumentNumber(field.field().text(), unit), unit);
        }
        Resolution named = named(e);
        if (named instanceof Resolution.OfLocal local) {
            reads.local();
            Unit unit = unitOf(e);
            return new Typed(new Nums.LocalNumber(slot(local.let()), unit), unit);
        }
        Valued valued = named == null ? null : valued(named);
        if (valued != null) {
            return new Typed(new Nums.CellNumber(read(valued)), valued.unit());
        }
        throw new Unsupported(e, "this calculation cannot be run");
    }

    private Unit unitOf(Expr e) {
        return checked.type(e) instanceof Type.QuantityType q ? q.unit() : Units.SECOND;
    }

    private Typed arithmetic(Expr.Arithmetic e) {
        Typed a = typed(e.left());
        Typed b = typed(e.right());
        Unit result = unitOf(e);
        double scale = e.op() == Expr.ArithmeticOp.SUBTRACT ? -1 : 1;
        switch (e.op()) {
            case MULTIPLY -> {
                double factor = a.unit().factor() * b.unit().factor() / result.factor();
                return new Typed(new Nums.Product(a.num(), b.num(), factor), result);
            }
            case DIVIDE -> {
                double factor = a.unit().factor() / b.unit().factor() / result.factor();
                return new Typed(new Nums.Quotient(a.num(), b.num(), factor), result);
            }
            case ADD, SUBTRACT -> {
                boolean scaleOfLeft = a.unit().isAbsolute();
                if (scaleOfLeft && b.unit().isAbsolute()) {
                    Typed gap = new Typed(new Nums.Sum(a.num(), b.in(a.unit()), scale), a.unit());
                    return new Typed(gap.distance(result), result);
                }
                if (!scaleOfLeft && b.unit().isAbsolute()) {
                    return new Typed(new Nums.Sum(b.num(), a.distance(b.unit()), scale), b.unit());
                }
                return new Typed(new Nums.Sum(a.num(), b.distance(a.unit()), scale), a.unit());
            }
        }
        throw new Unsupported(e, "this calculation cannot be run");
    }

    /** Functions over numbers; all arguments in the unit of the result. */
    private Typed call(Expr.Call e) {
        Unit unit = unitOf(e);
        if (checked.resolution(e).isPresent()) {
            return new Typed(new Calls.Number(contributed(e), unit), unit);
        }
        Num a = typed(e.args().get(0).value()).in(unit);
        return new Typed(
                switch (e.function().text()) {
                    case "abs" -> new Nums.Function(Math::abs, a);
                    case "round" -> new Nums.Function(Math::rint, a);
                    case "floor" -> new Nums.Function(Math::floor, a);
                    case "ceil" -> new Nums.Function(Math::ceil, a);
                    case "min" ->
                        new Nums.Function2(
                                Math::min, a, typed(e.args().get(1).value()).in(unit));
                    case "max" ->
                        new Nums.Function2(
                                Math::max, a, typed(e.args().get(1).value()).in(unit));
                    default ->
                        throw new Unsupported(
                                e, "there is no function " + e.function().text());
                },
                unit);
    }

    /** A function that a bundle contributes; whether it is there is read as well, so what depends on it looks again when it comes. */
    private Val contributed(Expr.Call e) {
        FunctionSpec spec = checked.resolution(e).orElse(null) instanceof Resolution.OfFunction f ? f.spec() : null;
        if (spec == null) {
            throw new Unsupported(e, "there is no function " + e.function().text());
        }
        int presence = cells.of(new Source.OfDeclaration(Calls.presence(spec.name()), null));
        reads.cell(presence);
        return new Calls.Pure(spec, presence, params(e.args()));
    }

    /** Arguments by the names that the checker found for them. */
    List<Param> params(List<Arg> args) {
        List<Param> params = new ArrayList<>();
        for (Arg arg : args) {
            Name name = arg.name();
            String text = name != null
                    ? name.text()
                    : checked.resolution(arg).orElse(null) instanceof Resolution.OfParameter parameter
                            ? parameter.spec().name()
                            : "";
            params.add(new Param(text, val(arg.value())));
        }
        return params;
    }

    private Typed aggregate(Expr.Aggregate e) {
        Expr test = e.test();
        if (e.op() == Expr.AggregateOp.COUNT) {
            if (test != null) {
                return new Typed(new Nums.Count(each(e.group(), test)), Unit.ONE);
            }
            return new Typed(new Nums.Const(members(e.group()).size()), Unit.ONE);
        }
        Unit unit = unitOf(e);
        List<Num> all = new ArrayList<>();
        for (Resolution each : members(e.group())) {
            Valued valued = valued(each);
            if (valued != null) {
                all.add(Nums.convert(new Nums.CellNumber(read(valued)), valued.unit(), unit));
            }
        }
        return new Typed(new Nums.Aggregate(e.op(), all.toArray(new Num[0])), unit);
    }

    // ---- values
    // ------------------------------------------------------------------------------------------------------

    Val val(Expr e) {
        Optional<Value> constant = checked.constant(e);
        if (constant.isPresent()) {
            return new Vals.Const(constant.get());
        } else if (e instanceof Expr.TextLit text) {
            return text(text);
        } else if (e instanceof Expr.EventField field) {
            reads.local();
            return new Vals.Argument(field.field().text());
        } else if (e instanceof Expr.Call call && checked.resolution(e).isPresent()) {
            return contributed(call);
        }
        Resolution named = named(e);
        if (named instanceof Resolution.OfLocal local) {
            reads.local();
            return new Vals.Local(slot(local.let()));
        }
        Valued valued = named == null ? null : valued(named);
        if (valued != null) {
            return new Vals.CellValue(read(valued));
        }
        Type type = checked.type(e);
        if (type instanceof Type.BoolType) {
            return new Vals.OfCond(cond(e));
        } else if (type instanceof Type.QuantityType) {
            Typed number = typed(e);
            return new Vals.OfNum(number.num(), number.unit());
        } else if (type instanceof Type.TimeOfDayType) {
            return new Vals.Clock(number(e));
        }
        throw new Unsupported(e, "this value cannot be worked out");
    }

    Val text(Expr.TextLit e) {
        if (e.isPlain()) {
            return new Vals.Const(new Text(e.plain()));
        }
        List<Vals.Piece> pieces = new ArrayList<>();
        for (Expr.Part part : e.parts()) {
            if (part instanceof Expr.Text text) {
                pieces.add(new Vals.Piece(new Vals.Const(new Text(text.text())), "", ""));
            } else if (part instanceof Expr.Hole hole) {
                Type type = checked.type(hole.value());
                boolean words = type instanceof Type.BoolType;
                String off = words ? ((Type.BoolType) type).off() : "off";
                String on = words ? ((Type.BoolType) type).on() : "on";
                pieces.add(new Vals.Piece(val(hole.value()), off, on));
            }
        }
        return new Vals.Template(pieces);
    }
}
