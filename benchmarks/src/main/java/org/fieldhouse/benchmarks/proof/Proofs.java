package org.fieldhouse.benchmarks.proof;

import java.util.Arrays;

/** {@code fieldhouse bench fuzz|same|kills|reloads …}: the long forms of the suites. Each exits with 1 if a promise was broken. */
public final class Proofs {
    public static final String NAMES = "fuzz|same|kills|reloads";

    private Proofs() {}

    /** Whether there is one of that name; its arguments are those words that are no options. */
    public static boolean run(String... args) throws Exception {
        String[] words = Arrays.stream(args)
                .skip(1)
                .filter(word -> !word.startsWith("--"))
                .toArray(String[]::new);
        switch (args[0]) {
            case "fuzz" -> Fuzz.main(words);
            case "same" -> SameAgain.main(words.length == 0 ? new String[] {"1000"} : words);
            case "kills" -> Kills.main(words);
            case "reloads" -> ReloadWalk.main(words);
            default -> {
                return false;
            }
        }
        return true;
    }
}
