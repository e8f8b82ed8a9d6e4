package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Edge;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.jspecify.annotations.Nullable;

/** Checks what triggers. */
final class Edges {
    /** Verbs of the language: a misspelled one reads like the name of an event. */
    private static final Set<String> VERBS =
            Set.of("turns", "becomes", "changes", "reaches", "arrives", "leaves", "goes", "happens");

    private final Resolver names;
    private final ExprChecker exprs;
    private final Facts facts;
    private final Findings findings;

    Edges(Resolver names, ExprChecker exprs, Facts facts, Findings findings) {
        this.names = names;
        this.exprs = exprs;
        this.facts = facts;
        this.findings = findings;
    }

    /** Checks the triggers of one body; {@code event.x} in it means a field of their device events. */
    void triggers(List<Edge> edges) {
        exprs.triggeredBy(List.of());
        List<EventSpec> events = new ArrayList<>();
        for (Edge edge : edges) {
            check(edge);
            if (edge instanceof Edge.DeviceEvent event
                    && facts.resolution(event.event()) instanceof Resolution.OfEvent found) {
                events.add(found.spec());
            }
        }
        exprs.triggeredBy(events);
    }

    void check(Edge edge) {
        if (edge instanceof Edge.Becomes e) {
            becomes(e);
        } else if (edge instanceof Edge.Changes e) {
            changes(e);
        } else if (edge instanceof Edge.Reaches e) {
            each(e.subject(), "reaches a value");
            Type type = subject(e.subject());
            boolean wrong = exprs.mismatch(e.span(), type, exprs.check(e.value(), type), e.value());
            if (!Types.ordered(type)) {
                findings.add(Code.E202, e.span(), Types.describe(type) + " has no order", "use becomes");
            } else if (!wrong) {
                possible(e.subject(), e.value());
            }
        } else if (edge instanceof Edge.Presence e) {
            Type type = subject(e.subject());
            if (!(type instanceof Type.BoolType) && !Types.isUnknown(type)) {
                findings.add(
                        Code.E202, e.span(), Types.describe(type) + " can neither arrive nor leave", "use becomes");
            }
            held(e.heldFor());
        } else if (edge instanceof Edge.DeviceEvent e) {
            event(e.device(), e.event(), e.with());
        } else if (edge instanceof Edge.Goes e) {
            exprs.device(e.device());
            held(e.heldFor());
        } else {
            timed(edge);
        }
    }

    private void timed(Edge edge) {
        if (edge instanceof Edge.At e) {
            Type type = exprs.check(e.time(), null);
            if (!(type instanceof Type.TimeOfDayType) && !Types.isUnknown(type)) {
                findings.add(
                        Code.E203,
                        e.time().span(),
                        "this is " + Types.describe(type) + ", not a time of day",
                        "write 06:30");
            }
            if (e.date() != null) {
                exprs.check(e.date(), null);
            }
        } else if (edge instanceof Edge.Every e) {
            exprs.fixedDuration(e.period());
            if (exprs.constant(e.period()) instanceof Quantity q && q.number() >= 0 && q.number() < 1) {
                findings.add(Code.E204, e.period().span(), "every takes at least 1 s");
            }
        } else if (edge instanceof Edge.Cron e) {
            CronSyntax.problem(e.expression().text())
                    .ifPresent(why -> findings.add(
                            Code.E007,
                            e.expression().span(),
                            why,
                            "minute hour day month weekday, e.g. \"0 7 * * 1-5\""));
        } else if (edge instanceof Edge.BecomesTrue e) {
            exprs.condition(e.condition());
        }
    }

    private void becomes(Edge.Becomes e) {
        Type type = subject(e.subject());
        Type value = exprs.check(e.value(), type);
        boolean order = e.op() != Expr.CompareOp.EQ && e.op() != Expr.CompareOp.NE;
        boolean wrong = exprs.mismatch(e.span(), type, value, e.value());
        if (!wrong && order && !Types.ordered(type)) {
            findings.add(Code.E202, e.span(), Types.describe(type) + " has no order", "write becomes and a value");
        } else if (!wrong) {
            possible(e.subject(), e.value());
        }
        held(e.heldFor());
    }

    private void changes(Edge.Changes e) {
        each(e.subject(), "changes");
        Type type = subject(e.subject());
        for (Expr end : new Expr[] {e.from(), e.to()}) {
            if (end != null && !exprs.mismatch(e.span(), type, exprs.check(end, type), end)) {
                possible(e.subject(), end);
            }
        }
        if (e.by() != null) {
            changesBy(type, e.by());
        }
    }

