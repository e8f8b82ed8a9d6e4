package org.fieldhouse.rules.check;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.rules.syntax.ast.Decl;
import org.jspecify.annotations.Nullable;

/** What names mean: the devices of the house and the declarations of all files. Filled before any body is checked. */
final class Scope {
    private final HouseModel model;
    /** By kind, then by key. */
    private final Map<String, Map<String, Decl>> declarations = new HashMap<>();

    private final Map<Decl, ValueSpec> specs = new IdentityHashMap<>();
    private final Set<String> brokenNames = new TreeSet<>();

    Scope(HouseModel model) {
        this.model = model;
    }

    HouseModel model() {
        return model;
    }

    /** Adds a declaration; gives the earlier one of that kind and key, if there is one. */
    @Nullable
    Decl add(Decl decl) {
        if (decl instanceof Decl.Broken broken) {
            brokenNames.add(broken.name().text());
            return null;
        }
        if (decl instanceof Decl.Expect expect
                && Catalogue.find(expect.type().text()).isEmpty()) {
            brokenNames.add(expect.device().path().text());
        }
        return declarations
                .computeIfAbsent(decl.kind(), kind -> new HashMap<>())
                .putIfAbsent(decl.key(), decl);
    }

    @Nullable
    Decl find(String kind, String key) {
        return declarations.getOrDefault(kind, Map.of()).get(key);
    }

    /** The variable, counter or group of that name: what shares its name space with devices. */
    @Nullable
    Decl value(String name) {
        Decl variable = find("variable", name);
        Decl counter = variable == null ? find("counter", name) : variable;
        return counter == null ? find("group", name) : counter;
    }

    /** Whether something of that name stands in the text but could not be read; it is not reported as unknown then. */
    boolean isBroken(String name) {
        return brokenNames.contains(name);
    }

    /** What names mean, after everything has been added. */
    Meaning meaning() {
        Set<Decl> named = Collections.newSetFromMap(new IdentityHashMap<>());
        declarations
                .values()
                .forEach(kind -> kind.values().stream().filter(Meaning::isNamed).forEach(named::add));
        return new Meaning(model, named, brokenNames);
    }

    void spec(Decl decl, ValueSpec spec) {
        specs.put(decl, spec);
    }

    /** The values of a variable or counter; null if it has an error of its own. */
    @Nullable
    ValueSpec spec(Decl decl) {
        return specs.get(decl);
    }

    /** Names of one kind, for suggestions. */
    Set<String> names(String kind) {
        return new TreeSet<>(declarations.getOrDefault(kind, Map.of()).keySet());
    }

    /** Functions that bundles contribute. */
    Set<String> functionNames() {
        Set<String> all = new TreeSet<>();
        model.functions().forEach(each -> all.add(each.name()));
        return all;
    }

    /** Everything that can stand where a value stands. */
    Set<String> valueNames() {
        Set<String> all = new TreeSet<>();
        model.devices().forEach(device -> all.add(device.name()));
        all.addAll(names("variable"));
        all.addAll(names("counter"));
        all.addAll(names("group"));
        return all;
    }
}
