package org.fieldhouse.shell;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fieldhouse.api.feature.BundleInfo;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Features;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Single bundles, by the same mechanism as features: verified, looked at, started, checked, recorded, or all taken back. */
@Component(
        service = BundleCommands.class,
        property = {
            "osgi.command.scope=bundle",
            "osgi.command.function=list",
            "osgi.command.function=install",
            "osgi.command.function=update",
            "osgi.command.function=remove"
        })
public final class BundleCommands {
    private final Features features;
    private final Changes changes;

    @Activate
    public BundleCommands(@Reference Features features) {
        this.features = features;
        this.changes = new Changes(features);
    }

    /** All bundles that are installed. */
    public void list() {
        Table table = new Table().row("ID", "BUNDLE", "VERSION", "STATE", "FEATURES");
        TreeMap<String, BundleInfo> bundles = new TreeMap<>();
        TreeMap<String, String> by = new TreeMap<>();
        TreeSet<String> isolated = new TreeSet<>();
        for (FeatureInfo feature : features.installed()) {
            for (BundleInfo bundle : feature.bundles()) {
                bundles.put(bundle.name(), bundle);
                if (!feature.isolated().isEmpty()) {
                    isolated.add(bundle.name());
                }
                by.merge(bundle.name(), feature.name(), (a, b) -> a + ", " + b);
            }
        }
        bundles.values()
                .forEach(b -> table.row(
                        Long.toString(b.id()),
                        b.name(),
                        b.version(),
                        b.id() < 0 && isolated.contains(b.name()) ? "isolated" : Changes.state(b.state()),
                        by.getOrDefault(b.name(), "")));
        System.out.println(table);
    }

    /** From a jar, a URL, or group:artifact in the repositories. */
    public void install(String what) {
        changes.make(new Change.Install(Changes.source(what, "")));
    }

    /** From the repositories, within a range of versions. */
    public void install(String what, String versions) {
        changes.make(new Change.Install(Changes.source(what, versions)));
    }

    /** {@code update NAME FILE}: the jar takes the place of that bundle, in whichever feature it is. */
    public void update(String name, String file) {
        List<String> known = features.installed().stream()
                .flatMap(f -> f.bundles().stream())
                .map(BundleInfo::name)
                .distinct()
                .toList();
        if (!known.contains(name)) {
            throw new CommandFailure("there is no bundle " + name + Suggestions.didYouMean(name, known));
        }
        changes.make(new Change.Install(Changes.source(file, "")));
    }

    /** Takes a bundle away that was installed alone; one that took the place of a feature's gives it back. */
    public void remove(String name) {
        changes.make(new Change.Remove(name));
    }
}
