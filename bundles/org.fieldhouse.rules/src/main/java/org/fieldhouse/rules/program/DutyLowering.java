package org.fieldhouse.rules.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.program.Cells.Valued;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.jspecify.annotations.Nullable;

/** Makes what goes on all the time without a body: counters, alarms, links, uploads. */
final class DutyLowering {
    private final ExprLowering exprs;
    private final EdgeLowering edges;

    DutyLowering(ExprLowering exprs, EdgeLowering edges) {
        this.exprs = exprs;
        this.edges = edges;
    }

    // ---- counter
    // -----------------------------------------------------------------------------------------------------

    Code counter(Code.Head head, Decl.Counter counter) {
        Decl.Measure measure = counter.measure();
        Decl.Reset reset = counter.reset();
        Trigger resetWhen = reset == null || reset.when() == null ? null : single("reset", reset.when(), reset);
        Schedule resetAt = reset == null || reset.period() == null ? null : period(reset.period(), reset.at());
        if (measure instanceof Decl.TimeWhile m) {
            Unit unit = Units.of("h");
            var made = exprs.reading(() -> exprs.cond(m.condition()));
            return counter(head, unit, made.node(), null, 1 / unit.factor(), null, resetAt, resetWhen, made.deps());
        } else if (measure instanceof Decl.Integrates m) {
            Unit unit = Units.of(m.unit().text());
            ExprLowering.Made<ExprLowering.Typed> made = exprs.reading(() -> exprs.typed(m.value()));
            double perSecond = made.node().unit().factor() / unit.factor();
            return counter(head, unit, null, made.node().num(), perSecond, null, resetAt, resetWhen, made.deps());
        }
        Decl.Counts m = (Decl.Counts) measure;
        Trigger counts = single("counts", m.edge(), m);
        return counter(head, Unit.ONE, null, null, 0, counts, resetAt, resetWhen, Deps.NONE);
    }

    private Code counter(
            Code.Head head,
            Unit unit,
            @Nullable Cond condition,
            @Nullable Num value,
            double perSecond,
            @Nullable Trigger counts,
            @Nullable Schedule resetAt,
            @Nullable Trigger resetWhen,
            Deps deps) {
        int cell = exprs.cells().of(new Source.OfDeclaration(head.id(), unit));
        return new Code.Counter(head, cell, unit, condition, value, perSecond, counts, resetAt, resetWhen, deps);
    }

    private Trigger single(String key, Edge edge, Node at) {
        List<Trigger> all = edges.edge(key, edge);
        if (all.size() != 1) {
            throw new Unsupported(at, "a counter counts one edge; name a single point, or first of, last of, all of");
        }
        return all.get(0);
    }

    private Schedule period(Decl.Period period, @Nullable Expr at) {
        if (period == Decl.Period.HOURLY) {
            return new Schedule.Every(3_600_000_000L);
        }
        Num second = at == null ? new Nums.Const(0) : exprs.number(at);
        return new Schedule.Periodic(period, second);
    }

    // ---- alarm
    // -------------------------------------------------------------------------------------------------------

    Code alarm(Code.Head head, Decl.Alarm alarm) {
        Cond[] conditions = new Cond[3];
        Supplier<Cond[]> make = () -> {
            conditions[0] = cond(alarm.when());
            conditions[1] = cond(alarm.clear());
            conditions[2] = cond(alarm.suppress());
            return conditions;
        };
        Deps deps = exprs.reading(make).deps();
        List<Code.Escalation> escalations = new ArrayList<>();
        for (Decl.Escalation each : alarm.escalations()) {
            escalations.add(new Code.Escalation(each.to().text(), exprs.seconds(each.after()), each.unlessAcked()));
        }
        Expr.TextLit message = alarm.message();
        Expr most = alarm.shelveAtMost();
        return new Code.Alarm(
                head,
                exprs.cells().of(new Source.OfDeclaration(head.id(), null)),
                alarm.priority(),
                conditions[0],
                conditions[1],
                conditions[2],
                alarm.requiresAck(),
                message == null ? null : exprs.val(message),
                alarm.recipients().stream().map(Name::text).toList(),
                escalations,
                most == null ? null : exprs.seconds(most),
                deps);
    }

    private @Nullable Cond cond(@Nullable Expr condition) {
        return condition == null ? null : exprs.cond(condition);
    }

    // ---- link
    // --------------------------------------------------------------------------------------------------------

    Code link(Code.Head head, Decl.Link link, int slot) {
        DeviceInfo from = device(link.from());
        DeviceInfo to = device(link.to());
        List<Code.Wire> wires = new ArrayList<>();
        for (Name name : link.copy()) {
            if (link.runAt() == Decl.RunAt.DEVICE
                    && from.description().point(name.text()).isEmpty()) {
                continue; // nothing to forward; the machine does it, or nobody
            }
            Source.OfPoint source = point(from, name);
            Source.OfPoint target = point(to, name);
            int cell = exprs.cells().of(target);
            wires.add(new Code.Wire(exprs.cells().of(source), new Target.Point(cell, target.id())));
        }
        List<String> points = link.copy().stream().map(Name::text).toList();
        return new Code.Link(head, slot, wires, new DirectLink(from.id(), to.id(), points), link.runAt());
    }

    private DeviceInfo device(Ref ref) {
        Resolution resolution = exprs.resolve(ref);
        if (resolution instanceof Resolution.OfDevice device) {
            return device.device();
        } else if (resolution instanceof Resolution.OfPoint point) {
            return point.device();
        }
        throw new Unsupported(ref, "'" + ref + "' is no device");
    }

    private static Source.OfPoint point(DeviceInfo device, Name name) {
        PointSpec spec = device.description()
                .point(name.text())
                .orElseThrow(() -> new Unsupported(name, device.name() + " has no point " + name.text()));
        return new Source.OfPoint(
                new PointId(device.id(), spec.name()), spec.value().unit());
    }

    // ---- upload
    // ------------------------------------------------------------------------------------------------------

    Code upload(Code.Head head, Decl.Upload upload) {
        List<Code.Item> items = new ArrayList<>();
        for (Ref ref : upload.points()) {
            for (Resolution each : exprs.members(ref)) {
                Valued valued = exprs.valued(each);
                if (valued == null) {
                    throw new Unsupported(ref, "'" + ref + "' has no value");
                }
                items.add(item(ref, each, valued, upload.by()));
            }
        }
        Expr every = upload.every();
        Schedule schedule = null;
        if (every != null && exprs.seconds(every) instanceof Nums.Const c) {
            schedule = new Schedule.Every(Math.max(1_000_000L, Math.round(c.value * 1e6)));
        }
        Num buffer = upload.buffer() == null ? null : exprs.seconds(upload.buffer());
        double kept = buffer instanceof Nums.Const c ? c.value : Code.Upload.DEFAULT_BUFFER_SECONDS;
        return new Code.Upload(head, upload.to().text(), items, upload.changed(), schedule, kept);
    }

    private Code.Item item(Ref ref, Resolution each, Valued valued, @Nullable Expr by) {
        String name = each instanceof Resolution.OfPoint point
                ? point.device().name() + "." + point.spec().name()
                : ref.toString();
        Num least = null;
        boolean share = false;
        if (by != null) {
            ExprLowering.Typed typed = exprs.typed(by);
            share = typed.unit().equals(Units.PERCENT) && !valued.unit().equals(Units.PERCENT);
            least = share ? typed.in(Unit.ONE) : typed.distance(valued.unit());
        }
        return new Code.Item(name, exprs.cells().of(valued.source()), least, share);
    }
}
