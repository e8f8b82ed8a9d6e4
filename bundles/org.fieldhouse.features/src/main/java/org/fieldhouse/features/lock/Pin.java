package org.fieldhouse.features.lock;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One bundle, exactly.
 *
 * @param level start level, 1 to 10
 * @param sha256 of the jar, 64 hexadecimal digits in lower case
 * @param name symbolic name
 * @param version as of OSGi Core 3.2.5
 * @param location path below the distribution ({@code repository/…}), or {@code store} for what is kept in the home
 */
public record Pin(int level, String sha256, String name, String version, String location) {
    /** The location of what is kept in the home under its SHA-256. */
    public static final String STORE = "store";

    private static final int HASH_DIGITS = 64;

    public Pin {
        if (level < 1 || level > 10) {
            throw new IllegalArgumentException("start level of " + name + " must be 1 to 10, not " + level);
        }
        if (!isHash(sha256)) {
            throw new IllegalArgumentException("no SHA-256 of " + name + ": " + sha256);
        }
    }

    /** Without a pattern: a start looks at a hundred of them. */
    private static boolean isHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return text.length() == HASH_DIGITS;
    }

    static Pin parse(String[] words) {
        return new Pin(Integer.parseInt(words[1]), words[2], words[3], words[4], words[5]);
    }

    /** The jar. */
    public Path jar(Places places) {
        return location.equals(STORE)
                ? places.stored(sha256, ".jar")
                : places.distribution().resolve(location);
    }

    /** Whether the jar is what it was when it was pinned. */
    public boolean isIntact(Places places) throws IOException {
        return Digests.sha256(jar(places)).equals(sha256);
    }

    Pin atLevel(int other) {
        return new Pin(other, sha256, name, version, location);
    }

    @Override
    public String toString() {
        return "bundle " + level + ' ' + sha256 + ' ' + name + ' ' + version + ' ' + location;
    }
}
