package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/** A home directory (with its files in {@code rules/}), or any directory of rule files. */
record RuleDirectory(Path root) {

    /** The rule files below it, sorted, with their path relative to it. */
    List<SourceFile> files() throws IOException {
        Path rules = Files.isDirectory(root.resolve("rules")) ? root.resolve("rules") : root;
        List<Path> paths;
        try (Stream<Path> all = Files.walk(rules)) {
            paths = all.filter(each -> each.toString().endsWith(".rules") && Files.isRegularFile(each))
                    .sorted()
                    .toList();
        }
        List<SourceFile> files = new ArrayList<>();
        for (Path path : paths) {
            String name = root.relativize(path).toString().replace('\\', '/');
            try {
                files.add(new SourceFile(name, Files.readString(path)));
            } catch (CharacterCodingException e) {
                throw new IOException(name + ": not UTF-8 text", e);
            }
        }
        return files;
    }

    /**
     * Where the snapshot of the house is: in {@code data/} of the home directory, into which the running house writes it, or
     * beside the files. Null if there is none.
     */
    @Nullable
    Path snapshot() {
        Path absolute = root.toAbsolutePath().normalize();
        Path above = absolute.getParent();
        List<Path> candidates = new ArrayList<>(List.of(root.resolve("model.json"), root.resolve("data/model.json")));
        if (above != null && absolute.endsWith("rules")) {
            candidates.add(above.resolve("data/model.json"));
        }
        return candidates.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    }

    static HouseModel model(Path path) throws IOException {
        try (Reader reader = Files.newBufferedReader(path)) {
            return ModelSnapshot.read(reader);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }
}
