package org.fieldhouse.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.List;

/**
 * A detached signature, as minisign writes it ("Signature format" in its documentation): a line of comment; in Base64 the algorithm
 * ({@code ED} signs the BLAKE2b-512 of the file, {@code Ed} the file), key id and Ed25519 signature; a line of trusted comment; and in
 * Base64 a second signature, over the first one's 64 bytes and the trusted comment.
 *
 * @param keyId up to 16 hexadecimal digits
 * @param comment what the signer says of the file; true if the signature is
 */
record DetachedSignature(String keyId, boolean hashed, byte[] signature, String comment, byte[] commentSignature) {
    private static final int LENGTH = 74;
    private static final String TRUSTED = "trusted comment: ";

    /** Files beyond it are signed by their hash (minisign's default): the JVM holds the others twice over to verify them. */
    private static final long LARGEST_UNHASHED = 4L << 20;

    /** @throws IllegalArgumentException if it is not a signature, with the reason */
    static DetachedSignature parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 4
                || !lines.get(0).startsWith("untrusted comment:")
                || !lines.get(2).startsWith(TRUSTED)) {
            throw new IllegalArgumentException("it is not a minisign signature of four lines");
        }
        byte[] first = PublicKey.decode(lines.get(1).strip());
        byte[] second = PublicKey.decode(lines.get(3).strip());
        if (first.length != LENGTH || second.length != 64 || first[0] != 'E' || (first[1] != 'D' && first[1] != 'd')) {
            throw new IllegalArgumentException("its algorithm is not one of minisign's");
        }
        byte[] signature = Arrays.copyOfRange(first, 10, LENGTH);
        return new DetachedSignature(
                PublicKey.id(first), first[1] == 'D', signature, lines.get(2).substring(TRUSTED.length()), second);
    }

    /** Whether the holder of the key signed this file and the comment. */
    boolean verifies(PublicKey key, Path file) throws IOException {
        if (!hashed && Files.size(file) > LARGEST_UNHASHED) {
            throw new IOException("signed without hashing, and larger than 4 MiB; sign it with minisign's default");
        }
        byte[] comments = comment.getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(signature, signature.length + comments.length);
        System.arraycopy(comments, 0, both, signature.length, comments.length);
        return verifies(key, hashed ? hash(file) : Files.readAllBytes(file), signature)
                && verifies(key, both, commentSignature);
    }

    private static boolean verifies(PublicKey key, byte[] message, byte[] signature) throws IOException {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key.key());
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM cannot verify Ed25519", e);
        }
    }

    private static byte[] hash(Path file) throws IOException {
        Blake2b hash = new Blake2b();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        }
        return hash.digest();
    }
}
