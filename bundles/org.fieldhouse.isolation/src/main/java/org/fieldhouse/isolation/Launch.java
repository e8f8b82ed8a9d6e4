package org.fieldhouse.isolation;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.isolation.wire.Frames;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.Setup;
import org.fieldhouse.isolation.wire.WireCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a JVM for a feature and waits until it has called back: with nothing of the house's environment, in a folder of its own, at a
 * lower priority. It is told on its standard input where to call and with which token.
 *
 * @param folder where processes have their folders, one for each feature
 * @param properties of the framework
 * @param wrapper command that the JVM's command line is appended to; empty for none
 * @param calls how long a process may take to call back, s
 */
record Launch(Path folder, Map<String, String> properties, List<String> wrapper, long calls) {
    private static final String MAIN = "org.fieldhouse.isolation.child.Main";
    /** No core files, few open files, and less of the processor than the house. */
    private static final String LIMITED = "ulimit -c 0; ulimit -n 512; exec nice -n 5 \"$@\"";

    /** How the name of a process's bundle cache begins. */
    private static final String CACHE = "cache";

    private static final Logger LOG = LoggerFactory.getLogger(Launch.class);
    private static final Path SH = Path.of("/bin/sh");
    private static final SecureRandom RANDOM = new SecureRandom();
    /** The bundle caches of processes that run. In an update there are two of a feature for a while. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    /** A process that has called back. */
    record Launched(Process process, ChildLog log, SocketChannel channel, Frames frames) {}

    Launched start(IsolatedFeature feature, ScheduledExecutorService timers) throws IOException {
        Path own = folder.resolve(feature.name());
        Path work = Files.createDirectories(own.resolve("work"));
        if (tidy(own)) {
            delete(work.resolve("tmp"));
        }
        Files.createDirectories(work.resolve("tmp"));
        Path cache = Files.createTempDirectory(own, CACHE);
        IN_USE.add(cache);
        boolean launched = false;
        try {
            Launched process = start(feature, work, cache, timers);
            process.process().onExit().thenRun(() -> leave(cache));
            launched = true;
            return process;
        } finally {
            if (!launched) {
                leave(cache);
            }
        }
    }

    /** Deletes the caches that processes of earlier times have left; whether none of this feature runs. */
    private static boolean tidy(Path own) throws IOException {
        List<Path> caches;
        try (Stream<Path> all = Files.list(own)) {
            caches = all.filter(each -> String.valueOf(each.getFileName()).startsWith(CACHE))
                    .toList();
        }
        boolean idle = true;
        for (Path cache : caches) {
            if (IN_USE.contains(cache)) {
                idle = false;
            } else {
                delete(cache);
            }
        }
        return idle;
    }

    private static void leave(Path cache) {
        try {
            delete(cache);
        } catch (IOException e) {
            LOG.debug("{} is deleted at the next start: {}", cache, e.toString());
        }
        IN_USE.remove(cache);
    }

    private Launched start(IsolatedFeature feature, Path work, Path cache, ScheduledExecutorService timers)
            throws IOException {
        // A path of a socket has 108 bytes at most, and a home can lie deep. Only its owner may enter the folder.
        Path meeting = Files.createTempDirectory("fieldhouse-");
        Path socket = meeting.resolve("line");
        byte[] token = new byte[16];
        RANDOM.nextBytes(token);
        Setup setup = new Setup(
                HexFormat.of().formatHex(token),
                socket.toString(),
                cache.toString(),
                feature.bundles().stream()
                        .map(b -> b.level() + " " + (b.own() ? Setup.OWN : Setup.LENT) + ' ' + b.jar())
                        .toList(),
                properties);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            Process process = process(feature, work);
            ChildLog log = new ChildLog(feature.name(), process);
            try {
                return meet(process, log, server, setup, timers);
            } catch (IOException | RuntimeException | Error e) {
                kill(process);
                log.end();
                throw e;
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(meeting);
        }
    }

    private Process process(IsolatedFeature feature, Path work) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        if (Files.isExecutable(SH)) {
            command.addAll(List.of(SH.toString(), "-c", LIMITED, "fieldhouse"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(feature, work));
        command.add("-cp");
        command.add(feature.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(MAIN);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        String zone = builder.environment().get("TZ");
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8", "HOME", work.toString()));
        if (zone != null) {
            builder.environment().put("TZ", zone);
        }
        return builder.start();
    }

    private static List<String> flags(IsolatedFeature feature, Path work) {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx" + feature.heapMegabytes() + "m",
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
                "-Djava.io.tmpdir=" + work.resolve("tmp"),
                "-Duser.home=" + work,
                "-Dfieldhouse.home=" + work,
                "-Dfieldhouse.isolated=" + feature.name()));
        if (Runtime.version().feature() >= 24) {
            flags.add("--sun-misc-unsafe-memory-access=allow"); // Felix, as in the house
        }
        flags.add("--enable-native-access=ALL-UNNAMED");
        return flags;
    }

    private Launched meet(
            Process process, ChildLog log, ServerSocketChannel server, Setup setup, ScheduledExecutorService timers)
            throws IOException {
        log.begin();
        ScheduledFuture<?> late = timers.schedule(() -> close(server, null), calls, TimeUnit.SECONDS);
        process.onExit().thenRun(() -> close(server, null));
        SocketChannel channel = null;
        try {
            OutputStream in = process.getOutputStream(); // stays open: its end is the end of the process
            in.write(setup.toString().getBytes(StandardCharsets.UTF_8));
            in.flush();
            channel = server.accept();
            SocketChannel open = channel;
            late.cancel(false);
            late = timers.schedule(() -> close(server, open), calls, TimeUnit.SECONDS);
            Frames frames = new Frames(channel);
            byte[] first = frames.next();
            if (first == null || !(WireCodec.fromChild(first) instanceof FromChild.Hello hello)) {
                throw new IOException("it did not greet");
            } else if (!hello.token().equals(setup.token())) {
                throw new IOException("something else called in its place");
            } else if (hello.version() != Frames.VERSION) {
                throw new IOException("it speaks version " + hello.version() + ", not " + Frames.VERSION);
            }
            return new Launched(process, log, channel, frames);
        } catch (IOException e) {
            close(server, channel);
            throw hasEnded(process)
                    ? new IOException(log.cause(process), e)
                    : new IOException("it has not called back within " + calls + " s: " + e.getMessage(), e);
        } finally {
            late.cancel(false);
        }
    }

    /** A line breaks a moment before the process is known to have ended. */
    private static boolean hasEnded(Process process) {
        try {
            return process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void close(ServerSocketChannel server, @Nullable SocketChannel channel) {
        try (server) {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // a close that fails has closed
        }
    }

    /** Ends a process and what it has started. */
    static void kill(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Others may be deleting the same: who leaves deletes his cache, and who removes a feature all that it has. */
    static void delete(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                return goOn(e);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    goOn(e);
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }

            private FileVisitResult goOn(IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }
}
