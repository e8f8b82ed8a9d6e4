package org.fieldhouse.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.Result.Status;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Reason;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;

/**
 * The folder {@code deploy/}: a file there is wanted, a file that is gone is not wanted any more. Jars, feature files and archives; a
 * file counts once it has not changed between two looks, so half a copy is not read. What is refused is left where it is, said once,
 * and tried again when it or its signature changes, or whom the administrator trusts, or when what it lacked may have come. Features thread alone, but for {@link #health()}.
 */
final class DeployFolder {
    private static final List<String> ENDINGS = List.of(".jar", ".json", ".far", ".zip");
    /** Reasons that another change may do away with: something that is required is not there. */
    private static final Set<String> MISSING = Set.of("F001", "F005", "F007");

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
    /** Name to what the file was like when it was taken or refused. */
    private final Map<String, String> settled = new HashMap<>();

    private final Map<String, List<Reason>> refused = new ConcurrentHashMap<>();
    /** Removals that were refused, with the lock that they were refused for: another may be tried when that has changed. */
    private final Map<String, Lock> stuck = new HashMap<>();

    /** @param trust the folder with whom and what the administrator trusts; it need not be there */
    DeployFolder(Path folder, Path trust, Engine engine) {
        this.folder = folder;
        this.trust = trust;
        this.engine = engine;
    }

    void look() throws IOException {
        Map<String, String> now = list();
        Map<String, String> last = before;
        before = now;
        refused.keySet().retainAll(now.keySet());
        settled.keySet().retainAll(now.keySet());
        tryAgain();
        for (Map.Entry<String, String> file : now.entrySet()) {
            String stat = file.getValue();
            if (stat.equals(last.get(file.getKey())) && !stat.equals(settled.get(file.getKey()))) {
                settled.put(file.getKey(), stat);
                take(file.getKey());
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
            tried = engine.lock();
            refused.forEach((name, reasons) -> {
                if (reasons.stream().anyMatch(reason -> MISSING.contains(reason.code()))) {
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

    private void take(String name) throws IOException {
        String source = Places.DEPLOY + name;
        Optional<Lock.Entry> known = engine.lock().features().stream()
                .filter(e -> e.source().equals(source))
                .findFirst();
        Path file = folder.resolve(name);
        if (known.isPresent() && Store.sha256(file).equals(known.get().artefact())) {
            return;
        }
        Result result = engine.apply(new Change.Install(new Source.At(file)), source, CUE, progress -> {});
        engine.sweep();
        if (!result.done()) {
            refused.put(name, result.reasons());
            return;
        }
        refused.remove(name);
        // The file brings something of another name than before.
        if (known.isPresent()
                && engine.lock()
                        .entry(known.get().name())
                        .filter(known.get()::equals)
                        .isPresent()) {
            remove(known.get());
        }
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

    /** Any thread. */
    org.apache.felix.hc.api.Result health() {
        if (refused.isEmpty()) {
            return new org.apache.felix.hc.api.Result(Status.OK, "nothing was refused");
        }
        FormattingResultLog log = new FormattingResultLog();
        refused.forEach((name, reasons) -> log.critical(
                "{} was refused: {}",
                Places.DEPLOY + name,
                reasons.stream().map(Reason::toString).collect(Collectors.joining("; "))));
        return new org.apache.felix.hc.api.Result(log);
    }
}
