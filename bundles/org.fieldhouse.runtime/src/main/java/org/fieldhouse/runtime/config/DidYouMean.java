package org.fieldhouse.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The nearest of the known names to one that is not known. */
public final class DidYouMean {
    private DidYouMean() {}

    /** {@code : did you mean Hall.Motion?}, or nothing if no name is near enough. */
    public static String hint(String wrong, Collection<String> known) {
        return nearest(wrong, known).map(n -> ": did you mean " + n + "?").orElse("");
    }

    /** The known name with the fewest changed, swapped, missing or extra letters; at most a third of the length. */
    public static Optional<String> nearest(String wrong, Collection<String> known) {
        int limit = Math.max(1, wrong.length() / 3);
        String small = wrong.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(k -> Math.abs(k.length() - wrong.length()) <= limit)
                .map(k -> new Near(k, distance(small, k.toLowerCase(Locale.ROOT))))
                .filter(n -> n.distance <= limit)
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .map(Near::name);
    }

    private record Near(String name, int distance) {}

    /** Optimal string alignment: Levenshtein's distance with neighbours that may be swapped. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
