package org.fieldhouse.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.event.Fact.AuditRecorded;
import org.fieldhouse.api.store.Journal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustCommandsTest {
    @TempDir
    Path directory;

    private final List<String> audited = new ArrayList<>();
    private Keyring keyring;
    private TrustCommands commands;
    private Path jar;

    @BeforeEach
    void aJarWithALibrary() throws IOException {
        keyring = new Keyring(directory.resolve("trust"));
        commands = new TrustCommands(
                keyring,
                any(
                        EventBus.class,
                        fact -> audited.add(((AuditRecorded) fact).action() + ' ' + ((AuditRecorded) fact).detail())),
                any(Journal.class, nothing -> {}));
        jar = directory.resolve("acme.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), new Manifest())) {
            out.putNextEntry(new JarEntry("libacme.so"));
            out.closeEntry();
        }
    }

    private interface Told {
        void fact(Object fact);
    }

    private static <T> T any(Class<T> type, Told told) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    told.fact(arguments[0]);
                    return null;
                }));
    }

    private String allow(String... words) throws IOException {
        return commands.allow(words);
    }

    private String inspected() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
        try {
            commands.inspect(jar.toString());
        } finally {
            System.setOut(before);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPlainWordDoesNotLetTheGraveInAndSaysSo() throws IOException {
        assertThat(allow(jar.toString(), "tried", "it"))
                .contains("refused all the same", "trust:allow " + jar + " --may native WHY");
        assertThat(commands.allowed()).endsWith("acme.jar  tried it");
        assertThat(inspected())
                .contains("The administrator allowed it: tried it", "!!native: runs native code", "--may native WHY");
    }

    @Test
    void withMayItIsLetInAndThatIsShownAndAudited() throws IOException {
        assertThat(allow(jar.toString(), "--may", "native", "the codec")).endsWith(", may native");
        assertThat(Files.readString(directory.resolve("trust/allowed")))
                .isEqualTo(Hashes.of(jar) + " acme.jar may:native the codec\n");
        assertThat(commands.allowed()).endsWith("acme.jar  may native  the codec");
        assertThat(inspected())
                .contains("allowed it, and lets it native: the codec", "  native: runs native code")
                .doesNotContain("!");
        assertThat(audited).containsExactly("trust.allow may native: the codec");
        // A second word on the same file takes nothing away, one to forget takes all.
        assertThat(allow(jar.toString(), "again")).endsWith(", may native");
        commands.forget(Hashes.of(jar));
        assertThat(commands.allowed()).isEqualTo("None.");
    }

    @Test
    void nothingIsAllowedByMistake() throws IOException {
        assertThat(allow(jar.toString(), "--may", "fly", "x"))
                .contains("Nothing was allowed", "no permission 'fly'", "native");
        assertThat(allow(jar.toString(), "--may")).contains("needs permissions");
        assertThat(allow(jar.toString(), "--may", "command", "x")).contains("`command` is not grave");
        assertThat(allow("--may", "native")).startsWith("trust:allow FILE");
        assertThat(commands.allowed()).isEqualTo("None.");
        allow(jar.toString(), "may:native", "is", "only", "a", "reason");
        assertThat(keyring.allowed(Hashes.of(jar)).orElseThrow().may()).isEmpty();
        // By hand, with a slip.
        Files.writeString(directory.resolve("trust/allowed"), "# mine\n" + "0".repeat(64) + " x may:native,fly why\n");
        assertThat(keyring.allowed()).singleElement().satisfies(entry -> {
            assertThat(entry.may()).isEmpty();
            assertThat(entry.why()).isEqualTo("may:native,fly why");
        });
    }
}
