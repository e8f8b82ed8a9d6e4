package org.fieldhouse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.DeviceHostFixtures;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends before each single write, rename, deletion and sync of the store of generations and of the files that people edit,
 * once with what was not yet renamed whole and once with half of it. The next start has the generation before or the one after: all
 * files of it, in the store and where people edit them.
 */
@Tag("slow")
class PowerCutTest {
    private static final Cause ANNA = new Cause(0, Cause.Origin.USER, "anna", null);
    private static final String LAMP = "Lamp:\n  binding: lamps\n  type: lamp\n";
    private static final int MOST_STEPS = 200;

    @TempDir
    Path folder;

    /** Nothing runs after a power cut. */
    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;

        PowerCut(String step) {
            super(step, null, false, false);
        }
    }

    private static SourceFile lock(String text) {
        return new SourceFile("features.lock", text + "\n");
    }

    /** A home, and its configuration directory while it runs. */
    private static final class House implements AutoCloseable {
        private final Path root;
        private DeviceHost host;
        private Directory directory;
        private volatile Steps steps = Steps.NONE;

        House(Path root) throws IOException {
            this.root = root;
            put("devices/a.yaml", LAMP);
            start();
        }

        void put(String path, String text) throws IOException {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), text);
        }

        void start() {
            steps = Steps.NONE;
            host = DeviceHostFixtures.host(new FakeIngress(), DeviceHost.Limits.DEFAULT);
            host.add(new Lamps("lamps"));
            directory = new Directory(
                    root, root.resolve("data"), host, new FakeIngress(), step -> steps.at(step), Duration.ofSeconds(1));
            // Behind whatever the start itself has to do.
            directory.reload();
        }

        void stop() {
            directory.close();
            host.close();
        }

        /** What is in force, which must be what people see, and what the next start would have. */
        Map<String, String> state() {
            Map<String, String> state = new TreeMap<>();
            directory.files().forEach(file -> state.put(file.path(), file.text()));
            Map<String, String> edited = new TreeMap<>();
            try (Stream<Path> files = Files.list(root.resolve("devices"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                    edited.put("devices/" + file.getFileName(), Files.readString(file));
                }
                Map<String, String> stored = new TreeMap<>();
                new GenerationStore(root.resolve("data/generations"), Steps.NONE)
                        .load()
                        .files()
                        .forEach((path, file) -> stored.put(path, file.text()));
                assertThat(stored).isEqualTo(state);
                assertThat(directory.files(directory.generation())).hasSize(state.size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            state.forEach((path, text) -> {
                if (path.startsWith("devices/")) {
                    assertThat(edited).as("what people edit").containsEntry(path, text);
                }
            });
            assertThat(state).containsAllEntriesOf(edited);
            return state;
        }

        @Override
        public void close() {
            stop();
        }
    }

    private interface Change {
        void make(House house) throws IOException;
    }

    private void walk(Change before, Change change) throws Exception {
        List<String> steps = new ArrayList<>();
        Map<String, String> old;
        Map<String, String> next;
        try (House house = new House(folder.resolve("whole"))) {
            before.make(house);
            old = house.state();
            house.steps = steps::add;
            change.make(house);
            house.steps = Steps.NONE;
            next = house.state();
        }
        assertThat(next).isNotEqualTo(old);
        assertThat(steps).hasSizeBetween(9, MOST_STEPS).contains("write current", "rename current");
        boolean seenOld = false;
        boolean seenNext = false;
        for (int cut = 0; cut < steps.size(); cut++) {
            for (boolean torn : new boolean[] {false, true}) {
                try (House house = new House(folder.resolve(cut + (torn ? "torn" : "")))) {
                    before.make(house);
                    String step = cut(house, change, cut);
                    assertThat(step).isEqualTo(steps.get(cut));
                    if (torn && !tear(house.root)) {
                        continue;
                    }
                    house.start();
                    Map<String, String> now = house.state();
                    assertThat(now)
                            .as("power cut before step %d, %s", cut, step)
                            .isIn(old, next);
                    seenOld |= now.equals(old);
                    seenNext |= now.equals(next);
                    if (steps.indexOf("rename current") < cut) {
                        assertThat(now).as("after it was in force, %s", step).isEqualTo(next);
                    }
                    // And it goes on from there.
                    change.make(house);
                    assertThat(house.state()).isEqualTo(next);
                }
            }
        }
        assertThat(seenOld && seenNext).isTrue();
    }

    /** Stops the house dead before a step. */
    private static String cut(House house, Change change, int step) throws IOException {
        AtomicInteger left = new AtomicInteger(step);
        List<String> at = new ArrayList<>();
        house.steps = each -> {
            if (left.getAndDecrement() <= 0) {
                at.add(each);
                throw new PowerCut(each);
            }
        };
        try {
            change.make(house);
        } catch (IOException e) {
            assertThat(e).hasRootCauseInstanceOf(PowerCut.class);
        }
        house.stop();
        return at.get(0);
    }

    /** Leaves half of whatever had not got its name yet. @return whether there was something */
    private static boolean tear(Path root) throws IOException {
        boolean torn = false;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path half : files.filter(f -> f.getFileName().toString().endsWith(".new"))
                    .toList()) {
                byte[] content = Files.readAllBytes(half);
                Files.write(half, Arrays.copyOf(content, content.length / 2));
                torn = true;
            }
        }
        return torn;
    }

    /** As the service of features commits an install, an update and a removal. */
    @Test
    void aPin() throws Exception {
        walk(house -> house.directory.pin(lock("first"), ANNA), house -> house.directory.pin(lock("second"), ANNA));
    }

    /** One list is too old to be kept, with its content. */
    @Test
    void aPinThatTidies() throws Exception {
        walk(
                house -> {
                    for (int i = 0; i < 21; i++) {
                        house.directory.pin(lock("lock " + i), ANNA);
                    }
                },
                house -> house.directory.pin(lock("next"), ANNA));
    }

    @Test
    void aRollBack() throws Exception {
        walk(
                house -> {
                    house.directory.pin(lock("first"), ANNA);
                    house.put("devices/b.yaml", "Other:\n  binding: lamps\n  type: lamp\n");
                    house.put("devices/a.yaml", LAMP + "  area: Hall\n");
                    house.directory.reload();
                },
                house -> {
                    if (!house.directory.files().contains(lock("back"))) {
                        assertThat(house.directory.restore(2, lock("back"), ANNA))
                                .isEmpty();
                    }
                });
    }

    /** A mark that a cut left behind must not be taken for a later roll back's, and undo what somebody edits. */
    @Test
    void aRollBackThatNeverWasInForceUndoesNoEdit() throws Exception {
        try (House house = new House(folder.resolve("mark"))) {
            house.directory.pin(lock("first"), ANNA);
            cut(house, each -> each.directory.restore(1, lock("back"), ANNA), 3);
            assertThat(house.root.resolve("data/generations/restoring")).exists();
            house.start();
            house.put("devices/a.yaml", LAMP + "  area: Hall\n");
            house.directory.reload();
            house.stop();
            house.put("devices/a.yaml", LAMP + "  area: Bath\n");
            house.start();
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(house.state())
                    .containsEntry("devices/a.yaml", LAMP + "  area: Bath\n"));
        }
    }
}
