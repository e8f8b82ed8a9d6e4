package org.fieldhouse.api.config;

import org.jspecify.annotations.Nullable;

/**
 * A text file of the configuration directory.
 *
 * @param path within the directory, with {@code /}: {@code rules/hall.rules}
 * @param text its content
 */
public record SourceFile(String path, String text) {
    /** Written out: a start compares files, and what the compiler would put here is linked at run time, for 30 ms. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceFile file && path.equals(file.path) && text.equals(file.text);
    }

    @Override
    public int hashCode() {
        return 31 * path.hashCode() + text.hashCode();
    }
}
