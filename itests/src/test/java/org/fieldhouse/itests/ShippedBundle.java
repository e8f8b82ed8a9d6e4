package org.fieldhouse.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A bundle of the distribution, made into another version of itself. */
final class ShippedBundle {
    private ShippedBundle() {}

    /** The shipped bundle with other headers, in the folder, and allowed in the home: whatever door it comes through, it is vetted. */
    static Path version(String bundle, Map<String, String> headers, Path folder, Path home) throws IOException {
        Path shipped;
        try (Stream<Path> files = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            shipped = files.filter(f -> f.getFileName().toString().matches(Pattern.quote(bundle) + "-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        Path target = Files.createTempFile(folder, "version", ".jar");
        try (JarFile jar = new JarFile(shipped.toFile());
                OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = new Manifest(jar.getManifest());
            headers.forEach((key, value) -> manifest.getMainAttributes().put(new Attributes.Name(key), value));
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = jar.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
        FieldhouseProcess.allow(home, target);
        return target;
    }
}
