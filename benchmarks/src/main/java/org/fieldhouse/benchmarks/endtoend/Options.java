package org.fieldhouse.benchmarks.endtoend;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words behind the measurement's name: {@code --short}, {@code --rounds=3}. */
record Options(List<String> words) {
    static Options of(String... words) {
        return new Options(List.copyOf(Arrays.asList(words)));
    }

    boolean has(String flag) {
        return words.contains("--" + flag);
    }

    boolean isShort() {
        return has("short");
    }

    Optional<String> value(String key) {
        String start = "--" + key + "=";
        return words.stream()
                .filter(w -> w.startsWith(start))
                .map(w -> w.substring(start.length()))
                .reduce((a, b) -> b);
    }

    int number(String key, int otherwise) {
        return value(key).map(Integer::parseInt).orElse(otherwise);
    }

    /** The unpacked distribution that is measured. */
    Path distribution() {
        return Path.of(value("dist").orElse("distribution/target/fieldhouse")).toAbsolutePath();
    }

    /** Another one, to be measured beside it. */
    Path before() {
        return Path.of(value("before")
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'before' is measured from an unpacked distribution: --before=directory")))
                .toAbsolutePath();
    }

    /** Where results and logs go. */
    Path work() {
        return Path.of(value("work").orElse("benchmarks/target/bench")).toAbsolutePath();
    }
}
