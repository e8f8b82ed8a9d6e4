package org.fieldhouse.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What somebody may have meant. */
final class Suggestions {
    private static final int LISTED = 12;

    private Suggestions() {}

    /** {@code : did you mean Hall.Motion?}, or what there is if nothing is near and that is little; else empty. */
    static String didYouMean(String typed, Collection<String> known) {
        Optional<String> nearest = nearest(typed, known);
        if (nearest.isPresent()) {
            return ": did you mean " + nearest.get() + "?";
        }
        if (known.isEmpty() || known.size() > LISTED) {
            return "";
        }
        return "; there is " + known.stream().sorted().collect(Collectors.joining(", "));
    }

    /** The same; if that says nothing, the command that lists what there is. */
    static String didYouMean(String typed, Collection<String> known, String command) {
        String help = didYouMean(typed, known);
        return help.isEmpty() ? "; `" + command + "` lists them" : help;
    }

    private static Optional<String> nearest(String typed, Collection<String> known) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        record Near(String name, int distance) {}
        List<Near> near = known.stream()
                .map(name -> new Near(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .toList();
        return near.isEmpty() || near.get(0).distance > Math.max(1, wanted.length() / 3)
                ? Optional.empty()
                : Optional.of(near.get(0).name);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
