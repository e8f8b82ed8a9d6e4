package org.fieldhouse.rules.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.check.TestHouse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new Main(new PrintWriter(out, true), new PrintWriter(err, true), List.of(new Plain())).run(args);
    }

    /** Files of devices in which a line is a name; none may be there twice, and {@code ?} is not allowed. */
    private static final class Plain implements ConfigurationParticipant {
        @Override
        public String pattern() {
            return "devices/*.yaml";
        }

        @Override
        public Prepared prepare(List<SourceFile> files, HouseModel model) {
            List<Problem> found = new ArrayList<>();
            for (SourceFile file : files) {
                List<String> lines = file.text().lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    SourceSpan place = new SourceSpan(file.path(), i + 1, 1, 4);
                    if (lines.indexOf(lines.get(i)) < i) {
                        found.add(Problem.error("C004", place, "taken"));
                    } else if (lines.get(i).startsWith("?")) {
                        found.add(Problem.warning("C021", place, "odd"));
                    }
                }
            }
            return new Prepared() {
                @Override
                public List<Problem> problems() {
                    return found;
                }

                @Override
                public void activate(long generation) {
                    throw new AssertionError("nothing runs");
                }
            };
        }

        @Override
        public SourceFile renamed(SourceFile file, String from, String to) {
            return new SourceFile(file.path(), file.text().replace(from + "\n", to + "\n"));
        }
    }

    private void devices(String text) throws IOException {
        Files.createDirectories(home.resolve("devices"));
        Files.writeString(home.resolve("devices/a.yaml"), text);
        Files.writeString(home.resolve("devices/.#a.yaml"), "Lamp\nLamp\n"); // an editor's
    }

    @Test
    void what_is_wrong_with_files_of_devices_is_said_beside_the_rules() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        String model = home.resolve("house.json").toString();
        devices("Lamp\n?\n");
        assertThat(run(home.toString(), "--model", model)).isZero();
        assertThat(out.toString())
                .contains("devices/a.yaml:2:1: warning C021: odd")
                .contains("2 files, 1 declaration in order, 0 errors, 1 warning");
        devices("Lamp\nLamp\n");
        assertThat(run(home.toString(), "--model", model)).isEqualTo(1);
        assertThat(out.toString())
                .contains("devices/a.yaml:2:1: error C004: taken")
                .contains("2 files, 1 declaration in order, 1 error, 0 warnings");
        out.getBuffer().setLength(0);
        assertThat(run(home.toString(), "--json", "--model", model)).isEqualTo(1);
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "\"file\" : \"devices/a.yaml\", \"line\" : 2, \"column\" : 1, \"length\" : 4, \"code\" : \"C004\"");
        assertThat(run(home.toString(), "--sarif", "--model", model)).isEqualTo(1);
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("\"ruleId\" : \"C004\", \"level\" : \"error\"")
                .contains("\"startLine\" : 2, \"startColumn\" : 1, \"endColumn\" : 5");
    }

    @Test
    void rename_changes_the_files_of_devices_with_the_rules() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        String model = home.resolve("house.json").toString();
        devices("Other\nLiving.Lamp\n");
        assertThat(run("rename", home.toString(), "Living.Lamp", "Sofa.Lamp", "--model", model, "--write"))
                .isZero();
        assertThat(out.toString())
                .contains("--- devices/a.yaml", "@@ -2 +2 @@", "-Living.Lamp", "+Sofa.Lamp", "--- rules/a.rules")
                .contains("2 places in 2 files renamed")
                .contains("to keep it, write `id: "
                        + TestHouse.model().named("Living.Lamp").orElseThrow().id());
        assertThat(Files.readString(home.resolve("devices/a.yaml"))).isEqualTo("Other\nSofa.Lamp\n");
        assertThat(Files.readString(home.resolve("rules/a.rules"))).contains("Sofa.Lamp");
        assertThat(run("rename", home.toString(), "Sofa.Lamp", "Other", "--write"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("devices/a.yaml:2:1: error C004: taken");
        assertThat(Files.readString(home.resolve("devices/a.yaml"))).isEqualTo("Other\nSofa.Lamp\n");
    }

    @BeforeEach
    void snapshot() throws IOException {
        Files.createDirectories(home.resolve("rules/upstairs"));
        StringWriter json = new StringWriter();
        ModelSnapshot.write(TestHouse.model(), json);
        Files.writeString(home.resolve("house.json"), json.toString());
    }

    @Test
    void snapshot_gives_the_same_house_back() throws IOException {
        HouseModel read = ModelSnapshot.read(new StringReader(Files.readString(home.resolve("house.json"))));
        assertThat(read.devices())
                .usingRecursiveComparison()
                .ignoringFields("status")
                .isEqualTo(TestHouse.model().devices());
    }

    @Test
    void clean_files_exit_with_0() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        assertThat(run(
                        "check",
                        home.toString(),
                        "--model",
                        home.resolve("house.json").toString()))
                .isZero();
        assertThat(out).hasToString("1 file, 1 declaration in order, 0 errors, 0 warnings" + System.lineSeparator());
    }

    @Test
    void errors_exit_with_1_and_name_the_file_below_the_directory() throws IOException {
        Files.writeString(home.resolve("rules/upstairs/a.rules"), "scene Evening Living.Lmp = on end");
        assertThat(run(home.toString(), "--model", home.resolve("house.json").toString()))
                .isEqualTo(1);
        assertThat(out.toString())
                .startsWith(
                        "rules/upstairs/a.rules:1:15: error E101: unknown point Living.Lmp: did you mean Living.Lamp?\n");
    }

    @Test
    void json_lists_every_finding() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lmp = on end");
        assertThat(run(
                        home.toString(),
                        "--json",
                        "--model",
                        home.resolve("house.json").toString()))
                .isEqualTo(1);
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "\"file\" : \"rules/a.rules\", \"line\" : 1, \"column\" : 15, \"length\" : 10, \"code\" : \"E101\"");
    }

    @Test
    void without_a_snapshot_expected_devices_are_known() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "expect Lamp: light scene Evening Lamp.brightness = 20 % end");
        assertThat(run(home.toString())).isZero();
        assertThat(err.toString()).contains("--model");
    }

    @Test
    void wrong_use_and_unreadable_files_have_their_own_exit_codes() throws IOException {
        assertThat(run()).isEqualTo(64);
        assertThat(run("check", home.toString(), "--frobnicate")).isEqualTo(64);
        assertThat(run("check", home.toString(), home.toString())).isEqualTo(64);
        assertThat(run("check", home.toString(), "--model")).isEqualTo(64);
        assertThat(err.toString())
                .contains("check has no option --frobnicate", "one directory, not ", "--model needs a file");
        assertThat(run(home.resolve("nowhere").toString())).isEqualTo(66);
        assertThat(run(home.toString(), "--model", home.resolve("nowhere.json").toString()))
                .isEqualTo(66);
        Files.writeString(home.resolve("bad.json"), "{\"version\": 1, \"devices\": [{]}");
        assertThat(run(home.toString(), "--model", home.resolve("bad.json").toString()))
                .isEqualTo(66);
        Files.write(home.resolve("rules/a.rules"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(run(home.toString(), "--model", home.resolve("house.json").toString()))
                .isEqualTo(66);
        assertThat(err.toString())
                .contains("there is no file " + home.resolve("nowhere.json"))
                .contains("bad.json: not JSON, line 1")
                .contains("rules/a.rules: not UTF-8 text");
    }

    @Test
    void sarif_carries_place_level_other_place_and_story() throws IOException {
        Files.writeString(
                home.resolve("rules/a b.rules"),
                "rule \"a\" when Hall.Motion turns on do turn on Hall.Light end\n"
                        + "rule \"b\" when Hall.Motion turns on do turn off Hall.Light end\n");
        assertThat(run(
                        home.toString(),
                        "--sarif",
                        "--model",
                        home.resolve("house.json").toString()))
                .isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("\"version\" : \"2.1.0\"")
                .contains("\"ruleId\" : \"W501\", \"level\" : \"warning\"")
                .contains("\"uri\" : \"rules/a%20b.rules\"")
                .contains("\"startLine\" : 2, \"startColumn\" : 39, \"endColumn\" : 58")
                .contains("relatedLocations")
                .contains("1. Hall.Motion turns on");
    }

    @Test
    void failing_tests_are_errors() throws IOException {
        Files.writeString(
                home.resolve("rules/a.rules"),
                "rule \"a\" when Hall.Motion turns on do turn on Hall.Light end\n"
                        + "test \"a\" given Hall.Motion off, Hall.Light off at 1 s Hall.Motion = on "
                        + "expect at 2 s Hall.Light is off end\n");
        assertThat(run(home.toString(), "--model", home.resolve("house.json").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("error E601").contains("1 test run, 1 error");
    }

    @Test
    void the_snapshot_that_the_running_house_wrote_is_found() throws IOException {
        Files.createDirectories(home.resolve("data"));
        Files.move(home.resolve("house.json"), home.resolve("data/model.json"));
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        assertThat(run("check", home.toString())).isZero();
        assertThat(run("check", home.resolve("rules").toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void rename_shows_a_diff_and_changes_only_the_name() throws IOException {
        String text = "# Living.Lamp stays here\r\nscene  Evening\n\tLiving.Lamp = on # too\n"
                + "  `Living`.Lamp.brightness=40 %\nend\n"
                + "rule \"Living.Lamp\" when started do log \"Living.Lamp is {Living.Lamp}\" end\n";
        Files.writeString(home.resolve("rules/a.rules"), text);
        String model = home.resolve("house.json").toString();
        assertThat(run("rename", home.toString(), "Living.Lamp", "sofa/lamp 1", "--model", model))
                .isZero();
        assertThat(out.toString())
                .contains("--- rules/a.rules", "+++ rules/a.rules", "@@ -3 +3 @@")
                .contains("-\tLiving.Lamp = on # too", "+\t`sofa/lamp 1` = on # too")
                .contains("3 places in 1 file; --write changes them");
        assertThat(Files.readString(home.resolve("rules/a.rules"))).isEqualTo(text);
        assertThat(run("rename", home.toString(), "Living.Lamp", "sofa/lamp 1", "--model", model, "--write"))
                .isZero();
        assertThat(Files.readString(home.resolve("rules/a.rules")))
                .isEqualTo("# Living.Lamp stays here\r\nscene  Evening\n\t`sofa/lamp 1` = on # too\n"
                        + "  `sofa/lamp 1`.brightness=40 %\nend\n"
                        + "rule \"Living.Lamp\" when started do log \"Living.Lamp is {`sofa/lamp 1`}\" end\n");
    }

    @Test
    void rename_changes_the_snapshot_that_the_files_are_checked_against() throws IOException {
        Files.move(home.resolve("house.json"), home.resolve("model.json"));
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        assertThat(run("rename", home.toString(), "Living.Lamp", "Sofa.Lamp")).isZero();
        assertThat(Files.readString(home.resolve("model.json"))).doesNotContain("Sofa.Lamp");
        assertThat(run("rename", home.toString(), "Living.Lamp", "Sofa.Lamp", "--write"))
                .isZero();
        assertThat(run("check", home.toString())).isZero();
    }

    @Test
    void rename_to_a_name_that_is_taken_writes_nothing() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "scene Evening Living.Lamp = on end");
        String model = home.resolve("house.json").toString();
        assertThat(run("rename", home.toString(), "Living.Lamp", "Hall.Light", "--model", model, "--write"))
                .isEqualTo(1);
        assertThat(run("rename", home.toString(), "Nobody", "Somebody", "--model", model))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no file of " + home + " names Nobody");
        assertThat(run("rename", home.toString(), "Living.Lamp")).isEqualTo(64);
        assertThat(Files.readString(home.resolve("rules/a.rules"))).contains("Living.Lamp");
    }

    @Test
    void a_name_given_twice_in_two_files_names_the_other_file() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "\nexpect Attic.Lamp: light\nvariable Guests = off\n");
        Files.writeString(home.resolve("rules/b.rules"), "expect Attic.Lamp: light\nvariable Guests = on\n");
        assertThat(run("check", home.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "b.rules:1:8: error E010: there is a second expect Attic.Lamp: the first is in rules/a.rules:2; "
                                + "remove one of the two")
                .contains("the first is in rules/a.rules:3; choose another name");
    }

    @Test
    void an_unknown_unit_is_told_the_likely_one_or_what_units_look_like() throws IOException {
        Files.writeString(
                home.resolve("rules/a.rules"),
                "rule \"x\" when started mode single do wait 5 mim set Hall.Light.brightness = 3 prozent end");
        assertThat(run("check", home.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("unknown unit 'mim': did you mean min?")
                .contains("unknown unit 'prozent': write its symbol, such as °C, %, lx, kWh or min");
    }

    /** The house refuses an edit whose tests fail on its own clock; what was checked before must have said so. */
    @Test
    void testsGoByTheClockAndTheDaysOffOfTheHouse() throws IOException {
        Files.writeString(
                home.resolve("rules/a.rules"),
                """
                rule "work" when at 03:00 each workday do notify Work "x" end
                rule "quarters" when every 7 h do notify Sevens "x" end
                test "a day off in the settings"
                  given date 2027-03-29
                  expect at 4 h not notified Work
                end
                test "counted from 1970 on, which is 01:00 in Berlin"
                  given date 1970-01-01 01:01
                  expect at 6 h 58 min not notified Sevens
                  expect at 7 h notified Sevens
                end
                """);
        String model = home.resolve("house.json").toString();
        assertThat(run(home.toString(), "--model", model)).isOne();
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/rules.json"),
                """
                { // what the house has
                  "org.fieldhouse.health": {"cacheMillis": 500, "more": {"zone": "Asia/Tokyo"}},
                  "org.fieldhouse.rules": {
                    "zone": "Europe/Berlin", "latitude:Double": 52.5, "longitude": "13.4",
                    "holidays": ["Easter", "2027-03-29"]
                  }
                }
                """);
        assertThat(run(home.toString(), "--model", model)).as(out.toString()).isZero();
        assertThat(err.toString()).contains("config/rules.json: holidays: 'Easter' cannot be used");
        assertThat(run(home.resolve("rules").toString(), "--model", model)).isZero();
        Files.writeString(home.resolve("config/rules.json"), "{ \"org.fieldhouse.rules\": ");
        assertThat(run(home.toString(), "--model", model)).isOne();
        assertThat(err.toString()).contains("config/rules.json: not read");
    }
}
