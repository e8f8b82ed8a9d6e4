package org.fieldhouse.binding.mqtt;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantBridge;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantDevice;
import org.fieldhouse.binding.mqtt.topics.TopicsCodec;
import org.fieldhouse.binding.mqtt.topics.TopicsDevice;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.Zigbee2MqttBridge;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.Zigbee2MqttDevice;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** MQTT brokers and what is reached through them. See README.md for the types and their settings. */
@Component(service = Binding.class)
@Designate(ocd = MqttConfig.class)
public final class MqttBinding implements Binding {
    public static final String ID = "mqtt";

    private final MqttConfig config;
    /** Topics under which this bundle itself announces devices. */
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    @Activate
    public MqttBinding(MqttConfig config) {
        this.config = config;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Set<String> types() {
        return Set.of("broker", "topics", "zigbee2mqtt", "zigbee2mqtt-device", "homeassistant", "homeassistant-device");
    }

    @Override
    public Device create(DeviceConfig device) throws SettingsException {
        return switch (device.type()) {
            case "broker" -> new BrokerDevice(BrokerSettings.read(device, config));
            case "topics" -> new TopicsDevice(TopicsCodec.read(device.settings()));
            case "zigbee2mqtt" -> new Zigbee2MqttBridge(base(device.settings(), "base", "zigbee2mqtt"));
            case "zigbee2mqtt-device" -> zigbee(device.settings());
            case "homeassistant" ->
                new HomeAssistantBridge(
                        base(device.settings(), "prefix", "homeassistant"), config.candidates(), own::contains);
            case "homeassistant-device" ->
                new HomeAssistantDevice(device.settings().text("device"));
            default -> throw new IllegalArgumentException("no type '" + device.type() + "'");
        };
    }

    private static String base(Settings s, String key, String fallback) throws SettingsException {
        return s.has(key) ? BrokerSettings.topic(s, key) : s.text(key, fallback);
    }

    private static Device zigbee(Settings s) throws SettingsException {
        boolean readAtStart = s.flag("read-at-start", true);
        if (s.has("group")) {
            return new Zigbee2MqttDevice("group:" + s.integer("group", 0, 65_535), readAtStart);
        }
        String ieee = s.text("ieee");
        if (!ieee.matches("0x[0-9a-f]{16}")) {
            throw s.problem("ieee", "'" + ieee + "' is not an IEEE address such as '0x00158d0001a2b3c4' (in quotes)");
        }
        return new Zigbee2MqttDevice(ieee, readAtStart);
    }
}
