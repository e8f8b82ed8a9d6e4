package org.fieldhouse.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * A publisher's public key, as minisign writes it: a line of comment, and 42 bytes in Base64 ({@code Ed}, key id, Ed25519 key). See
 * "Public key format" in minisign's documentation.
 *
 * @param name of the file without its ending, for people
 * @param id up to 16 hexadecimal digits, as minisign prints it
 * @param key Ed25519, RFC 8032
 */
record PublicKey(String name, String id, java.security.PublicKey key) {
    private static final int LENGTH = 42;

    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form, RFC 8410 §4. */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    PublicKey {
        Objects.requireNonNull(key);
    }

    /**
     * @param text one or two lines
     * @throws IllegalArgumentException if it is not a public key, with the reason
     */
    static PublicKey parse(String name, String text) {
        String line = text.lines()
                .map(String::strip)
                .filter(some -> !some.isEmpty() && !some.startsWith("untrusted comment:"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no key in it"));
        byte[] bytes = decode(line);
        if (bytes.length != LENGTH || bytes[0] != 'E' || bytes[1] != 'd') {
            throw new IllegalArgumentException("it is not a minisign public key");
        }
        byte[] encoded = new byte[X509_PREFIX.length + 32];
        System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
        System.arraycopy(bytes, 10, encoded, X509_PREFIX.length, 32);
        try {
            return new PublicKey(
                    name, id(bytes), KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it is not an Ed25519 key: " + e.getMessage(), e);
        }
    }

    /** The key id in bytes 2 to 9, little-endian, in the way that minisign prints it. */
    static String id(byte[] bytes) {
        return Long.toHexString(
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
                .toUpperCase(Locale.ROOT);
    }

    static byte[] decode(String line) {
        try {
            return Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is not Base64: " + e.getMessage(), e);
        }
    }
}
