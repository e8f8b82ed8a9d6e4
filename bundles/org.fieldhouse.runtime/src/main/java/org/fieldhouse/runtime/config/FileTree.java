package org.fieldhouse.runtime.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.jspecify.annotations.Nullable;

/**
 * The files of the configuration directory as they are on disk. What has not changed since it was last looked at (by size, time
 * and file key) is not read again. Used by the configuration thread alone, but for {@link #matches}.
 */
final class FileTree {
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private record Seen(long size, FileTime modified, @Nullable Object key, SourceFile file) {}

    private final Path root;
    private final Map<String, Seen> seen = new HashMap<>();

    FileTree(Path root) {
        this.root = root;
    }

    /**
     * Reads the files of a pattern such as {@code rules/*.rules}.
     *
     * @param problems what cannot be read is added here, and left out
     */
    SortedMap<String, SourceFile> read(String pattern, List<Problem> problems) {
        SortedMap<String, SourceFile> out = new TreeMap<>();
        Path folder = root.resolve(pattern).getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return out;
        }
        try (Stream<Path> list = Files.list(folder)) {
            for (Path path : list.sorted().toList()) {
                String name = name(path);
                if (matches(pattern, name) && Files.isRegularFile(path)) {
                    SourceFile file = read(path, name, problems);
                    if (file != null) {
                        out.put(name, file);
                    }
                }
            }
        } catch (IOException e) {
            problems.add(Problem.error("C003", SourceSpan.file(pattern), "the folder cannot be read: " + e));
        }
        return out;
    }

    private String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private @Nullable SourceFile read(Path path, String name, List<Problem> problems) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            Seen before = seen.get(name);
            if (before != null
                    && before.size == now.size()
                    && before.modified.equals(now.lastModifiedTime())
                    && Objects.equals(before.key, now.fileKey())) {
                return before.file;
            }
            if (now.size() > MAX_BYTES) {
                problems.add(Problem.error("C003", SourceSpan.file(name), "larger than 64 MB"));
                return null;
            }
            SourceFile file = new SourceFile(name, decode(Files.readAllBytes(path)));
            // Keep the object when only the time changed: what was derived from it stays valid.
            SourceFile kept = before != null && before.file.equals(file) ? before.file : file;
            seen.put(name, new Seen(now.size(), now.lastModifiedTime(), now.fileKey(), kept));
            return kept;
        } catch (CharacterCodingException e) {
            problems.add(Problem.error("C003", SourceSpan.file(name), "not UTF-8 text; save it as UTF-8"));
        } catch (IOException e) {
            problems.add(Problem.error("C003", SourceSpan.file(name), "cannot be read: " + e));
        }
        return null;
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Whether the file belongs to the pattern, and is not what an editor keeps beside the real one. */
    static boolean matches(String pattern, String path) {
        int star = pattern.indexOf('*');
        String before = star < 0 ? pattern : pattern.substring(0, star);
        String after = star < 0 ? "" : pattern.substring(star + 1);
        if (!path.startsWith(before) || !path.endsWith(after) || path.length() <= before.length() + after.length()) {
            return star < 0 && path.equals(pattern);
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean aside = name.startsWith(".") || name.startsWith("#") || name.startsWith("~") || name.endsWith("~");
        return !aside && path.indexOf('/', before.length()) < 0;
    }
}
