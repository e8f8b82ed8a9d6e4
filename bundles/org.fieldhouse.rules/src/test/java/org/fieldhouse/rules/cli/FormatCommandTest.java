package org.fieldhouse.rules.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatCommandTest {
    private static final String UGLY = "variable   A=on\n";
    private static final String NEAT = "variable A = on\n";

    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new Main(new PrintWriter(out, true), new PrintWriter(err, true)).run(args);
    }

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(home.resolve("rules/a.rules"), UGLY);
        Files.writeString(home.resolve("rules/b.rules"), NEAT);
    }

    @Test
    void check_names_what_is_not_formatted_and_changes_nothing() throws IOException {
        assertThat(run("format", home.toString(), "--check")).isEqualTo(1);
        assertThat(out.toString()).contains("a.rules").doesNotContain("b.rules").contains("2 files, 1 to be formatted");
        assertThat(home.resolve("rules/a.rules")).hasContent(UGLY);
    }

    @Test
    void write_changes_it_and_check_is_content_then() throws IOException {
        assertThat(run("format", home.toString(), "--write")).isZero();
        assertThat(Files.readString(home.resolve("rules/a.rules"))).isEqualTo(NEAT);
        assertThat(run("format", home.toString(), "--check")).isZero();
        assertThat(home.resolve("rules")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void a_file_is_printed() {
        assertThat(run("format", home.resolve("rules/a.rules").toString())).isZero();
        assertThat(out).hasToString(NEAT);
    }

    @Test
    void what_cannot_be_read_is_named() throws IOException {
        Files.writeString(home.resolve("rules/a.rules"), "rule   \"x\" whn\n");
        assertThat(run("format", home.resolve("rules/a.rules").toString())).isZero();
        assertThat(out).hasToString("rule   \"x\" whn\n");
        assertThat(err.toString()).contains("a.rules:1:").contains("stays as it is");
    }

    @Test
    void the_examples_are_in_the_layout() {
        String examples = "../../examples";
        assertThat(run("format", examples, "--check")).as(out.toString()).isZero();
        assertThat(out.toString()).doesNotContain("0 files").contains(", 0 to be formatted");
    }

    @Test
    void wrong_use_says_so() {
        assertThat(run("format")).isEqualTo(64);
        assertThat(run("format", "--check", "--write", home.toString())).isEqualTo(64);
        assertThat(run("format", home.resolve("nothing").toString())).isEqualTo(66);
    }
}
