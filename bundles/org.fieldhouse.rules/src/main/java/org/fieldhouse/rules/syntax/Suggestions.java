package org.fieldhouse.rules.syntax;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant: the nearest known name by edit distance. */
public final class Suggestions {
    /** Names longer than this are compared by their first characters only, to bound the work. */
    private static final int MAX_LENGTH = 64;

    private Suggestions() {}

    /**
     * The nearest candidate, if one is near enough to be worth saying; of those equally near one that begins with what is written,
     * then the one that begins like it the longest (ofline is offline and not online), then one of the same length, then the
     * alphabetically first.
     */
    public static Optional<String> nearest(String wrong, Collection<String> candidates) {
        int limit = Math.max(1, Math.min(wrong.length(), MAX_LENGTH) / 3);
        return candidates.stream()
                .filter(candidate ->
                        Math.abs(candidate.length() - wrong.length()) <= limit || wrong.length() > MAX_LENGTH)
                .map(candidate -> new Scored(candidate, distance(wrong, candidate)))
                .filter(scored -> scored.distance <= limit)
                .min(Comparator.comparingInt(Scored::distance)
                        .thenComparing(scored -> !scored.name.startsWith(wrong))
                        .thenComparing(scored -> -alike(wrong, scored.name))
                        .thenComparing(scored -> scored.name.length() != wrong.length())
                        .thenComparing(Scored::name))
                .map(Scored::name);
    }

    /** {@code did you mean X?}, or nothing. */
    public static String didYouMean(String wrong, Collection<String> candidates) {
        return nearest(wrong, candidates)
                .map(name -> "did you mean " + name + "?")
                .orElse("");
    }

    /**
     * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) that make one of the other; a
     * difference of case alone counts nothing but is never preferred to equality, because equal names are not misspelled.
     */
    static int distance(String left, String right) {
        String a = cut(left);
        String b = cut(right);
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, beforeLast[j - 2] + 1);
                }
                row[j] = best;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }

    /** How many first characters two names share. */
    private static int alike(String left, String right) {
        String a = cut(left);
        String b = cut(right);
        int same = 0;
        while (same < Math.min(a.length(), b.length()) && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }

    private static String cut(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.length() > MAX_LENGTH ? lower.substring(0, MAX_LENGTH) : lower;
    }

    private record Scored(String name, int distance) {}
}