    /** A least change: a difference, so K for a point in °C. */
    void changesBy(Type type, Expr by) {
        Type wanted = type instanceof Type.QuantityType q ? new Type.QuantityType(Units.difference(q.unit())) : type;
        Type found = exprs.check(by, wanted);
        if (!(type instanceof Type.QuantityType) && !Types.isUnknown(type)) {
            findings.add(Code.E202, by.span(), Types.describe(type) + " does not change by an amount", "write changes");
        } else {
            exprs.mismatch(by.span(), wanted, found, by);
        }
    }

    private void held(@Nullable Expr heldFor) {
        if (heldFor != null) {
            exprs.duration(heldFor);
        }
    }

    /** What happens at an instant and does not last happens to each member by itself. */
    private void each(Edge.Subject subject, String happens) {
        if (subject instanceof Edge.Of of && of.which() != Edge.Which.ANY) {
            String which = of.which().name().toLowerCase(Locale.ROOT);
            findings.add(
                    Code.E202,
                    of.span(),
                    "each member " + happens + " by itself, so there is no " + which + " of them",
                    "write any of " + of.ref() + ", or " + which + " of " + of.ref() + " becomes …");
        }
    }

    private void possible(Edge.Subject subject, Expr literal) {
        if (subject instanceof Edge.One one) {
            exprs.possible(one.ref(), literal);
        }
    }

    private Type subject(Edge.Subject subject) {
        if (subject instanceof Edge.Of of) {
            return exprs.ofGroup(of.ref());
        }
        Ref ref = ((Edge.One) subject).ref();
        Resolution found = names.value(ref);
        if (found instanceof Resolution.OfGroup group) {
            String name = group.group().key();
            findings.add(Code.E106, ref.span(), name + " is a group", "write any of " + name + " or all of " + name);
            return Type.UNKNOWN;
        }
        ValueSpec spec = ExprChecker.specOf(found);
        return spec == null ? Type.UNKNOWN : Types.of(spec);
    }

    /** An event of a device with the payload it must have. */
    void event(Ref ref, Name event, List<Arg> with) {
        DeviceInfo device = names.device(ref);
        if (device == null) {
            with.forEach(arg -> exprs.check(arg.value(), Type.UNKNOWN));
            return;
        }
        facts.resolutions.put(ref, new Resolution.OfDevice(device));
        Optional<EventSpec> spec = device.description().event(event.text());
        if (ref.member() != null || spec.isEmpty()) {
            unknownEvent(device, event);
            with.forEach(arg -> exprs.check(arg.value(), Type.UNKNOWN));
            return;
        }
        facts.resolutions.put(event, new Resolution.OfEvent(device, spec.get()));
        for (Arg arg : with) {
            Name name = arg.name();
            Optional<ArgumentSpec> field = spec.get().arguments().stream()
                    .filter(each -> name != null && each.name().equals(name.text()))
                    .findFirst();
            if (field.isPresent()) {
                facts.resolutions.put(arg, new Resolution.OfParameter(field.get()));
                exprs.value(arg.value(), field.get().value(), field.get().name());
            } else {
                List<String> known =
                        spec.get().arguments().stream().map(ArgumentSpec::name).toList();
                findings.add(
                        Code.E105,
                        arg.span(),
                        event.text() + " has no field " + (name == null ? "" : name.text()),
                        known.isEmpty() ? "it has none" : "it has " + String.join(", ", known));
                exprs.check(arg.value(), Type.UNKNOWN);
            }
        }
    }

    private void unknownEvent(DeviceInfo device, Name event) {
        Set<String> known = new TreeSet<>();
        device.description().events().forEach(each -> known.add(each.name()));
        Set<String> candidates = new TreeSet<>(known);
        candidates.addAll(VERBS);
        String help = isState(device, event.text())
                ? "'" + event.text() + "' is a state: write turns " + event.text() + ", in a test = " + event.text()
                : Suggestions.didYouMean(event.text(), candidates);
        findings.add(
                Code.E102,
                event.span(),
                device.name() + " has no event " + event.text(),
                help.isEmpty() ? known.isEmpty() ? "it has no events" : "it has " + String.join(", ", known) : help);
    }

    private static boolean isState(DeviceInfo device, String word) {
        return Optional.ofNullable(device.description().mainPoint())
                .flatMap(device.description()::point)
                .map(point -> Types.of(point.value()))
                .filter(type -> type instanceof Type.BoolType bool && Literals.side(word, bool) != null
                        || type instanceof Type.ChoiceType choice
                                && choice.options().contains(word))
                .isPresent();
    }
}
