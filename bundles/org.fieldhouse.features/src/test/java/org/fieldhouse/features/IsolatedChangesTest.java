package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.FeatureInfo;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.features.lock.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is isolated is in its process, and not in the house's framework. */
class IsolatedChangesTest {
    @TempDir
    Path folder;

    private HouseOnTrial house;

    @BeforeEach
    void aDistribution() throws Exception {
        house = new HouseOnTrial(folder);
        house.shipped(
                "core", "1.0.0", house.shippedBundle(1, "core.api", "1.0.0", "Export-Package: core.api;version=1.0"));
        house.shipped("isolation", "1.0.0", "requires core\n", house.shippedBundle(6, "isolation", "1.0.0"));
        house.shipped(
                "serial",
                "1.0.0",
                "requires core\n",
                house.shippedBundle(6, "serial", "1.0.0", "Export-Package: serial.api;version=1.0"));
        house.boot("core");
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    /** A folder with a feature of one bundle. @param extensions JSON of further extensions, with a comma in front */
    private Path acme(String version, String requires, String extensions, String... headers) throws IOException {
        Path place = Files.createDirectories(folder.resolve("acme-" + version));
        HouseOnTrial.jar(
                place.resolve("org/acme/acme/" + version + "/acme-" + version + ".jar"), "acme", version, headers);
        Files.writeString(
                place.resolve("acme.json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"org.acme:fans:osgifeature:" + version
                        + "\",\"bundles\":[{\"id\":\"org.acme:acme:" + version + "\",\"start-order\":7}],"
                        + "\"configurations\":{\"acme.pid\":{\"a\":\"b\"},\"other\":{}},"
                        + "\"extensions\":{\"fieldhouse.requires\":{\"type\":\"TEXT\",\"kind\":\"OPTIONAL\",\"text\":["
                        + requires + "]}" + extensions + "}}");
        return place;
    }

    private static String isolated(String text) {
        return ",\"fieldhouse.isolated\":{\"type\":\"TEXT\",\"kind\":\"OPTIONAL\",\"text\":[" + text + "]}";
    }

    private IsolatedFeature process(String name) {
        assertThat(house.processes.running).containsKey(name);
        return house.processes.running.get(name);
    }

    private List<String> jars(String name) {
        return process(name).bundles().stream()
                .filter(b -> b.level() >= 4)
                .map(b -> (b.own() ? "own " : "lent ") + manifestName(b.jar()))
                .toList();
    }

    private static String manifestName(Path jar) {
        try {
            return Jars.read(jar).name();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result isolatedInstall(Path what) {
        return house.apply(new Change.Install(new Source.At(what), true));
    }

    @Test
    void whatAsksForAProcessGetsOneAndIsNotInTheHouse() throws Exception {
        Result result = house.install(acme("1.0.0", "\"core\"", isolated("\"memory=48m\"")));
        assertThat(result.reasons()).isEmpty();
        assertThat(result.plan().steps().toString()).contains("install process fans 48m", "install bundle isolation");
        assertThat(house.running())
                .contains("isolation 1.0.0", "acme.pid={a=b}")
                .doesNotContain("acme 1.0.0");
        assertThat(process("fans").heapMegabytes()).isEqualTo(48);
        assertThat(process("fans").configurations()).containsExactlyInAnyOrder("acme.pid", "other", "acme");
        assertThat(jars("fans")).containsExactly("own acme");
        assertThat(Lock.parse(house.engine.lock().toString())).isEqualTo(house.engine.lock());

        house.stop();
        house.processes.running.clear();
        house.boot("core");
        assertThat(house.running()).doesNotContain("acme 1.0.0");
        new Processes(house.places, house).keep(house.engine.running(), house.processes);
        assertThat(jars("fans")).containsExactly("own acme");
        FeatureInfo info = new Catalogue(
                        house.framework.getBundleContext(), house.places, house.engine, house.processes::processes)
                .installed().stream()
                        .filter(f -> f.name().equals("fans"))
                        .findFirst()
                        .orElseThrow();
        assertThat(info.isolated()).isEqualTo("pid 7, 48 MB");
        assertThat(info.state()).isEqualTo(FeatureInfo.State.ACTIVE);

        assertThat(house.remove("fans").reasons()).isEmpty();
        assertThat(house.processes.running).isEmpty();
        assertThat(house.running()).containsExactly("core.api 1.0.0");
    }

    @Test
    void theAdministratorsDecisionOutlivesUpdatesAndStartsUntilItIsTakenBack() throws Exception {
        assertThat(isolatedInstall(acme("1.0.0", "\"core\"", "")).reasons()).isEmpty();
        assertThat(process("fans").heapMegabytes()).isEqualTo(IsolatedFeature.DEFAULT_HEAP);
        assertThat(house.install(acme("1.1.0", "\"core\"", "")).reasons()).isEmpty();
        assertThat(process("fans").version()).isEqualTo("1.1.0");
        assertThat(house.apply(new Change.Isolate("fans", true, 128)).reasons()).isEmpty();
        assertThat(process("fans").heapMegabytes()).isEqualTo(128);
        house.stop();
        house.boot("core");
        assertThat(house.engine.lock().choices().heaps()).containsEntry("fans", 128);
        Result back = house.apply(new Change.Isolate("fans", false, 0));
        assertThat(back.plan().steps().toString()).contains("remove process fans 128m", "install bundle acme 1.1.0");
        assertThat(house.processes.running).isEmpty();
        assertThat(house.running()).contains("acme 1.1.0").doesNotContain("isolation 1.0.0");
        assertThat(house.apply(new Change.Isolate("fans", true, 0)).reasons()).isEmpty();
        assertThat(house.running()).contains("isolation 1.0.0").doesNotContain("acme 1.1.0");
        assertThat(jars("fans")).containsExactly("own acme");
    }

    /** The choice is older than the feature, and outlives it: no door says that it is to be isolated, and it is. */
    @Test
    void aChoiceIsForANameWhicheverDoorItComesBy() throws Exception {
        Result chosen = house.apply(new Change.Isolate("fans", true, 96));
        assertThat(chosen.reasons()).isEmpty();
        assertThat(chosen.plan().steps()).hasToString("[install choice fans a process of 96m]");
        for (int i = 0; i < 2; i++) {
            assertThat(house.install(acme("1.0.0", "\"core\"", "")).reasons()).isEmpty();
            assertThat(process("fans").heapMegabytes()).isEqualTo(96);
            assertThat(house.running()).doesNotContain("acme 1.0.0");
            house.stop();
            house.boot("core");
            assertThat(house.running()).doesNotContain("acme 1.0.0");
            assertThat(house.remove("fans").reasons()).isEmpty();
            assertThat(Lock.parse(house.engine.lock().toString()).choices().heaps())
                    .containsEntry("fans", 96);
        }
        assertThat(house.apply(new Change.Isolate("fans", false, 0)).plan().steps())
                .hasToString("[remove choice fans a process of 96m]");
        assertThat(house.install(acme("1.0.0", "\"core\"", "")).reasons()).isEmpty();
        assertThat(house.running()).contains("acme 1.0.0");
    }

    /** A decision that changes nothing today holds tomorrow: an update that no longer asks for a process gets one. */
    @Test
    void aChoiceIsKeptAlsoForWhatAsksForAProcessItself() throws Exception {
        assertThat(house.install(acme("1.0.0", "\"core\"", isolated("\"memory=64m\"")))
                        .reasons())
                .isEmpty();
        assertThat(house.apply(new Change.Isolate("fans", true, 0)).done()).isTrue();
        assertThat(house.install(acme("1.1.0", "\"core\"", "")).reasons()).isEmpty();
        assertThat(process("fans").version()).isEqualTo("1.1.0");
        assertThat(house.running()).doesNotContain("acme 1.1.0");
    }

    @Test
    void allThatIsNotTheDistributionsIsIsolatedButForExceptions() throws Exception {
        house.shipped("more", "1.0.0", "requires core\n", house.shippedBundle(7, "more", "1.0.0"));
        assertThat(house.apply(new Change.Isolate("*", true, 0)).reasons()).isEmpty();
        assertThat(house.apply(new Change.Install(new Source.Named("more", ""))).reasons())
                .isEmpty();
        assertThat(house.install(acme("1.0.0", "\"core\"", "")).reasons()).isEmpty();
        assertThat(house.running()).contains("more 1.0.0").doesNotContain("acme 1.0.0");
        assertThat(jars("fans")).containsExactly("own acme");
        Result out = house.apply(new Change.Isolate("fans", false, 0));
        assertThat(out.plan().steps().toString()).contains("install choice fans the house", "remove process fans");
        assertThat(house.running()).contains("acme 1.0.0");
        assertThat(Lock.parse(house.engine.lock().toString())).isEqualTo(house.engine.lock());
        assertThat(house.apply(new Change.Isolate("*", false, 0)).done()).isTrue();
        assertThat(house.engine.lock().choices().isEmpty()).isTrue();
    }

    @Test
    void goingBackDoesNotBringItIntoTheHouse() throws Exception {
        Result inside = house.install(acme("1.0.0", "\"core\"", ""));
        assertThat(house.apply(new Change.Isolate("fans", true, 0)).done()).isTrue();
        Result back = house.apply(new Change.RollBack(inside.generation()));
        assertThat(back.reasons().toString()).contains("[F015]", "fans in the house", "feature:isolate --off fans");
        assertThat(jars("fans")).containsExactly("own acme");
        assertThat(house.remove("fans").done()).isTrue();
        assertThat(house.apply(new Change.RollBack(inside.generation() + 1)).reasons())
                .isEmpty();
        assertThat(jars("fans")).containsExactly("own acme");
    }

    /** Locks that were written before choices had lines of their own. */
    @Test
    void whatAnOlderLockIsolatedStaysIsolated() throws Exception {
        assertThat(house.apply(new Change.Isolate("fans", true, 80)).done()).isTrue();
        assertThat(house.install(acme("1.0.0", "\"core\"", "")).done()).isTrue();
        String text = house.engine.lock().toString();
        assertThat(text).contains("choice fans 80\n");
        assertThat(Lock.parse(text.replace("choice fans 80\n", ""))).isEqualTo(house.engine.lock());
    }

    @Test
    void whatItRequiresIsInTheProcess() throws Exception {
        Path library = Files.createDirectories(folder.resolve("library"));
        HouseOnTrial.jar(
                library.resolve("org/acme/lib/1.0.0/lib-1.0.0.jar"), "lib", "1.0.0", "Export-Package: lib;version=1.0");
        Files.writeString(
                library.resolve("library.json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"org.acme:library:osgifeature:1.0.0\","
                        + "\"bundles\":[{\"id\":\"org.acme:lib:1.0.0\"}]}");
        assertThat(house.install(library).reasons()).isEmpty();
        assertThat(house.running()).contains("lib 1.0.0");
        Path acme = acme("1.0.0", "\"core\",\"serial\",\"library\"", "", "Import-Package: lib,serial.api");
        assertThat(isolatedInstall(acme).reasons()).isEmpty();
        assertThat(jars("fans")).containsExactlyInAnyOrder("lent lib", "lent serial", "own acme");
        assertThat(house.running()).contains("lib 1.0.0", "serial 1.0.0");
        // Nobody outside asks for the library any more: it goes out of the house, and stays in the process.
        assertThat(house.remove("library").reasons().toString()).contains("[F006]");
    }

    @Test
    void whatOnlyTheHouseOffersIsMissedBeforeAnythingIsTouched() throws Exception {
        Result result = isolatedInstall(acme("1.0.0", "\"core\"", "", "Import-Package: core.api"));
        assertThat(result.reasons().toString()).contains("[F005]", "core.api", "`serial` if it requires that");
        assertThat(house.processes.running).isEmpty();
        assertThat(house.running()).containsExactly("core.api 1.0.0");
    }

    @Test
    void aProcessThatDoesNotStartRefusesTheChange() throws Exception {
        house.processes.refuse = "fans";
        Result result = isolatedInstall(acme("1.0.0", "\"core\"", ""));
        assertThat(result.reasons().toString()).contains("[F008]", "does not run in its process: no coffee");
        assertThat(house.running()).containsExactly("core.api 1.0.0");
        assertThat(house.engine.lock().isolated()).isEmpty();

        house.processes.refuse = "";
        assertThat(isolatedInstall(acme("1.0.0", "\"core\"", "")).done()).isTrue();
        house.processes.refuse = "fans";
        assertThat(house.install(acme("1.1.0", "\"core\"", "")).done()).isFalse();
        assertThat(process("fans").version()).isEqualTo("1.0.0");
    }

    @Test
    void aChangeThatFailsLaterPutsTheProcessBack() throws Exception {
        assertThat(isolatedInstall(acme("1.0.0", "\"core\"", "")).done()).isTrue();
        IsolatedFeature before = process("fans");
        house.probe = step -> {
            if (step.equals("commit")) {
                throw new IllegalStateException("the disk is full");
            }
        };
        assertThat(house.install(acme("1.1.0", "\"core\"", "")).done()).isFalse();
        assertThat(process("fans")).isEqualTo(before);
        assertThat(house.remove("fans").done()).isFalse();
        assertThat(process("fans")).isEqualTo(before);
        assertThat(house.running()).contains("isolation 1.0.0");
        assertThat(house.apply(new Change.Isolate("fans", false, 0)).done()).isFalse();
        assertThat(process("fans")).isEqualTo(before);
        assertThat(house.running()).doesNotContain("acme 1.0.0");
    }

    @Test
    void whatTheHouseStandsOnIsNotIsolated() throws Exception {
        assertThat(isolatedInstall(acme("1.0.0", "\"core\"", "")).done()).isTrue();
        for (String name : List.of("core", "isolation")) {
            Result result = house.apply(new Change.Isolate(name, true, 0));
            assertThat(result.done()).as(name).isFalse();
            assertThat(result.reasons().toString()).contains("[F007]", "which is isolated");
        }
        assertThat(house.apply(new Change.Isolate("fans", true, 3)).reasons().toString())
                .contains("[F015]", "not 3 MB", "say 16 to 4096");
        assertThat(house.apply(new Change.Isolate("nothing", false, 0))
                        .reasons()
                        .toString())
                .contains("[F011]");
        assertThat(house.apply(new Change.Isolate("no name", true, 0)).reasons().toString())
                .contains("[F015]", "is no name");
    }

    @Test
    void aWrongMemoryIsNamed() throws Exception {
        for (String wrong : List.of("\"memory=lots\"", "\"memory=5m\"", "\"memory=99999m\"", "\"threads=4\"")) {
            Result result = house.install(acme("1.0.0", "\"core\"", isolated(wrong)));
            assertThat(result.reasons().toString()).contains("[F002]", "fieldhouse.isolated");
        }
    }
}
