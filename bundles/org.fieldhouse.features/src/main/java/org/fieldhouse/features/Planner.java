package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.features.lock.Choices;
import org.fieldhouse.features.lock.Digests;
import org.fieldhouse.features.lock.FeatureList;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.MissingException;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.fieldhouse.features.lock.Versions;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Says what a change would mean, and whether it may be: fetches, verifies, vets, resolves, and touches nothing that runs. One object
 * serves one change. Features thread alone.
 */
final class Planner {
    /** A warning with this code says that nobody stands for an artefact, and that the administrator allowed it by itself. */
    private static final String SIGNATURE = "signature";

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    private final BundleContext context;
    private final Places places;
    private final Engine.Surroundings surroundings;
    private final Store store;
    private final Lock current;
    private final Lock running;
    private final Consumer<Progress> progress;
    /** Features that nobody stands for, or that have such a bundle. */
    private final Set<String> unsigned = new HashSet<>();

    /**
     * @param current the lock in force
     * @param running what runs, which differs from it while it waits for a restart
     */
    Planner(
            BundleContext context,
            Places places,
            Engine.Surroundings surroundings,
            Store store,
            Lock current,
            Lock running,
            Consumer<Progress> progress) {
        this.context = context;
        this.places = places;
        this.surroundings = surroundings;
        this.store = store;
        this.current = current;
        this.running = running;
        this.progress = progress;
    }

    /**
     * What a change leads to.
     *
     * @param next the lock that would be
     * @param restored generation to go back to, 0 for none
     * @param suspects what is tried before it is let into the house
     */
    record Target(Lock next, Plan plan, long restored, List<Trials.Suspect> suspects) {}

    Target prepare(Change change, String label) throws Refusal {
        try {
            Fetcher fetcher = new Fetcher(places, store, surroundings.repositories(), progress);
            Map<String, Lock.Found> fetched = new HashMap<>();
            long restored = 0;
            Lock next;
            if (change instanceof Change.RollBack back) {
                restored = back.generation();
                next = earlier(restored);
                next = stillIsolated(next.with(next.choices().strictest(current.choices())), restored);
            } else {
                Set<String> roots = current.features().stream()
                        .filter(Lock.Entry::requested)
                        .map(Lock.Entry::name)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
                Choices choices = ask(change, label, fetcher, fetched, roots);
                next = Lock.of(current.chosen(), roots, choices, name -> find(name, fetcher, fetched));
            }
            return judge(next, restored);
        } catch (MissingException e) {
            throw new Refusal(
                    "F007",
                    e.subject,
                    String.valueOf(e.getMessage()),
                    e.by.isEmpty() ? "" : "put it into a repository, or install it first");
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal("F002", label, "cannot be read: " + e.getMessage(), "");
        }
    }

    /** Fetches what is asked for, and says which roots there would be. @return which choices there would be */
    private Choices ask(
            Change change, String label, Fetcher fetcher, Map<String, Lock.Found> fetched, Set<String> roots)
            throws Refusal, IOException {
        Choices choices = current.choices();
        if (change instanceof Change.Install install) {
            Lock.Found found = fetcher.fetch(install.source(), label);
            Optional<Lock.Entry> same = current.entry(found.entry().name());
            if (same.isPresent()
                    && same.get().list(places).isBundle() != found.list().isBundle()) {
                throw new Refusal(
                        "F007",
                        found.entry().name(),
                        "a feature and a bundle of this name cannot be installed at once",
                        "remove the one that is installed first");
            }
            fetched.put(found.entry().name(), found);
            roots.add(found.entry().name());
            if (install.isolated() && choices.heap(found.entry().name(), false).isEmpty()) {
                choices = choices.isolate(found.entry().name(), 0);
            }
        } else if (change instanceof Change.Isolate isolate) {
            choices = decide(isolate);
        } else if (change instanceof Change.Update update) {
            Lock.Entry installed =
                    installed(update.feature().substring(update.feature().indexOf(':') + 1));
            String wanted = update.feature().contains(":") ? update.feature() : withGroup(installed);
            Lock.Found found = fetcher.named(wanted, update.versions(), true)
                    .orElseThrow(() -> new Refusal(
                            "F001",
                            update.feature(),
                            "no repository has a version of it"
                                    + (update.versions().isEmpty() ? "" : " in " + update.versions()),
                            wanted.contains(":")
                                    ? ""
                                    : "if a Maven repository has it, name its group: GROUP:" + wanted));
            if (Versions.compare(found.entry().version(), installed.version()) > 0
                    || !update.versions().isEmpty()) {
                fetched.put(found.entry().name(), found);
            }
        } else if (change instanceof Change.Remove remove) {
            Lock.Entry entry = installed(remove.feature());
            List<String> by = requiredBy(entry.name());
            if (!by.isEmpty()) {
                throw new Refusal(
                        "F006",
                        entry.name(),
                        "is required by " + String.join(", ", by),
                        "remove " + (by.size() == 1 ? "that" : "those") + " first");
            }
            roots.remove(entry.name());
        }
        return choices;
    }

