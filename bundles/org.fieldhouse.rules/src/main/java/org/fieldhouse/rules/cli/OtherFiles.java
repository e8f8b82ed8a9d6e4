package org.fieldhouse.rules.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.HouseModel;

/** What a home directory has beside the rule files, as far as somebody on the class path knows how to read it. */
final class OtherFiles {
    private final Map<ConfigurationParticipant, List<SourceFile>> files;

    private OtherFiles(Map<ConfigurationParticipant, List<SourceFile>> files) {
        this.files = files;
    }

    /** @throws IOException if a file cannot be read, with its name */
    static OtherFiles read(Path root, Iterable<ConfigurationParticipant> readers) throws IOException {
        Map<ConfigurationParticipant, List<SourceFile>> files = new LinkedHashMap<>();
        for (ConfigurationParticipant reader : readers) {
            List<SourceFile> read = new ArrayList<>();
            for (String pattern : reader.patterns()) {
                read.addAll(read(root, pattern));
            }
            files.put(reader, read);
        }
        return new OtherFiles(files);
    }

    private static List<SourceFile> read(Path root, String pattern) throws IOException {
        int name = pattern.lastIndexOf('/') + 1;
        String ending = pattern.substring(pattern.lastIndexOf('*') + 1);
        Path folder = root.resolve(pattern.substring(0, name));
        List<SourceFile> files = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (Stream<Path> list = Files.list(folder)) {
            for (Path path : list.sorted().toList()) {
                String file = path.getFileName().toString();
                // As the house does: not what an editor keeps beside the real one.
                boolean aside = file.startsWith(".") || file.startsWith("#") || file.startsWith("~");
                if (file.endsWith(ending) && !aside && Files.isRegularFile(path)) {
                    files.add(file(path, pattern.substring(0, name) + file));
                }
            }
        }
        return files;
    }

    private static SourceFile file(Path path, String name) throws IOException {
        try {
            return new SourceFile(name, Files.readString(path));
        } catch (CharacterCodingException e) {
            throw new IOException(name + ": not UTF-8 text", e);
        }
    }

    /** All of them. */
    List<SourceFile> files() {
        return files.values().stream().flatMap(List::stream).toList();
    }

    /** What is wrong within them. */
    List<Problem> problems() {
        List<Problem> found = new ArrayList<>();
        files.forEach((reader, read) -> {
            if (!read.isEmpty()) {
                found.addAll(reader.prepare(read, HouseModel.EMPTY).problems());
            }
        });
        return found;
    }

    /** The same, in the same order, when a device is called otherwise. */
    OtherFiles renamed(String from, String to) {
        Map<ConfigurationParticipant, List<SourceFile>> fresh = new LinkedHashMap<>();
        files.forEach((reader, read) -> fresh.put(
                reader,
                read.stream().map(file -> reader.renamed(file, from, to)).toList()));
        return new OtherFiles(fresh);
    }
}
