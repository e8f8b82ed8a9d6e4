package org.fieldhouse.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionVettingTest {
    @TempDir
    Path directory;

    private Keyring keyring;
    private PermissionVetting vetting;

    @BeforeEach
    void setUp() {
        keyring = new Keyring(directory.resolve("trust"));
        vetting = new PermissionVetting(keyring, new Distribution(null));
    }

    @Test
    void showsWhatItSaysItTouches() throws IOException {
        Artefact bundle = bundle("publish, connect;to=\"*:1883,*:8883\"", Dialler.class);
        assertThat(vetting.vet(bundle))
                .extracting(Finding::toString)
                .containsExactly(
                        "note [permission] acme 1.0.0: publish: brings devices, facts or functions",
                        "note [permission] acme 1.0.0: connect to *:1883, *:8883: opens network connections");
    }

    @Test
    void showsWhatItDoesNotSay() throws IOException {
        assertThat(vetting.vet(bundle(null, Dialler.class, Starter.class)))
                .extracting(Finding::weight, Finding::message)
                .satisfiesExactly(
                        first -> assertThat(first.toList().toString())
                                .contains(
                                        "WARNING",
                                        "opens network connections",
                                        "Dialler.dial calls java.net.Socket.new"),
                        second -> assertThat(second.toList().toString()).contains("WARNING", "starts threads"));
    }

    @Test
    void refusesTheGraveThatIsNotSaid() throws IOException {
        for (Class<?> type : List.of(Ender.class, Native.class, Program.class, Referrer.class)) {
            assertThat(vetting.vet(bundle(null, type))).as(type.getSimpleName()).anyMatch(Finding::isRefusal);
        }
        assertThat(vetting.vet(bundle("exit", Ender.class))).noneMatch(Finding::isRefusal);
    }

    /** What the administrator let one file do, it may do, and nothing else, and no other file. */
    @Test
    void theAdministratorLetsOneFileDoWhatIsGrave() throws IOException {
        Artefact bundle = bundle(null, Ender.class, Native.class);
        keyring.allow(new Keyring.Allowed(bundle.sha256(), "acme", Set.of(), "tried on the bench"));
        assertThat(vetting.vet(bundle))
                .extracting(Finding::message)
                .allMatch(text -> text.contains("trust:allow " + bundle.sha256() + " acme --may native,exit WHY"))
                .hasSize(2);
        keyring.allow(new Keyring.Allowed(bundle.sha256(), "acme", Set.of(Permission.NATIVE), "its codec"));
        assertThat(vetting.vet(bundle))
                .extracting(Finding::weight, finding -> finding.message().replaceAll("^.*(the admin.*|--may.*)$", "$1"))
                .containsExactly(
                        tuple(Weight.WARNING, "the administrator lets it: its codec"),
                        tuple(Weight.REFUSAL, "--may exit WHY"));
        keyring.allow(new Keyring.Allowed(bundle.sha256(), "acme", Set.of(Permission.EXIT), "all of it"));
        assertThat(vetting.vet(bundle)).hasSize(2).noneMatch(Finding::isRefusal);
        assertThat(vetting.vet(bundle(null, Native.class))).anyMatch(Finding::isRefusal);
        keyring.forget(bundle.sha256());
        assertThat(vetting.vet(bundle)).allMatch(Finding::isRefusal);
    }

    @Test
    void looksIntoJarsWithinJarsAndAtNativeLibraries() throws IOException {
        Path inner = jar(null, Ender.class);
        Path outer = directory.resolve("outer.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(outer), new Manifest())) {
            add(out, "lib/inner.jar", Files.readAllBytes(inner));
            add(out, "natives/libacme.so", new byte[] {1});
        }
        assertThat(vetting.vet(artefact(outer, null)))
                .extracting(Finding::message)
                .anyMatch(text -> text.contains("ends the JVM"))
                .anyMatch(text -> text.contains("native code") && text.contains("natives/libacme.so"));
    }

    @Test
    void anUpdateThatAsksForMoreIsShown() throws IOException {
        Artefact before = bundle("connect;to=\"a:1\"", Harmless.class);
        Path file = jar("connect;to=\"a:1,b:2\", threads", Harmless.class);
        assertThat(vetting.vet(artefact(file, before)))
                .filteredOn(finding -> finding.weight() == Weight.WARNING)
                .extracting(Finding::message)
                .containsExactly(
                        "asks for more than 1.0.0 did: connect to b:2: opens network connections",
                        "asks for more than 1.0.0 did: threads: starts threads of its own");
        Artefact wider = bundle("connect, threads", Harmless.class);
        assertThat(vetting.vet(artefact(file, wider))).allMatch(finding -> finding.weight() == Weight.NOTE);
    }

    @Test
    void aHeaderThatIsNotUnderstoodIsRefused() throws IOException {
        assertThat(vetting.vet(bundle("fly", Harmless.class))).singleElement().satisfies(finding -> {
            assertThat(finding.isRefusal()).isTrue();
            assertThat(finding.message()).contains("names fly; there is", "connect");
        });
        assertThatThrownBy(() -> Permissions.parse("connect;hosts=\"a\""))
                .hasMessageContaining("only the attribute `to`");
        assertThatThrownBy(() -> Permissions.parse("connect;to=\"a,,b\"")).hasMessageContaining("empty place");
    }

    @Test
    void aDamagedClassFileIsNamedAndTheRestIsRead() throws IOException {
        Path jar = directory.resolve("damaged.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), new Manifest())) {
            add(out, "a/Broken.class", new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 61, 0});
            add(out, "Ender.class", bytes(Ender.class));
        }
        assertThat(vetting.vet(artefact(jar, null)))
                .extracting(Finding::message)
                .anyMatch(text -> text.contains("1 class files cannot be read, first a/Broken.class"))
                .anyMatch(text -> text.contains("ends the JVM"));
    }

    @Test
    void aHarmlessBundleHasNothingToSay() throws IOException {
        assertThat(vetting.vet(bundle(null, Harmless.class))).isEmpty();
    }

    private Artefact bundle(@Nullable String permissions, Class<?>... types) throws IOException {
        return artefact(jar(permissions, types), null);
    }

    private static Artefact artefact(Path jar, @Nullable Artefact replaces) throws IOException {
        return new Artefact(Artefact.Kind.BUNDLE, "acme", "1.0.0", jar, Hashes.of(jar), "test", null, "acme", replaces);
    }

    private Path jar(@Nullable String permissions, Class<?>... types) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (permissions != null) {
            manifest.getMainAttributes().putValue(Permissions.HEADER, permissions);
        }
        Path jar = Files.createTempFile(directory, "bundle", ".jar");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(content, manifest)) {
            for (Class<?> type : types) {
                add(out, type.getName().replace('.', '/') + ".class", bytes(type));
            }
        }
        return Files.write(jar, content.toByteArray());
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream in = Objects.requireNonNull(
                PermissionVettingTest.class.getClassLoader().getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    // What is looked at; never run.

    static final class Harmless {
        int add(int a, int b) {
            return a + b;
        }
    }

    static final class Dialler {
        Socket dial() throws IOException {
            return new Socket("localhost", 1);
        }
    }

    static final class Starter {
        void start(Runnable work) {
            new Thread(work).start();
        }
    }

    static final class Ender {
        void end() {
            System.exit(1);
        }
    }

    static final class Referrer {
        Consumer<Integer> end() {
            return System::exit;
        }
    }

    static final class Native {
        native void call();
    }

    static final class Program {
        Process run() throws IOException {
            return Runtime.getRuntime().exec(new String[] {"true"});
        }
    }
}
