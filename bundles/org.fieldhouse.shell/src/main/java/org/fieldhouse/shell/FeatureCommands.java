package org.fieldhouse.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fieldhouse.api.feature.BundleInfo;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.Features;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.GenerationInfo;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.api.feature.Plan;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What is installed, and how to change it. */
@Component(
        service = FeatureCommands.class,
        property = {
            "osgi.command.scope=feature",
            "osgi.command.function=list",
            "osgi.command.function=available",
            "osgi.command.function=info",
            "osgi.command.function=install",
            "osgi.command.function=isolate",
            "osgi.command.function=restart",
            "osgi.command.function=update",
            "osgi.command.function=remove",
            "osgi.command.function=plan",
            "osgi.command.function=inspect",
            "osgi.command.function=history",
            "osgi.command.function=rollback",
            "osgi.command.function=lock",
            "osgi.command.function=help"
        })
public final class FeatureCommands {
    private static final Table HELP = new Table()
            .row("list", "what is installed")
            .row("available", "what could be installed")
            .row("info NAME", "one of them, with its bundles")
            .row("install NAME [VERSIONS]", "from the repositories; VERSIONS like 1.2 or '[1.2,2)'")
            .row("install FILE | FOLDER | URL", "a feature (.json), an archive (.far, .zip) or a bundle (.jar)")
            .row("install --isolated …", "in a process of its own: for what you do not trust with the house")
            .row("isolate NAME [MEGABYTES]", "into a process of its own, with so much heap, now or when it comes")
            .row("isolate '*'", "everything that did not come with the distribution")
            .row("isolate --off NAME", "takes that back; an exception from '*'")
            .row("restart NAME", "starts the process of an isolated feature anew")
            .row("update NAME [VERSIONS]", "to the newest that a repository has")
            .row("remove NAME", "takes it away")
            .row("plan install|update|remove|rollback …", "what that would change; nothing is changed")
            .row("inspect NAME", "looks at what is installed again: signature, capabilities, code")
            .row("history", "the generations that can be gone back to")
            .row("rollback N", "goes back to a generation: bundles, configuration, devices and rules")
            .row("lock", "the lock of the generation in force");

    private final Features features;
    private final Changes changes;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Isolation isolation;

    @Activate
    public FeatureCommands(@Reference Features features) {
        this.features = features;
        this.changes = new Changes(features);
    }

    /** What can be typed. */
    public void help() {
        System.out.println(HELP);
    }

    /** What is installed. */
    public void list() {
        Table table = new Table().row("NAME", "VERSION", "STATE", "BUNDLES", "SOURCE", "");
        for (FeatureInfo feature : features.installed()) {
            if (feature.kind() == FeatureInfo.Kind.FEATURE) {
                table.row(row(feature));
            }
        }
        features.installed().stream()
                .filter(f -> f.kind() == FeatureInfo.Kind.BUNDLE)
                .forEach(f -> table.row(row(f)));
        System.out.println(table);
    }

    private static String[] row(FeatureInfo feature) {
        return new String[] {
            feature.name(),
            feature.version(),
            lower(feature.state())
                    + (feature.requested() ? "" : ", required")
                    + (feature.isolated().isEmpty() ? "" : ", isolated (" + feature.isolated() + ")"),
            feature.kind() == FeatureInfo.Kind.BUNDLE
                    ? ""
                    : Integer.toString(feature.bundles().size()),
            feature.source(),
            feature.title()
        };
    }

    /** What could be installed. */
    public void available() {
        Table table = new Table().row("NAME", "VERSION", "SOURCE", "");
        features.available().forEach(f -> table.row(f.name(), f.version(), f.source(), f.title()));
        System.out.println(table.isEmpty() ? "Everything that the repositories list is installed." : table);
    }

    /** One feature. */
    public void info(String name) {
        List<FeatureInfo> all = new ArrayList<>(features.installed());
        all.addAll(features.available());
        FeatureInfo feature = all.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("there is no feature " + name
                        + Suggestions.didYouMean(
                                name, all.stream().map(FeatureInfo::name).toList())));
        Table table = new Table()
                .row(feature.name(), feature.version() + "  " + feature.title())
                .row("state", lower(feature.state()))
                .row("process", feature.isolated().isEmpty() ? "the house's" : "its own: " + feature.isolated())
                .row("from", feature.source())
                .row("requires", feature.requires().isEmpty() ? "nothing" : String.join(", ", feature.requires()))
                .row(
                        "required by",
                        feature.requiredBy().isEmpty() ? "nothing" : String.join(", ", feature.requiredBy()));
        System.out.println(table);
        Table bundles = new Table().row("LEVEL", "BUNDLE", "VERSION", "STATE", "FEATURES", "SHA-256");
        for (BundleInfo bundle : feature.bundles()) {
            bundles.row(
                    Integer.toString(bundle.level()),
                    bundle.name(),
                    bundle.version(),
                    Changes.state(bundle.state()),
                    Integer.toString(bundle.shared()),
                    bundle.sha256());
        }
        System.out.println(bundles);
    }

    /** {@code install [--isolated] WHAT [VERSIONS]}: from the repositories, a file, a folder or a URL. */
    public void install(String... words) {
        changes.make(Changes.install(words));
    }

    /** {@code isolate NAME [MEGABYTES]}, {@code isolate --off NAME}. */
    public void isolate(String... words) {
        changes.make(Changes.isolate(words));
    }

    /** Starts the process of an isolated feature anew. */
    public void restart(String name) {
        Isolation present = isolation;
        if (present == null) {
            throw new CommandFailure("no feature is isolated");
        }
        try {
            present.restart(name);
            System.out.println("`feature:list` shows how it goes");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** To the newest version. */
    public void update(String name) {
        update(name, "");
    }

    /** To the newest version within a range. */
    public void update(String name, String versions) {
        changes.make(new Change.Update(name, versions));
    }

    /** Takes a feature or a bundle away. */
    public void remove(String name) {
        changes.make(new Change.Remove(name));
    }

    /** Goes back to a generation. */
    public void rollback(long generation) {
        changes.make(new Change.RollBack(generation));
    }

    /** {@code plan install zigbee}: what that would change. */
    public void plan(String... words) {
        Plan plan = features.plan(Changes.parse(words));
        Changes.print(plan);
        if (plan.isRefused()) {
            throw new CommandFailure("it would be refused:\n" + Changes.lines(plan.reasons()));
        }
    }

    /** Vets again. */
    public void inspect(String name) {
        try {
            List<Finding> findings = features.inspect(name);
            System.out.println(findings.isEmpty() ? "nothing was found" : Changes.lines(findings));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** The generations that are kept. */
    public void history() {
        Table table = new Table().row("GENERATION", "SINCE", "BY", "CHANGED", "FEATURES");
        for (GenerationInfo generation : features.history()) {
            List<String> changed = generation.changed();
            table.row(
                    Long.toString(generation.number()),
                    Times.moment(generation.time()),
                    generation.author(),
                    changed.size() <= 3 ? String.join(", ", changed) : changed.size() + " files",
                    generation.features().stream().map(f -> f.split(" ")[0]).collect(Collectors.joining(", ")));
        }
        System.out.println(table);
    }

    /** The lock in force. */
    public void lock() {
        System.out.print(features.lock());
    }

    private static String lower(FeatureInfo.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
