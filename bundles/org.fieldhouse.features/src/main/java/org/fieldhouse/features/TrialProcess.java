package org.fieldhouse.features;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trial in a JVM of its own, which says on its standard output how far it has come ({@code org.fieldhouse.isolation.child.Trial}). Features
 * thread alone.
 *
 * @param folder of the process; it is made anew for each trial, and deleted after it
 * @param properties of the framework
 * @param wrapper command that the JVM's command line is appended to; empty for none
 * @param patience how long it is waited for
 */
record TrialProcess(Path folder, Map<String, String> properties, List<String> wrapper, Patience patience)
        implements Trial {
    private static final Logger LOG = LoggerFactory.getLogger(TrialProcess.class);
    private static final String MAIN = "org.fieldhouse.isolation.child.Trial";
    private static final Path SH = Path.of("/bin/sh");
    /** As for what is isolated; and if the system runs out of memory, it ends this process and not the house. */
    private static final String LIMITED =
            "ulimit -c 0; ulimit -n 512; { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec nice -n 5 \"$@\"";

    private static final SecureRandom RANDOM = new SecureRandom();
    /** What a JVM takes beside its heap. */
    private static final int BESIDE_HEAP = 160;

    private static final int LINE = 1_000;
    private static final int EXIT_ON_OUT_OF_MEMORY = 3;
    private static final int KILLED = 128 + 9;
    private static final long LOOK_MILLIS = 20;
    private static final long END_SECONDS = 5;

    /**
     * How long it is waited for, s.
     *
     * @param boot until the framework runs
     * @param start for each bundle, as in the house
     * @param busy for one whose start works: the process begins cold, and stands behind the house
     * @param stay after all have been started
     * @param work who has used more of the processor since its last word does not merely wait, ms
     */
    record Patience(long boot, long start, long busy, long stay, long work) {
        static final Patience USUAL = new Patience(30, 20, 60, 15, 500);
    }

    @Override
    public Outcome of(Guest guest) throws IOException, InterruptedException {
        delete(folder);
        Files.createDirectories(folder.resolve("tmp"));
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        try {
            Process process = start(guest);
            Report report = new Report(guest.name(), token, process, () -> tell(process, guest, token));
            try {
                report.begin();
                String failure = failure(process, report, guest.heapMegabytes());
                if (!report.has("begun")) {
                    // What happens before the feature's first bundle is none of its doing.
                    throw new IOException("the process did not come up: " + failure + report.last());
                }
                return new Outcome(report.bundle, failure, report.notes());
            } finally {
                kill(process);
            }
        } finally {
            leave();
        }
    }

    private void leave() {
        try {
            delete(folder);
        } catch (IOException e) {
            LOG.warn("{} is deleted at the next trial: {}", folder, e.toString());
        }
    }

    private Process start(Guest guest) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        if (Files.isExecutable(SH)) {
            command.addAll(List.of(SH.toString(), "-c", LIMITED, "fieldhouse"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + guest.heapMegabytes() + "m",
                "-Xms8m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=96m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisableAttachMechanism",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-Duser.home=" + folder,
                "-Dfieldhouse.home=" + folder,
                "-Dfieldhouse.isolated=" + guest.name(),
                "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(guest.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(MAIN);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        String zone = builder.environment().get("TZ");
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8", "HOME", folder.toString()));
        if (zone != null) {
            builder.environment().put("TZ", zone);
        }
        return builder.start();
    }

    /** Its standard input stays open: the end of that is the end of the process, however the house ends. */
    private void tell(Process process, Guest guest, String token) {
        StringBuilder setup = new StringBuilder("token " + token + '\n');
        setup.append("storage ").append(folder.resolve("cache")).append('\n');
        guest.bundles().forEach(bundle -> setup.append("bundle ").append(bundle).append('\n'));
        properties.forEach((key, value) -> setup.append("property ")
                .append(key)
                .append('=')
                .append(value.replaceAll("\\s+", " "))
                .append('\n'));
        try {
            OutputStream in = process.getOutputStream();
            in.write(setup.append("end\n").toString().getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            LOG.debug("The process of a trial does not read: {}", e.toString()); // it has ended, which is seen
        }
    }

    /** Waits for the end, one way or another; why the house would have met it as well, or empty. */
    private String failure(Process process, Report report, int heap) throws InterruptedException {
        long heard = report.heardNanos;
        Duration before = Duration.ZERO;
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            Duration processor = process.info().totalCpuDuration().orElse(Duration.ZERO);
            if (heard != report.heardNanos) {
                heard = report.heardNanos;
                before = processor;
            }
            long limit = limit(report, processor.minus(before));
            int used = megabytes(process.pid());
            if (report.has("passed") || report.has("stopped")) {
                break;
            } else if (report.has("begun") && used > heap + BESIDE_HEAP) {
                return "it used " + used + " MB of memory, and may use " + (heap + BESIDE_HEAP);
            } else if (report.silentSeconds() >= limit) {
                return report.has("up")
                        ? "it has kept the process from its end"
                        : report.has("begun")
                                ? "its start has not returned within " + limit + " s"
                                : "it has said nothing for " + limit + " s";
            }
        }
        report.awaitEnd(process);
        if (report.has("passed")) {
            return "";
        } else if (report.has("stopped")) {
            return "it stopped the framework";
        }
        int code = process.waitFor();
        if (report.outOfMemory && code == EXIT_ON_OUT_OF_MEMORY) {
            return "it ran out of memory, with a heap of " + heap + " MB";
        }
        return code == KILLED
                ? "it was killed, as the system does for want of memory"
                : "it ended the process (exit code " + code + ')';
    }

    /** @param processor what it has used since its last word */
    private long limit(Report report, Duration processor) {
        if (report.has("up")) {
            return patience.stay;
        } else if (report.has("begun")) {
            return processor.toMillis() > patience.work ? patience.busy : patience.start;
        }
        return patience.boot;
    }

    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("The process {} of a trial was killed and is still there", process.pid());
        }
    }

    /** proc(5), status: VmRSS is in KiB. */
    private static int megabytes(long pid) {
        try {
            for (String text : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (text.startsWith("VmRSS:")) {
                    return Integer.parseInt(text.replaceAll("\\D", "")) >> 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What the process says of itself, among all that its bundles print. */
    private static final class Report {
        private static final int MOST_NOTES = 20;

        private final String name;
        private final String token;
        private final Process process;
        private final Thread thread;
        private final List<String> notes = new ArrayList<>();
        private final Set<String> words = ConcurrentHashMap.newKeySet();
        private volatile String bundle = "";
        private volatile String last = "";
        private volatile boolean outOfMemory;
        private volatile long heardNanos = System.nanoTime();

        /** @param tell tells the process what to do, and waits until it has read that */
        Report(String name, String token, Process process, Runnable tell) {
            this.name = name;
            this.token = token + ' ';
            this.process = process;
            thread = new Thread(
                    () -> {
                        tell.run();
                        read();
                    },
                    "fieldhouse-trial-" + name);
            thread.setDaemon(true);
        }

        void begin() {
            thread.start();
        }

        private void read() {
            byte[] line = new byte[LINE];
            int length = 0;
            byte[] block = new byte[8192];
            try (InputStream in = process.getInputStream()) {
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                    for (int i = 0; i < n; i++) {
                        if (block[i] == '\n') {
                            take(new String(line, 0, length, StandardCharsets.UTF_8));
                            length = 0;
                        } else if (length < LINE) {
                            line[length++] = block[i];
                        }
                    }
                }
            } catch (IOException e) {
                LOG.debug("The output of a trial ends: {}", e.getMessage());
            }
        }

        private void take(String printed) {
            int at = printed.indexOf(token);
            if (at < 0) {
                last = printed.replaceAll("\\p{Cntrl}", " ").strip();
                if (last.startsWith("Terminating due to java.lang.OutOfMemoryError")) {
                    outOfMemory = true;
                }
                LOG.debug("{} on trial: {}", name, last);
                return;
            }
            String[] said = printed.substring(at + token.length()).split(" ", 2);
            String text = said.length > 1 ? said[1] : "";
            heardNanos = System.nanoTime();
            switch (said[0]) {
                case "at" -> bundle = text;
                case "wrong" -> note(text);
                case "waits" -> note("component " + text.replaceFirst(" for ", ", which waits for "));
                default -> {}
            }
            words.add(said[0]);
        }

        private void note(String note) {
            synchronized (notes) {
                if (notes.size() < MOST_NOTES) {
                    notes.add(note.replaceAll("\\p{Cntrl}", " "));
                }
            }
        }

        List<String> notes() {
            synchronized (notes) {
                return List.copyOf(notes);
            }
        }

        boolean has(String word) {
            return words.contains(word);
        }

        /** Waits until all that it has said is read, unless it lives on. */
        void awaitEnd(Process ending) throws InterruptedException {
            if (!ending.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        }

        String last() {
            return last.isEmpty() ? "" : "; it said: " + last;
        }

        long silentSeconds() {
            return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heardNanos);
        }
    }
}
