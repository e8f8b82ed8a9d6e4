package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.Isolation;
import org.fieldhouse.features.lock.Isolated;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a lock isolates, as {@link Isolation} wants it. Features thread alone. */
final class Processes {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);

    /** What stands on the class path of a process, beside the libraries of the launcher. */
    private static final List<String> CLASS_PATH = List.of("org.fieldhouse.api", "org.fieldhouse.isolation");

    /** What components and their configurations need, with the start level in a process. */
    private static final Map<String, Integer> BASE = base();

    private static final int FIRST_OWN_LEVEL = 4;

    private final Places places;
    private final Engine.Surroundings surroundings;

    Processes(Places places, Engine.Surroundings surroundings) {
        this.places = places;
        this.surroundings = surroundings;
    }

    private static Map<String, Integer> base() {
        Map<String, Integer> base = new LinkedHashMap<>();
        base.put("org.osgi.util.function", 1);
        base.put("org.osgi.util.promise", 1);
        base.put("org.osgi.service.component", 1);
        base.put("org.apache.felix.configadmin", 1);
        base.put("org.apache.felix.scr", 2);
        return base;
    }

    /** Whether every process has what that bundle of the house offers. */
    static boolean isThere(String symbolicName) {
        return BASE.containsKey(symbolicName) || symbolicName.equals(CLASS_PATH.get(0));
    }

    /** What is isolated in the second lock and is not, or is otherwise, in the first. */
    static List<Isolated> starting(Lock from, Lock to) {
        return to.isolated().stream()
                .filter(next -> from.isolated(next.feature())
                        .filter(before ->
                                before.heap() == next.heap() && before.bundles().equals(next.bundles()))
                        .isEmpty())
                .toList();
    }

    static List<Isolated> ending(Lock from, Lock to) {
        return from.isolated().stream()
                .filter(before -> to.isolated(before.feature()).isEmpty())
                .toList();
    }

    void run(Isolated isolated, Lock lock) throws Refusal {
        try {
            surroundings.isolation().run(feature(isolated, lock));
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal("F008", isolated.feature(), "does not run in its process: " + e.getMessage(), "");
        }
    }

    void end(Isolated isolated) throws Refusal {
        surroundings.isolation().end(isolated.feature());
    }

    /** At a start, or when the service is another: nobody waits, and nothing is refused. */
    void keep(Lock lock, Isolation isolation) {
        for (Isolated isolated : lock.isolated()) {
            try {
                isolation.keep(feature(isolated, lock));
            } catch (IOException | RuntimeException e) {
                LOG.error("Feature {} does not run: {}", isolated.feature(), e.getMessage(), e);
            }
        }
    }

    private IsolatedFeature feature(Isolated isolated, Lock lock) throws IOException {
        Lock.Entry entry = lock.entry(isolated.feature()).orElseThrow();
        List<IsolatedFeature.Start> bundles = new ArrayList<>();
        BASE.forEach((name, level) -> lock.bundle(name)
                .ifPresent(pin -> bundles.add(new IsolatedFeature.Start(pin.jar(places), level, false))));
        for (Pin pin : isolated.bundles()) {
            if (pin.location().equals(Pin.STORE) && !pin.isIntact(places)) {
                throw new IOException(pin.jar(places) + " is damaged");
            }
            bundles.add(new IsolatedFeature.Start(
                    pin.jar(places),
                    Math.max(FIRST_OWN_LEVEL, pin.level()),
                    isolated.own().contains(pin)));
        }
        Set<String> configurations = new LinkedHashSet<>(
                surroundings.defaults().pids(entry.list(places).configs()));
        isolated.bundles().forEach(pin -> configurations.add(pin.name()));
        return new IsolatedFeature(
                entry.name(), entry.version(), isolated.heap(), classPath(lock), bundles, configurations);
    }

    private List<Path> classPath(Lock lock) throws IOException {
        List<Path> path = new ArrayList<>();
        CLASS_PATH.forEach(name -> lock.bundle(name).ifPresent(pin -> path.add(pin.jar(places))));
        Path lib = places.distribution().resolve("lib");
        if (Files.isDirectory(lib)) {
            try (Stream<Path> jars = Files.list(lib)) {
                jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().forEach(path::add);
            }
        }
        return path;
    }
}
