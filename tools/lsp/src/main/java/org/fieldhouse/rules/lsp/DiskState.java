package org.fieldhouse.rules.lsp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import org.fieldhouse.rules.cli.RuleDirectory;
import org.jspecify.annotations.Nullable;

/** When the files were changed last, and how long they are: equal if nothing was changed. */
record DiskState(Map<String, String> files) {
    static final DiskState NONE = new DiskState(Map.of());

    DiskState {
        files = Map.copyOf(files);
    }

    /** Of the rule files, the calendars and the snapshot. */
    static DiskState of(RuleDirectory directory, @Nullable Path snapshot) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (Path path : directory.paths()) {
            all.put(path.toString(), stamp(path));
        }
        for (Path path : directory.calendarPaths()) {
            all.put(path.toString(), stamp(path));
        }
        all.put("snapshot", snapshot == null ? "none" : snapshot + " " + stamp(snapshot));
        return new DiskState(all);
    }

    private static String stamp(Path path) throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.lastModifiedTime() + " " + now.size();
    }
}
