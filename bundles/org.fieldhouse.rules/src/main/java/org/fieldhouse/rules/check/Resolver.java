package org.fieldhouse.rules.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.syntax.Code;
import org.fieldhouse.rules.syntax.Findings;
import org.fieldhouse.rules.syntax.Suggestions;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.fieldhouse.rules.syntax.ast.Name;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.Stmt;
import org.jspecify.annotations.Nullable;

/** Finds out what a name means, and reports the one that means nothing with what was probably meant. */
final class Resolver {
    private final Scope scope;
    private final Facts facts;
    private final Findings findings;
    private final List<Stmt.Let> locals = new ArrayList<>();

    Resolver(Scope scope, Facts facts, Findings findings) {
        this.scope = scope;
        this.facts = facts;
        this.findings = findings;
    }

    Scope scope() {
        return scope;
    }

    /** How many locals are in sight; give it back to {@link #leave} at the end of their block. */
    int enter() {
        return locals.size();
    }

    void leave(int before) {
        while (locals.size() > before) {
            locals.remove(locals.size() - 1);
        }
    }

    void declare(Stmt.Let let) {
        if (local(let.name().text()) != null) {
            findings.add(
                    Code.E010,
                    let.name().span(),
                    "there is a '" + let.name().text() + "' already",
                    "choose another name");
        }
        locals.add(let);
    }

    Stmt.@Nullable Let local(String name) {
        for (int i = locals.size() - 1; i >= 0; i--) {
            if (locals.get(i).name().text().equals(name)) {
                return locals.get(i);
            }
        }
        return null;
    }

    List<String> localNames() {
        return locals.stream().map(let -> let.name().text()).toList();
    }

    /** What has a value: a point, variable, counter, group or local. Null if it means nothing; that is reported then. */
    @Nullable
    Resolution value(Ref ref) {
        String path = ref.path().text();
        Stmt.Let local = ref.member() == null ? local(path) : null;
        if (local != null) {
            return remember(ref, new Resolution.OfLocal(local));
        }
        Decl decl = scope.value(path);
        if (decl != null) {
            return declared(ref, decl);
        }
        DeviceInfo device = device(ref);
        return device == null ? null : remember(ref, point(ref, device));
    }

    private @Nullable Resolution declared(Ref ref, Decl decl) {
        if (decl instanceof Decl.Group group) {
            return remember(ref, group(ref, group, new HashSet<>()));
        }
        Name member = ref.member();
        if (member != null) {
            findings.add(
                    Code.E102,
                    member.span(),
                    "a " + decl.kind() + " has no points",
                    "write " + ref.path().text());
            return null;
        }
        ValueSpec spec = scope.spec(decl);
        if (spec == null) {
            findings.addReported();
            return null;
        }
        return remember(
                ref,
                decl instanceof Decl.Variable variable
                        ? new Resolution.OfVariable(variable, spec)
                        : new Resolution.OfCounter((Decl.Counter) decl, spec));
    }

    private @Nullable Resolution remember(Ref ref, @Nullable Resolution resolution) {
        if (resolution != null) {
            facts.resolutions.put(ref, resolution);
        }
        return resolution;
    }

    /** The device that the path names; reports E101 if there is none. */
    @Nullable
    DeviceInfo device(Ref ref) {
        String path = ref.path().text();
        Optional<DeviceInfo> device = scope.model().named(path);
        if (device.isEmpty() && scope.isBroken(path)) {
            findings.addReported();
        } else if (device.isEmpty()) {
            Set<String> known = scope.valueNames();
            known.addAll(localNames());
            findings.add(Code.E101, ref.path().span(), "unknown point " + ref, unknown(path, ref, known));
        }
        return device.orElse(null);
    }

    private String unknown(String path, Ref ref, Set<String> known) {
        int dot = path.lastIndexOf('.');
        if (dot > 0) {
            Optional<DeviceInfo> parent = scope.model().named(path.substring(0, dot));
            String last = path.substring(dot + 1);
            String lower = Character.toLowerCase(last.charAt(0)) + last.substring(1);
            if (parent.isPresent() && parent.get().description().point(lower).isPresent()) {
                return "points are lower-case: " + path.substring(0, dot) + "." + lower;
            }
        }
        String member = ref.member() == null ? "" : "." + ref.member().text();
        return Suggestions.nearest(path, known)
                .map(name -> "did you mean " + Names.quoted(name) + member + "?")
                .orElse(
                        known.isEmpty()
                                ? "no devices are known: run the house once, or say what there will be, such as expect "
                                        + Names.quoted(path) + ": light"
                                : "add it to devices/*.yaml, or say what it will be, such as expect "
                                        + Names.quoted(path) + ": light");
    }

