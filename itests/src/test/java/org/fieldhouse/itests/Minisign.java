package org.fieldhouse.itests;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** Keys and signatures in minisign's form, unhashed ({@code Ed}). */
final class Minisign {
    private Minisign() {}

    static String publicKey(long id, KeyPair key) {
        byte[] encoded = key.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return "untrusted comment: test\n" + Base64.getEncoder().encodeToString(bytes(id, raw)) + "\n";
    }

    static String sign(long id, KeyPair key, byte[] content) throws GeneralSecurityException {
        byte[] signature = signature(key, content);
        byte[] comment = "test".getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(signature, signature.length + comment.length);
        System.arraycopy(comment, 0, both, signature.length, comment.length);
        Base64.Encoder base64 = Base64.getEncoder();
        return "untrusted comment: test\n" + base64.encodeToString(bytes(id, signature)) + "\ntrusted comment: test\n"
                + base64.encodeToString(signature(key, both)) + "\n";
    }

    private static byte[] signature(KeyPair key, byte[] content) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key.getPrivate());
        signer.update(content);
        return signer.sign();
    }

    private static byte[] bytes(long id, byte[] rest) {
        return ByteBuffer.allocate(10 + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'E')
                .put((byte) 'd')
                .putLong(id)
                .put(rest)
                .array();
    }
}
