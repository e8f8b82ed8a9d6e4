package org.fieldhouse.binding.bluetooth;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Bluetooth LE through BlueZ. See README.md for the types and their settings. */
@Component(service = Binding.class, configurationPid = "org.fieldhouse.binding.bluetooth")
@Designate(ocd = BluetoothConfig.class)
public final class BluetoothBinding implements Binding {
    static final String ID = "bluetooth";

    private static final Duration SENSOR_SILENCE = Duration.ofMinutes(15);
    private static final Duration TAG_SILENCE = Duration.ofMinutes(2);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);

    private final String busAddress;
    private final Duration answer;
    private final int candidates;

    @Activate
    public BluetoothBinding(BluetoothConfig config) {
        this(config.busAddress(), Duration.ofSeconds(config.answerSeconds()), config.candidates());
    }

    BluetoothBinding(String busAddress, Duration answer, int candidates) {
        this.busAddress = busAddress;
        this.answer = answer;
        this.candidates = candidates;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Set<String> types() {
        return Set.of("adapter", "sensor", "tag");
    }

    @Override
    public Device create(DeviceConfig config) throws SettingsException {
        Settings settings = config.settings();
        return switch (config.type()) {
            case "adapter" -> adapter(settings);
            case "sensor" -> new BleDevice(device(settings, false, SENSOR_SILENCE));
            case "tag" -> new BleDevice(device(settings, true, TAG_SILENCE));
            default ->
                throw settings.problem(
                        "", "the binding bluetooth has no type '" + config.type() + "'; it has adapter, sensor, tag");
        };
    }

    private Device adapter(Settings settings) throws SettingsException {
        String adapter = settings.text("adapter", "hci0");
        if (!adapter.matches("hci[0-9]{1,3}")) {
            throw settings.problem("adapter", "'adapter' is hci0, hci1 and so on, not '" + adapter + "'");
        }
        return new AdapterDevice(
                new AdapterDevice.Setup(adapter, settings.flag("power", true), busAddress, answer, candidates));
    }

    private static BleDevice.Setup device(Settings settings, boolean tag, Duration usual) throws SettingsException {
        String address = Address.normal(settings.text("address"));
        if (!Address.is(address)) {
            throw settings.problem("address", "'" + address + "' is no address such as A4:C1:38:56:53:84");
        }
        Duration silence = settings.duration("silence", usual);
        if (silence.compareTo(LEAST_SILENCE) < 0) {
            throw settings.problem("silence", "'silence' is at least " + LEAST_SILENCE.toSeconds() + " s");
        }
        return new BleDevice.Setup(address, tag, key(settings), silence, settings.has("silence"));
    }

    private static byte @Nullable [] key(Settings settings) throws SettingsException {
        Optional<Secret> secret = settings.secret("key");
        if (secret.isEmpty()) {
            return null;
        }
        try {
            byte[] key = HexFormat.of().parseHex(secret.get().reveal().strip());
            if (key.length == 16) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // said below, without the key itself
        }
        throw settings.problem("key", "'key' is a bind key of 32 hexadecimal digits");
    }
}
