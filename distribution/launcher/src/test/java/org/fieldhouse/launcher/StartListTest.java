package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartListTest {
    @TempDir
    Path distribution;

    @BeforeEach
    void twoFeaturesThatShareABundle() throws IOException {
        for (String directory : List.of("features", "bundles", "conf", "lib", "mine")) {
            Files.createDirectory(distribution.resolve(directory));
        }
        for (String jar : List.of("a.jar", "b.jar", "c.jar")) {
            Files.writeString(distribution.resolve("bundles/" + jar), jar);
        }
        Files.writeString(distribution.resolve("conf/system.properties"), "");
        Files.writeString(distribution.resolve("features/core.list"), "bundle 1 a.jar\nbundle 5 b.jar\n");
        Files.writeString(distribution.resolve("features/core.config.json"), "{}");
        Files.writeString(
                distribution.resolve("features/more.list"), "requires core\nbundle 3 b.jar\nbundle 7 c.jar\n");
    }

    private Path jar(String name) {
        return distribution.resolve("bundles").resolve(name);
    }

    @Test
    void whatAFeatureRequiresComesFirstAndOnce() throws StartException {
        StartList list = StartList.read(distribution, List.of("more", "core"));
        assertThat(list.features()).containsExactly("core", "more");
        assertThat(list.bundles().keySet()).containsExactly(jar("a.jar"), jar("b.jar"), jar("c.jar"));
        assertThat(list.configurations()).containsExactly(distribution.resolve("features/core.config.json"));
    }

    @Test
    void aSharedBundleStartsAtTheLowerLevel() throws StartException {
        assertThat(StartList.read(distribution, List.of("more")).bundles()).containsEntry(jar("b.jar"), 3);
    }

    @Test
    void anUnknownFeatureIsAnErrorThatNamesTheKnown() {
        assertThatThrownBy(() -> StartList.read(distribution, List.of("mqqt")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.SETUP))
                .hasMessage("no feature \"mqqt\"; there are core, more");
    }

    /** A name becomes part of a path. */
    @Test
    void aNameThatLeavesTheDirectoryIsRefused() {
        assertThatThrownBy(() -> StartList.read(distribution, List.of("../features/core")))
                .isInstanceOf(StartException.class);
    }

    @Test
    void aMissingJarIsNamed() throws IOException {
        Files.delete(jar("c.jar"));
        assertThatThrownBy(() -> StartList.read(distribution, List.of("more")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.BUNDLE_MISSING))
                .hasMessageContaining("c.jar");
    }

    @Test
    void fingerprintChangesWithJarsAndConfigurationAndOnlyThen() throws Exception {
        StartList list = StartList.read(distribution, List.of("core"));
        Path mine = Files.writeString(distribution.resolve("mine/x.json"), "{}");
        String before = fingerprint(list);
        assertThat(fingerprint(list)).isEqualTo(before);

        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(mine).toMillis() + 2000);
        Files.setLastModifiedTime(jar("a.jar"), later);
        String newJar = fingerprint(list);
        assertThat(newJar).isNotEqualTo(before);

        Files.setLastModifiedTime(mine, later);
        assertThat(fingerprint(list)).isNotEqualTo(newJar);
        Files.delete(mine);
        assertThat(fingerprint(list)).isNotEqualTo(newJar);
    }

    private String fingerprint(StartList list) throws IOException {
        return list.fingerprint(distribution, list.configurationsWith(distribution.resolve("mine")));
    }
}
