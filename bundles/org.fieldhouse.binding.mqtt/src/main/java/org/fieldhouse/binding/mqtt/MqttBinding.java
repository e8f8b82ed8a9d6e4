package org.fieldhouse.binding.mqtt;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.model.PriorityClass;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantBridge;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantDevice;
import org.fieldhouse.binding.mqtt.publisher.Outlets;
import org.fieldhouse.binding.mqtt.publisher.PublisherDevice;
import org.fieldhouse.binding.mqtt.topics.TopicsCodec;
import org.fieldhouse.binding.mqtt.topics.TopicsDevice;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.DirectZigbee2Mqtt;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.Zigbee2MqttBridge;
import org.fieldhouse.binding.mqtt.zigbee2mqtt.Zigbee2MqttDevice;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT brokers and what is reached through them. See README.md for the types and their settings. */
@Component(service = Binding.class)
@Designate(ocd = MqttConfig.class)
public final class MqttBinding implements Binding {
    public static final String ID = "mqtt";

    private static final String VERSION = "0.1";

    private static final Logger LOG = LoggerFactory.getLogger(MqttBinding.class);

    private final MqttConfig config;
    private final Set<LinkSettings.Version> spoken = ConcurrentHashMap.newKeySet();
    /** How the topics begin under which this bundle itself announces devices. */
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    @Activate
    public MqttBinding(MqttConfig config) {
        this.config = config;
    }

    private volatile @Nullable Outlets outlets;

    /** The house's services come and go without the binding: only publishers need them, and only when they open. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addOutlets(Outlets added) {
        outlets = added;
    }

    void removeOutlets(Outlets removed) {
        if (removed.equals(outlets)) {
            outlets = null;
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "broker",
                "topics",
                "zigbee2mqtt",
                "zigbee2mqtt-device",
                "homeassistant",
                "homeassistant-device",
                "publisher");
    }

    @Override
    public Device create(DeviceConfig device) throws SettingsException {
        return switch (device.type()) {
            case "broker" -> connection(device.settings());
            case "topics" -> new TopicsDevice(TopicsCodec.read(device.settings()));
            case "zigbee2mqtt" -> network(device);
            case "zigbee2mqtt-device" -> zigbee(device.settings());
            case "homeassistant" ->
                new HomeAssistantBridge(
                        base(device.settings(), "prefix", "homeassistant"), config.candidates(), this::isOwn);
            case "homeassistant-device" ->
                new HomeAssistantDevice(device.settings().text("device"));
            case "publisher" -> publisher(device.settings());
            default ->
                throw device.settings()
                        .problem(
                                "",
                                "the binding mqtt has no type '" + device.type() + "'; it has "
                                        + types().stream().sorted().collect(Collectors.joining(", ")));
        };
    }

    private BrokerDevice connection(Settings s) throws SettingsException {
        LinkSettings settings = BrokerSettings.read(s, (long) config.maxMessageKib() << 10, config.publishWindow());
        spoken.add(settings.version());
        return new BrokerDevice(settings);
    }

    /** Through a broker of the house, or, if its entry names none, with a connection of its own. */
    private Device network(DeviceConfig device) throws SettingsException {
        String base = base(device.settings(), "base", "zigbee2mqtt");
        return device.bridge() == null
                ? new DirectZigbee2Mqtt(base, connection(device.settings()))
                : new Zigbee2MqttBridge(base);
    }

    @Override
    public void rehearse() throws InterruptedException {
        for (LinkSettings.Version version : rehearsals()) {
            try {
                new Rehearsal(this, version).run();
            } catch (SettingsException | BindingException e) {
                LOG.debug("the rehearsal ended early: {}", e.getMessage());
            }
        }
    }

    /** Protocols of the brokers that were made. */
    Set<LinkSettings.Version> rehearsals() {
        return Set.copyOf(spoken);
    }

    private boolean isOwn(String topic) {
        return own.stream().anyMatch(topic::startsWith);
    }

    private Device publisher(Settings s) throws SettingsException {
        List<String> include = s.texts("include");
        if (include.isEmpty()) {
            throw s.problem(
                    "include", "'include' lists what goes out: names of devices or points, * for any characters");
        }
        PublisherDevice.Settings settings = new PublisherDevice.Settings(
                base(s, "prefix", "homeassistant"),
                base(s, "base", "fieldhouse"),
                include,
                s.texts("exclude"),
                s.flag("commands", true),
                s.choice("priority", PriorityClass.class, PriorityClass.COMFORT).slot(),
                VERSION);
        PublisherDevice publisher = new PublisherDevice(settings, () -> outlets);
        own.add(publisher.announcements());
        return publisher;
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
