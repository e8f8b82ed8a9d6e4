package org.fieldhouse.binding.mqtt.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Names of members by their bytes. A table of fixed size where the newest takes the slot; races between readers cost a string,
 * never a wrong answer, since entries are immutable and compared byte by byte.
 */
final class NameCache {
    private static final int SLOTS = 4_096;
    private static final int MAX_LENGTH = 64;

    private record Entry(byte[] bytes, String name) {}

    private static final @Nullable Entry[] TABLE = new Entry[SLOTS];

    private NameCache() {}

    /** The name in its slot if it is this one, else null. */
    static @Nullable String get(byte[] in, int from, int length, int hash) {
        Entry known = TABLE[slot(hash)];
        return known != null && matches(known.bytes, in, from, length) ? known.name : null;
    }

    /** A string of its own, which takes the slot unless it is long. */
    static String put(byte[] in, int from, int length, int hash) {
        if (length > MAX_LENGTH) {
            return new String(in, from, length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[length];
        System.arraycopy(in, from, bytes, 0, length);
        Entry fresh = new Entry(bytes, new String(bytes, StandardCharsets.UTF_8));
        TABLE[slot(hash)] = fresh;
        return fresh.name;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 12) & SLOTS - 1;
    }

    private static boolean matches(byte[] known, byte[] in, int from, int length) {
        if (known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != in[from + i]) {
                return false;
            }
        }
        return true;
    }
}
