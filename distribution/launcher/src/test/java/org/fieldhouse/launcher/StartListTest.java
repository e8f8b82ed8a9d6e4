package org.fieldhouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fieldhouse.features.lock.Choices;
import org.fieldhouse.features.lock.Lock;
import org.fieldhouse.features.lock.Places;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartListTest {
    @TempDir
    Path distribution;

    @TempDir
    Path data;

    private Places places;

    @BeforeEach
    void twoFeaturesThatShareABundle() throws IOException {
        places = new Places(distribution, data);
        for (String directory : List.of("features", "repository", "conf", "lib", "mine")) {
            Files.createDirectory(distribution.resolve(directory));
        }
        for (String jar : List.of("a.jar", "b.jar", "c.jar")) {
            Files.writeString(distribution.resolve("repository/" + jar), jar);
        }
        Files.writeString(distribution.resolve("conf/system.properties"), "");
        Files.writeString(
                distribution.resolve("features/core.list"),
                "feature core 1.0.0 FEATURE Core\n" + bundle(1, "a") + bundle(5, "b") + "config " + HASH
                        + " features/core.config.json\n");
        Files.writeString(distribution.resolve("features/core.config.json"), "{}");
        Files.writeString(
                distribution.resolve("features/more.list"),
                "feature more 1.0.0 FEATURE More\nrequires core [1,2)\n" + bundle(3, "b") + bundle(7, "c"));
    }

    private static final String HASH = "0".repeat(64);

    private static String bundle(int level, String name) {
        return "bundle " + level + ' ' + HASH + ' ' + name + " 1.0.0 repository/" + name + ".jar\n";
    }

    private Path jar(String name) {
        return distribution.resolve("repository").resolve(name);
    }

    @Test
    void whatAFeatureRequiresComesFirstAndOnce() throws StartException {
        StartList list = StartList.read(places, List.of("more", "core"));
        assertThat(list.features()).containsExactly("core", "more");
        assertThat(list.bundles().keySet()).containsExactly(jar("a.jar"), jar("b.jar"), jar("c.jar"));
        assertThat(list.configurations()).containsExactly(distribution.resolve("features/core.config.json"));
    }

    @Test
    void aSharedBundleStartsAtTheLowerLevel() throws StartException {
        assertThat(StartList.read(places, List.of("more")).bundles()).containsEntry(jar("b.jar"), 3);
    }

    @Test
    void anUnknownFeatureIsAnErrorThatNamesTheKnown() {
        assertThatThrownBy(() -> StartList.read(places, List.of("mqqt")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.SETUP))
                .hasMessage("no feature \"mqqt\"; there are core, more");
    }

    /** A name becomes part of a path. */
    @Test
    void aNameThatLeavesTheDirectoryIsRefused() {
        assertThatThrownBy(() -> StartList.read(places, List.of("../features/core")))
                .isInstanceOf(StartException.class);
    }

    @Test
    void aMissingJarIsNamed() throws IOException {
        Files.delete(jar("c.jar"));
        assertThatThrownBy(() -> StartList.read(places, List.of("more")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.BUNDLE_MISSING))
                .hasMessageContaining("c.jar");
    }

    @Test
    void fingerprintChangesWithJarsAndConfigurationAndOnlyThen() throws Exception {
        StartList list = StartList.read(places, List.of("core"));
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

    private void pin(Lock lock) throws IOException {
        Path generations = Files.createDirectories(data.resolve("generations"));
        Files.writeString(generations.resolve(HASH), lock.toString());
        Files.writeString(generations.resolve("current"), "7\n" + HASH + " features.lock\n");
    }

    @Test
    void whatWasInstalledWhileTheHouseRanIsStartedAgain() throws Exception {
        Lock atFirst = StartList.read(places, List.of("core")).lock();
        pin(Lock.of(List.of("core"), Set.of("core", "more"), name -> atFirst.find(name, places)));
        assertThat(StartList.read(places, List.of("core")).features()).containsExactly("core", "more");
    }

    /** The way out when something that is installed ends each start. */
    @Test
    void whatIsTakenAwayIsNotStartedNorWhatRequiresIt() throws Exception {
        Files.writeString(
                distribution.resolve("features/most.list"), "feature most 1.0.0 FEATURE Most\nrequires more\n");
        Lock atFirst = StartList.read(places, List.of("core")).lock();
        pin(Lock.of(List.of("core"), Set.of("core", "most"), name -> atFirst.find(name, places)));
        assertThat(StartList.read(places, List.of("core")).features()).containsExactly("core", "more", "most");
        StartList without = StartList.read(places, List.of("core"), List.of("more"));
        assertThat(without.features()).containsExactly("core");
        assertThat(without.bundles().keySet()).containsExactly(jar("a.jar"), jar("b.jar"));
        // It stays away, as after a removal.
        pin(without.lock());
        assertThat(StartList.read(places, List.of("core")).features()).containsExactly("core");
        assertThatThrownBy(() -> StartList.read(places, List.of("core"), List.of("mqqt")))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exit).isEqualTo(Exit.SETUP))
                .hasMessage("\"mqqt\" is not installed; installed are core");
    }

    @Test
    void whatWasRemovedWhileTheHouseRanStaysAway() throws Exception {
        Lock both = StartList.read(places, List.of("core", "more")).lock();
        pin(Lock.of(List.of("core", "more"), Set.of("core"), name -> both.find(name, places)));
        assertThat(StartList.read(places, List.of("core", "more")).features()).containsExactly("core");
        // Named anew, it comes back.
        pin(StartList.read(places, List.of("core")).lock());
        assertThat(StartList.read(places, List.of("core", "more")).features()).containsExactly("core", "more");
    }

    /** The lock is derived; a damaged one must not keep the house from starting. */
    @Test
    void aDamagedLockIsLeftOut() throws Exception {
        Path generations = Files.createDirectories(data.resolve("generations"));
        Files.writeString(generations.resolve(HASH), "not a lock");
        Files.writeString(generations.resolve("current"), "7\n" + HASH + " features.lock\n");
        assertThat(StartList.read(places, List.of("core")).features()).containsExactly("core");
    }

    /** What is in deploy/ comes again after such a start, and must not come into the house that was to be kept from it. */
    @Test
    void whatADamagedLockSaysOfProcessesHolds() throws Exception {
        Path generations = Files.createDirectories(data.resolve("generations"));
        Files.writeString(
                generations.resolve(HASH),
                "fieldhouse-lock 1\nfeature co\0\0\nchoice * 0\nchoice trusted house\nchoice acme 128\nchoice half 9x\n");
        Files.writeString(generations.resolve("current"), "7\n" + HASH + " features.lock\n");
        assertThat(StartList.read(places, List.of("core")).lock().choices().heaps())
                .isEqualTo(Map.of("*", 0, "trusted", Choices.HOUSE, "acme", 128));
    }

    @Test
    void aJarThatCameFromElsewhereAndWasDamagedIsLeftOut() throws Exception {
        Path store = Files.createDirectories(places.store());
        Files.writeString(store.resolve(HASH + ".jar"), "not what its name says");
        Files.writeString(
                store.resolve(HASH + ".list"),
                "feature acme 1.0.0 BUNDLE Acme\nbundle 8 " + HASH + " acme 1.0.0 store\n");
        pin(Lock.parse("fieldhouse-lock 1\nchosen core\nfeature core 1.0.0 requested distribution - distribution\n"
                + "feature acme 1.0.0 requested " + HASH + ' ' + HASH + " acme.jar\n"));
        StartList list = StartList.read(places, List.of("core"));
        assertThat(list.bundles()).containsKey(store.resolve(HASH + ".jar"));
        assertThat(list.verified(places).bundles().keySet()).containsExactly(jar("a.jar"), jar("b.jar"));
    }
}
