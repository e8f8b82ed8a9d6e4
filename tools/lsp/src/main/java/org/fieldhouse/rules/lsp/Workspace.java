package org.fieldhouse.rules.lsp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.jsonrpc.CancelChecker;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.LanguageClient;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.CheckResult;
import org.fieldhouse.rules.check.LastCheck;
import org.fieldhouse.rules.check.NameTable;
import org.fieldhouse.rules.check.RuleCompiler;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.cli.RuleDirectory;
import org.fieldhouse.rules.editor.RuleEditor;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.syntax.Diagnostic;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * The rule files of one directory as the editor sees them, and what the checker says of them all together.
 *
 * <p>Three threads of its own: {@code check} checks a moment after the last keystroke and looks for changes on the disk; {@code tests}
 * runs the tests after a save, which can take long; {@code answers} answers requests. The texts are guarded by this object; a check
 * takes a copy of them, so typing never waits for it.
 */
final class Workspace implements AutoCloseable {
    /** From the last keystroke to the check: less would check words that are half written, more would be felt. */
    private static final long DEBOUNCE_MILLIS = 50;

    /** How often the disk is looked at for what others have changed; not every client says. */
    private static final long POLL_MILLIS = 1_000;

    /** A client that asks more at once than this gets an error for the rest. */
    private static final int MAX_WAITING = 256;

    private final @Nullable Path givenModel;
    private final ScheduledThreadPoolExecutor check = scheduled("check");
    private final ScheduledThreadPoolExecutor tests = scheduled("tests");
    private final ScheduledThreadPoolExecutor answers = scheduled("answers");
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final LastCheck lastCheck = new LastCheck();
    private final Object checking = new Object();
    private final Object looking = new Object();
    private final Map<String, SourceFile> onDisk = new TreeMap<>();
    private final Map<String, Document> open = new HashMap<>();
    private final Publisher publisher = new Publisher(this::uri);
    private RuleDirectory directory = new RuleDirectory(Path.of(""));
    private DiskState disk = DiskState.NONE;
    private HouseModel house = HouseModel.EMPTY;
    private long generation;
    private @Nullable ScheduledFuture<?> next;
    private volatile @Nullable LanguageClient client;
    private volatile @Nullable Checked last;
    private volatile @Nullable Tested tested;

    /** A file that is open in the editor. */
    record Document(String uri, String text, int version) {}

    /** One check: of which texts in which versions, and what it said. */
    private record Checked(
            long generation, List<SourceFile> files, Map<String, Integer> versions, CheckResult result) {}

    /** What the tests of one generation said, the findings of the check included. */
    private record Tested(long generation, List<Diagnostic> diagnostics) {}

    Workspace(@Nullable Path model) {
        this.givenModel = model;
    }

    private static ScheduledThreadPoolExecutor scheduled(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> thread(task, name));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void connect(LanguageClient to) {
        client = to;
        publisher.connect(to);
    }

