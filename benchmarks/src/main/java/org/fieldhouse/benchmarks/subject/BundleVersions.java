package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Further versions of a shipped bundle, good ones and such as somebody might drop into the deploy folder by mistake. */
public final class BundleVersions {
    private static final String SOURCES = """
            package broken;
            public class %s
            """;

    /** In which way a version is broken. */
    public enum Broken {
        /** It needs a package that nobody has. */
        UNRESOLVABLE,
        /** Its activator throws. */
        THROWING_START,
        /** Its component is gone. */
        NO_BINDING,
        /** Its binding makes no device. */
        NO_DEVICES,
        /** Its activator never returns. */
        HANGING_START
    }

    private final Path shipped;
    private final Path work;
    private final Path classes;
    private int number;

    /** @param name symbolic name of a bundle of the distribution */
    public BundleVersions(Path distribution, String name, Path work) throws IOException {
        this.work = Files.createDirectories(work);
        try (Stream<Path> jars = Files.walk(distribution.resolve("repository"))) {
            shipped = jars.filter(j -> j.getFileName().toString().matches(Pattern.quote(name) + "-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + name + " in " + distribution));
        }
        classes = Files.createDirectories(work.resolve("classes"));
        compile(distribution);
    }

    private void compile(Path distribution) throws IOException {
        Map<String, String> sources = new HashMap<>();
        String activator = " implements org.osgi.framework.BundleActivator {\n"
                + "public void start(org.osgi.framework.BundleContext c) throws Exception { %s }\n"
                + "public void stop(org.osgi.framework.BundleContext c) {} }\n";
        sources.put("Throwing", activator.formatted("throw new IllegalStateException(\"broken on purpose\");"));
        // A start that never returns is what the house has to survive; it is compiled, and never runs in this process.
        sources.put("Hanging", activator.formatted("Thread.sleep(Long.MAX_VALUE);"));
        sources.put(
                "NoDevices",
                """
                 implements org.fieldhouse.api.binding.Binding {
                    public String id() { return "mqtt"; }
                    public java.util.Set<String> types() { return java.util.Set.of("broker", "topics"); }
                    public org.fieldhouse.api.binding.Device create(org.fieldhouse.api.binding.DeviceConfig c) {
                        throw new IllegalStateException("broken on purpose");
                    }
                }
                """);
        StringBuilder path = new StringBuilder();
        for (String directory : List.of("lib", "repository")) {
            try (Stream<Path> jars = Files.walk(distribution.resolve(directory))) {
                jars.filter(j -> j.getFileName()
                                .toString()
                                .matches("(org.apache.felix.framework|org.fieldhouse.api)-.*\\.jar"))
                        .forEach(j -> path.append(j).append(':'));
            }
        }
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK is needed");
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = work.resolve(source.getKey() + ".java");
            Files.writeString(file, SOURCES.formatted(source.getKey()) + source.getValue());
            int result = compiler.run(
                    null,
                    null,
                    null,
                    "--release",
                    "17",
                    "-cp",
                    path.toString(),
                    "-d",
                    classes.toString(),
                    file.toString());
            if (result != 0) {
                throw new IOException("cannot compile " + file);
            }
        }
    }

    /** A version that differs in its number alone. */
    public Path good() throws IOException {
        return write(Map.of(), Map.of());
    }

    /** A version that must not stay. */
    public Path broken(Broken how) throws IOException {
        return switch (how) {
            case UNRESOLVABLE -> write(Map.of("Import-Package", "no.such.pkg,"), Map.of());
            case THROWING_START -> write(activator("broken.Throwing"), Map.of());
            case HANGING_START -> write(activator("broken.Hanging"), Map.of());
            case NO_BINDING -> write(Map.of("Service-Component", ""), Map.of());
            case NO_DEVICES ->
                write(
                        Map.of("Service-Component", "OSGI-INF/broken.xml"),
                        Map.of(
                                "OSGI-INF/broken.xml",
                                """
                                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="broken">
                                  <implementation class="broken.NoDevices"/>
                                  <service><provide interface="org.fieldhouse.api.binding.Binding"/></service>
                                </scr:component>
                                """));
        };
    }

    private static Map<String, String> activator(String name) {
        return Map.of("Bundle-Activator", name, "Import-Package", "org.osgi.framework,");
    }

    /** @param headers that replace those of the manifest; one that ends in a comma is put before what is there */
    private Path write(Map<String, String> headers, Map<String, String> entries) throws IOException {
        Path target = work.resolve("version-" + ++number + ".jar");
        try (JarFile jar = new JarFile(shipped.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            Attributes main = manifest.getMainAttributes();
            main.putValue("Bundle-Version", "0.1." + number);
            headers.forEach((key, value) -> {
                if (value.isEmpty()) {
                    main.remove(new Attributes.Name(key));
                } else {
                    main.putValue(key, value.endsWith(",") ? value + main.getValue(key) : value);
                }
            });
            try (OutputStream file = Files.newOutputStream(target);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = jar.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
                for (Map.Entry<String, String> entry : entries.entrySet()) {
                    out.putNextEntry(new JarEntry(entry.getKey()));
                    out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                }
                try (Stream<Path> compiled = Files.list(classes.resolve("broken"))) {
                    for (Path c : compiled.toList()) {
                        out.putNextEntry(new JarEntry("broken/" + c.getFileName()));
                        Files.copy(c, out);
                    }
                }
            }
        }
        return target;
    }
}
