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
    private String start = "";
    private String stop = "";
    private String members = "";

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

    /** @param body of the method {@code start(BundleContext context) throws Exception} */
    BadBundle activator(String body) {
        start = body;
        return header("Bundle-Activator", "bad.Activator");
    }

    /** @param type of an immediate component of Declarative Services, an activator by its kind */
    BadBundle component(String type) {
        return component(type, "");
    }

    /** @param needs interface of a service that it waits for; empty for none */
    BadBundle component(String type, String needs) {
        String description =
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s" immediate="true">
                  <implementation class="%1$s"/>
                  <service><provide interface="org.osgi.framework.BundleActivator"/></service>%2$s
                </scr:component>
                """
                        .formatted(
                                type,
                                needs.isEmpty() ? "" : "<reference name=\"needed\" interface=\"" + needs + "\"/>");
        return entry("OSGI-INF/component.xml", description.getBytes(StandardCharsets.UTF_8))
                .header("Service-Component", "OSGI-INF/component.xml")
                .header(
                        "Require-Capability",
                        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
    }

    /** @param more of the activator's class, beside its methods */
    BadBundle activator(String body, String more) {
        members = more;
        return activator(body);
    }

    /** @param body of the activator's method {@code stop(BundleContext context) throws Exception} */
    BadBundle stopping(String body) {
        stop = body;
        return this;
    }

    private String source() {
        return """
                package bad;
                import java.util.*;
                public class Activator implements org.osgi.framework.BundleActivator {
                    %s
                    public void start(org.osgi.framework.BundleContext context) throws Exception { %s }
                    public void stop(org.osgi.framework.BundleContext context) throws Exception { %s }
                }
                """
                .formatted(members, start, stop);
    }

    byte[] bytes(Path work) throws IOException {
        if (!start.isEmpty() || !members.isEmpty()) {
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
        Files.writeString(source, source(), StandardCharsets.UTF_8);
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
            throw new AssertionError("does not compile:\n" + source());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                entry(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }
}
