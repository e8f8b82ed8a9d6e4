package org.fieldhouse.webconsole.login;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2), a salt of 16 bytes, and as many iterations as the
 * OWASP Password Storage Cheat Sheet asks for. Working it out takes some tenths of a second, which is its purpose.
 *
 * @param iterations at least {@link #ITERATIONS}
 * @param salt Base64
 * @param hash Base64, 32 bytes
 */
record PasswordHash(int iterations, String salt, String hash) {
    static final int ITERATIONS = 600_000;
    private static final String NAME = "pbkdf2-hmac-sha256";
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    PasswordHash {
        if (iterations < ITERATIONS) {
            throw new IllegalArgumentException(iterations + " iterations are fewer than " + ITERATIONS);
        }
    }

    static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return new PasswordHash(
                ITERATIONS, base64.encodeToString(salt), base64.encodeToString(derive(password, salt, ITERATIONS)));
    }

    /** Takes as long for a wrong password as for the right one. */
    boolean matches(String password) {
        Base64.Decoder base64 = Base64.getDecoder();
        return MessageDigest.isEqual(base64.decode(hash), derive(password, base64.decode(salt), iterations));
    }

    /** The text that {@link #toString} gave. */
    static PasswordHash parse(String text) {
        String[] words = text.split(" ");
        if (words.length != 4 || !words[0].equals(NAME) || !words[1].matches("\\d{1,9}")) {
            throw new IllegalArgumentException("expected " + NAME + " ITERATIONS SALT HASH");
        }
        Base64.getDecoder().decode(words[2]);
        Base64.getDecoder().decode(words[3]);
        return new PasswordHash(Integer.parseInt(words[1]), words[2], words[3]);
    }

    /** One line. */
    @Override
    public String toString() {
        return String.join(" ", NAME, Integer.toString(iterations), salt, hash);
    }

    /** NFKC: the same characters come composed or not, depending on the keyboard. */
    private static byte[] derive(String password, byte[] salt, int iterations) {
        char[] normal = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
        PBEKeySpec spec = new PBEKeySpec(normal, salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 8 has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
