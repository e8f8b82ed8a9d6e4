package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.felix.hc.api.Result.Status;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.api.feature.Vetting;
import org.fieldhouse.features.lock.Digests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes in a real framework. */
class EngineTest {
    private static final String FAILS = "Bundle-Activator: org.fieldhouse.features.FailingActivator";
    private static final String OSGI = "Import-Package: org.osgi.framework";

    @TempDir
    Path folder;

    private HouseOnTrial house;

    @BeforeEach
    void aDistribution() throws Exception {
        house = new HouseOnTrial(folder);
        house.shipped(
                "core", "1.0.0", house.shippedBundle(1, "core.api", "1.0.0", "Export-Package: core.api;version=1.0"));
        String shared = house.shippedBundle(3, "shared", "1.0.0", "Export-Package: shared;version=1.0");
        house.shipped(
                "left",
                "1.0.0",
                "requires core\n",
                shared,
                house.shippedBundle(7, "left", "1.0.0", "Import-Package: shared,core.api"),
                house.shippedConfiguration("left", "\"left.pid\":{\"port:Integer\":1},\"many~left\":{\"a\":\"b\"}"));
        house.shipped("right", "1.0.0", "requires core [1,2)\n", shared, house.shippedBundle(7, "right", "1.0.0"));
        house.boot("core");
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Path acme(String version, String... headers) {
        return HouseOnTrial.jar(file("acme-" + version + ".jar"), "acme", version, headers);
    }

    /** The framework, and what a start from the disk makes of it. */
    private void assertRunsNowAndAfterARestart(String... expected) throws Exception {
        assertThat(house.running()).isEqualTo(new TreeSet<>(Set.of(expected)));
        house.stop();
        house.boot("core");
        assertThat(house.running()).isEqualTo(new TreeSet<>(Set.of(expected)));
    }

    private void assertNothingHappened(Result result, String code, String... words) throws Exception {
        assertThat(result.done()).isFalse();
        assertThat(result.reasons().toString()).contains("[" + code + "]").contains(words);
        assertRunsNowAndAfterARestart("core.api 1.0.0");
    }

    @Test
    void aFeatureIsInstalledWithItsConfigurationAndIsThereAfterARestart() throws Exception {
        Result result = house.install("left");
        assertThat(result.reasons()).isEmpty();
        assertThat(result.generation()).isEqualTo(1);
        assertThat(house.progress)
                .extracting(p -> p.stage())
                .containsSubsequence(
                        Stage.VERIFY, Stage.RESOLVE, Stage.INSTALL, Stage.START, Stage.CHECK, Stage.COMMIT);
        assertRunsNowAndAfterARestart(
                "core.api 1.0.0", "shared 1.0.0", "left 1.0.0", "left.pid={port=1}", "many~left={a=b}");
    }

    /** Those of one level may start side by side; a failure among them takes all of them back, and no higher level begins. */
    @Test
    void oneThatFailsTakesItsWholeLevelBackAndNoHigherOneStarts() throws Exception {
        house.shipped(
                "many",
                "1.0.0",
                "requires core\n",
                house.shippedBundle(8, "last", "1.0.0"),
                house.shippedBundle(7, "good", "1.0.0"),
                house.shippedBundle(7, "bad", "1.0.0", FAILS, OSGI),
                house.shippedBundle(3, "first", "1.0.0"));
        Result result = house.install("many");
        assertThat(house.progress.stream()
                        .filter(p -> p.stage() == Stage.START)
                        .map(Progress::subject)
                        .toList())
                .startsWith("first", "good", "bad")
                .doesNotContain("last");
        assertNothingHappened(result, "F008", "bad: does not start: java.lang.IllegalStateException: no such dongle");
        assertThat(result.reasons()).hasSize(1);
    }

    @Test
    void aSharedBundleStaysUntilTheLastLeaves() throws Exception {
        house.install("left");
        house.install("right");
        assertThat(house.remove("left").done()).isTrue();
        assertThat(house.running()).contains("shared 1.0.0", "right 1.0.0").doesNotContain("left 1.0.0");
        house.remove("right");
        assertRunsNowAndAfterARestart("core.api 1.0.0");
    }

    @Test
    void whatOthersRequireIsNotRemoved() throws Exception {
        house.install("left");
        Result result = house.remove("core");
        assertThat(result.reasons().toString()).contains("[F006] core: is required by left", "remove that first");
        assertThat(house.running()).contains("left 1.0.0");
    }

    /** A whole PID is the owner's as soon as he sets it, now and after an update. */
    @Test
    void theOwnersConfigurationWins() throws Exception {
        Files.writeString(
                house.home.resolve("config/mine.json"),
                HouseOnTrial.configuration("\"left.pid\":{\"port:Integer\":7}"));
        Hashtable<String, Object> mine = new Hashtable<>();
        mine.put("port", 7);
        house.configurations.put("left.pid", mine);
        house.install("left");
        assertThat(house.running()).contains("left.pid={port=7}", "many~left={a=b}");
        house.remove("left");
        assertThat(house.running()).contains("left.pid={port=7}").doesNotContain("many~left={a=b}");
    }

    @Test
    void aDryRunSaysWhatWouldChangeAndChangesNothing() throws Exception {
        Plan plan = house.engine.plan(new Change.Install(new Source.Named("left", "")));
        assertThat(plan.steps())
                .extracting(Object::toString)
                .containsExactly(
                        "install feature left 1.0.0",
                        "install bundle shared 1.0.0",
                        "install bundle left 1.0.0",
                        "install configuration left.pid",
                        "install configuration many~left");
        assertRunsNowAndAfterARestart("core.api 1.0.0");
    }

    @Test
    void aMissingRequirementIsNamedWithWhoCouldMeetIt() throws Exception {
        Path jar = acme("1.0.0", "Import-Package: shared;version=\"[1.0,2.0)\"");
        assertNothingHappened(
                house.install(jar),
                "F005",
                "acme: needs package shared [1.0",
                "`feature:install left` brings it, with bundle shared 1.0.0");
        assertThat(house.progress).extracting(p -> p.stage()).doesNotContain(Stage.INSTALL);
    }

    @Test
    void aBundleInAFolderThatCouldMeetItIsNamedToo() throws Exception {
        HouseOnTrial.jar(
                house.distribution.resolve("repository/t/lib/1.0.0/lib-1.0.0.jar"),
                "lib",
                "1.0.0",
                "Export-Package: lib");
        assertNothingHappened(
                house.install(acme("1.0.0", "Import-Package: lib")),
                "F005",
                "`bundle:install ",
                "lib-1.0.0.jar` brings it");
    }

    @Test
    void whatOthersImportFromIsNotTakenFromThem() throws Exception {
        house.install(HouseOnTrial.jar(file("lib.jar"), "lib", "1.0.0", "Export-Package: lib"));
        house.install(acme("1.0.0", "Import-Package: lib"));
        Result result = house.remove("lib");
        assertThat(result.reasons().toString()).contains("[F005] acme: needs package lib");
        assertThat(house.running()).contains("lib 1.0.0", "acme 1.0.0");
    }

    @Test
    void aBundleThatDoesNotStartLeavesEverythingAsItWas() throws Exception {
        assertNothingHappened(house.install(acme("1.0.0", FAILS, OSGI)), "F008", "no such dongle");
        assertThat(house.progress).extracting(p -> p.stage()).contains(Stage.ROLL_BACK);
    }

    @Test
    void aBadUpdateBringsTheOldVersionBack() throws Exception {
        house.install(acme("1.0.0"));
        Result result = house.install(acme("2.0.0", FAILS, OSGI));
        assertThat(result.reasons().toString()).contains("no such dongle");
        assertRunsNowAndAfterARestart("core.api 1.0.0", "acme 1.0.0");
    }

    @Test
    void worseHealthTakesTheChangeBack() throws Exception {
        house.checks.add(() -> house.running().contains("acme 1.0.0")
                ? new org.apache.felix.hc.api.Result(Status.CRITICAL, "the cellar is flooded")
                : new org.apache.felix.hc.api.Result(Status.OK, "dry"));
        assertNothingHappened(house.install(acme("1.0.0")), "F009", "the cellar is flooded");
    }

    /** Two bundles of one level, of which the one needs the other, whichever comes back first. */
    @Test
    void aRemovalThatIsTakenBackLeavesEverythingRunning() throws Exception {
        house.shipped(
                "pair",
                "1.0.0",
                "requires core\n",
                house.shippedBundle(7, "first", "1.0.0", "Import-Package: second"),
                house.shippedBundle(7, "second", "1.0.0", "Export-Package: second"),
                house.shippedBundle(7, "third", "1.0.0", "Import-Package: second"));
        house.install("pair");
        house.checks.add(() -> house.running().contains("first 1.0.0")
                ? new org.apache.felix.hc.api.Result(Status.OK, "dry")
                : new org.apache.felix.hc.api.Result(Status.CRITICAL, "the cellar is flooded"));
        assertThat(house.remove("pair").reasons().toString()).contains("[F009]", "the cellar is flooded");
        assertRunsNowAndAfterARestart("core.api 1.0.0", "first 1.0.0", "second 1.0.0", "third 1.0.0");
    }

    /** A check that the change takes with it is asked once more and is gone then, or there anew. */
    @Test
    void aCheckThatFailsItselfIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        house.checks.add(() -> {
            if (asked.incrementAndGet() == 2) {
                throw new IllegalStateException("Invalid BundleContext.");
            }
            return new org.apache.felix.hc.api.Result(Status.OK, "dry");
        });
        assertThat(house.install(acme("1.0.0")).reasons()).isEmpty();
        assertThat(asked).hasValueGreaterThan(2);
        house.checks.add(() -> {
            throw new IllegalStateException("never well");
        });
        assertThat(house.remove("acme").reasons()).as("it was so before").isEmpty();
    }

