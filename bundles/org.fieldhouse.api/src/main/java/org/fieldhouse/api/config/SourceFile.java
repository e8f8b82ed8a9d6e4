package org.fieldhouse.api.config;

/**
 * A text file of the configuration directory.
 *
 * @param path within the directory, with {@code /}: {@code rules/hall.rules}
 * @param text its content
 */
public record SourceFile(String path, String text) {}
