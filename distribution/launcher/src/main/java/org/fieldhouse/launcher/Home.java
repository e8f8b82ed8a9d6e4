package org.fieldhouse.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owner's directory: {@code devices/ rules/ config/ deploy/} and the text file {@code features} are written by
 * people, {@code data/} by the runtime. Holding a Home means holding its lock: one process per home, ever.
 */
final class Home implements AutoCloseable {
    private static final List<String> DIRECTORIES = List.of("devices", "rules", "config", "deploy", "data");

    final Path root;
    private final FileChannel lockFile;

    private Home(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Creates what is missing and takes the lock; the kernel gives it back even after kill -9. */
    static Home open(Path directory) throws StartException {
        Path root = directory.toAbsolutePath().normalize();
        try {
            for (String name : DIRECTORIES) {
                Files.createDirectories(root.resolve(name));
            }
            FileChannel file = FileChannel.open(
                    root.resolve("data/lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                throw new StartException(Exit.IN_USE, "another Fieldhouse (pid " + read(file) + ") runs on " + root);
            }
            file.truncate(0).write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)), 0);
            return new Home(root, file);
        } catch (IOException e) {
            throw new StartException(Exit.SETUP, "cannot use the home directory " + root + ": " + e);
        }
    }

    Path cache() {
        return root.resolve("data/cache");
    }

    /** Whether the bundle cache was made by a start with the same fingerprint, and completely. */
    boolean isWarm(String fingerprint) {
        Path stamp = stamp();
        try {
            return Files.isDirectory(cache())
                    && Files.exists(stamp)
                    && Files.readString(stamp).equals(fingerprint);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Drops the cache. It holds nothing of its own: bundles and configuration are read again from their files. */
    void dropCache() throws IOException {
        Files.deleteIfExists(stamp());
        if (Files.exists(cache())) {
            Files.walkFileTree(cache(), new Remover());
        }
        Files.createDirectories(cache());
    }

    /** Declares the cache complete; written last, so that a start cut off half-way is repeated from nothing. */
    void stampCache(String fingerprint) throws IOException {
        Files.writeString(stamp(), fingerprint);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private Path stamp() {
        return root.resolve("data/cache.stamp");
    }

    private static String pid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        int count = file.read(bytes, 0);
        return count < 1 ? "unknown" : new String(bytes.array(), 0, count, StandardCharsets.US_ASCII).strip();
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
