package org.fieldhouse.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.feature.BundleInfo;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.FeatureInfo.State;
import org.fieldhouse.api.feature.GenerationInfo;
import org.fieldhouse.api.feature.IsolatedProcess;
import org.fieldhouse.features.lock.FeatureList;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is installed and what could be, in the words of the API. Any thread. */
final class Catalogue {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final BundleContext context;
    private final Places places;
    private final Engine engine;
    private final Supplier<List<IsolatedProcess>> processes;

    Catalogue(BundleContext context, Places places, Engine engine, Supplier<List<IsolatedProcess>> processes) {
        this.context = context;
        this.places = places;
        this.engine = engine;
        this.processes = processes;
    }

    List<FeatureInfo> installed() {
        Lock lock = engine.lock();
        Map<String, FeatureList> lists = new HashMap<>();
        Map<String, Integer> shared = new HashMap<>();
        try {
            for (Lock.Entry entry : lock.features()) {
                FeatureList list = entry.list(places);
                lists.put(entry.name(), list);
                list.bundles().forEach(b -> shared.merge(b.name(), 1, Integer::sum));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<IsolatedProcess> running = processes.get();
        return lock.features().stream()
                .map(entry -> info(lock, entry, lists, shared, running))
                .sorted(Comparator.comparing(FeatureInfo::name))
                .toList();
    }

    private FeatureInfo info(
            Lock lock,
            Lock.Entry entry,
            Map<String, FeatureList> lists,
            Map<String, Integer> shared,
            List<IsolatedProcess> running) {
        FeatureList list = Objects.requireNonNull(lists.get(entry.name()));
        List<BundleInfo> bundles = new ArrayList<>();
        boolean restart = false;
        boolean failing = false;
        for (Pin wanted : list.bundles()) {
            Pin pin = lock.bundle(wanted.name()).orElse(wanted);
            Optional<Bundle> bundle = bundle(pin.name());
            if (lock.bundle(wanted.name()).isEmpty()) {
                bundles.add(info(wanted, Optional.empty(), shared.getOrDefault(pin.name(), 1)));
                continue; // in a process
            }
            bundles.add(info(pin, bundle, shared.getOrDefault(pin.name(), 1)));
            restart |= bundle.isEmpty() || !bundle.get().getVersion().toString().equals(pin.version());
            failing |= bundle.isPresent()
                    && !Changeover.isFragment(bundle.get())
                    && (bundle.get().getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0;
        }
        String isolated = "";
        if (lock.isolated(entry.name()).isPresent()) {
            Optional<IsolatedProcess> process = running.stream()
                    .filter(p -> p.feature().equals(entry.name()))
                    .findFirst();
            isolated = process.map(IsolatedProcess::toString).orElse("no process");
            failing |= process.filter(p -> p.trouble().isEmpty()).isEmpty();
        }
        List<String> by = lists.values().stream()
                .filter(other -> other.requires().stream().anyMatch(r -> r.split(" ", 2)[0].equals(entry.name())))
                .map(FeatureList::name)
                .sorted()
                .toList();
        return new FeatureInfo(
                entry.name(),
                entry.version(),
                FeatureInfo.Kind.valueOf(list.kind()),
                restart ? State.RESTART : failing ? State.FAILING : State.ACTIVE,
                list.title(),
                entry.source(),
                entry.requested(),
                list.requires(),
                by,
                isolated,
                bundles);
    }

    private Optional<Bundle> bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(b -> name.equals(b.getSymbolicName()) && !Changeover.isStuck(b))
                .findFirst();
    }

    private static BundleInfo info(Pin pin, Optional<Bundle> bundle, int shared) {
        return new BundleInfo(
                pin.name(),
                pin.version(),
                pin.level(),
                pin.sha256(),
                bundle.map(Bundle::getBundleId).orElse(-1L),
                bundle.map(Bundle::getState).orElse(0),
                shared);
    }

    List<FeatureInfo> available(List<Repository> repositories) {
        Map<String, FeatureInfo> all = new TreeMap<>();
        try {
            for (Lock.Found found : Planner.available(places, engine.lock())) {
                FeatureList list = found.list();
                List<BundleInfo> bundles = list.bundles().stream()
                        .map(p -> info(p, Optional.empty(), 0))
                        .toList();
                all.put(
                        list.name(),
                        available(list.name(), list.version(), list.title(), Lock.SHIPPED, list.requires(), bundles));
            }
        } catch (IOException e) {
            LOG.warn("The features of the distribution cannot be listed: {}", e.toString());
        }
        for (Repository repository : repositories) {
            try {
                for (String name : repository.features()) {
                    Optional<Coordinates> newest = repository.newest("", name, "");
                    if (newest.isPresent()
                            && engine.lock()
                                    .entry(name)
                                    .filter(e -> e.version().equals(newest.get().version()))
                                    .isEmpty()) {
                        all.putIfAbsent(
                                name,
                                available(
                                        name,
                                        newest.get().version(),
                                        "",
                                        repository.description(),
                                        List.of(),
                                        List.of()));
                    }
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} is left out: {}", repository.description(), e.toString());
            }
        }
        return List.copyOf(all.values());
    }

    private static FeatureInfo available(
            String name, String version, String title, String source, List<String> requires, List<BundleInfo> bundles) {
        return new FeatureInfo(
                name,
                version,
                FeatureInfo.Kind.FEATURE,
                State.AVAILABLE,
                title,
                source,
                false,
                requires,
                List.of(),
                "",
                bundles);
    }

    static List<GenerationInfo> history(Generations generations) throws IOException {
        List<GenerationInfo> all = new ArrayList<>();
        for (Generations.Kept kept : generations.kept()) {
            List<String> features = List.of();
            for (SourceFile file : generations.files(kept.number())) {
                if (file.path().equals(Places.LOCK)) {
                    features = Lock.parse(file.text()).features().stream()
                            .map(e -> e.name() + ' ' + e.version())
                            .toList();
                }
            }
            all.add(new GenerationInfo(kept.number(), kept.time(), kept.author(), kept.changed(), features));
        }
        return all;
    }
}
