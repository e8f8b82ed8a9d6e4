package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.ConfigurationParticipant.Prepared;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.config.GenerationStore.Generation;
import org.fieldhouse.runtime.host.DeviceHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files of the configuration directory into force, as a whole or not at all. Everything happens on one thread, the
 * configuration thread: files are read, devices checked against each other, participants prepare; if nobody found an error the
 * generation is recorded, and then the devices and the participants change over.
 *
 * <p>A participant that is not there yet (its bundle starts later, or is being updated) leaves its files as they were in the last
 * good generation; when it comes, they are looked at.
 *
 * <p>Beyond 400 lines because looking, taking, refusing and waiting are one decision about what is in force and what was refused last;
 * what stands by itself has classes of its own ({@link Trials}, {@link Adoption}, {@link Rollback}).
 */
public final class Directory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
    static final String DEVICES = "devices/*.yaml";
    private static final Cause EDITED = new Cause(0, Cause.Origin.CONFIGURATION, "files", null);
    /** Devices that a line of the log names. */
    private static final int NAMED = 4;
    /** Problems of a refused edit that the log names. */
    private static final int SHOWN = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** A bridge that adopts needs so much longer: it has to be reached, and to be told of what there is. */
    private static final int ADOPTION = 10;

    private static final long RECORD_SECONDS = 5;

    private final Path root;
    private final DeviceHost host;
    private final Ingress ingress;
    private final FileTree tree;
    private final Steps steps;
    /** How long devices that were just opened have for saying what they are, before files that do not fit them are refused. */
    private final Duration patience;

    private final GenerationStore store;
    private final EntryCache cache;
    private final Trials trials;
    private final SecretStore secrets;
    private final Adoption adoption;
    private final Rollback rollback;
    private final ConfigThread thread = new ConfigThread();
    private final Watcher watcher;
    private final AtomicBoolean modelMoved = new AtomicBoolean();
    /** Whether the files will be looked at. */
    private final AtomicBoolean looking = new AtomicBoolean();
    /** First looks that are to come: ours, and one for each participant. */
    private final AtomicInteger firstLooks = new AtomicInteger();

    /** Configuration thread alone, as all below. */
    private final Set<ConfigurationParticipant> participants = new HashSet<>();
    /** Participants whose files are in force. */
    private final Set<ConfigurationParticipant> served = new HashSet<>();

    private Map<String, DeviceEntry> entries = Map.of();
    /** What the files on disk were last judged by; trials of other sets of files do not count. */
    private HouseModel preparedFor = HouseModel.EMPTY;

    private boolean applied;
    private long lastCheckNanos;

    private volatile Generation active;
    private volatile List<Problem> problems = List.of();
    /** Whether the files are refused only until devices have said what they are. */
    private boolean waiting;
    /** Whether it was said that an earlier generation serves. */
    private boolean fellBack;

    private volatile Set<Path> folders = Set.of();

    /**
     * @param root the directory
     * @param data where the last good generation and the secrets are kept
     */
    public Directory(Path root, Path data, DeviceHost host, Ingress ingress) {
        this(root, data, host, ingress, Steps.NONE, PATIENCE);
    }

    Directory(Path root, Path data, DeviceHost host, Ingress ingress, Steps steps, Duration patience) {
        this.root = root;
        this.steps = steps;
        this.patience = patience;
        this.host = host;
        this.ingress = ingress;
        this.tree = new FileTree(root);
        this.store = new GenerationStore(data.resolve("generations"), steps);
        this.cache = new EntryCache(data.resolve("generations"));
        this.trials = new Trials(host, cache);
        this.secrets = new SecretStore(data);
        this.adoption = new Adoption(host, new Adoption.Edits() {
            @Override
            public Map<String, DeviceEntry> entries() {
                return entries;
            }

            @Override
            public Map<String, SourceFile> files() {
                return active.files();
            }

            @Override
            public List<Problem> add(List<SourceFile> changed, Cause cause) {
                return addEntries(changed, cause);
            }
        });
        this.rollback = new Rollback(root, store, steps);
        this.active = store.load();
        host.connect(secrets::find, found -> thread.submit(() -> adoption.adopt(found)), this::modelChanged);
        thread.submit(() -> rollback.end(active, patterns()));
        lookFirst(() -> {});
        watch();
        this.watcher = new Watcher(root, () -> folders, this::changed);
    }

    // ---- reading; any thread

    Path root() {
        return root;
    }

    long generation() {
        return active.number();
    }

    boolean hasLooked() {
        return firstLooks.get() == 0;
    }

    List<Problem> problems() {
        List<Problem> all = new ArrayList<>(problems);
        for (Problem problem : host.problems()) {
            if (!all.contains(problem)) {
                all.add(problem);
            }
        }
        return List.copyOf(all);
    }

    List<SourceFile> files() {
        return List.copyOf(active.files().values());
    }

    /** For tests that write as an editor does. */
    Watcher watcher() {
        return watcher;
    }

    public SecretStore secrets() {
        return secrets;
    }

    // ---- from outside; any thread

    /** For tests: looks as after a change that was none; returns at once. */
    void look() {
        thread.submit(() -> check(false));
    }

    List<Problem> reload() {
        return thread.await(() -> {
            check(true);
            return problems();
        });
    }

    List<Problem> write(SourceFile file, Cause cause) {
        return thread.await(() -> writeNow(file, cause));
    }

    List<Problem> accept(DeviceId candidate, String name, Cause cause) {
        return thread.await(() -> adoption.accept(candidate, name, cause));
    }

    List<Generations.Kept> kept() {
        return thread.tell(() -> {
            List<Generations.Kept> all = new ArrayList<>();
            Map<String, String> before = Map.of();
            for (Map.Entry<Long, Path> entry : store.kept().entrySet()) {
                Map<String, String> hashes = GenerationStore.hashes(entry.getValue());
                Instant time = Files.getLastModifiedTime(entry.getValue()).toInstant();
                String author = GenerationStore.author(entry.getValue());
                all.add(0, new Generations.Kept(entry.getKey(), time, author, changes(before, hashes)));
                before = hashes;
            }
            return all;
        });
    }

    List<SourceFile> files(long generation) throws IOException {
        return thread.tellOrFail(
                () -> List.copyOf(store.kept(generation).files().values()));
    }

    long pin(SourceFile file, Cause cause) throws IOException {
        return thread.tellOrFail(() -> pinNow(file, cause));
    }

    List<Problem> restore(long generation, SourceFile instead, Cause cause) throws IOException {
        return thread.tellOrFail(() -> restoreNow(generation, instead, cause));
    }

    void add(ConfigurationParticipant participant) {
        lookFirst(() -> {
            participants.add(participant);
            watch();
        });
    }

    private void lookFirst(Runnable before) {
        firstLooks.incrementAndGet();
        thread.submit(() -> {
            try {
                before.run();
                check(false);
            } finally {
                firstLooks.decrementAndGet();
            }
        });
    }

    /** Returns when the participant is not in use any more. */
    void remove(ConfigurationParticipant participant) {
        thread.await(() -> {
            participants.remove(participant);
            served.remove(participant);
            watch();
            return List.of();
        });
    }

    /** Descriptions come in bursts when devices are opened; the files are checked against them when it is quiet for a moment. */
    private void modelChanged() {
        if (!modelMoved.compareAndSet(false, true)) {
            return;
        }
        long pause = Math.max(100, TimeUnit.NANOSECONDS.toMillis(lastCheckNanos) * 2);
        thread.after(pause, () -> {
            modelMoved.set(false);
            if (applied && !participants.isEmpty() && isNews(host.model())) {
                check(true);
            }
        });
    }

    /** Whether rules would see something else in it than in the model that they were prepared against last. */
    private boolean isNews(HouseModel model) {
        HouseModel before = preparedFor;
        if (model.devices().size() != before.devices().size()) {
            return true;
        }
        for (DeviceInfo now : model.devices()) {
            DeviceInfo then = before.named(now.name()).orElse(null);
            if (then == null || !then.id().equals(now.id()) || !offersTheSame(then.description(), now.description())) {
                return true;
            }
        }
        return false;
    }

    /** Details are for people: a broker's session has another number each time, and no rule can ask for it. */
    private static boolean offersTheSame(DeviceDescription then, DeviceDescription now) {
        return then == now
                || then.type().equals(now.type())
                        && then.points().equals(now.points())
                        && then.actions().equals(now.actions())
                        && then.events().equals(now.events())
                        && Objects.equals(then.mainPoint(), now.mainPoint());
    }

    private void changed(Watcher watch) {
        if (looking.compareAndSet(false, true)) {
            thread.submit(() -> {
                looking.set(false);
                check(false, watch);
            });
        }
    }

    // ---- on the configuration thread

    private void watch() {
        Set<Path> all = new HashSet<>();
        all.add(root);
        for (String pattern : patterns()) {
            Path folder = root.resolve(pattern).getParent();
            if (folder != null) {
                all.add(folder);
            }
        }
        folders = all;
    }

    private Set<String> patterns() {
        Set<String> all = new TreeSet<>();
        all.add(DEVICES);
        participants.forEach(p -> all.addAll(p.patterns()));
        return all;
    }

    /** What would be in force if the disk had its way: files of absent participants stay as they are. */
    private SortedMap<String, SourceFile> onDisk(List<Problem> found) {
        SortedMap<String, SourceFile> files = new TreeMap<>(active.files());
        for (String pattern : patterns()) {
            files.keySet().removeIf(path -> FileTree.matches(pattern, path));
            files.putAll(tree.read(pattern, found));
        }
        return files;
    }

    /**
     * Compares the disk with what is in force, and takes what is new.
     *
     * @param again also if nothing is: the devices may say other things of themselves than before
     */
    private void check(boolean again) {
        check(again, null);
    }

    /** @param watch for files that an editor may be writing: they are tried out at once, and taken when it is through */
    private void check(boolean again, @Nullable Watcher watch) {
        long start = System.nanoTime();
        long seen = watch == null ? 0 : watch.told();
        List<Problem> found = new ArrayList<>();
        SortedMap<String, SourceFile> files = onDisk(found);
        boolean fresh = !applied || !served.containsAll(participants);
        boolean same = files.equals(active.files());
        boolean told = found.equals(unreadable);
        unreadable = List.copyOf(found);
        if (same && !again && !fresh && (told || found.isEmpty())) {
            if (found.isEmpty()
                    && !(told && files.equals(rejected))
                    && problems.stream().anyMatch(Problem::isError)) {
                problems = List.of(); // a rejected edit was taken back
                LOG.info("The edit was taken back; generation {} is in force", active.number());
            }
            return;
        }
        if (!again && !fresh && told && files.equals(rejected)) {
            return;
        }
        Trial trial = tryOut(files, found, applied);
        if (watch != null && watch.settle(seen) && !onDisk(new ArrayList<>()).equals(files)) {
            changed(watch); // the editor was not through
            return;
        }
        trial.laps.done("settled");
        preparedFor = trial.model;
        rejected = trial.hasErrors() ? files : null;
        Trial devices = trial.hasErrors() ? devicesFirst(trial) : null;
        if (!trial.hasErrors()) {
            activate(trial, EDITED);
        } else if (devices != null) {
            activate(devices, EDITED);
            awaitDescriptions(trial);
        } else {
            if (found.isEmpty() && (same || fresh || files.equals(unedited))) {
                rejectQuietly(trial);
            } else {
                reject(trial.problems);
            }
            if (fresh) {
                fallBack();
            }
        }
        lastCheckNanos = System.nanoTime() - start;
    }

    /** The files that were refused last; not looked at again until they change. */
    private @Nullable SortedMap<String, SourceFile> rejected;

    /** The files that wait though nobody has edited them, with what was added by ourselves since. */
    private @Nullable SortedMap<String, SourceFile> unedited;

    /** What could not be read when the disk was looked at last. */
    private List<Problem> unreadable = List.of();

    /**
     * What a device has is only known when it is open. Where all errors are about devices that are new or otherwise configured
     * in this edit, the devices are taken without the files that have them: those are looked at again when the devices have spoken.
     *
     * @return what can be taken; null if the edit is wrong as it stands
     */
    private @Nullable Trial devicesFirst(Trial trial) {
        Map<ConfigurationParticipant, Prepared> waiting = new LinkedHashMap<>(trial.prepared);
        waiting.values().removeIf(p -> p.problems().stream().noneMatch(Problem::isError));
        List<Problem> theirs =
                waiting.values().stream().flatMap(p -> p.problems().stream()).toList();
        boolean unsure = trial.problems.stream()
                .filter(Problem::isError)
                .allMatch(p -> theirs.contains(p) && Mentions.any(p, trial.files, trial.unsure));
        if (!unsure) {
            return null;
        }
        SortedMap<String, SourceFile> files = new TreeMap<>(trial.files);
        for (ConfigurationParticipant participant : waiting.keySet()) {
            for (String pattern : participant.patterns()) {
                files.keySet().removeIf(path -> FileTree.matches(pattern, path));
                active.files().forEach((path, file) -> {
                    if (FileTree.matches(pattern, path)) {
                        files.put(path, file);
                    }
                });
            }
        }
        return trial.without(waiting.keySet(), theirs, files);
    }

    /** Says what is still wrong when the devices have had a moment to speak. */
    private void awaitDescriptions(Trial trial) {
        tellWaiting(trial.unsure, trial.problems);
        lookAgain(patience, () -> {});
    }

    private void lookAgain(Duration after, Runnable first) {
        thread.after(after.toMillis(), () -> {
            first.run();
            if (waiting) {
                check(true);
            }
        });
    }

    /** Whether bridges that adopt by themselves have had their time since the start. */
    private boolean adopted;

    private boolean adopting;

    /** Bridges that may yet bring the devices that files name: at the first start those are in no file. */
    private List<String> adopters() {
        List<String> adopters = entries.values().stream()
                .filter(DeviceEntry::adoptAll)
                .map(DeviceEntry::name)
                .toList();
        if (adopted || adopters.isEmpty()) {
            return List.of();
        }
        if (!adopting) {
            adopting = true;
            lookAgain(patience.multipliedBy(ADOPTION), () -> adopted = true);
        }
        return adopters;
    }

    /** At the start, or when a participant comes: what was good last serves until the files are mended. */
    private void fallBack() {
        Trial trial = tryOut(active.files(), new ArrayList<>(), false);
        if (!trial.plan.hasErrors() && !applied) {
            applyDevices(trial);
        }
        if (trial.hasErrors()) {
            // One broken participant must not keep the others from starting.
            trial.prepared.values().removeIf(p -> p.problems().stream().anyMatch(Problem::isError));
        }
        trial.prepared.keySet().removeIf(served::contains);
        if (active.number() > 0 && !waiting && !fellBack) {
            fellBack = true;
            LOG.error("The files have errors; generation {} of an earlier run is in force", active.number());
        }
        activateParticipants(trial, active.number());
    }

    private Trial tryOut(SortedMap<String, SourceFile> files, List<Problem> found, boolean withBindings) {
        return trials.of(files, found, active.files(), entries, participants, withBindings);
    }

    /**
     * Nobody has edited anything, but a device that has not been reached yet has not said what it is, so what names it cannot be
     * right: one line instead of dozens, until all have spoken, and bridges had time to adopt what they find.
     */
    private void rejectQuietly(Trial trial) {
        List<String> silent = trial.model.devices().stream()
                .filter(d -> d.description().equals(DeviceDescription.EMPTY))
                .map(DeviceInfo::name)
                .toList();
        List<String> awaited = silent.isEmpty() ? adopters() : silent;
        if (awaited.isEmpty()) {
            reject(trial.problems);
            return;
        }
        unedited = new TreeMap<>(trial.files);
        tellWaiting(awaited, trial.problems);
    }

    private void tellWaiting(List<String> devices, List<Problem> found) {
        if (!waiting) {
            LOG.info(
                    "The files wait for {} to say what {} ({} until then)",
                    devices.size() <= NAMED ? String.join(", ", devices) : devices.size() + " devices",
                    devices.size() == 1 ? "it is" : "they are",
                    found.size() == 1 ? "1 problem" : found.size() + " problems");
        }
        waiting = true;
        problems = List.copyOf(found);
    }

    private void reject(List<Problem> found) {
        boolean news = waiting || !found.equals(problems);
        waiting = false;
        unedited = null;
        problems = List.copyOf(found);
        if (news) {
            found.stream().limit(SHOWN).forEach(p -> LOG.warn("{}", p));
            if (found.size() > SHOWN) {
                LOG.warn("… and {} more; `status` in the shell lists them", found.size() - SHOWN);
            }
            LOG.warn("The edit was not taken; generation {} stays in force", active.number());
            ingress.publish(new Fact.ConfigurationRejected(found), EDITED);
        }
    }

    private void activate(Trial trial, Cause cause) {
        waiting = false;
        List<String> changed = changes(active.files(), trial.files);
        problems = List.copyOf(trial.problems);
        long number = active.number();
        Runnable recorded = () -> {};
        if (!changed.isEmpty() || number == 0) {
            number++;
            active = new Generation(number, author(cause), trial.files);
            recorded = record(number, changed, cause);
            trial.problems.stream()
                    .filter(p -> !p.code().equals(DeviceHost.MISSPELT)) // the host says so when it makes the device
                    .forEach(p -> LOG.warn("{}", p));
            LOG.info("Configuration generation {} in force: {}", number, changed);
        }
        if (!applied || changed.stream().anyMatch(path -> FileTree.matches(DEVICES, path))) {
            applyDevices(trial);
        }
        activateParticipants(trial, number);
        trial.laps.done("in force");
        recorded.run();
        if (!changed.isEmpty()) {
            keep(active);
            trial.laps.done("kept");
            LOG.debug("Generation {} in ms: {}", number, trial.laps);
        }
    }

    private void applyDevices(Trial trial) {
        entries = trial.plan.entries();
        host.apply(trial.placed);
        applied = true;
    }

    private void activateParticipants(Trial trial, long number) {
        trial.prepared.forEach((participant, prepared) -> {
            try {
                prepared.activate(number);
                served.add(participant);
            } catch (RuntimeException | Error e) {
                LOG.error("The files of {} could not be put in force", participant.pattern(), e);
            }
        });
    }

    private static <T> List<String> changes(Map<String, T> before, Map<String, T> after) {
        Set<String> out = new TreeSet<>();
        after.forEach((path, file) -> {
            if (!file.equals(before.get(path))) {
                out.add(path);
            }
        });
        before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(out::add);
        return List.copyOf(out);
    }

    /** After the change-over: what is in the store is for the next start, and nobody need wait for it. */
    private void keep(Generation generation) {
        try {
            store.save(generation);
            cache.prune(generation.files().values());
        } catch (IOException e) {
            LOG.error("Generation {} cannot be kept for the next start", generation.number(), e);
        }
    }

    /**
     * Puts on record what is in force from here on. Whatever the new generation does is behind it in the journal, so the change-over
     * need not wait for the disk. A disk that cannot be written does not keep a person from changing the house.
     *
     * @return waits until it is on disk
     */
    private Runnable record(long number, List<String> changed, Cause cause) {
        CompletableFuture<Event> stage = ingress.publishDurably(
                        new Fact.ConfigurationActivated(number, active.hashes(), changed), cause)
                .toCompletableFuture();
        return () -> {
            try {
                stage.get(RECORD_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.error("The record of generation {} is not on disk: {}", number, e.toString());
            }
        };
    }

    private List<Problem> writeNow(SourceFile file, Cause cause) {
        if (patterns().stream().noneMatch(p -> FileTree.matches(p, file.path()))
                || !root.resolve(file.path()).normalize().startsWith(root)) {
            return List.of(Problem.error(
                    "C032",
                    SourceSpan.file(file.path()),
                    "no file of the configuration; it has " + String.join(", ", patterns())));
        }
        return writeAll(List.of(file), cause);
    }

    /** Writes files and takes them into force together; on an error nothing is touched. */
    private List<Problem> writeAll(List<SourceFile> changed, Cause cause) {
        return take(trialWith(changed), changed, cause);
    }

    /**
     * Adds devices. What other files say of them may not fit yet, for they have not said what they are: those files stay as they
     * are in force, and are looked at again when the devices have spoken.
     */
    private List<Problem> addEntries(List<SourceFile> changed, Cause cause) {
        Trial trial = trialWith(changed);
        trial.prepared.values().removeIf(prepared -> {
            boolean waits = prepared.problems().stream().anyMatch(Problem::isError);
            if (waits) {
                trial.problems.removeAll(prepared.problems());
            }
            return waits;
        });
        return take(trial, changed, cause);
    }

    private Trial trialWith(List<SourceFile> changed) {
        SortedMap<String, SourceFile> files = new TreeMap<>(active.files());
        changed.forEach(f -> files.put(f.path(), f));
        return tryOut(files, new ArrayList<>(), true);
    }

    private List<Problem> take(Trial all, List<SourceFile> changed, Cause cause) {
        Trial devices = all.hasErrors() ? devicesFirst(all) : null;
        if (all.hasErrors() && (devices == null || !devices.files.values().containsAll(changed))) {
            return List.copyOf(all.problems);
        }
        Trial trial = devices == null ? all : devices;
        for (SourceFile file : changed) {
            try {
                AtomicFile.write(root.resolve(file.path()), file.text(), steps);
            } catch (IOException e) {
                return List.of(Problem.error("C003", SourceSpan.file(file.path()), "cannot be written: " + e));
            }
        }
        changed.forEach(this::added);
        activate(trial, cause);
        if (devices != null) {
            awaitDescriptions(all);
        }
        return List.copyOf(trial.problems);
    }

    /** What we add ourselves is no edit that anybody made. */
    private void added(SourceFile file) {
        if (unedited != null) {
            unedited.put(file.path(), file);
        }
    }

    // ---- generations

    private static String author(Cause cause) {
        return cause.actor().replaceFirst("^org\\.fieldhouse\\.", "");
    }

    private long pinNow(SourceFile file, Cause cause) throws IOException {
        SortedMap<String, SourceFile> files = new TreeMap<>(active.files());
        files.put(file.path(), file);
        Generation next = new Generation(active.number() + 1, author(cause), files);
        store.save(next);
        active = next;
        added(file);
        record(next.number(), List.of(file.path()), cause).run();
        return next.number();
    }

    private List<Problem> restoreNow(long generation, SourceFile instead, Cause cause) throws IOException {
        SortedMap<String, SourceFile> files =
                new TreeMap<>(store.kept(generation).files());
        files.put(instead.path(), instead);
        Trial trial = tryOut(files, new ArrayList<>(), true);
        if (trial.hasErrors() || files.equals(active.files())) {
            return List.copyOf(trial.problems);
        }
        rollback.write(active.files(), new Generation(active.number() + 1, author(cause), files), patterns());
        activate(trial, cause);
        return List.copyOf(trial.problems);
    }

    @Override
    public void close() {
        watcher.close();
        thread.close();
    }
}
