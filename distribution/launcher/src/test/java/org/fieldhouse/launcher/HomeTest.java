package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path directory;

    @Test
    void makesItsDirectories() throws Exception {
        try (Home home = Home.open(directory.resolve("new"))) {
            assertThat(home.root.resolve("rules")).isDirectory();
            assertThat(home.root.resolve("devices")).isDirectory();
            assertThat(home.root.resolve("data/lock"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void aFileInItsPlaceIsAnErrorOfTheSetup() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> Home.open(file))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.SETUP))
                .hasMessageContaining(file.toString());
    }

    @Test
    void theCacheIsWarmOnlyAfterItsStampAndOnlyForTheSameFingerprint() throws Exception {
        try (Home home = Home.open(directory)) {
            assertThat(home.isWarm("one")).isFalse();
            home.dropCache();
            Files.createDirectories(home.cache().resolve("bundle1/deep"));
            Files.writeString(home.cache().resolve("bundle1/deep/file"), "x");
            assertThat(home.isWarm("one")).isFalse();
            home.stampCache("one");
            assertThat(home.isWarm("one")).isTrue();
            assertThat(home.isWarm("two")).isFalse();
            home.dropCache();
            assertThat(home.isWarm("one")).isFalse();
            assertThat(home.cache()).isEmptyDirectory();
            home.stampCache("one");
            Files.delete(home.cache());
            assertThat(home.isWarm("one")).as("deleted by hand").isFalse();
        }
    }
}
