package org.fieldhouse.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fieldhouse.api.feature.Artefact;
import org.jspecify.annotations.Nullable;

/** The files that the distribution brought along: whoever runs it trusts them already. */
final class Distribution {
    private static final List<String> FOLDERS = List.of("bundles", "features", "repository");
    private static final int DEPTH = 12;
    private final @Nullable Path root;

    /** @param root null or empty if it is not known; then nothing came with it */
    Distribution(@Nullable String root) {
        this.root = root == null || root.isEmpty()
                ? null
                : Path.of(root).toAbsolutePath().normalize();
    }

    boolean has(Artefact artefact) throws IOException {
        if (root == null) {
            return false;
        }
        // Its content is what its checksum says: that was compared already.
        if (FOLDERS.stream().anyMatch(folder -> isIn(root.resolve(folder), artefact.file()))) {
            return true;
        }
        long size = Files.size(artefact.file());
        for (String folder : FOLDERS) {
            Path directory = root.resolve(folder);
            if (Files.isDirectory(directory) && has(directory, size, artefact.sha256())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(Path folder, Path file) {
        return file.toAbsolutePath().normalize().startsWith(folder);
    }

    private static boolean has(Path directory, long size, String sha256) throws IOException {
        List<Path> candidates;
        try (Stream<Path> files = Files.find(
                directory, DEPTH, (path, attributes) -> attributes.isRegularFile() && attributes.size() == size)) {
            candidates = files.toList();
        }
        for (Path candidate : candidates) {
            if (Hashes.of(candidate).equals(sha256)) {
                return true;
            }
        }
        return false;
    }
}
