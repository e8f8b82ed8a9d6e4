package org.fieldhouse.binding.bluetooth.codec;

import java.util.HexFormat;

/** Numbers in bytes. */
final class Bytes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Bytes() {}

    /** The least significant byte first; 1 to 4 bytes. */
    static long little(byte[] data, int from, int length, boolean signed) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | data[from + i] & 0xFF;
        }
        return signed ? extended(value, length) : value;
    }

    /** The most significant byte first; 1 to 4 bytes. */
    static long big(byte[] data, int from, int length, boolean signed) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | data[from + i] & 0xFF;
        }
        return signed ? extended(value, length) : value;
    }

    private static long extended(long value, int length) {
        int unused = 64 - 8 * length;
        return value << unused >> unused;
    }

    static String hex(byte[] data, int from, int to) {
        return HEX.formatHex(data, from, to);
    }
}
