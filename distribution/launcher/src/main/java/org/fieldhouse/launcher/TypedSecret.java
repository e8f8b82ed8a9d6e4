package org.fieldhouse.launcher;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code secret put NAME} asks for the secret at the terminal of who types the command; the house has another one, or none. It goes
 * to the house in a file that only its owner can read, which is gone when the command has ended.
 */
record TypedSecret(String command, Path file) implements AutoCloseable {
    private static final Path NONE = Path.of("");
    private static final Pattern ASKS = Pattern.compile("\\s*(?:fieldhouse:)?secret\\s+put\\s+([A-Za-z0-9._-]+)\\s*");

    /** The command as it is to be sent: the same, if it asks for nothing or there is no terminal. */
    static TypedSecret of(Path data, String command) throws IOException {
        Matcher asks = ASKS.matcher(command);
        Console console = System.console();
        if (!asks.matches() || console == null) {
            return new TypedSecret(command, NONE);
        }
        char[] typed = console.readPassword("secret %s (not shown): ", asks.group(1));
        return typed == null ? new TypedSecret(command, NONE) : kept(data, asks.group(1), new String(typed));
    }

    static TypedSecret kept(Path data, String name, String typed) throws IOException {
        Path file = Files.createTempFile(
                data.toAbsolutePath(),
                "typed",
                ".secret",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, typed + "\n", StandardCharsets.UTF_8);
        if (!Files.getOwner(file).equals(Files.getOwner(data))) {
            Files.setOwner(file, Files.getOwner(data)); // root may speak for the owner of the house
        }
        return new TypedSecret("secret put " + name + " " + quoted(file.toString()), file);
    }

    /** As one word of the shell, whatever is in it. */
    static String quoted(String word) {
        return '"' + word.replaceAll("([\\\\\"$])", "\\\\$1") + '"';
    }

    @Override
    public void close() throws IOException {
        if (!file.equals(NONE)) {
            Files.deleteIfExists(file);
        }
    }
}
