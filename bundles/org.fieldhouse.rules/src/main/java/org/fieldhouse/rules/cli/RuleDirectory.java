package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.syntax.SourceFile;
import org.jspecify.annotations.Nullable;

/** A home directory (with its files in {@code rules/}), or any directory of rule files. */
public record RuleDirectory(Path root) {

    /** Where the rule files are. */
    private Path rules() {
        return Files.isDirectory(root.resolve("rules")) ? root.resolve("rules") : root;
    }

    /** The rule files below it, sorted. */
    public List<Path> paths() throws IOException {
        return paths(".rules");
    }

    /** The calendars of days off, sorted. */
    public List<Path> calendarPaths() throws IOException {
        return paths(".ics");
    }

    private List<Path> paths(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(rules())) {
            return all.filter(each -> each.toString().endsWith(ending) && Files.isRegularFile(each))
                    .sorted()
                    .toList();
        }
    }

    /** How messages call a file: its path relative to the directory, with forward slashes. */
    public String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    /** The rule files below it, sorted, with their path relative to it. */
    public List<SourceFile> files() throws IOException {
        return read(paths());
    }

    /** The calendars of days off, which are checked with the rule files. */
    public List<SourceFile> calendars() throws IOException {
        return read(calendarPaths());
    }

    private List<SourceFile> read(List<Path> paths) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Path path : paths) {
            String name = name(path);
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
    public @Nullable Path snapshot() {
        Path absolute = root.toAbsolutePath().normalize();
        Path above = absolute.getParent();
        List<Path> candidates = new ArrayList<>(List.of(root.resolve("model.json"), root.resolve("data/model.json")));
        if (above != null && absolute.endsWith("rules")) {
            candidates.add(above.resolve("data/model.json"));
        }
        return candidates.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    }

    /**
     * Where the house is, from {@code config/*.json} of the home directory; what is not said there is Greenwich, without days off.
     *
     * @param trouble is told what there cannot be used
     */
    public Calendar.Place place(Consumer<String> trouble) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Path above = absolute.getParent();
        if (above != null && absolute.endsWith("rules") && !Files.isDirectory(root.resolve("config"))) {
            return Whereabouts.read(above, trouble);
        }
        return Whereabouts.read(root, trouble);
    }

    public static HouseModel model(Path path) throws IOException {
        try (Reader reader = Files.newBufferedReader(path)) {
            return ModelSnapshot.read(reader);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Puts the snapshot of a house in the place of that file. */
    public static void write(HouseModel house, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        // Not by way of a text: that of 10,000 devices takes more memory than the devices.
        replace(file, out -> ModelSnapshot.write(house, out));
    }

    /** Puts a text in the place of that file. */
    static void replace(Path file, String text) throws IOException {
        replace(file, out -> out.write(text));
    }

    private interface Content {
        void to(Writer out) throws IOException;
    }

    /** Writes beside the file first: it is never half written. */
    private static void replace(Path file, Content content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (Writer out = Files.newBufferedWriter(fresh)) {
            content.to(out);
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
