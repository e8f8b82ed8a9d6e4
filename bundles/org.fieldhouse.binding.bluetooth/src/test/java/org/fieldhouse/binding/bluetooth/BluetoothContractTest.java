package org.fieldhouse.binding.bluetooth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.testkit.BindingContract;
import org.fieldhouse.testkit.FakeContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every binding keeps to, with a bluetoothd behind it. */
@Timeout(120)
class BluetoothContractTest extends BindingContract {
    private static final String SENSOR = "A4:C1:38:56:53:84";
    private static final String TAG = "C4:00:00:00:00:01";

    @TempDir
    Path folder;

    private Bluez bluez;
    private FakeContext adapterContext;
    private Device adapter;

    @BeforeEach
    void start() throws Exception {
        bluez = new Bluez(folder);
        bluez.plug("hci0");
        bluez.appear("hci0", SENSOR, "Sensor");
        bluez.appear("hci0", TAG, "Tag");
        adapterContext = new FakeContext(DeviceId.of("adapter"));
        adapter = binding().create(new DeviceConfig(adapterContext.id(), "A", "adapter", null, Settings.of(Map.of())));
        adapter.open(adapterContext);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        adapterContext.close();
        bluez.close();
    }

    @Override
    protected Binding binding() {
        return new BluetoothBinding(bluez.address, Duration.ofSeconds(5), 100);
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("adapter", Map.of("adapter", "hci0", "power", true)),
                new Example("sensor", Map.of("address", SENSOR, "silence", "5 min")),
                new Example("tag", Map.of("address", TAG, "key", "231d39c1d7cc1ab1aee224cd096db932")));
    }

    @Override
    protected List<Example> unreachable() {
        return List.of(new Example("adapter", Map.of("adapter", "hci7")));
    }

    @Override
    protected @Nullable Device bridge(Example example) {
        return example.type().equals("adapter") ? null : adapter;
    }

    @Override
    protected boolean sendGarbage(Example example) throws Exception {
        switch (example.type()) {
            case "sensor" -> bluez.bthome(SENSOR, "4002ca");
            case "tag" -> bluez.serviceData(TAG, "0000feaa-0000-1000-8000-00805f9b34fb", "2000", -50);
            default -> {
                return false; // it says nothing of its own that could be garbage
            }
        }
        return true;
    }
}
