package org.fieldhouse.webconsole.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/** Values that nobody can guess, and their comparison in constant time. */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 32;
    /** Crockford's: none that is taken for another. */
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int CODE_GROUPS = 4;
    private static final int GROUP = 4;

    private Secrets() {}

    /** 256 bits, for URLs and cookies. */
    static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 80 bits for people to type: {@code K7QD-93HM-0ZTX-V5WB}. */
    static String code() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < CODE_GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                code.append('-');
            }
            code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return code.toString();
    }

    /** The code as it was typed: small letters, blanks and look-alikes are no mistakes. */
    static boolean sameCode(String code, String typed) {
        return same(plain(code), plain(typed));
    }

    private static String plain(String code) {
        return code.toUpperCase(Locale.ROOT)
                .replaceAll("[\\s-]", "")
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1');
    }

    static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
