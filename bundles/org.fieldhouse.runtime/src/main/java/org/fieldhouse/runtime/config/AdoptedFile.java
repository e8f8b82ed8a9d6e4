package org.fieldhouse.runtime.config;

import java.util.Map;
import java.util.Set;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.Names;
import org.jspecify.annotations.Nullable;

/** The files in which accepted candidates are written down, one for each bridge. Pure. */
final class AdoptedFile {
    private AdoptedFile() {}

    /**
     * The file with entries added for candidates of one bridge.
     *
     * @param named the names they get
     * @param bridge the bridge's name; null for those without one
     * @param files those in force, by path
     */
    static SourceFile with(Map<Candidate, String> named, @Nullable String bridge, Map<String, SourceFile> files) {
        String suffix = bridge == null ? "" : "-" + bridge.replaceAll("[^\\p{L}\\p{N}_.-]", "_");
        String path = "devices/adopted" + suffix + ".yaml";
        SourceFile before = files.get(path);
        StringBuilder text = new StringBuilder(before == null ? "" : before.text());
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
        named.forEach((candidate, as) -> text.append(EntryText.append("", as, candidate, bridge)));
        return new SourceFile(path, text.toString());
    }

    /** The name that a candidate suggests, as far as it can name a device and is not taken; from here on it is. */
    static String free(Candidate candidate, Set<String> taken) {
        String base = Names.isDeviceName(candidate.suggestedName())
                ? candidate.suggestedName()
                : Names.toDeviceName(candidate.suggestedName());
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }
}
