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
    /** Number of generations that can be gone back to. */
    private static final int KEPT = 20;

    private static final String RESTORING = "restoring";

    /**
     * @param number 0 if nothing was ever in force
     * @param author who made it; may be empty
     * @param files by path
     */
    record Generation(long number, String author, SortedMap<String, SourceFile> files) {
        static final Generation NONE = new Generation(0, "", new TreeMap<>());

        /** Path to SHA-256. */
        Map<String, String> hashes() {
            Map<String, String> out = new TreeMap<>();
            files.forEach((path, file) -> out.put(path, hash(file)));
            return out;
        }
    }

    private final Path folder;
    private final Steps steps;

    GenerationStore(Path folder, Steps steps) {
        this.folder = folder;
        this.steps = steps;
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
            return read(current);
        } catch (IOException | RuntimeException e) {
            LOG.error("The last good configuration in {} cannot be read: {}", folder, e.toString());
            return Generation.NONE;
        }
    }

    private Generation read(Path list) throws IOException {
        List<String> lines = Files.readAllLines(list, StandardCharsets.UTF_8);
        SortedMap<String, SourceFile> files = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int blank = line.indexOf(' ');
            read(files, line.substring(0, blank), line.substring(blank + 1));
        }
        return new Generation(Long.parseLong(lines.get(0).split(" ", 2)[0]), author(lines), files);
    }

    /** A generation of which everything is still there. */
    Generation kept(long number) throws IOException {
        Path list = kept().get(number);
        if (list == null) {
            throw new IOException("generation " + number + " is not kept");
        }
        Generation generation = read(list);
        if (!generation.hashes().equals(hashes(list))) {
            throw new IOException("generation " + number + " is damaged");
        }
        return generation;
    }

    /** The lists of the kept generations by number, oldest first. */
    SortedMap<Long, Path> kept() throws IOException {
        SortedMap<Long, Path> kept = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(f -> f.getFileName().toString().matches("\\d{1,18}"))
                        .forEach(f -> kept.put(Long.parseLong(f.getFileName().toString()), f));
            }
        }
        return kept;
    }

    private static String author(List<String> lines) {
        String[] head = lines.get(0).split(" ", 2);
        return head.length < 2 ? "" : head[1];
    }

    /** Who made a generation, as its list says. */
    static String author(Path list) throws IOException {
        return author(Files.readAllLines(list, StandardCharsets.UTF_8));
    }

    /** Path to SHA-256, as a list says. */
    static Map<String, String> hashes(Path list) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        List<String> lines = Files.readAllLines(list, StandardCharsets.UTF_8);
        for (String line : lines.subList(1, lines.size())) {
            hashes.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
        }
        return hashes;
    }

    /** Whether the files that people edit are still being made those of this generation, the one in force. */
    boolean isRestoring(long number) throws IOException {
        Path mark = folder.resolve(RESTORING);
        return Files.exists(mark) && Files.readString(mark).equals(Long.toString(number));
    }

    void beginRestoring(long number) throws IOException {
        AtomicFile.write(folder.resolve(RESTORING), Long.toString(number), steps);
    }

    /** Nothing of a roll back is left to do, or it was cut off before it was in force. */
    void endRestoring() throws IOException {
        AtomicFile.delete(folder.resolve(RESTORING), steps);
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
        lines.add((generation.number() + " " + generation.author().replaceAll("\\R", " ")).strip());
        Set<String> used = new HashSet<>();
        for (Map.Entry<String, String> entry : generation.hashes().entrySet()) {
            Path content = folder.resolve(entry.getValue());
            used.add(entry.getValue());
            SourceFile file = generation.files().get(entry.getKey());
            if (!Files.exists(content) && file != null) {
                AtomicFile.write(content, file.text(), steps);
            }
            lines.add(entry.getValue() + " " + entry.getKey());
        }
        String list = String.join("\n", lines) + "\n";
        AtomicFile.write(folder.resolve(Long.toString(generation.number())), list, steps);
        AtomicFile.write(folder.resolve(CURRENT), list, steps);
        prune(generation.number(), used);
    }

    /** @param number of the generation in force; a list with a higher one was never in force */
    private void prune(long number, Set<String> used) {
        try (Stream<Path> all = Files.list(folder)) {
            for (Map.Entry<Long, Path> old : kept().entrySet()) {
                if (old.getKey() <= number - KEPT || old.getKey() > number) {
                    steps.at("tidy a list");
                    Files.deleteIfExists(old.getValue());
                } else {
                    used.addAll(hashes(old.getValue()).values());
                }
            }
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (name.length() == 64 && !used.contains(name)) {
                    steps.at("tidy a content");
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            LOG.warn("Cannot tidy {}: {}", folder, e.toString());
        }
    }
}
