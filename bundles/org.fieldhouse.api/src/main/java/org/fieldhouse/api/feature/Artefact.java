package org.fieldhouse.api.feature;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is about to be let in.
 *
 * @param name of the feature, or symbolic name of the bundle
 * @param version as of OSGi Core 3.2.5
 * @param file complete, on disk, readable, named by its content; it does not change and must not be changed. For a feature that came
 *     as an archive this is the archive. What stands for it and came with it is beside it, {@code SHA-256.minisig}
 * @param sha256 of the file, 64 hexadecimal digits in lower case
 * @param source where it came from, for people
 * @param beside the folder that it came from, where other files that belong to it may stand ({@code NAME.minisig}), or null
 * @param feature name of the feature that wants it; its own name for a feature or for a bundle that stands alone
 * @param replaces what is installed under this name now and would go, or null
 */
public record Artefact(
        Kind kind,
        String name,
        String version,
        Path file,
        String sha256,
        String source,
        @Nullable Path beside,
        String feature,
        @Nullable Artefact replaces) {
    /** What the file is. */
    public enum Kind {
        FEATURE,
        BUNDLE
    }
}
