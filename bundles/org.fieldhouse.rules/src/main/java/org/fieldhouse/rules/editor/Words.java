package org.fieldhouse.rules.editor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The words of the language, each with its meaning in a line ({@code words.txt}). */
final class Words {
    private static final Map<String, String> MEANINGS = read();

    private Words() {}

    /** What a word means. */
    static Optional<String> meaning(String word) {
        return Optional.ofNullable(MEANINGS.get(word));
    }

    private static Map<String, String> read() {
        Map<String, String> all = new TreeMap<>();
        try (InputStream in = Words.class.getResourceAsStream("words.txt")) {
            if (in == null) {
                throw new IllegalStateException("words.txt is not beside " + Words.class);
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(each -> !each.isBlank())
                    .toList()) {
                int colon = line.indexOf(": ");
                all.put(line.substring(0, colon), line.substring(colon + 2));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
