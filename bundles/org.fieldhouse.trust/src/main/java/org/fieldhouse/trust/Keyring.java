package org.fieldhouse.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The administrator's word on who is trusted: the public keys in {@code HOME/trust/keys/*.pub}, and in {@code HOME/trust/allowed}
 * single files that are let in although nobody whom we trust signed them, a line each: SHA-256, name, {@code may:} with the grave
 * permissions that it need not name itself, if there are any, reason. Read anew at each question, so that an edit counts at once.
 */
@Component(service = Keyring.class)
public final class Keyring {
    private static final long LARGEST_KEY = 4096;
    private static final long LARGEST_LIST = 1 << 20;
    private final Path directory;

    @Activate
    public Keyring(BundleContext context) {
        this(Path.of(String.valueOf(context.getProperty("fieldhouse.home")), "trust"));
    }

    Keyring(Path directory) {
        this.directory = directory;
    }

    /**
     * What the folder says.
     *
     * @param broken files that are not keys, with the reason
     */
    record Keys(List<PublicKey> keys, List<String> broken) {
        Optional<PublicKey> find(String id) {
            return keys.stream().filter(key -> key.id().equals(id)).findFirst();
        }
    }

    /**
     * A file that the administrator let in.
     *
     * @param name without blanks
     * @param may what it may touch although it does not say so
     * @param why one line
     */
    record Allowed(String sha256, String name, Set<Permission> may, String why) {
        private static final String MAY = "may:";

        Allowed {
            may = may.isEmpty() ? Set.of() : Collections.unmodifiableSortedSet(new TreeSet<>(may));
        }

        /** Empty if it is no such line, but a comment. A permission that there is not counts as a word of the reason. */
        static Optional<Allowed> parse(String line) {
            String[] words = line.strip().split("\\s+", 3);
            if (!words[0].matches("[0-9a-fA-F]{64}")) {
                return Optional.empty();
            }
            String rest = words.length > 2 ? words[2] : "";
            Set<Permission> may = Set.of();
            if (rest.startsWith(MAY)) {
                String[] parts = rest.substring(MAY.length()).split("\\s+", 2);
                try {
                    may = Permission.all(parts[0]);
                    rest = parts.length > 1 ? parts[1] : "";
                } catch (IllegalArgumentException e) {
                    may = Set.of();
                }
            }
            return Optional.of(
                    new Allowed(words[0].toLowerCase(Locale.ROOT), words.length > 1 ? words[1] : "", may, rest));
        }

        @Override
        public String toString() {
            return sha256 + " " + name + " " + (may.isEmpty() ? "" : MAY + Permission.words(may) + " ") + why;
        }
    }

    Path keysDirectory() {
        return directory.resolve("keys");
    }

    Keys keys() throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        if (Files.isDirectory(keysDirectory())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(keysDirectory(), "*.pub")) {
                for (Path file : files) {
                    String name = file.getFileName().toString().replaceFirst("\\.pub$", "");
                    try {
                        keys.add(PublicKey.parse(name, read(file, LARGEST_KEY)));
                    } catch (IllegalArgumentException | IOException e) {
                        broken.add(file + ": " + e.getMessage());
                    }
                }
            }
        }
        keys.sort(Comparator.comparing(PublicKey::name));
        return new Keys(List.copyOf(keys), List.copyOf(broken));
    }

    List<Allowed> allowed() throws IOException {
        List<Allowed> all = new ArrayList<>();
        try {
            read(list(), LARGEST_LIST)
                    .lines()
                    .flatMap(line -> Allowed.parse(line).stream())
                    .forEach(all::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return all;
    }

    /** What the administrator said of a file; empty if nothing. */
    Optional<Allowed> allowed(String sha256) throws IOException {
        return allowed().stream().filter(entry -> entry.sha256().equals(sha256)).findFirst();
    }

    /**
     * Lets one file in from now on; written to another name first.
     *
     * @return as it stands now: what the file might before, it still may
     */
    synchronized Allowed allow(Allowed entry) throws IOException {
        Set<Permission> may = new HashSet<>(entry.may());
        for (Allowed before : allowed()) {
            if (before.sha256().equals(entry.sha256())) {
                may.addAll(before.may());
            }
        }
        Allowed all = new Allowed(entry.sha256(), entry.name(), may, entry.why());
        write(lines(entry.sha256()) + all + "\n");
        return all;
    }

    /** @return whether it was allowed */
    synchronized boolean forget(String sha256) throws IOException {
        boolean there = allowed().stream().anyMatch(entry -> entry.sha256().equals(sha256));
        if (there) {
            write(lines(sha256));
        }
        return there;
    }

    /** The list as it stands, comments and all, without the lines of one file. */
    private String lines(String except) throws IOException {
        StringBuilder kept = new StringBuilder();
        if (Files.exists(list())) {
            read(list(), LARGEST_LIST)
                    .lines()
                    .filter(line -> !line.strip().regionMatches(true, 0, except, 0, except.length()))
                    .forEach(line -> kept.append(line).append('\n'));
        }
        return kept.toString();
    }

    /** A power cut leaves the list as it was or as it is to be. */
    private void write(String text) throws IOException {
        Files.createDirectories(directory);
        Path fresh = directory.resolve("allowed.new");
        Files.writeString(
                fresh,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(fresh, list(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path list() {
        return directory.resolve("allowed");
    }

    static String read(Path file, long largest) throws IOException {
        if (Files.size(file) > largest) {
            throw new IOException("larger than " + largest + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