    @Test
    void vettingRefusesBeforeAnythingIsTouched() throws Exception {
        house.vettings.add(new Vetting() {
            @Override
            public String name() {
                return "signature";
            }

            @Override
            public List<Finding> vet(Artefact artefact) {
                return List.of(new Finding(Finding.Weight.REFUSAL, "signature", artefact.name(), "is not signed"));
            }
        });
        Result result = house.install(acme("1.0.0"));
        assertNothingHappened(result, "F004", "acme: is not signed");
        // The jar is its own feature, and is looked at once.
        assertThat(result.plan().findings()).hasSize(1);
        assertThat(result.reasons()).hasSize(1);
        assertThat(house.progress).extracting(p -> p.stage()).doesNotContain(Stage.INSTALL);
    }

    /** A house whose vetting is not there must not be open to everybody. */
    @Test
    void aStepThatMustBeThereAndIsNotRefuses() throws Exception {
        house.requiredVettings.add("signature");
        assertNothingHappened(house.install(acme("1.0.0")), "F004", "org.fieldhouse.trust running?");
    }

    @Test
    void changesAndRefusalsAreAudited() throws Exception {
        house.requiredVettings.add("signature");
        house.install(acme("1.0.0"));
        house.requiredVettings.clear();
        house.install(acme("1.0.0"));
        assertThat(house.audits)
                .extracting(fact -> fact.action())
                .containsExactly("feature.refused", "feature.changed");
        assertThat(house.audits.get(0).detail()).contains("[F004]");
        assertThat(house.audits.get(1).detail()).contains("install bundle acme 1.0.0");
    }

