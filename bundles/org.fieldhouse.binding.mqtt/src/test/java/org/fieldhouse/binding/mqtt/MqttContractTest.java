package org.fieldhouse.binding.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.testkit.BindingContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What every binding keeps to, with a real broker behind it. */
class MqttContractTest extends BindingContract {
    @TempDir
    Path folder;

    private final MqttBinding binding = Fixtures.binding();
    private final Map<String, FakeContext> bridges = new HashMap<>();
    private Mosquitto mosquitto;
    private FakeContext broker;

    @BeforeEach
    void start() throws Exception {
        mosquitto = new Mosquitto(folder);
        binding.addOutlets(new FakeHouse().outlets());
        broker = Fixtures.broker(mosquitto.port, "will", Map.of("topic", "house/state", "birth", "online"));
        BrokerDevice b = (BrokerDevice) broker.device;
        try (InputStream in = getClass().getResourceAsStream("zigbee2mqtt/devices.json")) {
            b.publish("zigbee2mqtt/bridge/devices", new String(in.readAllBytes(), StandardCharsets.UTF_8), 1, true);
        }
        b.publish("zigbee2mqtt/bridge/state", "online", 1, true);
        b.publish(
                "homeassistant/sensor/a/config",
                "{\"name\":\"A\",\"stat_t\":\"a\",\"uniq_id\":\"a\",\"unit_of_meas\":\"W\"}",
                1,
                true);
        b.publish("a", "garbage", 1, true);
    }

    @AfterEach
    void stop() {
        bridges.values().forEach(FakeContext::close);
        broker.close();
        mosquitto.close();
    }

    @Override
    protected Binding binding() {
        return binding;
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("broker", Map.of("host", "127.0.0.1", "port", (long) mosquitto.port)),
                new Example(
                        "topics",
                        Map.of("points", List.of(Map.of("name", "level", "topic", "tank/level", "unit", "%")))),
                new Example(
                        "zigbee2mqtt",
                        Map.of("host", "127.0.0.1", "port", (long) mosquitto.port, "base", "zigbee2mqtt")),
                new Example("zigbee2mqtt-device", Map.of("ieee", "0x00158d0001a2b301")),
                new Example("homeassistant", Map.of("prefix", "homeassistant")),
                new Example("homeassistant-device", Map.of("device", "a")),
                new Example("publisher", Map.of("include", List.of("*"))));
    }

    @Override
    protected List<Example> unreachable() {
        return List.of(
                new Example("broker", Map.of("host", "127.0.0.1", "port", 1L)),
                new Example("zigbee2mqtt", Map.of("host", "127.0.0.1", "port", 1L)));
    }

    @Override
    protected @Nullable Device bridge(Example example) {
        try {
            return switch (example.type()) {
                case "broker" -> null;
                case "zigbee2mqtt-device" -> bridge("zigbee2mqtt");
                case "homeassistant-device" -> bridge("homeassistant");
                default -> broker.device;
            };
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Device bridge(String type) throws Exception {
        FakeContext known = bridges.get(type);
        if (known != null) {
            return known.device;
        }
        FakeContext bridge = Fixtures.child(broker, "bridge-" + type, type, Map.of());
        bridges.put(type, bridge);
        await().until(() -> !bridge.candidates.isEmpty());
        return bridge.device;
    }
}
