package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fieldhouse.api.config.SourceFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good generation, kept apart from the files that people edit: each content once under its SHA-256, and a list of what
 * belongs together. Used by the configuration thread alone.
 */
final class GenerationStore {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationStore.class);
    private static final String CURRENT = "current";

    /**
     * @param number 0 if nothing was ever in force
     * @param files by path
     */
    record Generation(long number, SortedMap<String, SourceFile> files) {
        static final Generation NONE = new Generation(0, new TreeMap<>());

        /** Path to SHA-256. */
        Map<String, String> hashes() {
            Map<String, String> out = new TreeMap<>();
            files.forEach((path, file) -> out.put(path, hash(file)));
            return out;
        }
    }

    private final Path folder;

    GenerationStore(Path folder) {
        this.folder = folder;
    }

    static String hash(SourceFile file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(file.text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The generation that was in force last; what cannot be read of it is left out, and said. */
    Generation load() {
        Path current = folder.resolve(CURRENT);
        if (!Files.exists(current)) {
            return Generation.NONE;
        }
        try {
            List<String> lines = Files.readAllLines(current, StandardCharsets.UTF_8);
            SortedMap<String, SourceFile> files = new TreeMap<>();
            for (String line : lines.subList(1, lines.size())) {
                int blank = line.indexOf(' ');
                read(files, line.substring(0, blank), line.substring(blank + 1));
            }
            return new Generation(Long.parseLong(lines.get(0)), files);
        } catch (IOException | RuntimeException e) {
            LOG.error("The last good configuration in {} cannot be read: {}", folder, e.toString());
            return Generation.NONE;
        }
    }

    private void read(Map<String, SourceFile> files, String hash, String path) throws IOException {
        Path content = folder.resolve(hash);
        if (!Files.exists(content)) {
            LOG.error("{} is missing; {} of the last good configuration is lost", content, path);
            return;
        }
        SourceFile file = new SourceFile(path, Files.readString(content));
        if (hash(file).equals(hash)) {
            files.put(path, file);
        } else {
            LOG.error("{} is damaged; {} of the last good configuration is lost", content, path);
        }
    }

    /** Makes this the generation to come back to. */
    void save(Generation generation) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        lines.add(Long.toString(generation.number()));
        Set<String> used = new HashSet<>();
        for (Map.Entry<String, String> entry : generation.hashes().entrySet()) {
            Path content = folder.resolve(entry.getValue());
            used.add(entry.getValue());
            SourceFile file = generation.files().get(entry.getKey());
            if (!Files.exists(content) && file != null) {
                AtomicFile.write(content, file.text());
            }
            lines.add(entry.getValue() + " " + entry.getKey());
        }
        AtomicFile.write(folder.resolve(CURRENT), String.join("\n", lines) + "\n");
        prune(used);
    }

    private void prune(Set<String> used) {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (name.length() == 64 && !used.contains(name)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            LOG.warn("Cannot tidy {}: {}", folder, e.toString());
        }
    }
}