    /** A choice is for a name, and what has the name may come later; it is taken back only where there is something to take back. */
    private Choices decide(Change.Isolate isolate) throws Refusal {
        String name = isolate.feature();
        if (isolate.isolated()) {
            if (!name.equals(Choices.ALL) && !name.matches(NAME)) {
                throw new Refusal("F015", name, "is no name of a feature or bundle", "");
            }
            return current.choices().isolate(name, heap(isolate));
        }
        if (!current.choices().isKnown(name) && !current.choices().isKnown(Choices.ALL)) {
            installed(name);
        }
        return current.choices().release(name);
    }

    private static int heap(Change.Isolate isolate) throws Refusal {
        int heap = isolate.heapMegabytes();
        if (heap != 0 && (heap < IsolatedFeature.LEAST_HEAP || heap > IsolatedFeature.MOST_HEAP)) {
            throw new Refusal(
                    "F015",
                    isolate.feature(),
                    "the heap of a process is not " + heap + " MB",
                    "say " + IsolatedFeature.LEAST_HEAP + " to " + IsolatedFeature.MOST_HEAP);
        }
        return heap;
    }

    /** A Maven repository is asked by group, and what came from a repository says which: {@code PLACE GROUP:NAME:VERSION}. */
    private static String withGroup(Lock.Entry installed) {
        String from = installed.source().substring(installed.source().lastIndexOf(' ') + 1);
        String end = ':' + installed.name() + ':' + installed.version();
        return from.endsWith(end)
                ? from.substring(0, from.length() - end.length()) + ':' + installed.name()
                : installed.name();
    }

    private Lock.Entry installed(String name) throws Refusal {
        return installed(current, name);
    }

    static Lock.Entry installed(Lock lock, String name) throws Refusal {
        return lock.entry(name)
                .orElseThrow(() -> new Refusal(
                        "F011",
                        name,
                        "is not installed",
                        "installed are "
                                + String.join(
                                        ", ",
                                        lock.features().stream()
                                                .map(Lock.Entry::name)
                                                .toList())));
    }

    private List<String> requiredBy(String name) throws IOException {
        List<String> by = new ArrayList<>();
        for (Lock.Entry entry : current.features()) {
            if (entry.list(places).requires().stream().anyMatch(r -> r.split(" ", 2)[0].equals(name))) {
                by.add(entry.name());
            }
        }
        return by;
    }

    private Optional<Lock.Found> find(String name, Fetcher fetcher, Map<String, Lock.Found> fetched)
            throws IOException {
        if (fetched.containsKey(name)) {
            return Optional.of(fetched.get(name));
        }
        Optional<Lock.Found> known = current.find(name, places);
        if (known.isPresent()) {
            return known;
        }
        try {
            return fetcher.named(name, "", false);
        } catch (Refusal e) {
            throw new IOException(e.reasons.get(0).toString(), e);
        }
    }

