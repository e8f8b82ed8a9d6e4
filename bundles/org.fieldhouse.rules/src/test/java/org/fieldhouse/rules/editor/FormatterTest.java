package org.fieldhouse.rules.editor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.fieldhouse.rules.check.ContentHash;
import org.fieldhouse.rules.syntax.Lexeme;
import org.fieldhouse.rules.syntax.RuleParser;
import org.fieldhouse.rules.syntax.SourceFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layout changes white space and nothing else, and a laid-out text stays as it is. */
class FormatterTest {

    static List<Path> examples() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String root : List.of("../../examples", "src/test/resources/clean")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(each -> each.toString().endsWith(".rules")).forEach(all::add);
            }
        }
        assertThat(all).hasSizeGreaterThan(10);
        return all;
    }

    private static List<String> words(String text) {
        return Lexeme.of(text).stream()
                .map(each -> each.type() + " "
                        + (each.isText() || each.isPath()
                                ? each.text()
                                : each.text().replaceAll("\\s+", "")))
                .toList();
    }

    private static List<String> hashes(String text) {
        return RuleParser.parse(new SourceFile("a.rules", text)).file().declarations().stream()
                .map(ContentHash::of)
                .toList();
    }

    private static String holds(String text) {
        String formatted = RuleEditor.format(text);
        assertThat(RuleEditor.format(formatted)).as("of %s", text).isEqualTo(formatted);
        assertThat(words(formatted)).isEqualTo(words(text));
        assertThat(hashes(formatted)).isEqualTo(hashes(text));
        return formatted;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examples_keep_their_meaning(Path file) throws IOException {
        holds(Files.readString(file));
    }

    /** Declarations of the examples in any order, with any spacing, comments between any two words, parts of them cut off. */
    @Property(tries = 400)
    @Tag("slow")
    void any_program_keeps_its_meaning(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> files = examples();
        String text = Files.readString(files.get(random.nextInt(files.size())));
        List<Lexeme> tokens = Lexeme.of(text);
        int from = random.nextInt(4) == 0 ? random.nextInt(tokens.size()) : 0;
        int to = random.nextInt(4) == 0 ? from + random.nextInt(tokens.size() - from) : tokens.size();
        StringBuilder spaced = new StringBuilder();
        boolean shuffled = random.nextBoolean();
        for (int i = from; i < to; i++) {
            Lexeme each = tokens.get(i);
            String gap = text.substring(i == 0 ? 0 : tokens.get(i - 1).end(), each.start());
            spaced.append(shuffled ? anyGap(random, gap) : gap);
            boolean dropped = random.nextInt(400) == 0;
            spaced.append(dropped ? "" : each.text());
        }
        holds(spaced.toString());
    }

    private static String anyGap(Random random, String gap) {
        // Behind a comment a line has to end; where nothing stood, nothing may come.
        if (gap.isEmpty()) {
            return "";
        }
        String line = gap.contains("\n") ? "\n" : "";
        return switch (random.nextInt(8)) {
            case 0 -> line + " ";
            case 1 -> line + "\t  ";
            case 2 -> "\n\n\n" + line;
            case 3 -> line + "  # said \"so\" `and`\n";
            case 4 -> " \u00A0" + line + " ";
            case 5 -> "\r\n".repeat(1 + random.nextInt(2));
            default -> gap;
        };
    }

    @Test
    void the_layout() {
        String text =
                """
                # about it
                group   Windows=Kitchen.Window,Bath.Window   # all of them
                rule "a"
                when Hall.Motion turns on   # somebody
                if sun is down
                mode restart do
                # first
                turn on Hall.Light with brightness 60%,fade 2s
                if Guests is on turn on Living.Lamp
                else
                turn off Living.Lamp end


                wait until Hall.Motion is off
                for 5min within -1 h else do
                log "x  {Living.Temp}"
                end
                # last
                end
                control Living.Valve class comfort
                on when Living.Temp<20°C
                off when Living.Temp > 21 °C and ( -Living.Temp<3 K)
                hold at least 4 min
                end
                test "t"
                at 0 s Hall.Motion=on, Hall.Light = off
                at 10 min Hall.Motion =off
                expect at 1 s Hall.Light is on
                end
                """;
        String expected =
                """
                # about it
                group Windows = Kitchen.Window, Bath.Window  # all of them

                rule "a"
                  when Hall.Motion turns on  # somebody
                  if   sun is down
                  mode restart
                do
                  # first
                  turn on Hall.Light with brightness 60 %, fade 2 s
                  if Guests is on
                    turn on Living.Lamp
                  else
                    turn off Living.Lamp
                  end

                  wait until Hall.Motion is off
                      for 5 min within -1 h else do
                    log "x  {Living.Temp}"
                  end
                  # last
                end

                control Living.Valve class comfort
                  on  when Living.Temp < 20 °C
                  off when Living.Temp > 21 °C and (-Living.Temp < 3 K)
                  hold at least 4 min
                end

                test "t"
                  at 0 s    Hall.Motion = on, Hall.Light = off
                  at 10 min Hall.Motion = off
                  expect at 1 s Hall.Light is on
                end
                """;
        assertThat(holds(text)).isEqualTo(expected);
    }

    @Test
    void what_is_written_on_one_line_stays_so_if_it_fits() {
        String one = "scene Evening Living.Lamp = on end\n";
        assertThat(holds(one)).isEqualTo(one);
        String wide = "scene Evening " + "Living.Lamp.brightness = 40 % ".repeat(6) + "end";
        assertThat(holds(wide).lines()).hasSize(8);
    }

    @Test
    void a_declaration_that_cannot_be_read_stays_as_it_is() {
        String broken = "rule \"b\"\n   when   Hall.Motion turnz on\ndo\n      turn on   Hall.Light\nend";
        String formatted = holds("scene   A Living.Lamp=on end\n" + broken + "\nscene   B Living.Lamp=on end");
        assertThat(formatted)
                .isEqualTo("scene A Living.Lamp = on end\n\n" + broken + "\n\nscene B Living.Lamp = on end\n");
    }

    @Test
    void line_ends_of_the_file_stay() {
        assertThat(holds("variable A=on\r\nvariable B=on\r\n")).isEqualTo("variable A = on\r\nvariable B = on\r\n");
        assertThat(RuleEditor.format("")).isEmpty();
    }
}
