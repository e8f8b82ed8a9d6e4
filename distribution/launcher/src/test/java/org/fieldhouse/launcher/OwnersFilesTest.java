package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersFilesTest {
    @TempDir
    Path home;

    private String complete(String text) throws IOException {
        Path file = Files.writeString(home.resolve("mine.json"), text);
        List<Path> complete = OwnersFiles.complete(List.of(file), home, home.resolve("copies"));
        return complete.equals(List.of(file)) ? "as it is" : Files.readString(complete.get(0));
    }

    @Test
    void aFileWithoutNameAndVersionGetsThem() throws IOException {
        assertThat(complete("// {mine}\n{\n  \"a.pid\": {\"x\": 1}\n}"))
                .startsWith("// {mine}\n{\":configurator:resource-version\": 1, ")
                .contains("\":configurator:symbolic-name\": \"config.mine.json\"")
                .endsWith("\":configurator:version\": \"1.0.0\", \n  \"a.pid\": {\"x\": 1}\n}");
        assertThat(complete("/* { */ { }")).endsWith("\"1.0.0\" }");
    }

    @Test
    void whatHasThemOrIsNoObjectStaysAsItIs() throws IOException {
        assertThat(complete("{\":configurator:symbolic-name\": \"mine\"}")).isEqualTo("as it is");
        assertThat(complete("[]")).isEqualTo("as it is");
        assertThat(complete("")).isEqualTo("as it is");
    }

    @Test
    void whatIsNotTheOwnersIsNotEvenRead() throws IOException {
        List<Path> elsewhere = List.of(home.resolve("features/none.json"));
        assertThat(OwnersFiles.complete(elsewhere, home.resolve("config"), home.resolve("copies")))
                .isEqualTo(elsewhere);
    }
}
