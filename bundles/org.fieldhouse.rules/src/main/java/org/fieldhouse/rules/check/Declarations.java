package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.UnitHelp;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Name;
import org.jspecify.annotations.Nullable;

/** Collects what the files declare before any body is looked at, so that order and file do not matter. */
final class Declarations {
    /** A declaration and the findings of the file it stands in. */
    record Placed(Decl decl, Findings findings) {}

    private final List<Placed> all;

    Declarations(List<Placed> all) {
        this.all = List.copyOf(all);
    }

    /** The house with the devices that the files expect, of kinds that there are; one that is there already stays as it is. */
    HouseModel withExpected(HouseModel house) {
        List<DeviceInfo> devices = new ArrayList<>(house.devices());
        Map<String, Boolean> added = new HashMap<>();
        for (Placed each : all) {
            if (each.decl() instanceof Decl.Expect expect) {
                Optional<DeviceDescription> type = Catalogue.find(expect.type().text());
                String name = expect.device().path().text();
                if (type.isEmpty()) {
                    unknownType(expect.type(), each.findings());
                }
                if (type.isPresent() && house.named(name).isEmpty() && added.put(name, true) == null) {
                    devices.add(expected(name, type.get()));
                }
            }
        }
        return added.isEmpty() ? house : new HouseModel(devices, house.functions());
    }

    private static DeviceInfo expected(String name, DeviceDescription description) {
        DeviceId id = DeviceId.of("expected:" + name + ":" + Integer.toHexString(name.hashCode()));
        return new DeviceInfo(id, name, "", null, "", Set.of(), description, Status.offline("not there yet"));
    }

    private static void unknownType(Name type, Findings findings) {
        String help = Suggestions.didYouMean(type.text(), Catalogue.names());
        findings.add(
                Code.E104,
                type.span(),
                "unknown kind of device '" + type.text() + "'",
                help.isEmpty() ? "known are " + String.join(", ", Catalogue.names()) : help);
    }

    /** Enters all names; reports those that are given twice. */
    void enter(Scope scope) {
        for (Placed each : all) {
            Decl earlier = scope.add(each.decl());
            if (earlier != null) {
                String what = each.decl().kind() + " " + each.decl().key();
                each.findings()
                        .add(
                                Code.E010,
                                each.decl().name().span(),
                                "there is a second " + what,
                                "the first is in " + place(earlier, each.findings()) + again(each.decl()));
            }
        }
        for (Placed each : all) {
            shadows(each, scope);
        }
        for (Placed each : all) {
            type(each, scope);
        }
    }

    private static String again(Decl decl) {
        if (decl instanceof Decl.Expect) {
            return "; remove one of the two";
        }
        if (decl instanceof Decl.Control || decl instanceof Decl.Keep) {
            return "; make one of the two, or give one another class";
        }
        boolean nameless = decl instanceof Decl.Link || decl instanceof Decl.Upload;
        return nameless ? "; make one of the two" : "; choose another name";
    }

    /** {@code line 4}, or {@code rules/hall.rules:4} if that is not the file these findings are about. */
    private String place(Decl decl, Findings seenFrom) {
        int line = decl.span().line();
        return all.stream()
                .filter(each -> each.decl() == decl && each.findings() != seenFrom) // two of them may well be equal
                .findFirst()
                .map(each -> each.findings().file().path() + ":" + line)
                .orElse("line " + line);
    }

    private void shadows(Placed each, Scope scope) {
        Decl decl = each.decl();
        boolean value = decl instanceof Decl.Variable || decl instanceof Decl.Counter || decl instanceof Decl.Group;
        if (!value) {
            return;
        }
        Decl other = scope.value(decl.key());
        if (other != null && !other.kind().equals(decl.kind())) {
            each.findings()
                    .add(
                            Code.E010,
                            decl.name().span(),
                            decl.key() + " is a " + other.kind() + " already, in " + place(other, each.findings()),
                            "choose another name");
        } else if (scope.model().named(decl.key()).isPresent()) {
            each.findings()
                    .add(Code.E010, decl.name().span(), decl.key() + " is a device already", "choose another name");
        }
    }

    private static void type(Placed each, Scope scope) {
        ValueSpec spec = null;
        if (each.decl() instanceof Decl.Variable variable) {
            spec = variable(variable, each.findings());
        } else if (each.decl() instanceof Decl.Counter counter) {
            spec = counter(counter, each.findings());
        }
        if (spec != null) {
            scope.spec(each.decl(), spec);
        }
    }

    private static @Nullable ValueSpec variable(Decl.Variable variable, Findings findings) {
        if (!variable.choices().isEmpty()) {
            return ValueSpec.choice(
                    variable.choices().stream().map(Name::text).distinct().toList());
        }
        Expr initial = variable.initial();
        if (initial instanceof Expr.Word word) {
            boolean opening = word.text().equals("open") || word.text().equals("closed");
            if (Literals.side(word.text(), Type.BoolType.CONDITION) != null) {
                return opening ? ValueSpec.bool("closed", "open") : ValueSpec.ON_OFF;
            }
            findings.add(
                    Code.E203,
                    initial.span(),
                    "which other values can " + variable.key() + " have?",
                    "write variable " + variable.key() + ": " + word.text() + " | other = " + word.text());
            return null;
        } else if (initial instanceof Expr.Num) {
            return ValueSpec.quantity(Unit.ONE);
        } else if (initial instanceof Expr.Quantity quantity) {
            return Units.find(quantity.unit().text()).map(ValueSpec::quantity).orElse(null);
        } else if (initial instanceof Expr.DurationLit) {
            return ValueSpec.quantity(Units.SECOND);
        } else if (initial instanceof Expr.TextLit text && text.isPlain()) {
            return ValueSpec.TEXT;
        } else if (!(initial instanceof Expr.Invalid)) {
            findings.add(
                    Code.E203,
                    initial.span(),
                    "a variable starts with a plain value",
                    "such as off, 21 °C, 5 min, \"text\"");
        }
        return null;
    }

    private static @Nullable ValueSpec counter(Decl.Counter counter, Findings findings) {
        if (counter.measure() instanceof Decl.Integrates integral) {
            Optional<Unit> unit = Units.find(integral.unit().text());
            if (unit.isEmpty()) {
                UnitHelp.unknown(integral.unit(), findings);
            }
            return unit.map(ValueSpec::quantity).orElse(null);
        }
        return ValueSpec.quantity(counter.measure() instanceof Decl.TimeWhile ? Units.of("h") : Unit.ONE);
    }
}
