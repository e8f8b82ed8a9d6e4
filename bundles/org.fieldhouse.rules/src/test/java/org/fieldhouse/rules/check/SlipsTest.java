package org.fieldhouse.rules.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;

/** Slips made by a machine, at every place where they can be made: a letter lost in a name, another unit behind a number. */
class SlipsTest {
    private static final Pattern NAME = Pattern.compile("(?<![\\w\"{.])[A-Z]\\w*(?:\\.[A-Z]\\w*)*(?:\\.[a-z]\\w*)?");
    private static final Pattern MEASURED = Pattern.compile("(?<=\\d )(°C|%|K|lx|min|s|kWh)(?=[\\s),])");

    private record Slip(String text, String what) {}

    private static List<Slip> slips(String clean) {
        List<Slip> all = new ArrayList<>();
        String code = clean.replaceAll("\"[^\"\\n]*\"", "").length() == clean.length() ? clean : masked(clean);
        Matcher names = NAME.matcher(code);
        while (names.find()) {
            if (names.end() - names.start() > 4) {
                int cut = names.end() - 2;
                all.add(new Slip(clean.substring(0, cut) + clean.substring(cut + 1), names.group()));
            }
        }
        Matcher units = MEASURED.matcher(code);
        while (units.find()) {
            String other = units.group().equals("%") ? "°C" : "%";
            all.add(new Slip(
                    clean.substring(0, units.start()) + other + clean.substring(units.end()),
                    "unit " + units.group() + " at " + units.start()));
        }
        return all;
    }

    /** Texts and comments blanked out: a slip in them is no slip of the language. */
    private static String masked(String text) {
        StringBuilder all = new StringBuilder(text);
        Matcher m = Pattern.compile("\"[^\"\\n]*\"|#[^\\n]*").matcher(text);
        while (m.find()) {
            for (int i = m.start(); i < m.end(); i++) {
                all.setCharAt(i, ' ');
            }
        }
        return all.toString();
    }

    @Test
    void at_least_95_of_100_are_found() throws IOException {
        List<String> missed = new ArrayList<>();
        int tried = 0;
        for (String name : List.of("description", "working")) {
            String clean = Files.readString(Path.of("src/test/resources/clean", name + ".rules"));
            for (Slip slip : slips(clean)) {
                tried++;
                if (RuleCompiler.check(List.of(new SourceFile(name, slip.text())), TestHouse.model())
                        .isClean()) {
                    missed.add(slip.what());
                }
            }
        }
        assertThat(tried).isGreaterThan(150);
        assertThat(missed).as("missed of %s", tried).hasSizeLessThanOrEqualTo(tried / 20);
    }
}
