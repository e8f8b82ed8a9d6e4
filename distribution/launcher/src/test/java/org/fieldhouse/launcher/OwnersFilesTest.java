package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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

    /** As the Configurator of Felix takes them: sorted as text, and the first of two wins. */
    @Test
    void theLaterFileComesFirstWhateverTheyAreCalled() throws IOException {
        List<Path> files = List.of(
                Files.writeString(home.resolve("-m.json"), "0"),
                Files.writeString(home.resolve("a b.json"), "1"),
                Files.writeString(home.resolve("z.json"), "2"),
                Files.writeString(home.resolve("b.json"), "3"));
        List<String> read = new ArrayList<>();
        for (String address : new TreeSet<>(List.of(OwnersFiles.addresses(files).split(",")))) {
            try (InputStream in = URI.create(address).toURL().openStream()) {
                read.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertThat(Files.isSameFile(
                            Path.of(URI.create(address)), files.get(Integer.parseInt(read.get(read.size() - 1)))))
                    .isTrue();
        }
        assertThat(read).containsExactly("3", "2", "1", "0");
        assertThat(new TreeSet<>(List.of(OwnersFiles.addresses(
                                List.of(Path.of("/a/x.json"), Path.of("/%2/x.json"), Path.of("/-/x.json")))
                        .split(","))))
                .extracting(address ->
                        Path.of(URI.create(address).getPath()).normalize().toString())
                .containsExactly("/-/x.json", "/%2/x.json", "/a/x.json");
    }
}
