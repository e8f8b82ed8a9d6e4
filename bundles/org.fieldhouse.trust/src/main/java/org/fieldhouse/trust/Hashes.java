package org.fieldhouse.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** SHA-256 of files, in 64 hexadecimal digits. */
final class Hashes {
    /** Beyond it an archive is not looked into; the feature manager's bounds are narrower. */
    private static final long LARGEST_CONTENT = 512L << 20;

    private Hashes() {}

    static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in, Long.MAX_VALUE);
        }
    }

    static boolean isZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 'P' && in.read() == 'K';
        }
    }

    /** Of every file in an archive. */
    static Set<String> ofEntries(Path archive) throws IOException {
        Set<String> hashes = new HashSet<>();
        long left = LARGEST_CONTENT;
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    left -= Math.max(0, entry.getSize());
                    try (InputStream in = zip.getInputStream(entry)) {
                        hashes.add(of(in, left + Math.max(0, entry.getSize())));
                    }
                }
            }
        }
        return hashes;
    }

    private static String of(InputStream in, long most) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            total += n;
            if (total > most) {
                throw new IOException("more content than " + LARGEST_CONTENT + " bytes");
            }
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
