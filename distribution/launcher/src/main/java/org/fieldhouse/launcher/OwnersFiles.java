package org.fieldhouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The owner's {@code config/*.json} as the Configurator wants them at a start. From there it takes no file without a name and a
 * version of its own (OSGi Compendium, Configurator Specification 1.0, section 150.3), which an owner has no use for and which
 * nobody asks for when a file is saved in a running house. Those without get them in a copy.
 */
final class OwnersFiles {
    /** Up to the brace that opens the object, over blanks and comments. */
    private static final Pattern OPENING =
            Pattern.compile("\\A\\uFEFF?(?:\\s|//[^\\n]*+\\n|/\\*.*?\\*/)*+\\{", Pattern.DOTALL);

    private static final Pattern NOTHING_ELSE = Pattern.compile("\\A\\s*+\\}");

    private OwnersFiles() {}

    /**
     * The same files in the same order, with copies in their place where one is needed.
     *
     * @param files those of features and of the owner
     * @param owners the owner's directory; files that lie elsewhere are as they have to be, and not read
     * @param copies the directory for copies
     */
    static List<Path> complete(List<Path> files, Path owners, Path copies) throws IOException {
        List<Path> complete = new ArrayList<>();
        for (Path file : files) {
            if (!file.startsWith(owners)) {
                complete.add(file);
                continue;
            }
            String text = Files.readString(file);
            Matcher opening = OPENING.matcher(text);
            if (text.contains("\":configurator:") || !opening.find()) {
                complete.add(file);
                continue;
            }
            String name = file.getFileName().toString();
            String rest = text.substring(opening.end());
            String head = "\":configurator:resource-version\": 1, \":configurator:symbolic-name\": \"config."
                    + name.replaceAll("[^\\w.-]", "_")
                    + "\", \":configurator:version\": \"1.0.0\""
                    + (NOTHING_ELSE.matcher(rest).find() ? "" : ", ");
            Files.createDirectories(copies);
            complete.add(Files.writeString(copies.resolve(name), opening.group() + head + rest));
        }
        return complete;
    }

    /**
     * The addresses of files for the Configurator, so that of two files that set one PID the later one wins. Felix sorts the addresses as
     * text, whatever order they come in, and takes the first; so each has one more {@code ./} at its root than the one before it, and a slash
     * after that, which sorts behind the dot.
     */
    static String addresses(List<Path> files) {
        List<String> addresses = new ArrayList<>();
        for (Path file : files) {
            addresses.add("file:/" + "./".repeat(addresses.size() + 1)
                    + file.toAbsolutePath().toUri().getRawPath());
        }
        return String.join(",", addresses);
    }
}
