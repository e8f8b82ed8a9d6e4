package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The bundle that serves a process, on its side. */
    private static final String SERVANT = "org.fieldhouse.isolation";

    /** What stands on the class path of a process, beside the libraries of the launcher. */
    private static final List<String> CLASS_PATH = List.of("org.fieldhouse.api", SERVANT);

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

    /**
     * A feature for a trial: its own bundles and those that an isolated one would be lent are started; all others of the house are there
     * for their packages.
     *
     * @param own what is tried
     * @throws IOException if this distribution cannot run a trial, with the reason
     */
    Trial.Guest guest(String feature, List<Pin> own, int heap, Lock lock) throws IOException {
        if (pin(SERVANT, lock)
                .map(pin -> pin.jar(places))
                .filter(Files::isReadable)
                .isEmpty()) {
            throw new IOException("this distribution has no " + SERVANT);
        }
        Map<String, Lock.Found> all = new LinkedHashMap<>();
        for (Lock.Entry entry : lock.features()) {
            all.put(entry.name(), new Lock.Found(entry, entry.list(places)));
        }
        Set<Pin> lent = new LinkedHashSet<>();
        Isolated.needed(feature, all).forEach(pin -> lock.bundle(pin.name()).ifPresent(lent::add));
        List<String> bundles = new ArrayList<>();
        BASE.forEach(
                (name, level) -> lock.bundle(name).ifPresent(pin -> bundles.add(level + " lent " + pin.jar(places))));
        for (Pin pin : lock.bundles()) {
            if (!BASE.containsKey(pin.name()) && !CLASS_PATH.contains(pin.name())) {
                String kind = own.contains(pin) ? " own " : lent.contains(pin) ? " lent " : " there ";
                bundles.add(Math.max(FIRST_OWN_LEVEL, pin.level()) + kind + pin.jar(places));
            }
        }
        return new Trial.Guest(feature, heap, classPath(lock), bundles);
    }

    /** Whether a trial starts it with the feature, and not before it. */
    static boolean canBeTried(Pin pin) {
        return !BASE.containsKey(pin.name()) && !CLASS_PATH.contains(pin.name());
    }

    /** Of the house, or of the feature that runs processes, which need not be installed for a trial. */
    private Optional<Pin> pin(String name, Lock lock) throws IOException {
        Optional<Pin> installed = lock.bundle(name);
        return installed.isPresent()
                ? installed
                : places.shipped(Isolated.FEATURE).stream()
                        .flatMap(list -> list.bundles().stream())
                        .filter(shipped -> shipped.name().equals(name))
                        .findFirst();
    }

    private List<Path> classPath(Lock lock) throws IOException {
        List<Path> path = new ArrayList<>();
        for (String name : CLASS_PATH) {
            pin(name, lock).ifPresent(pin -> path.add(pin.jar(places)));
        }
        Path lib = places.distribution().resolve("lib");
        if (Files.isDirectory(lib)) {
            try (Stream<Path> jars = Files.list(lib)) {
                jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().forEach(path::add);
            }
        }
        return path;
    }
}
