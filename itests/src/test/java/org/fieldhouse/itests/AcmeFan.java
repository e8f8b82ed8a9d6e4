package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** The tutorial's binding and its simulated fan on a pseudo-terminal of socat. */
final class AcmeFan implements AutoCloseable {
    private static final Path EXAMPLE = FieldhouseProcess.distribution()
            .resolve("../../../examples/binding-acme")
            .normalize();
    /** As bnd makes it of the annotations. */
    private static final String COMPONENT =
            """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="org.example.acme.AcmeBinding" configuration-pid="org.example.acme" init="2">
              <property name="silenceSeconds" type="Integer" value="30"/>
              <service><provide interface="org.fieldhouse.api.binding.Binding"/></service>
              <reference name="$000" interface="org.fieldhouse.serial.SerialPorts" parameter="0"/>
              <implementation class="org.example.acme.AcmeBinding"/>
            </scr:component>
            """;

    private final Path port;
    private final Process socat;

    /** @param port where the pseudo-terminal is to be */
    AcmeFan(Path port) throws IOException {
        this.port = port;
        socat = new ProcessBuilder(
                        "socat", "pty,raw,echo=0,link=" + port, "exec:python3 " + EXAMPLE.resolve("simulator/acme.py"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        await("socat's pseudo-terminal").until(() -> Files.exists(port));
    }

    /** Whether a process has the port open. */
    boolean isOpenIn(long pid) throws IOException {
        Path terminal = port.toRealPath();
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.anyMatch(each -> isLinkTo(each, terminal));
        }
    }

    private static boolean isLinkTo(Path link, Path terminal) {
        try {
            return Files.readSymbolicLink(link).equals(terminal);
        } catch (IOException closed) {
            return false; // between the list and the look
        }
    }

    @Override
    public void close() throws InterruptedException {
        socat.destroy();
        socat.waitFor(5, TimeUnit.SECONDS);
    }

    /** Compiles the binding and packs it as a feature, which the administrator of that home allows. @return its folder */
    static Path feature(Path work, Path home) throws IOException {
        Path classes = Files.createDirectories(work.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "--release", "17", "-d", classes.toString()));
        arguments.addAll(List.of("-cp", classPath()));
        try (Stream<Path> sources = Files.walk(EXAMPLE.resolve("src/main/java"))) {
            sources.map(Path::toString).filter(s -> s.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
                .isZero();
        Path folder = work.resolve("acme");
        Path jar = folder.resolve("org/example/org.example.acme/1.0.0/org.example.acme-1.0.0.jar");
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest());
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
            }
            out.putNextEntry(new JarEntry("OSGI-INF/acme.xml"));
            out.write(COMPONENT.getBytes(StandardCharsets.UTF_8));
        }
        Path list = folder.resolve("acme.json");
        Files.writeString(list, Files.readString(EXAMPLE.resolve("acme.json")).replace("${project.version}", "1.0.0"));
        FieldhouseProcess.allow(home, jar);
        FieldhouseProcess.allow(home, list);
        return folder;
    }

    /** The feature of a folder as one file, which the administrator of that home allows as well. */
    static Path archive(Path feature, Path home) throws IOException {
        Path archive = feature.resolveSibling("acme.far");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(feature)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(feature.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        FieldhouseProcess.allow(home, archive);
        return archive;
    }

    private static String classPath() throws IOException {
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(Component.class, Designate.class)) {
            path.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        try (Stream<Path> jars = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            jars.map(Path::toString)
                    .filter(jar -> jar.matches(".*/org\\.fieldhouse\\.(api|serial)-[^/]*\\.jar"))
                    .forEach(path::add);
        }
        return String.join(File.pathSeparator, path);
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "org.example.acme");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Service-Component", "OSGI-INF/acme.xml");
        main.putValue("Fieldhouse-Permissions", "publish, serial;to=\"/dev/*\"");
        main.putValue(
                "Import-Package",
                "org.fieldhouse.api.binding,org.fieldhouse.api.command,org.fieldhouse.api.config,"
                        + "org.fieldhouse.api.model,org.fieldhouse.api.value,org.fieldhouse.serial");
        main.putValue(
                "Provide-Capability", "osgi.service;objectClass:List<String>=\"org.fieldhouse.api.binding.Binding\"");
        main.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4.0)(!(version>=2.0.0)))\"");
        return manifest;
    }
}
