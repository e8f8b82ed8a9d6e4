package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.Result.Status;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.RefusedFile;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.features.lock.Digests;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code deploy/}: a file there is wanted, a file that is gone is not wanted any more. Jars, feature files and archives; a
 * file counts once it has not changed between two looks, and an archive without an end once it has not for ten, so half a copy is not read. What is refused is left where it is, said once,
 * and tried again when it or its signature changes, or whom the administrator trusts, or when what it lacked may have come. Features thread alone, but for {@link #health()} and {@link #refused()}.
 */
final class DeployFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);
    private static final List<String> ENDINGS = List.of(".jar", ".json", ".far", ".zip");
    /** Reasons that another change may do away with: something that is required is not there. */
    private static final Set<String> MISSING = Set.of("F001", "F005", "F007");

    /** Looks without a change after which what is no whole archive is none: a slow copy pauses, and its directory comes last. */
    private static final int PATIENCE = 10;

    private static final Cue CUE = new Cue(0, "deploy folder", null);

    private final Path folder;
    private final Path trust;
    private final Engine engine;
    /** What the administrator's files were like at the last look. */
    private String trusted = "";
    /** What was installed at the last look. */
    private Lock tried = Lock.EMPTY;
    /** By name, as of the last look. */
    private Map<String, String> before = Map.of();
    /** Name to the looks since it changed. */
    private final Map<String, Integer> still = new HashMap<>();
    /** Name to what the file was like when it was taken or refused. */
    private final Map<String, String> settled = new HashMap<>();

    /** What it was in the earlier runs, by name: {@code SHA-256 FEATURE}. */
    private final Properties taken = new Properties();

    private final Path record;

    private final Map<String, RefusedFile> refused = new ConcurrentHashMap<>();
    /** Removals that were refused, with the lock that they were refused for: another may be tried when that has changed. */
    private final Map<String, Lock> stuck = new HashMap<>();

    /**
     * @param trust the folder with whom and what the administrator trusts; it need not be there
     * @param record the file in which it keeps what it has taken; it need not be there
     */
    DeployFolder(Path folder, Path trust, Path record, Engine engine) {
        this.folder = folder;
        this.trust = trust;
        this.record = record;
        this.engine = engine;
        try {
            Remembered.read(record, taken);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("What deploy/ had taken is not known, so all of it is installed again: {}", e.getMessage());
        }
    }

    void look() throws IOException {
        Map<String, String> now = list();
        Map<String, String> last = before;
        before = now;
        refused.keySet().retainAll(now.keySet());
        settled.keySet().retainAll(now.keySet());
        still.keySet().retainAll(now.keySet());
        tryAgain();
        for (Map.Entry<String, String> file : now.entrySet()) {
            String name = file.getKey();
            String stat = file.getValue();
            int looks = stat.equals(last.get(name)) ? still.merge(name, 1, Integer::sum) : 0;
            still.put(name, looks);
            if (looks > 0 && !stat.equals(settled.get(name)) && (looks >= PATIENCE || isWhole(name))) {
                take(name, stat, settled.put(name, stat) == null);
            }
        }
        for (Lock.Entry entry : engine.lock().features()) {
            String source = entry.source();
            if (source.startsWith(Places.DEPLOY)
                    && entry.requested()
                    && !now.containsKey(source.substring(Places.DEPLOY.length()))) {
                remove(entry);
            }
        }
    }

    /** What was refused, when somebody is trusted now who was not, or when there may be now what was missing. */
    private void tryAgain() throws IOException {
        String trustedNow = stats(trust, "allowed") + stats(trust.resolve("keys"), ".pub");
        if (!trustedNow.equals(trusted)) {
            trusted = trustedNow;
            settled.keySet().removeAll(refused.keySet());
        }
        if (engine.lock() != tried) {
            boolean otherChoices = !engine.lock().choices().equals(tried.choices());
            tried = engine.lock();
            refused.forEach((name, file) -> {
                if (file.reasons().stream()
                        .anyMatch(reason -> MISSING.contains(reason.code())
                                || otherChoices && reason.code().equals(Trials.HARM))) {
                    settled.remove(name);
                }
            });
        }
    }

    private Map<String, String> list() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (!name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith)) {
                stat(file).ifPresent(stat -> files.put(name, stat + stat(folder.resolve(name + Fetcher.SIGNATURE))));
            }
        }
        return files;
    }

    /** Whether it can be more than the beginning of a file. */
    private boolean isWhole(String name) {
        if (name.endsWith(".json")) {
            return true;
        }
        try (ZipFile zip = new ZipFile(folder.resolve(name).toFile())) {
            return zip.size() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    private static String stats(Path folder, String ending) throws IOException {
        return files(folder).stream()
                .filter(file -> file.toString().endsWith(ending))
                .sorted()
                .map(file -> file.getFileName() + " " + stat(file))
                .collect(Collectors.joining(" "));
    }

    private static Optional<String> stat(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(attributes.size() + " " + attributes.lastModifiedTime() + ' ' + attributes.fileKey())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // gone again, or never there
        }
    }

    /**
     * @param state what the file is like
     * @param first whether it has not been looked at in this run
     */
    private void take(String name, String state, boolean first) throws IOException {
        String source = Places.DEPLOY + name;
        Optional<Lock.Entry> known = engine.lock().features().stream()
                .filter(e -> e.source().equals(source))
                .findFirst();
        Path file = folder.resolve(name);
        if (known.isPresent() && Digests.sha256(file).equals(known.get().artefact())) {
            refused.remove(name); // something else stood there in between
            if (!taken.containsKey(name)) {
                remember(name, source);
            }
            return;
        }
        if (first && isOvertaken(name, file)) {
            return;
        }
        Change.Install change = new Change.Install(new Source.At(file));
        int ends = engine.ended(change, source, state);
        if (ends >= Attempts.TOLERATED) {
            refuse(name, ends);
            return;
        }
        Result result = engine.apply(change, source, state, CUE, progress -> {});
        engine.sweep();
        if (!result.done()) {
            refused.put(name, new RefusedFile(name, result.reasons(), Instant.now()));
            return;
        }
        refused.remove(name);
        remember(name, source);
        // The file brings something of another name than before.
        if (known.isPresent()
                && engine.lock()
                        .entry(known.get().name())
                        .filter(known.get()::equals)
                        .isPresent()) {
            remove(known.get());
        }
    }

    /** What brings the house down is not tried at each start. */
    private void refuse(String name, int ends) {
        Reason reason = new Reason(
                "F016",
                name,
                "the house ended " + ends + " times while it was being installed",
                "remove it; or `feature:isolate NAME`, with the name that it is listed under, and copy it again: it then runs in a process of its own");
        if (refused.put(name, new RefusedFile(name, List.of(reason), Instant.now())) == null) {
            LOG.warn("{}{} is not tried again: {}", Places.DEPLOY, name, reason);
        }
    }

    /** The file is as an earlier run took it, and by another door there is another version since: a start does not take that back. */
    private boolean isOvertaken(String name, Path file) throws IOException {
        String[] before = taken.getProperty(name, "").split(" ");
        return before.length == 2
                && before[0].equals(Digests.sha256(file))
                && engine.lock().entry(before[1]).isPresent();
    }

    private void remember(String name, String source) throws IOException {
        for (Lock.Entry entry : engine.lock().features()) {
            if (entry.source().equals(source)) {
                taken.setProperty(name, entry.artefact() + ' ' + entry.name());
            }
        }
        taken.keySet().removeIf(known -> !Files.exists(folder.resolve((String) known)));
        Remembered.write(record, taken, "What came from deploy/");
    }

    private void remove(Lock.Entry entry) {
        if (stuck.get(entry.name()) == engine.lock()) {
            return;
        }
        Result result = engine.apply(new Change.Remove(entry.name()), entry.source(), CUE, progress -> {});
        if (!result.done()) {
            stuck.put(entry.name(), engine.lock());
        }
    }

    /** By name. Any thread. */
    List<RefusedFile> refused() {
        return refused.values().stream()
                .sorted(Comparator.comparing(RefusedFile::name))
                .toList();
    }

    /** A warning: what was there before is in force, and the house works. Any thread. */
    org.apache.felix.hc.api.Result health() {
        if (refused.isEmpty()) {
            return new org.apache.felix.hc.api.Result(Status.OK, "nothing was refused");
        }
        FormattingResultLog log = new FormattingResultLog();
        refused()
                .forEach(file -> log.warn(
                        "{} was refused: {}",
                        Places.DEPLOY + file.name(),
                        file.reasons().stream().map(Reason::toString).collect(Collectors.joining("; "))));
        return new org.apache.felix.hc.api.Result(log);
    }
}
