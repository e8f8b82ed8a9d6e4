package org.fieldhouse.runtime.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;

/** Writes a file so that after a crash it has either its old content or its new one. */
final class AtomicFile {
    private AtomicFile() {}

    static void write(Path target, byte[] content) throws IOException {
        write(target, content, Steps.NONE);
    }

    static void write(Path target, String text, Steps steps) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8), steps);
    }

    /** Temporary file beside the target, fsync, rename, fsync of the folder. Permissions of an existing target are kept. */
    private static void write(Path target, byte[] content, Steps steps) throws IOException {
        Path folder = requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder");
        steps.at("write " + target.getFileName());
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + target.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            // Not by the file store: the root of a chroot need not be a mount point, and then no store is found.
            if (Files.exists(target) && Files.getFileAttributeView(target, PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            steps.at("rename " + target.getFileName());
            move(temporary, target);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        steps.at("sync the folder of " + target.getFileName());
        sync(folder);
    }

    /** Gone for good when this returns. */
    static void delete(Path target, Steps steps) throws IOException {
        steps.at("delete " + target.getFileName());
        if (Files.deleteIfExists(target)) {
            steps.at("sync the folder of " + target.getFileName());
            sync(requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder"));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the rename itself durable; not every system can open a folder, and then there is nothing to do. */
    private static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows
        }
    }
}
