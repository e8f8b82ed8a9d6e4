package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.feature.Artefact;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Finding;
import org.fieldhouse.api.feature.Finding.Weight;
import org.fieldhouse.api.feature.Plan;
import org.fieldhouse.api.feature.Progress.Stage;
import org.fieldhouse.api.feature.Result;
import org.fieldhouse.api.feature.Source;
import org.fieldhouse.api.feature.Vetting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody stands for is tried before anything of the house is touched. */
class TrialsTest {
    @TempDir
    Path folder;

    private HouseOnTrial house;
    /** Names of artefacts that somebody has signed. */
    private final List<String> signed = new ArrayList<>();

    @BeforeEach
    void aDistribution() throws Exception {
        house = new HouseOnTrial(folder);
        house.shipped(
                "core", "1.0.0", house.shippedBundle(1, "core.api", "1.0.0", "Export-Package: core.api;version=1.0"));
        house.shipped(
                "isolation", "1.0.0", "requires core\n", house.shippedBundle(6, "org.fieldhouse.isolation", "1.0.0"));
        house.shipped("serial", "1.0.0", "requires core\n", house.shippedBundle(6, "serial", "1.0.0"));
        house.vettings.add(new Vetting() {
            @Override
            public String name() {
                return "signature";
            }

            @Override
            public List<Finding> vet(Artefact artefact) {
                Weight weight =
                        signed.contains(artefact.name()) || artefact.file().startsWith(house.distribution)
                                ? Weight.NOTE
                                : Weight.WARNING;
                return List.of(new Finding(weight, "signature", artefact.name(), ""));
            }
        });
        house.boot("core");
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    private Path acme(String version) {
        return HouseOnTrial.jar(
                folder.resolve("acme-" + version + ".jar"), "acme", version, "Service-Component: acme.xml");
    }

    @Test
    void whatRunsNothingIsNotTried() throws Exception {
        assertThat(house.install(HouseOnTrial.jar(folder.resolve("library.jar"), "library", "1.0.0"))
                        .reasons())
                .isEmpty();
        assertThat(house.guests).isEmpty();
    }

    private List<String> bundles(int guest) {
        return house.guests.get(guest).bundles().stream()
                .map(line -> line.replaceAll("/.*", "")
                        + line.substring(line.lastIndexOf('/') + 1).replaceAll("[0-9a-f]{64}", "SHA"))
                .toList();
    }

    @Test
    void whatNobodySignedIsTriedAmongTheBundlesOfTheHouse() throws Exception {
        Result result = house.install(acme("1.0.0"));
        assertThat(result.reasons()).isEmpty();
        assertThat(house.progress)
                .extracting(p -> p.stage())
                .containsSubsequence(Stage.VET, Stage.RESOLVE, Stage.TRY, Stage.INSTALL);
        assertThat(bundles(0)).containsExactlyInAnyOrder("4 there core.api-1.0.0.jar", "8 own SHA.jar");
        assertThat(house.guests.get(0).classPath())
                .anyMatch(jar -> jar.toString().contains("org.fieldhouse.isolation"));
        assertThat(result.plan().findings().toString()).contains("note [trial] acme: was started once");
        assertThat(house.running()).contains("acme 1.0.0");
    }

    @Test
    void whatSomebodySignedAndWhatTheDistributionBroughtIsNot() throws Exception {
        signed.add("acme");
        assertThat(house.install(acme("1.0.0")).reasons()).isEmpty();
        assertThat(house.install("serial").reasons()).isEmpty();
        assertThat(house.guests).isEmpty();
    }

    @Test
    void theAdministratorMayTrySignedOnesAndNone() throws Exception {
        signed.add("acme");
        house.tried = Trials.Whom.FOREIGN;
        assertThat(house.install(acme("1.0.0")).reasons()).isEmpty();
        assertThat(house.install("serial").reasons()).isEmpty();
        assertThat(house.guests).hasSize(1);
        signed.clear();
        house.tried = Trials.Whom.NOBODY;
        assertThat(house.install(acme("1.1.0")).reasons()).isEmpty();
        assertThat(house.guests).hasSize(1);
    }

    @Test
    void whatDoesHarmThereIsRefusedAndNothingWasTouched() throws Exception {
        assertThat(house.install(acme("1.0.0")).done()).isTrue();
        house.trial = guest -> new Trial.Outcome("acme", "it ran out of memory", List.of());
        house.progress.clear();
        Result result = house.install(acme("1.1.0"));
        assertThat(result.done()).isFalse();
        assertThat(result.reasons().toString()).contains("[F017] acme", "it ran out of memory", "feature:isolate acme");
        assertThat(house.progress).extracting(p -> p.stage()).doesNotContain(Stage.INSTALL, Stage.ROLL_BACK);
        assertThat(house.audits.get(house.audits.size() - 1).toString()).contains("feature.refused", "[F017]");
        assertThat(house.running()).contains("acme 1.0.0");
        assertThat(Files.exists(house.places.stamp()))
                .as("the cache is still good")
                .isFalse();
    }

    @Test
    void whatDidNotStartThereIsTold() throws Exception {
        house.trial = guest -> new Trial.Outcome("acme", "", List.of("component a.B, which waits for x.Y"));
        Result result = house.install(acme("1.0.0"));
        assertThat(result.plan().findings().toString()).contains("what did not start there: component a.B");
        house.trial = guest -> {
            throw new IOException("no memory");
        };
        Result other = house.install(acme("1.1.0"));
        assertThat(other.done()).isTrue();
        assertThat(other.plan().findings().toString())
                .contains("warning [trial] acme: could not be tried in a process of its own before: no memory");
    }

    @Test
    void aDryRunAWayBackAndAProcessTryNothing() throws Exception {
        Plan plan = house.engine.plan(new Change.Install(new Source.At(acme("1.0.0"))));
        assertThat(plan.isRefused()).isFalse();
        assertThat(house.guests).isEmpty();
        long first = house.install(acme("1.0.0")).generation();
        house.install(acme("1.1.0"));
        assertThat(house.guests).hasSize(2);
        assertThat(house.apply(new Change.RollBack(first)).reasons()).isEmpty();
        assertThat(house.running()).contains("acme 1.0.0");
        assertThat(house.guests).hasSize(2);
        assertThat(house.apply(new Change.Isolate("acme", true, 0)).reasons()).isEmpty();
        assertThat(house.install(acme("1.2.0")).reasons()).isEmpty();
        assertThat(house.guests).hasSize(2);
        assertThat(house.apply(new Change.Isolate("acme", false, 0)).reasons()).isEmpty();
        assertThat(house.guests).hasSize(3);
    }

    /** A feature that the administrator allowed stands for its bundles, and nobody for the feature. */
    @Test
    void theBundlesOfAFeatureAreTriedTogetherWithWhatItNeeds() throws Exception {
        Path place = Files.createDirectories(folder.resolve("fans"));
        for (String name : List.of("one", "two")) {
            HouseOnTrial.jar(
                    place.resolve("org/acme/" + name + "/1.0.0/" + name + "-1.0.0.jar"),
                    name,
                    "1.0.0",
                    "Service-Component: x.xml");
            signed.add(name);
        }
        Files.writeString(
                place.resolve("fans.json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"org.acme:fans:osgifeature:1.0.0\","
                        + "\"bundles\":[{\"id\":\"org.acme:one:1.0.0\"},{\"id\":\"org.acme:two:1.0.0\"}],"
                        + "\"extensions\":{\"fieldhouse.requires\":{\"type\":\"TEXT\",\"kind\":\"OPTIONAL\","
                        + "\"text\":[\"core\",\"serial\"]}}}");
        house.trial = guest -> new Trial.Outcome("two", "it ended the process (exit code 7)", List.of());
        Result result = house.install(place);
        assertThat(result.reasons().toString())
                .contains("[F017] fans", "when bundle two was started: it ended the process (exit code 7)");
        assertThat(bundles(0))
                .containsExactlyInAnyOrder(
                        "4 there core.api-1.0.0.jar", "6 lent serial-1.0.0.jar", "7 own SHA.jar", "7 own SHA.jar");
        assertThat(house.running()).containsExactly("core.api 1.0.0");
        signed.add("fans");
        assertThat(house.install(place).reasons()).isEmpty();
        assertThat(house.guests).hasSize(1);
    }

    @Test
    void aDistributionThatCannotTryTellsSo() throws Exception {
        Files.delete(house.distribution.resolve("features/isolation.list"));
        Result result = house.install(acme("1.0.0"));
        assertThat(result.done()).isTrue();
        assertThat(result.plan().findings().toString())
                .contains("warning [trial] acme", "this distribution has no org.fieldhouse.isolation");
        assertThat(house.guests).isEmpty();
    }
}
