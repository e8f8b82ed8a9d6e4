package org.fieldhouse.runtime.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.fieldhouse.api.config.Secret;

/**
 * Passwords and keys, apart from the files that people share: AES-256-GCM in {@code data/secrets}, the key in
 * {@code data/secrets.key}, which only its owner can read. It keeps secrets out of backups of the configuration, logs and screens;
 * it cannot keep them from somebody who can read both files. Thread-safe.
 */
public final class SecretStore {
    private static final byte VERSION = 1;
    /** NIST SP 800-38D, section 8.2: 96 bits. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final Path file;
    private final Path keyFile;
    private final SecureRandom random = new SecureRandom();

    SecretStore(Path data) {
        this.file = data.resolve("secrets");
        this.keyFile = data.resolve("secrets.key");
    }

    /**
     * The secret of that name.
     *
     * @throws IllegalStateException if the store is there and cannot be read
     */
    public synchronized Optional<Secret> find(String name) {
        try {
            return Optional.ofNullable(read().get(name)).map(Secret::new);
        } catch (IOException e) {
            throw new IllegalStateException("the secrets in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Keeps a secret, in place of the one of that name. */
    public synchronized void put(String name, Secret secret) throws IOException {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("secret name '" + name + "': 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        TreeMap<String, String> all = read();
        all.put(name, secret.reveal());
        write(all);
    }

    /** Forgets a secret. Whether there was one. */
    public synchronized boolean remove(String name) throws IOException {
        TreeMap<String, String> all = read();
        if (all.remove(name) == null) {
            return false;
        }
        write(all);
        return true;
    }

    public synchronized Set<String> names() throws IOException {
        return new TreeSet<>(read().keySet());
    }

    private TreeMap<String, String> read() throws IOException {
        TreeMap<String, String> out = new TreeMap<>();
        if (!Files.exists(file)) {
            return out;
        }
        byte[] content = Files.readAllBytes(file);
        if (content.length < 1 + NONCE_BYTES || content[0] != VERSION) {
            throw new IOException("not a file of secrets");
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, content, 1, NONCE_BYTES));
            byte[] plain = cipher.doFinal(content, 1 + NONCE_BYTES, content.length - 1 - NONCE_BYTES);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain));
            for (int left = in.readInt(); left > 0; left--) {
                out.put(in.readUTF(), in.readUTF());
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("wrong key, or the file was changed", e);
        }
        return out;
    }

    private void write(TreeMap<String, String> all) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(plain);
        out.writeInt(all.size());
        for (var entry : all.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue());
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(plain.toByteArray());
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            content.write(VERSION);
            content.write(nonce);
            content.write(sealed);
            AtomicFile.write(file, content.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot encrypt", e);
        }
    }

    private SecretKeySpec key() throws IOException {
        if (!Files.exists(keyFile)) {
            byte[] fresh = new byte[KEY_BYTES];
            random.nextBytes(fresh);
            Path folder = Files.createDirectories(keyFile.toAbsolutePath().getParent());
            if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
                Files.createFile(
                        keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            AtomicFile.write(keyFile, fresh);
        }
        byte[] key = Files.readAllBytes(keyFile);
        if (key.length != KEY_BYTES) {
            throw new IOException(keyFile + " is no key");
        }
        return new SecretKeySpec(key, "AES");
    }
}
