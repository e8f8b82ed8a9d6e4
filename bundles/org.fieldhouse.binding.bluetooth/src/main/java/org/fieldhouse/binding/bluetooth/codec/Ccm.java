package org.fieldhouse.binding.bluetooth.codec;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-CCM (RFC 3610) for a nonce of 13 bytes, hence a length field of 2: the JDK has its parts (AES in counter mode and in CBC), and
 * not the whole.
 */
final class Ccm {
    static final int NONCE = 13;
    private static final int BLOCK = 16;

    private Ccm() {}

    /**
     * The clear text; null if key, nonce or text are not those that the tag was made of.
     *
     * @param key 16 bytes
     * @param nonce {@value #NONCE} bytes
     * @param header authenticated, not encrypted; may be empty, at most 65,279 bytes
     * @param tag 4 to 16 bytes, an even number
     */
    static byte @Nullable [] open(byte[] key, byte[] nonce, byte[] header, byte[] text, byte[] tag) {
        try {
            SecretKeySpec aes = new SecretKeySpec(key, "AES");
            // RFC 3610, 2.3: A_0 gives the key stream of the tag, A_1 and on that of the text; counter mode counts by
            // itself.
            Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
            byte[] counter = new byte[BLOCK];
            counter[0] = 1; // L - 1
            System.arraycopy(nonce, 0, counter, 1, NONCE);
            stream.init(Cipher.DECRYPT_MODE, aes, new IvParameterSpec(counter));
            byte[] both = new byte[BLOCK + text.length];
            System.arraycopy(tag, 0, both, 0, tag.length);
            System.arraycopy(text, 0, both, BLOCK, text.length);
            byte[] opened = stream.doFinal(both);
            byte[] clear = Arrays.copyOfRange(opened, BLOCK, opened.length);
            byte[] claimed = Arrays.copyOf(opened, tag.length);
            byte[] computed = Arrays.copyOf(mac(aes, nonce, header, clear, tag.length), tag.length);
            return MessageDigest.isEqual(claimed, computed) ? clear : null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    /** RFC 3610, 2.2: the last block of CBC over B_0, the header with its length, and the text, each filled up with zeros. */
    private static byte[] mac(SecretKeySpec aes, byte[] nonce, byte[] header, byte[] text, int tag)
            throws GeneralSecurityException {
        int headed = header.length == 0 ? 0 : padded(2 + header.length);
        byte[] blocks = new byte[BLOCK + headed + padded(text.length)];
        blocks[0] = (byte) ((header.length > 0 ? 0x40 : 0) | (tag - 2) / 2 << 3 | 1);
        System.arraycopy(nonce, 0, blocks, 1, NONCE);
        blocks[14] = (byte) (text.length >> 8);
        blocks[15] = (byte) text.length;
        if (header.length > 0) {
            blocks[BLOCK] = (byte) (header.length >> 8);
            blocks[BLOCK + 1] = (byte) header.length;
            System.arraycopy(header, 0, blocks, BLOCK + 2, header.length);
        }
        System.arraycopy(text, 0, blocks, BLOCK + headed, text.length);
        Cipher chain = Cipher.getInstance("AES/CBC/NoPadding");
        chain.init(Cipher.ENCRYPT_MODE, aes, new IvParameterSpec(new byte[BLOCK]));
        byte[] sealed = chain.doFinal(blocks);
        return Arrays.copyOfRange(sealed, sealed.length - BLOCK, sealed.length);
    }

    private static int padded(int length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }
}
