package org.fieldhouse.isolation;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.IsolatedFeature.Start;
import org.fieldhouse.binding.virtual.VirtualBinding;
import org.fieldhouse.isolation.child.Main;
import org.fieldhouse.isolation.guest.BadActivator;
import org.fieldhouse.isolation.guest.VirtualActivator;
import org.slf4j.LoggerFactory;

/** Features to isolate, made of what the test's class path has. */
final class Guests {
    private Guests() {}

    static final Map<String, String> PROPERTIES = Map.of(
            "org.osgi.framework.system.packages.extra", "org.slf4j;version=\"2.0.18\"",
            "felix.cache.locking", "false",
            "felix.log.level", "1");

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path place(String type) {
        try {
            return place(Class.forName(type, false, Guests.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static IsolatedFeature feature(Path folder, String name, Path own) {
        List<Start> bundles = new ArrayList<>();
        for (String type : List.of(
                "org.osgi.util.function.Function",
                "org.osgi.util.promise.Promise",
                "org.osgi.service.component.ComponentContext",
                "org.apache.felix.cm.impl.ConfigurationManager")) {
            bundles.add(new Start(place(type), 1, false));
        }
        bundles.add(new Start(place("org.apache.felix.scr.impl.Activator"), 2, false));
        bundles.add(new Start(own, 7, true));
        List<Path> classPath = List.of(
                api(folder), place(Main.class), place("org.apache.felix.framework.Felix"), place(LoggerFactory.class));
        return new IsolatedFeature(name, "1.0.0", 32, classPath, bundles, Set.of("org.fieldhouse.binding.virtual"));
    }

    /** The API as the bundle that it is once it is packed. */
    private static Path api(Path folder) {
        Path classes = place(Binding.class);
        if (Files.isRegularFile(classes)) {
            return classes;
        }
        try (Stream<Path> all = Files.walk(classes)) {
            String packages = all.filter(Files::isDirectory)
                    .map(d -> classes.relativize(d).toString().replace('/', '.'))
                    .filter(p -> p.startsWith("org.fieldhouse.api."))
                    .collect(Collectors.joining(","));
            return jar(folder.resolve("api.jar"), Map.of("Export-Package", packages), List.of(classes), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The virtual binding, started by an activator: what makes it a component is made when it is packed. */
    static IsolatedFeature virtual(Path folder) {
        return feature(folder, "virtual", bundle(folder, "virtual", VirtualActivator.class, ""));
    }

    /** @param does see {@link BadActivator} */
    static IsolatedFeature bad(Path folder, String does) {
        return feature(folder, "bad", bundle(folder, "bad-" + does, BadActivator.class, does));
    }

    private static Path bundle(Path folder, String name, Class<?> activator, String does) {
        return jar(
                folder.resolve(name + ".jar"),
                Map.of(
                        "Bundle-ManifestVersion",
                        "2",
                        "Bundle-SymbolicName",
                        name,
                        "Bundle-Activator",
                        activator.getName(),
                        "Import-Package",
                        "org.osgi.framework, org.fieldhouse.api.binding, org.fieldhouse.api.command,"
                                + " org.fieldhouse.api.config, org.fieldhouse.api.model, org.fieldhouse.api.value",
                        "Does",
                        does),
                List.of(place(activator), place(VirtualBinding.class)),
                activator == VirtualActivator.class ? "org/fieldhouse/binding/virtual|guest" : "guest");
    }

    /**
     * @param places folders of classes, or jars, which they are once Maven has packed them
     * @param only names of entries that have none of these in them are left out
     */
    private static Path jar(Path file, Map<String, String> headers, List<Path> places, String only) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream stream = new JarOutputStream(out, manifest)) {
            for (Path place : places) {
                if (Files.isRegularFile(place)) {
                    try (FileSystem packed = FileSystems.newFileSystem(place)) {
                        add(packed.getPath("/"), only, stream);
                    }
                } else {
                    add(place, only, stream);
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Path root, String only, JarOutputStream stream) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.filter(f -> f.toString().endsWith(".class")).toList()) {
                String entry = root.relativize(each).toString();
                if (Pattern.compile(only).matcher(entry).find()) {
                    stream.putNextEntry(new ZipEntry(entry));
                    Files.copy(each, stream);
                    stream.closeEntry();
                }
            }
        }
    }
}
