package org.fieldhouse.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureVettingTest {
    @TempDir
    Path home;

    private Path drop;
    private Path hello;
    private Keyring keyring;
    private SignatureVetting vetting;

    @BeforeEach
    void setUp() throws IOException {
        drop = Files.createDirectories(home.resolve("deploy"));
        hello = Files.writeString(home.resolve("content"), "hello\n");
        Files.createDirectories(home.resolve("distribution/bundles"));
        keyring = new Keyring(home.resolve("trust"));
        vetting = new SignatureVetting(
                keyring, new Distribution(home.resolve("distribution").toString()));
    }

    @Test
    void refusesTheUnsignedAndSaysHowToLetItIn() throws IOException {
        Finding finding = vet(bundle(hello, "acme", drop));
        assertThat(finding.isRefusal()).isTrue();
        assertThat(finding.message()).contains("is not signed", "trust:allow " + Hashes.of(hello));
    }

    @Test
    void letsInWhatATrustedPublisherSigned() throws IOException {
        sign("acme.jar.minisig", "hello.minisig");
        assertThat(vet(bundle(hello, "acme", drop)).message()).contains("key A8147C6D373E649, which is not among");
        trustPublisher();
        Finding finding = vet(bundle(hello, "acme", drop));
        assertThat(finding.weight()).isEqualTo(Weight.NOTE);
        assertThat(finding.message()).startsWith("signed by publisher").contains("trusted comment here");
    }

    @Test
    void seesThatItWasChangedAfterSigning() throws IOException {
        trustPublisher();
        sign("acme.jar.minisig", "hello.minisig");
        Path changed = Files.writeString(home.resolve("changed"), "hullo\n");
        Finding finding = vet(bundle(changed, "acme", drop));
        assertThat(finding.isRefusal()).isTrue();
        assertThat(finding.message()).contains("changed after publisher signed it");
    }

    @Test
    void aNeighboursSignatureIsNoFault() throws IOException {
        trustPublisher();
        sign("another.jar.minisig", "large.minisig");
        assertThat(vet(bundle(hello, "acme", drop)).message()).contains("is not signed");
    }

    @Test
    void theAdministratorMayAllowOneFileAndTakeThatBack() throws IOException {
        String sha256 = Hashes.of(hello);
        keyring.allow(new Keyring.Allowed("0".repeat(64), "another", Set.of(), "before"));
        keyring.allow(new Keyring.Allowed(sha256, "acme", Set.of(), "tried it on the bench"));
        Finding finding = vet(bundle(hello, "acme", drop));
        assertThat(finding.weight()).isEqualTo(Weight.WARNING);
        assertThat(finding.message()).contains("tried it on the bench");

        Path other = Files.writeString(home.resolve("other"), "hello you\n");
        assertThat(vet(bundle(other, "acme", drop)).isRefusal()).isTrue();
        assertThat(keyring.forget(sha256)).isTrue();
        assertThat(keyring.forget(sha256)).isFalse();
        assertThat(vet(bundle(hello, "acme", drop)).isRefusal()).isTrue();
        assertThat(keyring.allowed()).hasSize(1);
    }

    /** As a power cut leaves it: the list is what it was, and half of another lies beside it. */
    @Test
    void halfAListIsNoList() throws IOException {
        keyring.allow(new Keyring.Allowed("0".repeat(64), "acme", Set.of(), "before"));
        Files.writeString(
                home.resolve("trust/allowed.new"),
                "1".repeat(64) + " other and half of a very long line, longer than what comes");
        assertThat(keyring.allowed()).extracting(Keyring.Allowed::name).containsExactly("acme");
        keyring.allow(new Keyring.Allowed("2".repeat(64), "next", Set.of(), "after"));
        assertThat(keyring.allowed()).extracting(Keyring.Allowed::name).containsExactly("acme", "next");
    }

    @Test
    void aTrustedFeatureStandsForTheBundlesItPins() throws IOException {
        Path feature = Files.writeString(
                home.resolve("feature.json"), "{\"bundles\":[{\"sha256\":\"" + Hashes.of(hello) + "\"}]}");
        keyring.allow(new Keyring.Allowed(Hashes.of(feature), "acme", Set.of(), "trial"));
        assertThat(vet(feature(feature)).isRefusal()).isFalse();
        assertThat(vet(bundle(hello, "acme.bundle", null)).weight()).isEqualTo(Weight.NOTE);

        Path other = Files.writeString(home.resolve("other"), "not pinned");
        assertThat(vet(bundle(other, "acme.bundle", null)).isRefusal()).isTrue();
    }

    @Test
    void aRefusedFeatureStandsForNothing() throws IOException {
        Path feature = Files.writeString(home.resolve("feature.json"), "{\"sha256\":\"" + Hashes.of(hello) + "\"}");
        assertThat(vet(feature(feature)).isRefusal()).isTrue();
        assertThat(vet(bundle(hello, "acme.bundle", null)).isRefusal()).isTrue();
    }

    @Test
    void theDistributionsOwnFilesAreTrustedByTheirContent() throws IOException {
        Files.writeString(home.resolve("distribution/bundles/some.jar"), "hello\n");
        assertThat(vet(bundle(hello, "acme", null)).message()).contains("came with this distribution");
        Path same = Files.writeString(home.resolve("same-size"), "hallo\n");
        assertThat(vet(bundle(same, "acme", null)).isRefusal()).isTrue();
    }

    @Test
    void aBrokenKeyIsNamed() throws IOException {
        Files.createDirectories(keyring.keysDirectory());
        Files.writeString(keyring.keysDirectory().resolve("bad.pub"), "nonsense!");
        assertThat(vet(bundle(hello, "acme", drop)).message()).contains("bad.pub");
    }

    @Test
    void takesTheSignatureThatIsKeptWithIt() throws IOException {
        trustPublisher();
        Path kept = Files.writeString(
                home.resolve(Hashes.of(hello) + ".minisig"), DetachedSignatureTest.text("hello.minisig"));
        assertThat(vet(bundle(hello, "acme", null)).message()).startsWith("signed by publisher");
        Files.writeString(kept, DetachedSignatureTest.text("large.minisig"));
        assertThat(vet(bundle(hello, "acme", null)).message()).contains("its signature does not fit");
        // A good one where it came from is as good.
        sign("acme.jar.minisig", "hello.minisig");
        assertThat(vet(bundle(hello, "acme", drop)).message()).startsWith("signed by publisher");
    }

    private void trustPublisher() throws IOException {
        Files.createDirectories(keyring.keysDirectory());
        Files.writeString(
                keyring.keysDirectory().resolve("publisher.pub"), DetachedSignatureTest.text("publisher.pub"));
    }

    private void sign(String name, String resource) throws IOException {
        Files.writeString(drop.resolve(name), DetachedSignatureTest.text(resource));
    }

    private Finding vet(Artefact artefact) throws IOException {
        List<Finding> findings = vetting.vet(artefact);
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static Artefact bundle(Path file, String name, @Nullable Path beside) throws IOException {
        return new Artefact(
                Artefact.Kind.BUNDLE, name, "1.0.0", file, Hashes.of(file), "deploy/acme.jar", beside, "acme", null);
    }

    private static Artefact feature(Path file) throws IOException {
        return new Artefact(
                Artefact.Kind.FEATURE, "acme", "1.0.0", file, Hashes.of(file), "deploy/acme.json", null, "acme", null);
    }
}
