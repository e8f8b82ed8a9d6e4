package org.fieldhouse.rules.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return new Main(new PrintWriter(out, true), new PrintWriter(err, true)).run(args);
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
        assertThat(run(home.resolve("nowhere").toString())).isEqualTo(66);
        Files.writeString(home.resolve("bad.json"), "{\"version\": 1, \"devices\": [{]}");
        assertThat(run(home.toString(), "--model", home.resolve("bad.json").toString()))
                .isEqualTo(66);
        Files.write(home.resolve("rules/a.rules"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(run(home.toString(), "--model", home.resolve("house.json").toString()))
                .isEqualTo(66);
        assertThat(err.toString()).contains("bad.json").contains("rules/a.rules: not UTF-8 text");
    }
}
