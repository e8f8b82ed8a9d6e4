package org.fieldhouse.features;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/** Where the framework has the jar of a bundle's present version. */
final class InstalledJar {
    /** Felix's name for the directory of one version: refreshes, then updates, since the bundle was installed. */
    private static final Pattern VERSION = Pattern.compile("version(\\d+)\\.(\\d+)");

    private static final String REFERENCE = "reference:";

    private InstalledJar() {}

    /** @throws IOException if it is no jar, or not where it is looked for */
    static Path of(Bundle bundle) throws IOException {
        File data = bundle.getDataFile("");
        if (data == null || data.getParentFile() == null) {
            throw new FileNotFoundException("the framework has no directory for " + bundle);
        }
        Path newest;
        try (Stream<Path> versions = Files.list(data.getParentFile().toPath())) {
            newest = versions.filter(v -> number(v) >= 0)
                    .max(Comparator.comparingLong(InstalledJar::number))
                    .orElseThrow(() -> new FileNotFoundException("no version of " + bundle));
        }
        Path jar = newest.resolve("bundle.jar");
        if (Files.isRegularFile(jar)) {
            return jar;
        }
        String location = Files.readString(newest.resolve("revision.location")).strip();
        if (!location.startsWith(REFERENCE)) {
            throw new FileNotFoundException(location);
        }
        Path referenced = Path.of(URI.create(location.substring(REFERENCE.length())));
        if (!Files.isRegularFile(referenced)) {
            throw new FileNotFoundException(referenced + " is no jar");
        }
        return referenced;
    }

    private static long number(Path directory) {
        Matcher m = VERSION.matcher(String.valueOf(directory.getFileName()));
        return m.matches() ? Long.parseLong(m.group(1)) << 32 | Long.parseLong(m.group(2)) : -1;
    }
}
