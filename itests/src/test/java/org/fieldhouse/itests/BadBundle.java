package org.fieldhouse.itests;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.osgi.framework.BundleActivator;

/** Makes a jar of headers, entries and the source of an activator. */
final class BadBundle {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final List<String> classPath = new ArrayList<>();
    private String activator = "";

    BadBundle(String name) {
        header("Manifest-Version", "1.0");
        header("Bundle-ManifestVersion", "2");
        header("Bundle-SymbolicName", name);
        header("Bundle-Version", "1.0.0");
        header("Import-Package", "org.osgi.framework");
    }

    BadBundle header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    BadBundle without(String header) {
        headers.remove(header);
        return this;
    }

    BadBundle entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** @param jars what the activator is compiled against, beside the framework */
    BadBundle classPath(Path... jars) {
        for (Path jar : jars) {
            classPath.add(jar.toString());
        }
        return this;
    }

    /** @param body of the method {@code start(BundleContext context) throws Exception}; {@code members} stand beside it */
    BadBundle activator(String body, String members) {
        activator =
                "package bad; import java.util.*; public class Activator implements org.osgi.framework.BundleActivator {\n"
                        + members + "\npublic void start(org.osgi.framework.BundleContext context) throws Exception {\n"
                        + body
                        + "\n}\npublic void stop(org.osgi.framework.BundleContext context) {}\n}\n";
        return header("Bundle-Activator", "bad.Activator");
    }

    BadBundle activator(String body) {
        return activator(body, "");
    }

    byte[] bytes(Path work) throws IOException {
        if (!activator.isEmpty()) {
            compile(work);
        }
        Manifest manifest = new Manifest();
        headers.forEach((key, value) -> manifest.getMainAttributes().put(new Attributes.Name(key), value));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(content, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return content.toByteArray();
    }

    private void compile(Path work) throws IOException {
        Path folder = Files.createTempDirectory(work, "activator");
        Path source = Files.createDirectories(folder.resolve("bad")).resolve("Activator.java");
        Files.writeString(source, activator, StandardCharsets.UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String framework = Path.of(BundleActivator.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        classPath.add(framework);
        String path = String.join(File.pathSeparator, classPath);
        List<String> arguments = List.of("-proc:none", "--release", "17", "-cp", path, source.toString());
        if (compiler.run(null, null, null, arguments.toArray(new String[0])) != 0) {
            throw new AssertionError("does not compile:\n" + activator);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                entry(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }
}