    /** Reads the directory and goes on looking at it. */
    void open(Path root) {
        synchronized (this) {
            directory = new RuleDirectory(root.toAbsolutePath().normalize());
        }
        look();
        check.scheduleWithFixedDelay(this::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- texts
    // --------------------------------------------------------------------------------------------------------

    /** The path of a file URI; null for one of another kind. */
    static @Nullable Path path(String uri) {
        try {
            return Path.of(URI.create(uri)).toAbsolutePath().normalize();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /** How the checker calls a file. */
    synchronized String name(String uri) {
        Path path = path(uri);
        return path != null && path.startsWith(directory.root()) ? directory.name(path) : uri;
    }

    /** The URI of a file, as the editor spells it. */
    synchronized String uri(String name) {
        Document document = open.get(name);
        if (document != null) {
            return document.uri();
        }
        return name.contains("://")
                ? name
                : directory.root().resolve(name).toUri().toString();
    }

    synchronized void put(String uri, String text, int version) {
        open.put(name(uri), new Document(uri, text, version));
        changed();
    }

    synchronized void forget(String uri) {
        open.remove(name(uri));
        changed();
    }

    synchronized String text(String uri) {
        String name = name(uri);
        Document document = open.get(name);
        return document != null
                ? document.text()
                : onDisk.getOrDefault(name, new SourceFile(name, "")).text();
    }

    private synchronized void changed() {
        generation++;
        if (next != null) {
            next.cancel(false);
        }
        if (!check.isShutdown()) {
            next = check.schedule(this::checkAndPublish, DEBOUNCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized List<SourceFile> files() {
        Map<String, SourceFile> all = new TreeMap<>(onDisk);
        open.forEach((name, document) -> all.put(name, new SourceFile(name, document.text())));
        return List.copyOf(all.values());
    }

    /** What others have changed: rule files that are not open, calendars, and the snapshot of the house. */
    void look() {
        synchronized (looking) {
            try {
                RuleDirectory root;
                synchronized (this) {
                    root = directory;
                }
                Path snapshot = givenModel != null ? givenModel : root.snapshot();
                DiskState now = DiskState.of(root, snapshot);
                if (!now.equals(disk)) {
                    read(root, snapshot, now);
                }
            } catch (IOException | RuntimeException | Error e) {
                say(MessageType.Error, "cannot read the rules: " + e.getMessage());
            }
        }
    }

    private void read(RuleDirectory root, @Nullable Path snapshot, DiskState now) throws IOException {
        Map<String, SourceFile> read = new LinkedHashMap<>();
        List<Path> paths = new ArrayList<>(root.paths());
        paths.addAll(root.calendarPaths());
        for (Path path : paths) {
            String name = root.name(path);
            try {
                read.put(name, new SourceFile(name, Files.readString(path)));
            } catch (IOException e) {
                say(MessageType.Error, name + ": cannot be read as UTF-8 text: " + e.getMessage());
            }
        }
        HouseModel model = house;
        try {
            model = snapshot == null ? HouseModel.EMPTY : RuleDirectory.model(snapshot);
            if (snapshot == null) {
                say(MessageType.Info, "no snapshot of the house: only devices that the files expect are known");
            }
        } catch (IOException e) {
            // It may be half written just now; the old one serves until the next look.
            say(MessageType.Warning, e.getMessage() + "; the last one that could be read is used");
        }
        synchronized (this) {
            onDisk.clear();
            onDisk.putAll(read);
            house = model;
            disk = now;
            changed();
        }
    }

    private void say(MessageType type, @Nullable String message) {
        LanguageClient to = client;
        if (to != null) {
            to.logMessage(new MessageParams(type, String.valueOf(message)));
        }
    }

    // ---- checks
    // -------------------------------------------------------------------------------------------------------

    void checkSoon() {
        changed();
    }

    private void checkAndPublish() {
        try {
            Checked checked = checked();
            Tested known = tested;
            boolean same = known != null && known.generation() == checked.generation();
            publisher.publish(
                    checked.files(),
                    same && known != null
                            ? known.diagnostics()
                            : checked.result().diagnostics(),
                    checked.versions());
        } catch (RuntimeException | Error e) {
            say(MessageType.Error, "the check failed: " + e);
        }
    }

    /** The check of the texts as they are now; made if there is none yet. */
    private Checked checked() {
        synchronized (checking) {
            List<SourceFile> files;
            Map<String, Integer> versions;
            HouseModel model;
            long at;
            synchronized (this) {
                files = files();
                versions = versions();
                model = house;
                at = generation;
            }
            Checked known = last;
            if (known != null && known.generation() == at) {
                return known;
            }
            Checked made = new Checked(at, files, versions, RuleCompiler.check(files, model, lastCheck));
            last = made;
            return made;
        }
    }

    /** Of the files that are open. */
    private synchronized Map<String, Integer> versions() {
        Map<String, Integer> all = new HashMap<>();
        open.forEach((name, document) -> all.put(name, document.version()));
        return all;
    }

    /** Runs everything that the house does before it puts the files in force; shown unless somebody typed meanwhile. */
    void runTests() {
        if (!tests.isShutdown()) {
            tests.execute(() -> {
                try {
                    Checked before = checked();
                    if (before.result().isClean()) {
                        HouseModel model;
                        RuleDirectory root;
                        synchronized (this) {
                            model = house;
                            root = directory;
                        }
                        Calendar.Place place = root.place(each -> say(MessageType.Warning, each));
                        List<Diagnostic> all = FullCheck.check(before.files(), model, place, false)
                                .diagnostics();
                        tested = new Tested(before.generation(), all);
                        publishIfCurrent(before, all);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    say(MessageType.Error, "the tests could not be run: " + e);
                }
            });
        }
    }

    private void publishIfCurrent(Checked checked, List<Diagnostic> diagnostics) {
        boolean current;
        synchronized (this) {
            current = generation == checked.generation();
        }
        if (current) {
            publisher.publish(checked.files(), diagnostics, checked.versions());
        }
    }

    // ---- requests
    // -----------------------------------------------------------------------------------------------------

    /** Answers from the names of the last check and the texts of now: for what is asked at each keystroke. */
    <T extends @Nullable Object> CompletableFuture<T> quickly(Function<RuleEditor, T> question) {
        return answer(cancel -> {
            Checked known = last;
            RuleEditor editor = editor(known == null ? checked() : known, files());
            cancel.checkCanceled();
            return question.apply(editor);
        });
    }

    /** Answers from a check of the texts of now: for what must not be off by a line. */
    <T extends @Nullable Object> CompletableFuture<T> exactly(Function<RuleEditor, T> question) {
        return answer(cancel -> {
            Checked now = checked();
            cancel.checkCanceled();
            return question.apply(editor(now, now.files()));
        });
    }

    /** A calendar is checked with the rules, but nobody edits it here. */
    private static RuleEditor editor(Checked checked, List<SourceFile> files) {
        List<SourceFile> rules =
                files.stream().filter(file -> !file.path().endsWith(".ics")).toList();
        return new RuleEditor(checked.result().names(), rules);
    }

    private <T extends @Nullable Object> CompletableFuture<T> answer(Function<CancelChecker, T> question) {
        if (!waiting.tryAcquire()) {
            return CompletableFuture.failedFuture(new ResponseErrorException(new ResponseError(
                    ResponseErrorCode.ServerCancelled, "more than " + MAX_WAITING + " questions at once", null)));
        }
        return CompletableFutures.computeAsync(this::queue, cancel -> {
            cancel.checkCanceled();
            return question.apply(cancel);
        });
    }

    private void queue(Runnable answer) {
        answers.execute(() -> {
            try {
                answer.run();
            } finally {
                waiting.release();
            }
        });
    }

    /** The declarations of all files of the last check. */
    List<NameTable.Declared> declarations() {
        return new ArrayList<>(checked().result().names().declarations());
    }

    @Override
    public void close() {
        check.shutdownNow();
        tests.shutdownNow();
        answers.shutdownNow();
    }
}
