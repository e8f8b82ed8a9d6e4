package org.fieldhouse.runtime.swap;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/**
 * Keeps the bytes of a bundle's present version, so that it can come back. Called while the bundle stops, so it has to be quick: a
 * hard link to the jar in Felix's cache. Where that does not work (another framework, another file system) the jar is copied, or put
 * together again from the bundle's entries.
 */
final class JarKeeper {
    /** Felix's name for the directory of one version: refreshes, then updates, since the bundle was installed. */
    private static final Pattern VERSION = Pattern.compile("version(\\d+)\\.(\\d+)");

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final Path directory;

    /** @param directory for the kept jars; what an earlier run left there is deleted */
    JarKeeper(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A file with the bytes of the version that is there now; the caller deletes it. */
    Path keep(Bundle bundle) throws IOException {
        Path kept = Files.createTempFile(directory, bundle.getSymbolicName() + "-", ".jar");
        Optional<Path> jar = inCache(bundle);
        if (jar.isEmpty()) {
            assemble(bundle, kept);
            return kept;
        }
        try {
            Files.delete(kept);
            Files.createLink(kept, jar.get());
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(jar.get(), kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return kept;
    }

    private static Optional<Path> inCache(Bundle bundle) throws IOException {
        File data = bundle.getDataFile("");
        if (data == null || data.getParentFile() == null) {
            return Optional.empty();
        }
        Path home = data.getParentFile().toPath();
        try (Stream<Path> versions = Files.list(home)) {
            Optional<Path> newest =
                    versions.filter(v -> number(v) >= 0).max(Comparator.comparingLong(JarKeeper::number));
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Path jar = newest.get().resolve("bundle.jar");
            if (Files.isRegularFile(jar)) {
                return Optional.of(jar);
            }
            Path location = newest.get().resolve("revision.location");
            if (!Files.isRegularFile(location)) {
                return Optional.empty();
            }
            String text = Files.readString(location).strip();
            if (!text.startsWith("reference:file:")) {
                return Optional.empty();
            }
            Path referenced = Path.of(URI.create(text.substring("reference:".length())));
            return Files.isRegularFile(referenced) ? Optional.of(referenced) : Optional.empty();
        }
    }

    private static long number(Path directory) {
        Matcher m = VERSION.matcher(String.valueOf(directory.getFileName()));
        return m.matches() ? Long.parseLong(m.group(1)) << 32 | Long.parseLong(m.group(2)) : -1;
    }

    private static void assemble(Bundle bundle, Path jar) throws IOException {
        List<URL> entries = Collections.list(bundle.findEntries("/", "*", true));
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, MANIFEST, bundle.getEntry(MANIFEST));
            for (URL entry : entries) {
                String name = entry.getPath().replaceFirst("^/", "");
                if (!name.endsWith("/") && !name.equals(MANIFEST)) {
                    put(zip, name, entry);
                }
            }
        }
    }

    private static void put(ZipOutputStream zip, String name, URL from) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream in = from.openStream()) {
            in.transferTo(zip);
        }
        zip.closeEntry();
    }
}
