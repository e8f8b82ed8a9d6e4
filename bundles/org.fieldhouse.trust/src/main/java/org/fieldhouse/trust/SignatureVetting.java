package org.fieldhouse.trust;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Vetting;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets in what somebody stands for: the distribution, a publisher whose key the administrator trusts, or the administrator for this
 * one file. A trusted feature stands for the bundles that it pins by SHA-256 or brings in its archive.
 */
@Component(property = "service.ranking:Integer=300")
public final class SignatureVetting implements Vetting {
    private static final String CODE = "signature";
    private static final String SIGNATURE = ".minisig";
    private static final int MOST_SIGNATURES = 200;
    private static final long LARGEST_SIGNATURE = 4096;
    private static final long LARGEST_FEATURE = 1 << 20;
    private static final Pattern PIN = Pattern.compile("(?<![0-9a-fA-F])[0-9a-f]{64}(?![0-9a-fA-F])");

    private final Keyring keyring;
    private final Distribution distribution;

    /** What the feature that was vetted last stands for; vetting goes feature by feature, each before its bundles. */
    private String vouchingFeature = "";

    private String vouchingFor = "";
    private Set<String> vouched = Set.of();

    @Activate
    public SignatureVetting(BundleContext context, @Reference Keyring keyring) {
        this(keyring, new Distribution(context.getProperty("fieldhouse.distribution")));
    }

    SignatureVetting(Keyring keyring, Distribution distribution) {
        this.keyring = keyring;
        this.distribution = distribution;
    }

    @Override
    public String name() {
        return CODE;
    }

    @Override
    public synchronized List<Finding> vet(Artefact artefact) throws IOException {
        Finding finding = judge(artefact);
        if (artefact.kind() == Artefact.Kind.FEATURE) {
            vouchingFeature = artefact.feature();
            vouchingFor = finding.message();
            vouched = finding.isRefusal() ? Set.of() : vouchedBy(artefact.file());
        }
        return List.of(finding);
    }

    private Finding judge(Artefact artefact) throws IOException {
        if (distribution.has(artefact)) {
            return finding(Weight.NOTE, artefact, "came with this distribution");
        }
        if (artefact.feature().equals(vouchingFeature) && vouched.contains(artefact.sha256())) {
            return finding(
                    Weight.NOTE, artefact, "named by the feature " + vouchingFeature + ", which is " + vouchingFor);
        }
        Keyring.Keys keys = keyring.keys();
        Optional<Finding> signed = signed(artefact, keys);
        if (signed.isPresent() && !signed.get().isRefusal()) {
            return signed.get();
        }
        Optional<Keyring.Allowed> allowed = keyring.allowed(artefact.sha256());
        if (allowed.isPresent()) {
            return finding(
                    Weight.WARNING,
                    artefact,
                    "not signed by anybody trusted here; allowed by the administrator: "
                            + allowed.get().why());
        }
        return signed.orElseGet(() -> finding(
                Weight.REFUSAL,
                artefact,
                "is not signed. Ask its publisher for a signature (NAME.minisig) and put the public key into "
                        + keyring.keysDirectory() + ", or allow this one file: trust:allow " + artefact.sha256() + " "
                        + artefact.name() + " WHY"
                        + broken(keys)));
    }

    private static String broken(Keyring.Keys keys) {
        return keys.broken().isEmpty() ? "" : ". Not usable as keys: " + String.join("; ", keys.broken());
    }

    /** What the signatures that came with it say; empty if none is about this file. */
    private Optional<Finding> signed(Artefact artefact, Keyring.Keys keys) throws IOException {
        Finding refusal = null;
        for (Path file : signatures(artefact)) {
            Finding finding = signedBy(artefact, file, keys);
            if (finding != null && !finding.isRefusal()) {
                return Optional.of(finding);
            }
            refusal = finding == null || !isMeantFor(file, artefact) ? refusal : finding;
        }
        return Optional.ofNullable(refusal);
    }

    private static Path kept(Artefact artefact) {
        return artefact.file().resolveSibling(artefact.sha256() + SIGNATURE);
    }

    /** The one that was kept with the file, then those of the folder that it came from. */
    private static List<Path> signatures(Artefact artefact) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isRegularFile(kept(artefact))) {
            files.add(kept(artefact));
        }
        Path beside = artefact.beside();
        if (beside != null && Files.isDirectory(beside)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(beside, "*" + SIGNATURE)) {
                for (Path file : found) {
                    files.add(file);
                    if (files.size() > MOST_SIGNATURES) {
                        throw new IOException("more than " + MOST_SIGNATURES + " signatures in " + beside);
                    }
                }
            }
        }
        return files;
    }

    private static @Nullable Finding signedBy(Artefact artefact, Path file, Keyring.Keys keys) throws IOException {
        DetachedSignature signature;
        try {
            signature = DetachedSignature.parse(Keyring.read(file, LARGEST_SIGNATURE));
        } catch (IllegalArgumentException | IOException e) {
            return finding(Weight.REFUSAL, artefact, "its signature " + file + " cannot be read: " + e.getMessage());
        }
        Optional<PublicKey> key = keys.find(signature.keyId());
        if (key.isEmpty()) {
            return finding(
                    Weight.REFUSAL,
                    artefact,
                    "is signed with the key " + signature.keyId() + ", which is not among the trusted keys. If you "
                            + "trust its owner, put the public key into trust/keys; a name ending in .pub");
        }
        if (!signature.verifies(key.get(), artefact.file())) {
            return finding(
                    Weight.REFUSAL,
                    artefact,
                    "its signature does not fit: it was changed after "
                            + key.get().name() + " signed it, or the "
                            + "signature is another file's. Fetch both again");
        }
        return finding(
                Weight.NOTE,
                artefact,
                "signed by " + key.get().name() + " (" + key.get().id() + "): " + signature.comment());
    }

    /** Whether a signature that does not fit was meant for this artefact; those of its neighbours are no fault of it. */
    private static boolean isMeantFor(Path signature, Artefact artefact) {
        if (signature.equals(kept(artefact))) {
            return true;
        }
        String name = signature.getFileName().toString();
        String source = artefact.source();
        String last = source.substring(source.lastIndexOf('/') + 1);
        return name.equals(last + SIGNATURE) || name.startsWith(artefact.name());
    }

    /** The hashes in a feature's text, or those of the jars in an archive. */
    private static Set<String> vouchedBy(Path file) throws IOException {
        Set<String> hashes = new HashSet<>();
        if (Hashes.isZip(file)) {
            hashes.addAll(Hashes.ofEntries(file));
        } else if (Files.size(file) <= LARGEST_FEATURE) {
            Matcher matcher = PIN.matcher(Files.readString(file));
            while (matcher.find()) {
                hashes.add(matcher.group());
            }
        }
        return hashes;
    }

    private static Finding finding(Weight weight, Artefact artefact, String message) {
        return new Finding(weight, CODE, artefact.name() + " " + artefact.version(), message);
    }
}