    private Lock earlier(long number) throws Refusal, IOException {
        SourceFile file;
        try {
            file = surroundings.generations().files(number).stream()
                    .filter(f -> f.path().equals(Places.LOCK))
                    .findFirst()
                    .orElseThrow(() -> new Refusal(
                            "F013", "generation " + number, "is older than the first lock", "choose a later one"));
        } catch (IOException e) {
            throw new Refusal(
                    "F013", "generation " + number, String.valueOf(e.getMessage()), "`feature:history` lists them");
        }
        Lock lock = Lock.parse(file.text());
        for (Pin pin : lock.everyBundle()) {
            if (!Files.isReadable(pin.jar(places))) {
                throw new Refusal(
                        "F013",
                        "generation " + number,
                        "its bundle " + pin.name() + ' ' + pin.version() + " is no longer here",
                        "it belonged to another version of the distribution");
            }
        }
        return lock;
    }

    /** What the administrator wants in a process of its own does not come into the house by going back. */
    private static Lock stillIsolated(Lock lock, long generation) throws Refusal {
        for (Lock.Entry entry : lock.features()) {
            boolean wanted = lock.choices()
                    .heap(entry.name(), entry.requested() && !entry.isShipped())
                    .isPresent();
            if (wanted && lock.isolated(entry.name()).isEmpty()) {
                throw new Refusal(
                        "F015",
                        "generation " + generation,
                        "has " + entry.name() + " in the house, and it is to be in a process of its own",
                        "`feature:isolate --off " + entry.name() + "` first");
            }
        }
        return lock;
    }

    private Target judge(Lock next, long restored) throws IOException, Refusal {
        List<Reason> reasons = new ArrayList<>();
        List<Pin> coming = new ArrayList<>(Changeover.missing(next, running));
        Changeover.updates(running, next).forEach(update -> coming.add(update[1]));
        List<Pin> inside = comingInside(next);
        Map<String, Jars.Bundle> jars = new LinkedHashMap<>();
        Map<String, Jars.Bundle> jarsInside = new LinkedHashMap<>();
        for (Pin pin : Stream.concat(coming.stream(), inside.stream()).toList()) {
            progress.accept(new Progress(Stage.VERIFY, pin.name(), jars.size(), coming.size()));
            Path jar = pin.jar(places);
            if (!Files.isReadable(jar)) {
                reasons.add(new Reason("F001", pin.name(), jar + " is not there", "the distribution is damaged"));
            } else if (!Digests.sha256(jar).equals(pin.sha256())) {
                reasons.add(new Reason("F003", pin.name(), jar + " is not what its SHA-256 says", "it is damaged"));
            } else {
                boolean isInside = inside.contains(pin);
                (isInside ? jarsInside : jars).put(isInside ? pin.sha256() : pin.name(), Jars.read(jar));
            }
        }
        coming.addAll(inside);
        List<Finding> findings = reasons.isEmpty() ? vet(next, coming) : List.of();
        findings.stream()
                .filter(Finding::isRefusal)
                .forEach(f -> reasons.add(new Reason("F004", f.subject(), f.message(), "")));
        if (reasons.isEmpty()) {
            progress.accept(new Progress(Stage.RESOLVE, next.bundles().size() + " bundles", 0, 1));
            Requirements requirements = new Requirements(context, places, surroundings, current, running);
            reasons.addAll(requirements.ofTheHouse(next, jars));
            reasons.addAll(requirements.ofProcesses(next, jarsInside));
        }
        boolean restart = needsRestart(next);
        return new Target(
                next,
                new Plan(new PlannedSteps(surroundings, current).of(next, restored), findings, reasons, restart),
                restored,
                restored > 0 ? List.of() : suspects(next, jars));
    }

