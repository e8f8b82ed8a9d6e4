package org.fieldhouse.webconsole.login;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The file with the administrator's name and password hash: one line, readable by the user of the house alone. Any thread. */
final class Administrators {
    static final int SHORTEST_PASSWORD = 12;
    static final int LONGEST_PASSWORD = 128;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,64}");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;

    /** @param file made, with its folder, when there is an administrator */
    Administrators(Path file) {
        this.file = file;
    }

    record Administrator(String name, PasswordHash password) {}

    /**
     * The administrator, if there is one.
     *
     * @throws IOException if the file is there and is not as it was written; nobody gets in then
     */
    synchronized Optional<Administrator> find() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] words = Files.readString(file).strip().split(" ", 2);
        try {
            return Optional.of(new Administrator(words[0], PasswordHash.parse(words.length < 2 ? "" : words[1])));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + " is damaged (" + e.getMessage() + "); delete it and start the house again to make a new"
                            + " administrator",
                    e);
        }
    }

    /**
     * Makes the administrator.
     *
     * @throws IllegalArgumentException if name or password will not do; the message is for people
     * @throws IOException if there is one already, or the file cannot be written
     */
    synchronized void make(String name, String password) throws IOException {
        check(name, password);
        if (Files.exists(file)) {
            throw new IOException("there is an administrator already");
        }
        write(name, password);
    }

    /** Gives the administrator another password; for the rest as {@link #make}. */
    synchronized void change(Administrator administrator, String password) throws IOException {
        check(administrator.name(), password);
        write(administrator.name(), password);
    }

    private static void check(String name, String password) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a user name is 1 to 64 letters, digits, dots, - and _");
        }
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw new IllegalArgumentException("a password has " + SHORTEST_PASSWORD + " to " + LONGEST_PASSWORD
                    + " characters; several words are easier to remember than signs");
        }
        if (password.equalsIgnoreCase(name) || password.chars().distinct().count() < 4) {
            throw new IllegalArgumentException("that password is guessed at once");
        }
    }

    private void write(String name, String password) throws IOException {
        Files.createDirectories(file.getParent(), OWNER_FOLDER);
        Path half = file.resolveSibling(file.getFileName() + ".half");
        Files.deleteIfExists(half);
        Files.createFile(half, OWNER_FILE);
        Files.write(
                half,
                (name + ' ' + PasswordHash.of(password) + '\n').getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
