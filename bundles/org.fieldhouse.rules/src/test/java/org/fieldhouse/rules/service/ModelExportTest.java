package org.fieldhouse.rules.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PriorityArray;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.rules.check.ModelSnapshot;
import org.fieldhouse.rules.check.TestHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelExportTest {
    @TempDir
    Path home;

    private final AtomicReference<HouseModel> model = new AtomicReference<>(TestHouse.model());

    private final House house = new House() {
        @Override
        public HouseModel model() {
            return model.get();
        }

        @Override
        public State state(PointId point) {
            return State.NONE;
        }

        @Override
        public PriorityArray priorities(PointId point) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Candidate> candidates() {
            return List.of();
        }
    };

    @Test
    void the_file_follows_the_devices_and_not_their_status() throws IOException {
        Path file = home.resolve("data/model.json");
        ModelExport export = new ModelExport(house, file);
        export.look();
        try (Reader reader = Files.newBufferedReader(file)) {
            assertThat(ModelSnapshot.read(reader).devices())
                    .hasSameSizeAs(model.get().devices());
        }
        FileTime old = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(file, old);

        model.set(changed(Status.offline("away"), "Hall.Motion"));
        export.look();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);

        model.set(changed(Status.ONLINE, "Hall.Movement"));
        export.look();
        assertThat(Files.getLastModifiedTime(file)).isNotEqualTo(old);
        assertThat(Files.readString(file)).contains("Hall.Movement");
        export.stop();
    }

    @Test
    void a_directory_that_cannot_be_written_is_no_disaster() throws IOException {
        Files.writeString(home.resolve("data"), "in the way");
        ModelExport export = new ModelExport(house, home.resolve("data/model.json"));
        export.look();
        Files.delete(home.resolve("data"));
        export.look();
        assertThat(home.resolve("data/model.json")).exists();
        export.stop();
    }

    /** The house with its first device in that status and of that name. */
    private HouseModel changed(Status status, String name) {
        List<DeviceInfo> devices = new java.util.ArrayList<>(model.get().devices());
        DeviceInfo d = devices.get(0);
        devices.set(
                0, new DeviceInfo(d.id(), name, d.binding(), d.bridge(), d.area(), d.tags(), d.description(), status));
        return new HouseModel(devices);
    }
}
