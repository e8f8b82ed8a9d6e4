package org.fieldhouse.rules.program;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.program.Cells.Valued;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.DaySet;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Node;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.jspecify.annotations.Nullable;

/** Makes triggers of edges. */
final class EdgeLowering {
    private final ExprLowering exprs;

    EdgeLowering(ExprLowering exprs) {
        this.exprs = exprs;
    }

    List<Trigger> edges(List<Edge> edges) {
        List<Trigger> triggers = new ArrayList<>();
        for (int i = 0; i < edges.size(); i++) {
            triggers.addAll(edge(("e" + i).intern(), edges.get(i)));
        }
        return triggers;
    }

    List<Trigger> edge(String key, Edge edge) {
        if (edge instanceof Edge.Becomes e) {
            return becomes(key, e.subject(), e.heldFor(), valued -> exprs.against(valued, e.op(), e.value()));
        } else if (edge instanceof Edge.Presence e) {
            return becomes(key, e.subject(), e.heldFor(), valued -> {
                int cell = exprs.read(valued);
                return e.arrives() ? new Conds.CellOn(cell) : new Conds.CellOff(cell);
            });
        } else if (edge instanceof Edge.BecomesTrue e) {
            var made = exprs.reading(() -> exprs.cond(e.condition()));
            return List.of(new Trigger.Becomes(key, made.node(), made.deps(), true));
        } else if (edge instanceof Edge.Goes e) {
            return List.of(goes(key, e));
        } else if (edge instanceof Edge.Changes e) {
            return members(key, e.subject(), (own, valued) -> changes(own, valued, e));
        } else if (edge instanceof Edge.Reaches e) {
            return members(
                    key,
                    e.subject(),
                    (own, valued) -> new Trigger.Reaches(
                            own, exprs.read(valued), exprs.typed(e.value()).in(valued.unit())));
        } else if (edge instanceof Edge.DeviceEvent e) {
            return List.of(signalled(key, e));
        } else if (edge instanceof Edge.Started) {
            return List.of(new Trigger.Started(key));
        }
        return List.of(new Trigger.Scheduled(key, schedule(edge)));
    }

    private interface PerMember {
        Trigger of(String key, Valued member);
    }

    private List<Trigger> members(String key, Edge.Subject subject, PerMember make) {
        List<Trigger> triggers = new ArrayList<>();
        if (subject instanceof Edge.One one) {
            triggers.add(make.of(key, valued(one.ref(), exprs.resolve(one.ref()))));
        } else if (subject instanceof Edge.Of of) {
            for (Resolution each : exprs.members(of.ref())) {
                Valued member = valued(of.ref(), each);
                triggers.add(make.of(key + "/" + member.source(), member));
            }
        }
        return triggers;
    }

    private Valued valued(Node node, Resolution resolution) {
        Valued valued = exprs.valued(resolution);
        if (valued == null) {
            throw new Unsupported(node, "this has no value that could change");
        }
        return valued;
    }

    private List<Trigger> becomes(
            String key, Edge.Subject subject, @Nullable Expr heldFor, Function<Valued, Cond> condition) {
        if (subject instanceof Edge.Of of && of.which() != Edge.Which.ANY) {
            // The first of several is the edge of "any is so", the last and all of them that of "all are so".
            var made = exprs.reading(() -> {
                Cond[] all = exprs.members(of.ref()).stream()
                        .map(each -> condition.apply(valued(of.ref(), each)))
                        .toArray(Cond[]::new);
                return of.which() == Edge.Which.FIRST ? new Conds.Or(all) : new Conds.And(all);
            });
            return List.of(edge(key, made, heldFor));
        }
        return members(key, subject, (own, valued) -> edge(own, exprs.reading(() -> condition.apply(valued)), heldFor));
    }

    private Trigger edge(String key, ExprLowering.Made<? extends Cond> made, @Nullable Expr heldFor) {
        if (heldFor == null) {
            return new Trigger.Becomes(key, made.node(), made.deps(), true);
        }
        Num seconds = exprs.seconds(heldFor);
        Cond lasting = exprs.lasting(made.node(), made.deps(), seconds, true);
        return new Trigger.Becomes(key, lasting, new Deps(made.deps().cells(), true), true);
    }

    private Trigger goes(String key, Edge.Goes e) {
        DeviceInfo device = device(e.device());
        var made = exprs.reading(() -> {
            int cell = exprs.readDevice(device);
            return e.online() ? new Conds.CellOn(cell) : new Conds.CellOff(cell);
        });
        Expr heldFor = e.heldFor();
        if (heldFor == null) {
            return new Trigger.Becomes(key, made.node(), made.deps(), false);
        }
        Cond lasting = exprs.lasting(made.node(), made.deps(), exprs.seconds(heldFor), false);
        return new Trigger.Becomes(key, lasting, new Deps(made.deps().cells(), true), true);
    }

    private DeviceInfo device(Ref ref) {
        Resolution resolution = exprs.resolve(ref);
        if (resolution instanceof Resolution.OfDevice device) {
            return device.device();
        } else if (resolution instanceof Resolution.OfPoint point) {
            return point.device();
        } else if (resolution instanceof Resolution.OfEvent event) {
            return event.device();
        }
        throw new Unsupported(ref, "'" + ref + "' is no device");
    }

    private Trigger changes(String key, Valued valued, Edge.Changes e) {
        Expr by = e.by();
        Expr from = e.from();
        Expr to = e.to();
        return new Trigger.Changes(
                key,
                exprs.read(valued),
                by == null ? null : exprs.typed(by).distance(valued.unit()),
                from == null ? null : exprs.val(from),
                to == null ? null : exprs.val(to));
    }

    private Trigger signalled(String key, Edge.DeviceEvent e) {
        DeviceId device = device(e.device()).id();
        List<Param> with = new ArrayList<>();
        for (Arg arg : e.with()) {
            if (arg.name() != null) {
                with.add(new Param(arg.name().text(), exprs.val(arg.value())));
            }
        }
        Resolution resolution = exprs.resolve(e.device());
        String event = resolution instanceof Resolution.OfEvent known
                ? known.spec().name()
                : e.event().text();
        return new Trigger.Signalled(key, device, event, with);
    }

    Schedule schedule(Edge edge) {
        if (edge instanceof Edge.At e) {
            DaySet days = e.days();
            LocalDate date = e.date() instanceof Expr.DateLit lit ? lit.value() : null;
            Days set = days == null ? Days.EVERY : new Days(days.week(), days.holidays());
            return new Schedule.Daily(exprs.number(e.time()), set, date);
        } else if (edge instanceof Edge.Every e) {
            if (exprs.constant(e.period()).orElse(null) instanceof Quantity q) {
                double seconds = q.in(org.fieldhouse.api.value.Units.SECOND).number();
                return new Schedule.Every(Math.max(1_000_000L, Math.round(seconds * 1e6)));
            }
            if (e.period() instanceof Expr.DurationLit period) {
                return new Schedule.Every(Math.max(1_000_000L, period.value().toNanos() / 1000));
            }
        } else if (edge instanceof Edge.Cron e) {
            try {
                return new Cron(e.expression().text());
            } catch (IllegalArgumentException wrong) {
                throw new Unsupported(edge, String.valueOf(wrong.getMessage()));
            }
        }
        throw new Unsupported(edge, "this trigger cannot be run");
    }
}
