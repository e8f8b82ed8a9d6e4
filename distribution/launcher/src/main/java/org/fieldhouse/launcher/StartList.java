package org.fieldhouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fieldhouse.features.lock.Choices;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.MissingException;
import org.fieldhouse.features.lock.Pin;
import org.fieldhouse.features.lock.Places;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles and configurations of the installed features, in start order: what the lock of the last generation pins, with what
 * was changed since in the features that the start names, or in the distribution.
 *
 * <p>The build turns each features/NAME.json into NAME.list, so that no JSON is parsed here.
 *
 * @param bundles jar to start level
 * @param lock what is started
 */
record StartList(Map<Path, Integer> bundles, List<Path> configurations, Lock lock) {
    private static final Logger LOG = LoggerFactory.getLogger("fieldhouse");
    private static final String BOOTED = "features/booted.lock";

    static StartList read(Places places, List<String> chosen) throws StartException {
        return read(places, chosen, List.of());
    }

    /** @param without what is taken away before anything is started, as a removal while the house runs would */
    static StartList read(Places places, List<String> chosen, List<String> without) throws StartException {
        for (String name : chosen) {
            if (!name.matches("[a-z][a-z0-9.-]*")) {
                throw unknown(places, name);
            }
        }
        Lock lock;
        try {
            lock = Lock.forStart(left(places.pinned().orElse(Lock.EMPTY), without, places), chosen, places);
        } catch (IOException | IllegalArgumentException | MissingException e) {
            lock = withoutPast(places, chosen, e);
        }
        Map<Path, Integer> bundles = new LinkedHashMap<>();
        for (Pin pin : lock.bundles()) {
            Path jar = pin.jar(places);
            if (Files.isReadable(jar)) {
                bundles.put(jar, pin.level());
            } else if (pin.location().equals(Pin.STORE)) {
                LOG.error(
                        "{} {} is not there any more: {}; the house starts without it", pin.name(), pin.version(), jar);
            } else {
                throw new StartException(Exit.BUNDLE_MISSING, pin.name() + " needs " + jar + ", which is not there");
            }
        }
        List<Path> configurations = lock.configs().stream()
                .map(config -> config.file(places))
                .filter(Files::exists)
                .toList();
        return new StartList(bundles, configurations, lock);
    }

    /** What is left of a lock without some features and those that require them. */
    private static Lock left(Lock before, List<String> without, Places places) throws IOException, StartException {
        Set<String> gone = new LinkedHashSet<>();
        for (String name : without) {
            if (before.entry(name).isEmpty()) {
                throw new StartException(
                        Exit.SETUP,
                        "\"" + name + "\" is not installed; installed are "
                                + String.join(
                                        ", ",
                                        before.features().stream()
                                                .map(Lock.Entry::name)
                                                .toList()));
            }
            gone.add(name);
        }
        boolean more = !gone.isEmpty();
        while (more) {
            more = false;
            for (Lock.Entry entry : before.features()) {
                if (!gone.contains(entry.name())
                        && entry.list(places).requires().stream().anyMatch(r -> gone.contains(r.split(" ", 2)[0]))) {
                    more = gone.add(entry.name());
                }
            }
        }
        gone.forEach(name -> LOG.warn("{} is taken away before the start", name));
        return before.without(gone);
    }

    /**
     * What was installed cannot be read or put together: the house starts with what was chosen. What is to run in processes of its own is so all
     * the same: what is in {@code deploy/} comes again, and must not come into the house.
     */
    private static Lock withoutPast(Places places, List<String> chosen, Exception trouble) throws StartException {
        try {
            Lock lock = Lock.of(
                    chosen, new LinkedHashSet<>(chosen), choices(places), name -> Lock.EMPTY.find(name, places));
            LOG.error(
                    "What was installed while the house ran cannot be started, and is left out: {}",
                    trouble.getMessage());
            return lock;
        } catch (MissingException e) {
            throw e.by.isEmpty()
                    ? unknown(places, e.subject)
                    : new StartException(Exit.SETUP, String.valueOf(e.getMessage()));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(Exit.SETUP, "cannot read the features: " + e.getMessage());
        }
    }

    private static Choices choices(Places places) {
        try {
            return places.pinnedText().map(Choices::readable).orElse(Choices.NONE);
        } catch (IOException e) {
            LOG.error(
                    "Which features are to run in processes of their own is not known any more (`feature:isolate` says so again): {}",
                    e.toString());
            return Choices.NONE;
        }
    }

    private static StartException unknown(Places places, String feature) throws StartException {
        return new StartException(
                Exit.SETUP,
                "no feature \"" + feature + "\"; there are " + String.join(", ", names(places.distribution())));
    }

    private static List<String> names(Path distribution) throws StartException {
        try (Stream<Path> files = Files.list(distribution.resolve("features"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".list"))
                    .map(name -> name.substring(0, name.length() - ".list".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartException(Exit.SETUP, distribution + " is not a Fieldhouse distribution: " + e);
        }
    }

    List<String> features() {
        return lock.features().stream().map(Lock.Entry::name).toList();
    }

    /** Leaves what is started to the feature service, if it is not the lock of the last generation: it records it. */
    void hand(Places places) throws IOException {
        Path booted = places.data().resolve(BOOTED);
        Files.createDirectories(booted.getParent());
        if (isPinned(places)) {
            Files.deleteIfExists(booted);
        } else {
            Path half = booted.resolveSibling("booted.new");
            Files.writeString(half, lock.toString());
            Files.move(half, booted, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Compares texts: the equality of records is put together at its first use, and that use would be this one, at every start. */
    private boolean isPinned(Places places) {
        try {
            return places.pinned()
                    .map(Lock::toString)
                    .filter(lock.toString()::equals)
                    .isPresent();
        } catch (IOException damaged) {
            return false;
        }
    }

    /** Before the bundle cache is made anew: jars that came from elsewhere must be what they were when they were let in. */
    StartList verified(Places places) throws IOException {
        Map<Path, Integer> sound = new LinkedHashMap<>(bundles);
        for (Pin pin : lock.bundles()) {
            Path jar = pin.jar(places);
            if (pin.location().equals(Pin.STORE) && bundles.containsKey(jar) && !pin.isIntact(places)) {
                LOG.error("{} is damaged; the house starts without {} {}", jar, pin.name(), pin.version());
                sound.remove(jar);
            }
        }
        return new StartList(sound, configurations, lock);
    }

    /** The configuration files of the features, then the owner's; both are read by the Configurator. */
    List<Path> configurationsWith(Path ownersDirectory) throws IOException {
        List<Path> all = new ArrayList<>(configurations);
        try (Stream<Path> files = Files.list(ownersDirectory)) {
            files.filter(file -> file.toString().endsWith(".json")).sorted().forEach(all::add);
        }
        return all;
    }

    /** Everything the bundle cache was made from; any difference makes the next start a cold one. */
    String fingerprint(Path distribution, List<Path> configurationFiles) throws IOException {
        StringBuilder text = new StringBuilder(Runtime.version().toString()).append('\n');
        text.append(stat(distribution.resolve("conf/system.properties")));
        try (Stream<Path> libraries = Files.list(distribution.resolve("lib"))) {
            for (Path library : libraries.sorted().toList()) {
                text.append(stat(library));
            }
        }
        for (Map.Entry<Path, Integer> bundle : bundles.entrySet()) {
            text.append(bundle.getValue()).append(' ').append(stat(bundle.getKey()));
        }
        for (Path file : configurationFiles) {
            text.append(stat(file));
        }
        return text.toString();
    }

    private static String stat(Path file) throws IOException {
        return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n";
    }
}