    /** What comes into the house and has to be tried; what an earlier generation had was there already. */
    private List<Trials.Suspect> suspects(Lock next, Map<String, Jars.Bundle> coming) throws IOException {
        Trials.Whom tried = surroundings.tried();
        List<Trials.Suspect> suspects = new ArrayList<>();
        for (Lock.Entry entry : next.features()) {
            boolean wanted =
                    switch (tried) {
                        case UNSIGNED -> unsigned.contains(entry.name());
                        case FOREIGN -> !entry.isShipped();
                        case NOBODY -> false;
                    };
            if (wanted) {
                List<Pin> fresh = entry.list(places).bundles().stream()
                        .flatMap(pin -> next.bundle(pin.name()).stream())
                        .filter(pin -> coming.containsKey(pin.name()))
                        .toList();
                Set<String> names = fresh.stream().map(Pin::name).collect(Collectors.toSet());
                if (coming.entrySet().stream()
                        .anyMatch(jar ->
                                names.contains(jar.getKey()) && jar.getValue().doesSomething())) {
                    suspects.add(new Trials.Suspect(entry.name(), fresh));
                }
            }
        }
        return suspects;
    }

    /** Bundles of processes that no process has with this content yet; one that moves out of the house counts as new. */
    private List<Pin> comingInside(Lock next) {
        Set<String> known = new HashSet<>();
        running.isolated().forEach(i -> i.bundles().forEach(pin -> known.add(pin.sha256())));
        return next.isolated().stream()
                .flatMap(i -> i.bundles().stream())
                .filter(pin -> known.add(pin.sha256()))
                .toList();
    }

    private List<Finding> vet(Lock next, List<Pin> coming) throws IOException {
        Vetter vetter = surroundings.vetter();
        Artefacts artefacts = new Artefacts(places);
        Set<String> hashes = coming.stream().map(Pin::sha256).collect(Collectors.toCollection(HashSet::new));
        Set<String> wanted = next.everyBundle().stream().map(Pin::sha256).collect(Collectors.toSet());
        List<Finding> findings = new ArrayList<>();
        for (Lock.Entry entry : next.features()) {
            FeatureList list = entry.list(places);
            boolean known = current.entry(entry.name())
                    .filter(e -> sameContent(e, entry))
                    .isPresent();
            // A bundle that stands alone is its own feature: one file.
            if (!known && !entry.isShipped() && !list.isBundle()) {
                progress.accept(new Progress(Stage.VET, entry.name(), 0, 1));
                findings.addAll(vet(vetter, artefacts.of(entry, current)));
            }
            for (Pin pin : list.bundles()) {
                if (wanted.contains(pin.sha256()) && hashes.remove(pin.sha256())) {
                    progress.accept(new Progress(Stage.VET, pin.name(), 0, 1));
                    findings.addAll(vet(vetter, artefacts.of(pin, entry, running)));
                }
            }
        }
        return findings;
    }

    private List<Finding> vet(Vetter vetter, Artefact artefact) {
        List<Finding> findings = vetter.vet(artefact);
        if (findings.stream()
                .anyMatch(f -> f.weight() == Finding.Weight.WARNING && f.code().equals(SIGNATURE))) {
            unsigned.add(artefact.feature());
        }
        return findings;
    }

    private static boolean sameContent(Lock.Entry a, Lock.Entry b) {
        return a.list().equals(b.list()) && a.version().equals(b.version());
    }

    /** Features of the distribution that are not installed. */
    static List<Lock.Found> available(Places places, Lock current) throws IOException {
        List<Lock.Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(places.distribution().resolve("features"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".list")).sorted().toList()) {
                FeatureList list = FeatureList.parse(Files.readString(file));
                if (current.entry(list.name()).isEmpty()) {
                    found.add(new Lock.Found(Lock.shippedEntry(list), list));
                }
            }
        }
        return found;
    }

    /** This bundle cannot replace what it stands on, itself included, and see to the end that it went well. */
    private boolean needsRestart(Lock next) {
        if (current != running) {
            return true;
        }
        Set<String> names = new HashSet<>();
        Changeover.updates(running, next).forEach(update -> names.add(update[0].name()));
        Changeover.missing(running, next).forEach(pin -> names.add(pin.name()));
        Collection<Bundle> touched = Arrays.stream(context.getBundles())
                .filter(b -> names.contains(b.getSymbolicName()))
                .toList();
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .getDependencyClosure(touched)
                .contains(context.getBundle());
    }
}
