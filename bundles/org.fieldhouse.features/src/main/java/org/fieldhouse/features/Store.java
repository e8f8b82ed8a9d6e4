package org.fieldhouse.features;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.fieldhouse.features.lock.Digests;

/**
 * Files under their SHA-256, each on disk before anything names it. A file that nothing names is rubbish and does no harm; it is
 * swept away after the next change. Features thread alone.
 */
final class Store {
    private static final int BLOCK = 1 << 16;

    private final Path folder;
    private final Probe probe;

    Store(Path folder, Probe probe) {
        this.folder = folder;
        this.probe = probe;
    }

    /** A file of the store. */
    record Stored(String sha256, Path file) {}

    /**
     * Takes a stream in.
     *
     * @param most bytes; one more is an error
     * @param progress told the bytes so far
     */
    Stored put(InputStream content, String ending, long most, LongConsumer progress) throws IOException {
        Files.createDirectories(folder);
        probe.at("store write");
        Path half = Files.createTempFile(folder, "half-", ending);
        try {
            DigestInputStream in = new DigestInputStream(content, Digests.sha256());
            try (OutputStream out = Files.newOutputStream(half)) {
                byte[] block = new byte[BLOCK];
                long size = 0;
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                    size += n;
                    if (size > most) {
                        throw new IOException("larger than " + most / (1 << 20) + " MB");
                    }
                    out.write(block, 0, n);
                    progress.accept(size);
                }
            }
            String hash = HexFormat.of().formatHex(in.getMessageDigest().digest());
            return new Stored(hash, place(half, folder.resolve(hash + ending)));
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private Path place(Path half, Path target) throws IOException {
        probe.at("store sync");
        sync(half);
        probe.at("store rename");
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        probe.at("store sync of names");
        sync(folder);
        return target;
    }

    /** Keeps what belongs to a file of the store, under that one's name. */
    void putBeside(String sha256, String ending, byte[] content) throws IOException {
        probe.at("store write");
        Path half = Files.createTempFile(folder, "half-", ending);
        try {
            Files.write(half, content);
            place(half, folder.resolve(sha256 + ending));
        } finally {
            Files.deleteIfExists(half);
        }
    }

    Stored put(String text, String ending) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return put(new ByteArrayInputStream(bytes), ending, Long.MAX_VALUE, size -> {});
    }

    /** Deletes what is not among the names: the SHA-256 of what any kept generation needs. */
    void sweep(Set<String> needed) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                int dot = name.indexOf('.');
                if (!needed.contains(dot < 0 ? name : name.substring(0, dot))) {
                    probe.at("store delete");
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Durable: after a power cut the file is not there. */
    void forget(Path file) throws IOException {
        probe.at("forget " + file.getFileName());
        if (Files.deleteIfExists(file)) {
            Path parent = file.getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    /** Contents of a file, or names in a folder, reach the disk; not every system can open a folder. */
    private static void sync(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        try (FileChannel channel =
                FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            if (!folder) {
                throw e;
            }
        }
    }
}
