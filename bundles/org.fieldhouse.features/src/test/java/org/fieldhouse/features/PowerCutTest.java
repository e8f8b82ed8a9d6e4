package org.fieldhouse.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fieldhouse.api.feature.Change;
import org.fieldhouse.api.feature.Source;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends before each single write, rename and bundle operation of an install, an update, a removal and a roll back, and
 * what the next start makes of the disk is the house as it was before, or as it was to be. The generation's own writes are walked by the
 * runtime's test of this name.
 */
@Tag("slow")
class PowerCutTest {
    private static final int MOST_STEPS = 200;

    @TempDir
    Path folder;

    /** Nobody may catch it: nothing runs after a power cut. */
    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;

        PowerCut(String step) {
            super(step, null, false, false);
        }
    }

    private HouseOnTrial house(int number) throws Exception {
        HouseOnTrial house = new HouseOnTrial(Files.createDirectory(folder.resolve("house" + number)));
        house.shipped("core", "1.0.0", house.shippedBundle(1, "core.api", "1.0.0", "Export-Package: core.api"));
        house.shipped(
                "left",
                "1.0.0",
                "requires core\n",
                house.shippedBundle(3, "shared", "1.0.0", "Export-Package: shared"),
                house.shippedBundle(7, "left", "1.0.0", "Import-Package: shared"),
                house.shippedConfiguration("left", "\"left.pid\":{\"port:Integer\":1}"));
        return house;
    }

    private interface Making {
        Change change(HouseOnTrial house) throws IOException;
    }

    private void walk(List<Making> before, Making change) throws Exception {
        Set<String> old = null;
        Set<String> next = null;
        List<String> steps = new ArrayList<>();
        try (HouseOnTrial house = house(0)) {
            house.boot("core");
            for (Making making : before) {
                assertThat(house.apply(making.change(house)).reasons()).isEmpty();
            }
            old = house.running();
            house.probe = steps::add;
            assertThat(house.apply(change.change(house)).reasons()).isEmpty();
            house.probe = Probe.NONE;
            next = house.running();
        }
        assertThat(old).isNotEqualTo(next);
        assertThat(steps)
                .hasSizeBetween(6, MOST_STEPS)
                .contains("forget cache.stamp", "generation rename", "committed");

        boolean committed = false;
        for (int cut = 0; cut < steps.size(); cut++) {
            try (HouseOnTrial house = house(cut + 1)) {
                house.boot("core");
                for (Making making : before) {
                    house.apply(making.change(house));
                }
                int[] left = {cut};
                house.probe = step -> {
                    if (left[0]-- == 0) {
                        throw new PowerCut(step);
                    }
                };
                Change again = change.change(house);
                String step = "none";
                try {
                    house.apply(again);
                } catch (PowerCut e) {
                    step = e.getMessage();
                }
                assertThat(step).isEqualTo(steps.get(cut));
                house.probe = Probe.NONE;
                house.stop();
                // Nothing tidied up behind the cut either.
                Path half = Files.createDirectories(house.places.store()).resolve("half-of.jar");
                Files.write(half, new byte[] {'P', 'K'});
                house.boot("core");
                committed |= step.equals("committed");
                assertThat(house.running())
                        .as("power cut before step %d, %s, of %s", cut, step, again)
                        .isEqualTo(committed ? next : old);
                // And it goes on from there.
                assertThat(house.apply(change.change(house)).reasons()).isEmpty();
                assertThat(house.running()).isEqualTo(next);
                assertThat(half).doesNotExist();
            }
        }
        assertThat(committed).isTrue();
    }

    private static Change acme(HouseOnTrial house, String version) {
        Path jar = house.home.resolve("acme-" + version + ".jar");
        return new Change.Install(new Source.At(HouseOnTrial.jar(jar, "acme", version)));
    }

    @Test
    void install() throws Exception {
        walk(List.of(), house -> new Change.Install(new Source.Named("left", "")));
    }

    @Test
    void installFromAFile() throws Exception {
        walk(List.of(), house -> acme(house, "1.0.0"));
    }

    @Test
    void update() throws Exception {
        walk(List.of(house -> acme(house, "1.0.0")), house -> acme(house, "2.0.0"));
    }

    @Test
    void rollBack() throws Exception {
        walk(
                List.of(house -> new Change.Install(new Source.Named("left", "")), house -> new Change.Remove("left")),
                house -> new Change.RollBack(1));
    }

    @Test
    void remove() throws Exception {
        List<Making> before = List.of(house -> new Change.Install(new Source.Named("left", "")));
        walk(
                before,
                house -> house.engine.lock().entry("left").isPresent()
                        ? new Change.Remove("left")
                        : new Change.Install(new Source.Named("core", "")));
    }

    /** The way back after a failure has steps as well, and each of them leads to the house as it was. */
    @Test
    void aFailedUpdate() throws Exception {
        Making first = house -> acme(house, "1.0.0");
        Making bad = house -> {
            Path jar = house.home.resolve("bad.jar");
            return new Change.Install(new Source.At(HouseOnTrial.jar(
                    jar,
                    "acme",
                    "2.0.0",
                    "Bundle-Activator: org.fieldhouse.features.FailingActivator",
                    "Import-Package: org.osgi.framework")));
        };
        int undone = 0;
        for (int cut = 0; cut < MOST_STEPS; cut++) {
            try (HouseOnTrial house = house(cut)) {
                house.boot("core");
                house.apply(first.change(house));
                Set<String> old = house.running();
                Change change = bad.change(house);
                int[] left = {cut};
                String[] at = {""};
                house.probe = step -> {
                    if (left[0]-- == 0) {
                        at[0] = step;
                        throw new PowerCut(step);
                    }
                };
                try {
                    assertThat(house.apply(change).done()).isFalse();
                    assertThat(house.running()).isEqualTo(old);
                    break;
                } catch (PowerCut e) {
                    undone += at[0].equals("undo") ? 1 : 0;
                }
                house.probe = Probe.NONE;
                house.stop();
                house.boot("core");
                assertThat(house.running())
                        .as("power cut before step %d, %s", cut, at[0])
                        .isEqualTo(old);
            }
        }
        assertThat(undone).isPositive();
    }
}
