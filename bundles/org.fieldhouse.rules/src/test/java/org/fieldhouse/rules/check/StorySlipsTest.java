package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.cli.FullCheck;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/**
 * Slips in the stories, made by a machine that knows nothing of the checker: at each place that a pattern finds, one after the
 * other. A story is found out by an error, a warning, or a test in it that fails.
 */
class StorySlipsTest {
    private static final Path STORIES = Path.of("../../examples/stories");
    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w{3,}(?:\\.[A-Z]\\w+)*\\b");
    /** What a hand does, by where it does it. */
    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "a letter lost in a name",
                    NAME,
                    m -> without(m.group(), m.group().length() - 2)),
            new Kind("two letters turned in a name", NAME, m -> turned(m.group())),
            new Kind("a letter lost in a word", Pattern.compile("\\b[a-z]{4,}\\b"), m -> without(m.group(), 2)),
            new Kind(
                    "another unit",
                    Pattern.compile("(?<=\\d )(°C|%|K|lx|W|kW|min|s|h)\\b"),
                    m -> m.group().equals("%") ? "°C" : "%"),
            new Kind("no unit", Pattern.compile("(?<=\\d) (°C|%|lx|W|kW)"), m -> ""),
            new Kind("a quote lost", Pattern.compile("\"(?=\\n)"), m -> ""),
            new Kind("an end lost", Pattern.compile("(?m)^ *end\\n"), m -> ""),
            new Kind("no mode", Pattern.compile("(?m)^ *mode \\w+( \\d+)?\\n"), m -> ""),
            new Kind("a name of nothing", NAME, m -> m.group() + "2"),
            new Kind("a tenfold value in per cent", Pattern.compile("\\b[2-9]\\d(?= %)"), m -> m.group() + "0"),
            new Kind(
                    "a word of a value", Pattern.compile("(?<=(?:is|turns|=) )(on|off|open|closed)\\b"), m -> "maybe"));

    private record Kind(String what, Pattern where, Hand hand) {}

    private interface Hand {
        String makes(Matcher place);
    }

    private static String without(String word, int at) {
        return word.substring(0, at) + word.substring(at + 1);
    }

    private static String turned(String word) {
        int at = word.length() - 3;
        return word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
    }

    /** Comments and texts are blanked out: what is in them is no slip of the language. */
    private static String code(String text) {
        StringBuilder all = new StringBuilder(text);
        Matcher m = Pattern.compile("#[^\\n]*|\"[^\"\\n]*(?=\")").matcher(text);
        while (m.find()) {
            for (int i = m.start(); i < m.end(); i++) {
                all.setCharAt(i, ' ');
            }
        }
        return all.toString();
    }

    private static boolean isFound(String name, String text) {
        return !FullCheck.check(List.of(new SourceFile(name, text)), HouseModel.EMPTY)
                .diagnostics()
                .isEmpty();
    }

    @Test
    void at_least_95_of_100_are_found_before_they_run() throws IOException {
        Map<String, int[]> counts = new TreeMap<>();
        List<String> missed = new ArrayList<>();
        int tried = 0;
        List<Path> stories;
        try (Stream<Path> all = Files.list(STORIES)) {
            stories = all.filter(p -> p.toString().endsWith(".rules")).sorted().toList();
        }
        for (Path story : stories) {
            String clean = Files.readString(story);
            String code = code(clean);
            for (Kind kind : KINDS) {
                Matcher place = kind.where().matcher(code);
                for (int n = 0; place.find(); n++) {
                    String made = kind.hand().makes(place);
                    if (n % 6 != 0 || made.equals(place.group())) {
                        continue; // a sixth of the places takes seconds, all of them a minute
                    }
                    String text = clean.substring(0, place.start()) + made + clean.substring(place.end());
                    boolean found = isFound(story.getFileName().toString(), text);
                    int[] count = counts.computeIfAbsent(kind.what(), k -> new int[2]);
                    count[found ? 0 : 1]++;
                    tried++;
                    if (!found) {
                        missed.add(kind.what() + " in " + story.getFileName() + ": " + place.group() + " -> " + made);
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(300);
        assertThat(counts).hasSize(KINDS.size());
        assertThat(missed).as("missed of %s", tried).hasSizeLessThanOrEqualTo(tried / 20);
    }

    /** Negative control: where nothing was made, nothing is found. */
    @Test
    void a_story_as_it_is_is_not_found_out() throws IOException {
        assertThat(isFound("laundry.rules", Files.readString(STORIES.resolve("laundry.rules"))))
                .isFalse();
    }
}
