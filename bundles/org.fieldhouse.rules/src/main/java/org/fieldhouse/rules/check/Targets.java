package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.ArgumentSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.ValueKind;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/** Checks what is written to: that it can be, and that the value fits. */
final class Targets {
    private final Resolver names;
    private final ExprChecker exprs;
    private final Facts facts;
    private final Findings findings;

    Targets(Resolver names, ExprChecker exprs, Facts facts, Findings findings) {
        this.names = names;
        this.exprs = exprs;
        this.facts = facts;
        this.findings = findings;
    }

    /** {@code P = value}; a group gives each member the value. */
    void assign(Ref target, Expr value, List<Arg> with) {
        List<Resolution> all = writable(target);
        if (all.isEmpty()) {
            exprs.check(value, Type.UNKNOWN);
        }
        for (Resolution each : all) {
            ValueSpec spec = ExprChecker.specOf(each);
            if (spec != null) {
                exprs.value(value, spec, target.toString());
            }
        }
        with(target, all, with);
    }

    void toggle(Ref target) {
        for (Resolution each : writable(target)) {
            ValueSpec spec = ExprChecker.specOf(each);
            if (spec != null && spec.kind() != ValueKind.BOOL) {
                findings.add(Code.E203, target.span(), target + " has more than two states", "set it to a value");
            }
        }
    }

    void release(Ref target) {
        for (Resolution each : writable(target)) {
            if (!(each instanceof Resolution.OfPoint)) {
                findings.add(
                        Code.E203, target.span(), target + " is no point of a device", "only commands can be released");
            }
        }
    }

    void turn(Stmt.Turn turn) {
        List<Resolution> all = writable(turn.target());
        facts.types.put(turn.value(), Type.UNKNOWN);
        for (Resolution each : all) {
            ValueSpec spec = ExprChecker.specOf(each);
            if (spec != null) {
                state(turn, spec);
            }
        }
        with(turn.target(), all, turn.with());
    }

    /** The value that on, off, open, closed, locked, unlocked means for a point. */
    private void state(Stmt.Turn turn, ValueSpec spec) {
        Expr.Word verb = turn.value();
        Type type = Types.of(spec);
        boolean opening = verb.text().equals("open") || verb.text().equals("closed");
        if (type instanceof Type.BoolType bool) {
            Boolean side = Literals.side(verb.text(), bool);
            if (side != null) {
                facts.constant(verb, Bool.of(side), type);
                return;
            }
        } else if (type instanceof Type.ChoiceType choice) {
            String option = Literals.option(verb.text(), choice.options());
            option = option == null ? Literals.option(command(verb.text()), choice.options()) : option;
            if (option != null) {
                facts.constant(verb, new Choice(option), type);
                return;
            }
        } else if (spec.unit() != null && opening && spec.min() != null && spec.max() != null) {
            double end = verb.text().equals("open") ? spec.max() : spec.min();
            facts.constant(verb, new Quantity(end, spec.unit()), type);
            return;
        }
        findings.add(
                Code.E203,
                turn.target().span(),
                turn.target() + " cannot be " + verb.text() + ": it is " + spec.describe(),
                "use set " + turn.target() + " = …");
    }

    /** Devices call the state by its command: close, lock. */
    private static String command(String state) {
        return switch (state) {
            case "closed" -> "close";
            case "locked" -> "lock";
            case "unlocked" -> "unlock";
            default -> state;
        };
    }

    /** What the reference stands for, if it can be written; each member of a group. Reports what cannot. */
    List<Resolution> writable(Ref target) {
        Resolution found = names.value(target);
        List<Resolution> all = new ArrayList<>();
        if (found instanceof Resolution.OfGroup group) {
            all.addAll(group.members());
        } else if (found != null) {
            all.add(found);
        }
        all.removeIf(each -> !isWritable(each, target));
        return all;
    }

    private boolean isWritable(Resolution each, Ref target) {
        if (each instanceof Resolution.OfPoint point && !point.spec().access().writable()) {
            String whole = point.device().name() + "." + point.spec().name();
            findings.add(Code.E103, target.span(), whole + " can only be read", writablePoints(point));
            return false;
        }
        if (each instanceof Resolution.OfCounter || each instanceof Resolution.OfLocal) {
            findings.add(Code.E103, target.span(), target + " cannot be set", "use a variable");
            return false;
        }
        return true;
    }

    private static String writablePoints(Resolution.OfPoint point) {
        List<String> writable = point.device().description().points().stream()
                .filter(spec -> spec.access().writable())
                .map(PointSpec::name)
                .toList();
        return writable.isEmpty()
                ? "the device takes no commands"
                : "these can be written: " + String.join(", ", writable);
    }

    /** Further points of the device, and parameters of the command. */
    private void with(Ref target, List<Resolution> all, List<Arg> with) {
        for (Arg arg : with) {
            Name name = arg.name();
            List<Resolution> found = new ArrayList<>();
            if (name != null) {
                for (Resolution each : all) {
                    Resolution one = each instanceof Resolution.OfPoint point ? option(point, name, with) : null;
                    if (one != null) {
                        found.add(one);
                    }
                }
            }
            if (name != null && !all.isEmpty() && found.size() < all.size()) {
                unknownOption(target, all, name);
            }
            resolve(arg, target, found);
        }
    }

    private void resolve(Arg arg, Ref target, List<Resolution> found) {
        if (found.isEmpty()) {
            exprs.check(arg.value(), Type.UNKNOWN);
            return;
        }
        Resolution whole = facts.resolution(target);
        facts.resolutions.put(
                arg,
                whole instanceof Resolution.OfGroup group
                        ? new Resolution.OfGroup(group.group(), found)
                        : found.get(0));
        String what = arg.name() == null ? target.toString() : arg.name().text();
        for (Resolution each : found) {
            ValueSpec spec = ExprChecker.specOf(each);
            if (spec != null) {
                exprs.value(arg.value(), spec, what);
            }
        }
    }

    /** A parameter of the point that is written or of one named beside it, or a point of the same device. */
    private static @Nullable Resolution option(Resolution.OfPoint point, Name name, List<Arg> with) {
        List<PointSpec> written = new ArrayList<>(List.of(point.spec()));
        for (Arg each : with) {
            if (each.name() != null) {
                point.device().description().point(each.name().text()).ifPresent(written::add);
            }
        }
        for (PointSpec spec : written) {
            for (ArgumentSpec parameter : spec.parameters()) {
                if (parameter.name().equals(name.text())) {
                    return new Resolution.OfParameter(parameter);
                }
            }
        }
        Optional<PointSpec> sibling = point.device().description().point(name.text());
        return sibling.isPresent() && sibling.get().access().writable()
                ? new Resolution.OfPoint(point.device(), sibling.get())
                : null;
    }

    private void unknownOption(Ref target, List<Resolution> all, Name name) {
        Set<String> known = new TreeSet<>();
        for (Resolution each : all) {
            if (each instanceof Resolution.OfPoint point) {
                point.spec().parameters().forEach(parameter -> known.add(parameter.name()));
                point.device().description().points().stream()
                        .filter(spec -> spec.access().writable() && !spec.equals(point.spec()))
                        .forEach(spec -> known.add(spec.name()));
            }
        }
        String help = Suggestions.didYouMean(name.text(), known);
        findings.add(
                Code.E105,
                name.span(),
                target + " takes no " + name.text(),
                help.isEmpty() && !known.isEmpty() ? "it takes " + String.join(", ", known) : help);
    }
}
