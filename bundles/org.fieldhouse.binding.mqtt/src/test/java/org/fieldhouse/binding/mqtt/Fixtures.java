package org.fieldhouse.binding.mqtt;

import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.Map;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.DeviceId;
import org.jspecify.annotations.Nullable;

/** Devices as the runtime would make them. */
final class Fixtures {
    static final MqttBinding BINDING = binding();

    static MqttBinding binding() {
        return new MqttBinding(new MqttConfig() {
            @Override
            public int maxMessageKib() {
                return 4096;
            }

            @Override
            public int publishWindow() {
                return 1000;
            }

            @Override
            public int candidates() {
                return 100;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return MqttConfig.class;
            }
        });
    }

    private Fixtures() {}

    static Device device(String type, Map<String, Object> settings) throws SettingsException {
        return device(BINDING, type, settings);
    }

    static Device device(MqttBinding binding, String type, Map<String, Object> settings) throws SettingsException {
        return device(binding, type, null, settings);
    }

    private static Device device(
            MqttBinding binding, String type, @Nullable DeviceId bridge, Map<String, Object> settings)
            throws SettingsException {
        return binding.create(
                new DeviceConfig(new DeviceId("test:" + type), "Test", type, bridge, Settings.of(settings)));
    }

    /** A broker at a loopback port, opened. */
    static FakeContext broker(int port, Object... settings) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("host", "127.0.0.1", "port", (long) port));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        return new FakeContext("broker:" + port, device("broker", all), null).open();
    }

    static FakeContext child(FakeContext bridge, String id, String type, Map<String, Object> settings)
            throws Exception {
        return new FakeContext(id, device(BINDING, type, bridge.id(), settings), bridge.device).open();
    }
}