    /** It must never be taken for "nothing found". */
    @Test
    void aStepOfVettingThatFailsRefuses() throws Exception {
        house.vettings.add(new Vetting() {
            @Override
            public String name() {
                return "bytecode";
            }

            @Override
            public List<Finding> vet(Artefact artefact) throws IOException {
                throw new IOException("unreadable class");
            }
        });
        assertNothingHappened(house.install(acme("1.0.0")), "F004", "unreadable class");
    }

    private static String feature(String name, String bundles, String rest) {
        return "{\"feature-resource-version\":\"1.0\",\"id\":\"t:" + name + ":1.0.0\",\"bundles\":[" + bundles + "]"
                + rest + "}";
    }

    @Test
    void anArchiveBringsAFeatureWithItsBundles() throws Exception {
        Path archive = file("zig.far");
        Path jar = HouseOnTrial.jar(file("zig.jar"), "zig", "1.0.0", "Import-Package: core.api");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("feature.json"));
            zip.write(feature(
                            "zig",
                            "{\"id\":\"t:zig:1.0.0\",\"start-order\":7,\"sha256\":\"" + Digests.sha256(jar) + "\"}",
                            ",\"configurations\":{\"zig.pid\":{\"port:Integer\":5}},"
                                    + "\"extensions\":{\"fieldhouse.requires\":{\"type\":\"TEXT\",\"kind\":\"OPTIONAL\","
                                    + "\"text\":[\"core [1,2)\",\"right\"]}}")
                    .getBytes());
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("repository/t/zig/1.0.0/zig-1.0.0.jar"));
            zip.write(Files.readAllBytes(jar));
            zip.closeEntry();
        }
        assertThat(house.install(archive).reasons()).isEmpty();
        // What it required came along, and goes with it.
        assertThat(house.running()).contains("zig 1.0.0", "right 1.0.0", "shared 1.0.0", "zig.pid={port=5}");
        house.stop();
        house.boot("core");
        assertThat(house.running()).contains("zig 1.0.0", "right 1.0.0", "zig.pid={port=5}");
        house.remove("zig");
        assertRunsNowAndAfterARestart("core.api 1.0.0");
    }

    @Test
    void whatIsNoArchiveIsToldSo() throws Exception {
        Path garbage = Files.write(file("garbage.jar"), new byte[] {(byte) 0xff, 1, 2, 3});
        assertNothingHappened(house.install(garbage), "F002", "is no archive", "copy or fetch it again");
        byte[] whole = Files.readAllBytes(acme("1.0.0"));
        Path half = Files.write(file("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        assertNothingHappened(house.install(half), "F002", "is no whole archive", "copy or fetch it again");
    }

    /** What is read at once is read while it is small. */
    @Test
    void aFeatureFileAndAManifestHaveBounds() throws Exception {
        Path json = Files.writeString(file("large.json"), "{" + " ".repeat(5 << 20) + "}");
        assertNothingHappened(house.install(json), "F002", "larger than 4 MB");
        byte[] noise = new byte[3 << 20];
        new Random(1).nextBytes(noise);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file("large.jar")))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(noise);
        }
        assertNothingHappened(house.install(file("large.jar")), "F002", "its manifest has 3 MB; at most 1 is taken");
    }

    /** Of a bundle that a feature names, and of the feature, where a repository has both. */
    @Test
    void signaturesInARepositoryAreTaken() throws Exception {
        Path jar = HouseOnTrial.jar(
                house.home.resolve("repository/org/acme/acme-bundle/1.0.0/acme-bundle-1.0.0.jar"),
                "acme.bundle",
                "1.0.0");
        Files.writeString(jar.resolveSibling(jar.getFileName() + ".minisig"), "signed bundle");
        Path feature = house.home.resolve("repository/org/acme/acme/1.0.0/acme-1.0.0.json");
        Files.createDirectories(feature.getParent());
        Files.writeString(
                feature,
                "{\"feature-resource-version\":\"1.0\",\"id\":\"org.acme:acme:osgifeature:1.0.0\","
                        + "\"bundles\":[{\"id\":\"org.acme:acme-bundle:1.0.0\"}]}");
        Files.writeString(feature.resolveSibling("acme-1.0.0.json.minisig"), "signed feature");
        house.repositories.add(new FolderRepository(house.home.resolve("repository")));
        assertThat(house.install("acme").reasons()).isEmpty();
        assertThat(house.places.stored(Digests.sha256(jar), ".minisig")).hasContent("signed bundle");
        assertThat(house.places.stored(Digests.sha256(feature), ".minisig")).hasContent("signed feature");
    }

    @Test
    void aBundleThatIsNotWhatTheFeatureSaysIsRefused() throws Exception {
        HouseOnTrial.jar(file("t/zig/1.0.0/zig-1.0.0.jar"), "zig", "1.0.0");
        Path json = Files.writeString(
                file("zig.json"), feature("zig", "{\"id\":\"t:zig:1.0.0\",\"sha256\":\"" + "0".repeat(64) + "\"}", ""));
        assertNothingHappened(house.install(json), "F003", "t:zig:1.0.0", "the feature says 000");
    }

    @Test
    void aChecksumBesideABundleCounts() throws Exception {
        Path jar = HouseOnTrial.jar(file("t/zig/1.0.0/zig-1.0.0.jar"), "zig", "1.0.0");
        Path sum = Files.writeString(file("t/zig/1.0.0/zig-1.0.0.jar.sha1"), "f".repeat(40) + "  zig-1.0.0.jar\n");
        Path json = Files.writeString(file("zig.json"), feature("zig", "{\"id\":\"t:zig:1.0.0\"}", ""));
        assertNothingHappened(house.install(json), "F003", "SHA-1");
        Files.writeString(sum.resolveSibling("zig-1.0.0.jar.sha256"), Digests.sha256(jar));
        assertThat(house.install(json).done()).isTrue();
    }

    @Test
    void badFilesAreRefusedWithTheReason() throws Exception {
        Path notes = Files.writeString(file("notes.json"), "buy milk");
        assertNothingHappened(house.install(notes), "F002", "not a feature file");
        Path outside = file("outside.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(outside))) {
            zip.putNextEntry(new ZipEntry("../../etc/cron.d/x"));
        }
        assertNothingHappened(house.install(outside), "F002", "leads outside");
        Path bomb = file("bomb.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("zeros"));
            zip.write(new byte[8 << 20]);
        }
        assertNothingHappened(house.install(bomb), "F002", "unpacks to 8 MB");
        assertNothingHappened(house.install("zigbee"), "F001", "is in no repository");
    }

    @Test
    void aBundleAloneTakesThePlaceOfAFeaturesAndGivesItBack() throws Exception {
        house.shipped("plus", "1.0.0", house.shippedBundle(7, "plus.impl", "1.0.0"));
        house.install("plus");
        house.install(HouseOnTrial.jar(file("mine.jar"), "plus.impl", "0.9.0"));
        assertThat(house.running()).contains("plus.impl 0.9.0").doesNotContain("plus.impl 1.0.0");
        house.stop();
        house.boot("core");
        assertThat(house.running()).contains("plus.impl 0.9.0").doesNotContain("plus.impl 1.0.0");
        house.remove("plus.impl");
        assertRunsNowAndAfterARestart("core.api 1.0.0", "plus.impl 1.0.0");
    }

    @Test
    void aBundleWithTheNameOfAFeatureIsRefused() throws Exception {
        house.install("right");
        Result result = house.install(HouseOnTrial.jar(file("right.jar"), "right", "1.0.0"));
        assertThat(result.reasons().toString()).contains("[F007] right");
        assertThat(house.running()).contains("shared 1.0.0");
    }

    @Test
    void featuresThatRequireEachOtherAreRefused() throws Exception {
        house.shipped("hen", "1.0.0", "requires egg\n");
        house.shipped("egg", "1.0.0", "requires hen\n");
        assertNothingHappened(house.install("hen"), "F007", "hen → egg → hen");
        house.shipped("old", "1.0.0", "requires core [2,3)\n");
        assertNothingHappened(house.install("old"), "F007", "old requires core [2,3), there is 1.0.0");
    }

    @Test
    void anUpdateTakesTheNewestInTheRange() throws Exception {
        for (String version : List.of("1.0.0", "1.4.0", "2.0.0")) {
            HouseOnTrial.jar(
                    house.distribution.resolve("repository/t/acme/" + version + "/acme-" + version + ".jar"),
                    "acme",
                    version);
        }
        house.apply(new Change.Install(new Source.Named("t:acme", "[1,1.1)")));
        assertThat(house.running()).contains("acme 1.0.0");
        house.apply(new Change.Update("acme", "[1,2)"));
        assertThat(house.running()).contains("acme 1.4.0");
        house.apply(new Change.Update("acme", ""));
        assertThat(house.running()).contains("acme 2.0.0");
        assertThat(house.apply(new Change.Update("acme", "")).plan().steps()).isEmpty();
    }

    @Test
    void aGenerationIsGoneBackTo() throws Exception {
        long first = house.install("left").generation();
        house.remove("left");
        house.install(acme("1.0.0"));
        Result result = house.apply(new Change.RollBack(first));
        assertThat(result.reasons()).isEmpty();
        assertRunsNowAndAfterARestart(
                "core.api 1.0.0", "shared 1.0.0", "left 1.0.0", "left.pid={port=1}", "many~left={a=b}");
        assertThat(house.apply(new Change.RollBack(99)).reasons().toString()).contains("[F013]", "is not kept");
    }

    /** An administrator's repository, and a plain URL. */
    @Test
    void aRemoteRepositoryIsAskedByItsMetadata() throws Exception {
        HouseOnTrial.jar(file("web/org/acme/acme/1.5.0/acme-1.5.0.jar"), "acme", "1.5.0");
        Files.writeString(
                file("web/org/acme/acme/maven-metadata.xml"),
                "<metadata><versioning><versions><version>1.5.0</version><version>3.0.0</version></versions></versioning></metadata>");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path asked = file("web" + exchange.getRequestURI().getPath());
            byte[] body = Files.isRegularFile(asked) ? Files.readAllBytes(asked) : new byte[0];
            exchange.sendResponseHeaders(body.length > 0 ? 200 : 404, body.length > 0 ? body.length : -1);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            house.repositories.add(new RemoteRepository(url));
            assertThat(house.apply(new Change.Install(new Source.Named("org.acme:acme", "[1,2)")))
                            .reasons())
                    .isEmpty();
            assertThat(house.running()).contains("acme 1.5.0");
            // It is asked for newer ones in the group that it came from, and a signature that lies beside one is taken.
            Path newer = HouseOnTrial.jar(file("web/org/acme/acme/3.0.0/acme-3.0.0.jar"), "acme", "3.0.0");
            Files.writeString(file("web/org/acme/acme/3.0.0/acme-3.0.0.jar.minisig"), "signed");
            assertThat(house.apply(new Change.Update("acme", "")).reasons()).isEmpty();
            assertThat(house.running()).contains("acme 3.0.0");
            assertThat(house.places.stored(Digests.sha256(newer), ".minisig")).hasContent("signed");
            assertThat(house.apply(new Change.Update("org.acme:acme", "[1,2)")).reasons())
                    .isEmpty();
            assertThat(house.running()).contains("acme 1.5.0");
            house.remove("acme");
            assertThat(house.install(acme("1.0.0")).done()).isTrue();
            assertThat(house.apply(new Change.Update("acme", "")).reasons().toString())
                    .contains("name its group: GROUP:acme");
            assertThat(house.apply(new Change.Update("org.acme:acme", "")).done())
                    .isTrue();
            assertThat(house.running()).contains("acme 3.0.0");
            house.remove("acme");
            URI jar = URI.create(url + "org/acme/acme/1.5.0/acme-1.5.0.jar");
            assertThat(house.apply(new Change.Install(new Source.Url(jar))).done())
                    .isTrue();
            assertThat(house.running()).contains("acme 1.5.0");
            assertThat(house.apply(new Change.Install(new Source.Url(URI.create(url + "none.jar"))))
                            .reasons()
                            .toString())
                    .contains("[F002]");
        } finally {
            server.stop(0);
        }
    }

    private DeployFolder door(Path deploy) {
        return new DeployFolder(
                deploy, house.home.resolve("trust"), house.places.data().resolve("deployed"), house.engine);
    }

    /** The file in deploy/ is older than what the shell or the web console brought since; it may not come back by a mere start. */
    @Test
    void aStartDoesNotTakeBackWhatAnotherDoorUpdated() throws Exception {
        Path deploy = Files.createDirectories(house.home.resolve("deploy"));
        DeployFolder door = door(deploy);
        HouseOnTrial.jar(deploy.resolve("a.jar"), "acme", "1.0.0");
        door.look();
        door.look();
        house.install(acme("1.1.0"));
        house.stop();
        house.boot("core");
        door = door(deploy);
        door.look();
        door.look();
        assertThat(house.running()).contains("acme 1.1.0");
        Files.setLastModifiedTime(deploy.resolve("a.jar"), FileTime.fromMillis(1_000));
        door.look();
        door.look();
        assertThat(house.running())
                .as("a file that is put there anew is wanted")
                .contains("acme 1.0.0");
        house.remove("acme");
        door = door(deploy);
        door.look();
        door.look();
        assertThat(house.running()).as("a file that is there is wanted").contains("acme 1.0.0");
    }

    @Test
    void aConfigurationThatStaysAsItIsIsNoStep() throws Exception {
        house.shipped(
                "wide",
                "1.0.0",
                "requires core\n",
                house.shippedBundle(7, "wide", "1.0.0"),
                house.shippedConfiguration("wide", "\"wide.pid\":{\"list\":[\"a\",\"b\"]}"));
        house.install("wide");
        Plan plan = house.engine.plan(new Change.Install(new Source.Named("left", "")));
        assertThat(plan.steps())
                .extracting(Object::toString)
                .contains("install configuration left.pid")
                .noneMatch(step -> step.contains("wide.pid"));
    }

    @Test
    void theDeployFolderFollowsItsFiles() throws Exception {
        Path deploy = Files.createDirectories(house.home.resolve("deploy"));
        DeployFolder door = door(deploy);
        Path jar = HouseOnTrial.jar(deploy.resolve("a.jar"), "acme", "1.0.0");
        door.look();
        assertThat(house.running()).as("half a copy is not read").doesNotContain("acme 1.0.0");
        door.look();
        assertThat(house.running()).contains("acme 1.0.0");

        HouseOnTrial.jar(deploy.resolve("broken.jar"), "broken", "1.0.0", "Import-Package: nowhere");
        door.look();
        door.look();
        assertThat(door.health().isOk()).isFalse();
        assertThat(door.health().toString()).contains("deploy/broken.jar was refused", "package nowhere");
        assertThat(house.running()).contains("acme 1.0.0");

        Files.delete(deploy.resolve("broken.jar"));
        HouseOnTrial.jar(deploy.resolve("b.jar"), "late", "1.0.0");
        door.look();
        door.look();
        assertThat(house.running()).contains("late 1.0.0");
        // Taken away while nobody looks: the start knows.
        Files.delete(deploy.resolve("b.jar"));
        house.stop();
        house.boot("core");
        assertThat(house.running()).contains("acme 1.0.0").doesNotContain("late 1.0.0");
        door = door(deploy);
        door.look();
        Files.delete(jar);
        door.look();
        assertThat(door.health().isOk()).isTrue();
        assertRunsNowAndAfterARestart("core.api 1.0.0");
    }

    /** A slow copy pauses for longer than two looks are apart. */
    @Test
    void halfAnArchiveIsWaitedForAndAFileThatIsAsBeforeIsNoLongerRefused() throws Exception {
        Path deploy = Files.createDirectories(house.home.resolve("deploy"));
        DeployFolder door = door(deploy);
        Path jar = HouseOnTrial.jar(deploy.resolve("a.jar"), "acme", "1.0.0");
        door.look();
        door.look();
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length - 10));
        for (int i = 0; i < 10; i++) {
            door.look();
        }
        assertThat(door.health().isOk()).as("it may go on").isTrue();
        door.look();
        assertThat(door.health().toString()).contains("deploy/a.jar was refused: [F002]");
        assertThat(door.health().getStatus()).isEqualTo(Status.WARN);
        Files.write(jar, whole);
        door.look();
        door.look();
        assertThat(door.health().isOk()).isTrue();
        assertThat(house.running()).contains("acme 1.0.0");
    }

    /** Who was refused for want of a signature or of a word need not be dropped again when it comes. */
    @Test
    void whatWasRefusedIsTriedAgainWhenItIsTrusted() throws Exception {
        Path deploy = Files.createDirectories(house.home.resolve("deploy"));
        Path trust = Files.createDirectories(house.home.resolve("trust"));
        DeployFolder door = door(deploy);
        house.requiredVettings.add("signature");
        HouseOnTrial.jar(deploy.resolve("a.jar"), "acme", "1.0.0");
        door.look();
        door.look();
        door.look();
        assertThat(house.audits).hasSize(1);
        house.requiredVettings.clear();
        Files.writeString(trust.resolve("allowed"), "0 acme");
        door.look();
        assertThat(house.running()).contains("acme 1.0.0");
        assertThat(door.health().isOk()).isTrue();

        house.requiredVettings.add("signature");
        HouseOnTrial.jar(deploy.resolve("b.jar"), "late", "1.0.0");
        door.look();
        door.look();
        Files.writeString(deploy.resolve("b.jar.minisig"), "signed");
        house.requiredVettings.clear();
        door.look();
        door.look();
        assertThat(house.running()).contains("late 1.0.0");
        assertThat(house.audits).hasSize(4);
    }

    @Test
    void whatLackedSomethingIsTriedAgainWhenItComes() throws Exception {
        Path deploy = Files.createDirectories(house.home.resolve("deploy"));
        DeployFolder door = door(deploy);
        HouseOnTrial.jar(deploy.resolve("a.jar"), "acme", "1.0.0", "Import-Package: shared");
        door.look();
        door.look();
        assertThat(door.health().toString()).contains("needs package shared");
        door.look();
        assertThat(house.audits).hasSize(1);
        house.install("left");
        door.look();
        assertThat(house.running()).contains("acme 1.0.0");
        assertThat(door.health().isOk()).isTrue();
    }

    /** A roll back has nobody to ask for the signature but the store. */
    @Test
    void aSignatureIsKeptWithWhatItStandsFor() throws Exception {
        Path jar = acme("1.0.0");
        Path signature = Files.writeString(file("acme-1.0.0.jar.minisig"), "signed");
        house.install(jar);
        Files.delete(signature);
        Path kept = house.places.stored(Digests.sha256(jar), ".minisig");
        assertThat(kept).hasContent("signed");
        house.apply(new Change.Install(new Source.Upload(
                "acme.jar", new ByteArrayInputStream(Files.readAllBytes(acme("1.1.0"))), "signed too")));
        assertThat(house.places.stored(Digests.sha256(file("acme-1.1.0.jar")), ".minisig"))
                .hasContent("signed too");
        assertThat(house.engine.lock().entry("acme").orElseThrow().source()).isEqualTo("acme.jar");
        assertThat(kept).as("the generation before needs it").exists();
    }
}
