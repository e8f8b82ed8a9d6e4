package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.runtime.config.GenerationStore.Generation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the files of an earlier generation back. First what decides about the next start is on disk, then the copies that people edit are
 * written; where that is cut off, the next start ends it. Configuration thread alone.
 */
final class Rollback {
    private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);
    /** Those of participants that come later than the first look. */
    private static final Set<String> PATTERNS_AT_START = Set.of(Directory.DEVICES, "rules/*.rules", "config/*.json");

    private final Path root;
    private final GenerationStore store;
    private final Steps steps;

    /** @param root the directory that people edit */
    Rollback(Path root, GenerationStore store, Steps steps) {
        this.root = root;
        this.store = store;
        this.steps = steps;
    }

    /**
     * Makes files those of a new generation, on disk.
     *
     * @param before what is in force yet, by path
     * @param next with the number after the one in force
     * @param patterns of the files that people edit
     */
    void write(Map<String, SourceFile> before, Generation next, Set<String> patterns) throws IOException {
        store.beginRestoring(next.number());
        store.save(next);
        writeBack(before.keySet(), next.files(), patterns);
    }

    /** A roll back that was cut off is ended before anything else is read. */
    void end(Generation active, Set<String> patterns) {
        try {
            if (!store.isRestoring(active.number())) {
                // A mark of one that was cut off before it was in force must not be taken for a later generation's.
                store.endRestoring();
                return;
            }
            Generation before =
                    store.kept().containsKey(active.number() - 1) ? store.kept(active.number() - 1) : active;
            writeBack(before.files().keySet(), active.files(), patterns);
            LOG.info("Generation {} was put back as it was begun before the restart", active.number());
        } catch (IOException e) {
            LOG.error("Generation {} could not be put back to the end", active.number(), e);
        }
    }

    private void writeBack(Set<String> before, SortedMap<String, SourceFile> files, Set<String> patterns)
            throws IOException {
        Set<String> edited = new TreeSet<>(PATTERNS_AT_START);
        edited.addAll(patterns);
        for (SourceFile file : files.values()) {
            if (edited.stream().anyMatch(pattern -> FileTree.matches(pattern, file.path()))) {
                Path path = root.resolve(file.path());
                if (!Files.exists(path) || !Files.readString(path).equals(file.text())) {
                    AtomicFile.write(path, file.text(), steps);
                }
            }
        }
        for (String path : before) {
            if (!files.containsKey(path) && edited.stream().anyMatch(pattern -> FileTree.matches(pattern, path))) {
                AtomicFile.delete(root.resolve(path), steps);
            }
        }
        store.endRestoring();
    }
}
