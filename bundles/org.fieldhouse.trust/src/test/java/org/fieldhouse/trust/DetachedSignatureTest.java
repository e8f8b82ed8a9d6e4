package org.fieldhouse.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys and signatures were made by minisign 0.11. */
class DetachedSignatureTest {
    @TempDir
    Path directory;

    private Path hello;
    private PublicKey publisher;

    @BeforeEach
    void setUp() throws IOException {
        hello = Files.writeString(directory.resolve("hello"), "hello\n");
        publisher = PublicKey.parse("publisher", text("publisher.pub"));
    }

    @Test
    void acceptsWhatMinisignSigned() throws IOException {
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(100_000));
        assertThat(publisher.id()).isEqualTo("A8147C6D373E649");
        assertThat(signature("hello.minisig").verifies(publisher, hello)).isTrue();
        assertThat(signature("hello-unhashed.minisig").verifies(publisher, hello))
                .isTrue();
        assertThat(signature("large.minisig").verifies(publisher, large)).isTrue();
        assertThat(signature("large.minisig").comment()).isEqualTo("acme 1.0.0");
    }

    @Test
    void refusesAnotherContentAnotherKeyAndAnotherComment() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "hellp\n");
        assertThat(signature("hello.minisig").verifies(publisher, other)).isFalse();
        assertThat(signature("hello-unhashed.minisig").verifies(publisher, other))
                .isFalse();
        assertThat(signature("large.minisig").verifies(publisher, hello)).isFalse();
        assertThat(signature("hello-stranger.minisig").verifies(publisher, hello))
                .isFalse();
        DetachedSignature forged =
                DetachedSignature.parse(text("hello.minisig").replace("trusted comment here", "trusted comment her3"));
        assertThat(forged.verifies(publisher, hello)).isFalse();
    }

    @Test
    void saysWhatIsWrongWithATextThatIsNone() {
        assertThatThrownBy(() -> DetachedSignature.parse("hello")).hasMessageContaining("four lines");
        assertThatThrownBy(() -> DetachedSignature.parse("untrusted comment: x\n%%\ntrusted comment: y\nAAAA\n"))
                .hasMessageContaining("Base64");
        assertThatThrownBy(() -> DetachedSignature.parse("untrusted comment: x\nAAAA\ntrusted comment: y\nAAAA\n"))
                .hasMessageContaining("algorithm");
        assertThatThrownBy(() -> PublicKey.parse("x", "untrusted comment: only"))
                .hasMessageContaining("no key");
        assertThatThrownBy(() -> PublicKey.parse("x", "AAAA")).hasMessageContaining("not a minisign public key");
    }

    @Property(tries = 500)
    void anyTextIsASignatureOrARefusal(@ForAll String text) {
        try {
            DetachedSignature.parse("untrusted comment: x\n" + text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    static DetachedSignature signature(String resource) throws IOException {
        return DetachedSignature.parse(text(resource));
    }

    static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(DetachedSignatureTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