    private @Nullable Resolution point(Ref ref, DeviceInfo device) {
        DeviceDescription description = device.description();
        Name member = ref.member();
        if (member == null) {
            String main = description.mainPoint();
            if (main != null) {
                return new Resolution.OfPoint(device, description.point(main).orElseThrow());
            }
            findings.add(Code.E106, ref.span(), device.name() + " alone means nothing", hasPoints(description));
            return null;
        }
        Optional<PointSpec> point = description.point(member.text());
        if (point.isPresent()) {
            return new Resolution.OfPoint(device, point.get());
        }
        noPoint(device, member);
        return null;
    }

    private void noPoint(DeviceInfo device, Name member) {
        DeviceDescription description = device.description();
        String name = member.text();
        if (description.action(name).isPresent()) {
            findings.add(
                    Code.E106,
                    member.span(),
                    name + " is an action of " + device.name(),
                    "write call " + device.name() + "." + name + "(…)");
        } else if (description.event(name).isPresent()) {
            findings.add(
                    Code.E106,
                    member.span(),
                    name + " is an event of " + device.name(),
                    "write when " + device.name() + " " + name);
        } else {
            Set<String> known = new TreeSet<>();
            description.points().forEach(each -> known.add(each.name()));
            String help = Suggestions.didYouMean(name, known);
            findings.add(
                    Code.E102,
                    member.span(),
                    device.name() + " has no point " + name,
                    help.isEmpty() ? hasPoints(description) : help);
        }
    }

    private static String hasPoints(DeviceDescription description) {
        List<String> known = description.points().stream().map(PointSpec::name).toList();
        if (known.isEmpty()) {
            List<String> events =
                    description.events().stream().map(e -> e.name()).toList();
            return events.isEmpty()
                    ? "it has no points; before it has been online once, none are known"
                    : "it has no points, but the events " + String.join(", ", events);
        }
        return "it has " + String.join(", ", known.subList(0, Math.min(12, known.size())))
                + (known.size() > 12 ? " …" : "");
    }

    /** A group by name; reports E104 if there is none. */
    Resolution.@Nullable OfGroup group(Ref ref) {
        String name = ref.path().text();
        if (scope.find("group", name) instanceof Decl.Group group) {
            return remember(ref, group(ref, group, new HashSet<>())) instanceof Resolution.OfGroup found ? found : null;
        }
        if (scope.isBroken(name)) {
            findings.addReported();
        } else {
            findings.add(
                    Code.E104,
                    ref.path().span(),
                    "unknown group " + name,
                    scope.model().named(name).isPresent()
                            ? "it is a device: write it alone, without of"
                            : Suggestions.didYouMean(name, scope.names("group")));
        }
        return null;
    }

    private Resolution.@Nullable OfGroup group(Ref ref, Decl.Group group, Set<String> seen) {
        if (!seen.add(group.key())) {
            findings.add(Code.E104, ref.span(), "group " + group.key() + " contains itself", "take one of them out");
            return null;
        }
        List<Resolution> members = new ArrayList<>();
        Name point = ref.member();
        Decl.Selector selector = group.selector();
        if (selector != null) {
            for (DeviceInfo device : scope.model().devices()) {
                if (selects(selector, device)) {
                    add(members, point(new Ref(new Name(device.name(), ref.span()), point, ref.span()), device));
                }
            }
            return new Resolution.OfGroup(group, members);
        }
        for (Ref member : group.members()) {
            if (scope.find("group", member.path().text()) instanceof Decl.Group inner) {
                Resolution.OfGroup nested = group(new Ref(member.path(), point, ref.span()), inner, seen);
                if (nested == null) {
                    return null;
                }
                nested.members().forEach(each -> add(members, each));
            } else {
                Optional<DeviceInfo> device = scope.model().named(member.path().text());
                Name wanted = point == null ? member.member() : point;
                if (device.isPresent()) {
                    add(members, point(new Ref(member.path(), wanted, ref.span()), device.get()));
                }
            }
        }
        seen.remove(group.key());
        return new Resolution.OfGroup(group, members);
    }

    private static boolean selects(Decl.Selector selector, DeviceInfo device) {
        Name area = selector.area();
        Name tag = selector.tag();
        String kind = selector.deviceKind().text();
        return (kind.equals("device") || device.description().type().equals(kind))
                && (area == null || device.area().equals(area.text()))
                && (tag == null || device.tags().contains(tag.text()));
    }

    private static void add(List<Resolution> members, @Nullable Resolution member) {
        if (member != null && !members.contains(member)) {
            members.add(member);
        }
    }

    /** Remembers a scene, alarm or the like; reports E104 if there is none. */
    void declaration(String kind, Name name) {
        Decl decl = scope.find(kind, name.text());
        if (decl != null) {
            facts.resolutions.put(name, new Resolution.OfDecl(decl));
        } else if (scope.isBroken(name.text())) {
            findings.addReported();
        } else {
            findings.add(
                    Code.E104,
                    name.span(),
                    "unknown " + kind + " " + name.text(),
                    Suggestions.didYouMean(name.text(), scope.names(kind)));
        }
    }
}
