package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.ActionSpec;
import org.fieldhouse.api.model.Category;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.EventSpec;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantBridge;
import org.fieldhouse.binding.mqtt.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out is what our own reader of discovery, and by it Home Assistant's rules, understands. */
class PublisherTest {
    private static final Map<String, Object> WILL =
            Map.of("topic", "fieldhouse/state", "payload", "offline", "birth", "online");

    @TempDir
    Path folder;

    private final FakeHouse house = new FakeHouse();
    private final Map<String, String> said = new ConcurrentHashMap<>();
    private Mosquitto mosquitto;
    private FakeContext broker;
    private FakeContext peer;
    private MqttBinding binding;

    @BeforeEach
    void start() throws Exception {
        mosquitto = new Mosquitto(folder);
        broker = Fixtures.broker(mosquitto.port, "will", WILL);
        peer = Fixtures.broker(mosquitto.port);
        ((BrokerDevice) peer.device).subscribe("#", 1, m -> said.put(m.topic(), m.text()), r -> {});
        await().until(() -> said.containsKey("fieldhouse/state"));
        binding = Fixtures.binding();
        binding.addOutlets(house.outlets());
        DeviceDescription lamp = new DeviceDescription(
                "light",
                List.of(
                        PointSpec.control("onoff", ValueSpec.ON_OFF),
                        PointSpec.control(
                                "brightness",
                                ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(0.5)),
                        PointSpec.measurement("power", ValueSpec.quantity(Units.WATT)),
                        PointSpec.control("mode", ValueSpec.choice(List.of("day", "night")))
                                .withCategory(Category.CONFIGURATION)),
                List.of(new ActionSpec("identify", List.of(), true, "")),
                List.of(new EventSpec("pressed", List.of(), "")),
                "onoff",
                Map.of("manufacturer", "Maker", "model", "L1"));
        house.devices(info("lamp:1", "Hall.Light", lamp, Status.ONLINE), info("x", "Secret.Door", lamp, Status.ONLINE));
    }

    private static DeviceInfo info(String id, String name, DeviceDescription d, Status status) {
        return new DeviceInfo(new DeviceId(id), name, "test", null, "Hall", Set.of(), d, status);
    }

    @AfterEach
    void stop() {
        broker.close();
        peer.close();
        mosquitto.close();
    }

    private FakeContext publisher() throws Exception {
        return new FakeContext(
                        "out",
                        Fixtures.device(
                                binding,
                                "publisher",
                                Map.of("include", List.of("Hall.*"), "exclude", List.of("*.mode"))),
                        broker.device)
                .open();
    }

    @Test
    void announcesStatesAvailabilityAndEvents() throws Exception {
        house.state("lamp:1", "onoff", Bool.ON);
        house.state("lamp:1", "brightness", Quantity.of(40, "%"));
        try (FakeContext out = publisher()) {
            String config = "homeassistant/device/fieldhouse_fieldhouse_lamp_1/config";
            await().until(() -> said.containsKey(config) && "40".equals(said.get("fieldhouse/lamp_1/brightness")));
            Map<String, Object> json = Json.object(Json.parse(said.get(config)));
            Map<String, Object> components = Json.object(json.get("components"));
            assertThat(components).containsOnlyKeys("onoff", "power", "identify", "events");
            assertThat(Json.object(components.get("onoff")))
                    .containsEntry("platform", "light")
                    .containsEntry("brightness_command_topic", "fieldhouse/lamp_1/brightness/set");
            assertThat(Json.object(components.get("power")))
                    .containsEntry("unit_of_measurement", "W")
                    .containsEntry("device_class", "power")
                    .containsEntry("state_class", "measurement");
            assertThat(Json.object(json.get("device")))
                    .containsEntry("manufacturer", "Maker")
                    .containsEntry("suggested_area", "Hall");
            assertThat(said)
                    .containsEntry("fieldhouse/lamp_1/onoff", "ON")
                    .containsEntry("fieldhouse/lamp_1/power", "None")
                    .containsEntry("fieldhouse/lamp_1/availability", "online");
            assertThat(said.keySet()).noneMatch(t -> t.contains("/x/") || t.contains("mode"));
            house.state("lamp:1", "power", Quantity.of(7.25, "W"));
            house.happens(new Fact.DeviceSignalled(new DeviceId("lamp:1"), "pressed", Map.of("button", new Text("1"))));
            await().until(() -> "7.25".equals(said.get("fieldhouse/lamp_1/power"))
                    && "{\"event_type\":\"pressed\",\"button\":\"1\"}".equals(said.get("fieldhouse/lamp_1/events")));
            house.happens(new Fact.DeviceRemoved(new DeviceId("lamp:1"), "Hall.Light"));
            await().until(() -> said.get(config).isEmpty());
            await().untilAsserted(() -> assertThat(said)
                    .containsEntry("fieldhouse/lamp_1/availability", "")
                    .containsEntry("fieldhouse/lamp_1/onoff", "")
                    .containsEntry("fieldhouse/lamp_1/power", ""));
        }
    }

    /** Home Assistant keeps a component that is merely left out, and the broker a state that nobody takes back. */
    @Test
    void takesBackAPointThatTheDeviceHasNoMore() throws Exception {
        List<String> configs = new CopyOnWriteArrayList<>();
        ((BrokerDevice) peer.device)
                .subscribe(
                        "homeassistant/device/fieldhouse_fieldhouse_lamp_1/config",
                        1,
                        m -> configs.add(m.text()),
                        r -> {});
        house.state("lamp:1", "power", Quantity.of(7, "W"));
        try (FakeContext out = publisher()) {
            await().until(() -> "7".equals(said.get("fieldhouse/lamp_1/power")) && configs.size() == 1);
            DeviceDescription less = DeviceDescription.of("light", PointSpec.control("onoff", ValueSpec.ON_OFF));
            house.devices(info("lamp:1", "Hall.Light", less, Status.ONLINE));
            house.happens(new Fact.DeviceDescribed(new DeviceId("lamp:1"), less));
            await().until(() ->
                    configs.size() == 3 && said.get("fieldhouse/lamp_1/power").isEmpty());
            // Its last value is known still, and goes offline with the device.
            house.state("lamp:1", "power", Quantity.of(8, "W"));
            house.state("lamp:1", "onoff", Bool.OFF);
            await().until(() -> "OFF".equals(said.get("fieldhouse/lamp_1/onoff")));
            assertThat(said).containsEntry("fieldhouse/lamp_1/power", "");
            Map<String, Object> parting =
                    Json.object(Json.object(Json.parse(configs.get(1))).get("components"));
            assertThat(parting).containsEntry("power", Map.of("platform", "sensor"));
            assertThat(parting).containsOnlyKeys("onoff", "power", "identify", "events");
            assertThat(Json.object(Json.object(Json.parse(configs.get(2))).get("components")))
                    .containsOnlyKeys("onoff");
        }
    }

    /** The model that was read for the announcement may be older than what the bus has told since. */
    @Test
    void whatTheBusSaidOfADeviceCountsMoreThanAnOlderModel() throws Exception {
        DeviceInfo coming = info("lamp:1", "Hall.Light", DeviceDescription.EMPTY, Status.CONNECTING);
        house.devices(coming);
        try (FakeContext out = publisher()) {
            DeviceDescription lamp = DeviceDescription.of("light", PointSpec.control("onoff", ValueSpec.ON_OFF));
            house.happens(new Fact.StatusChanged(coming.id(), Status.CONNECTING, Status.ONLINE));
            house.devices(info("lamp:1", "Hall.Light", lamp, Status.CONNECTING));
            house.happens(new Fact.DeviceDescribed(coming.id(), lamp));
            await().until(() -> said.containsKey("fieldhouse/lamp_1/availability"));
            assertThat(said).containsEntry("fieldhouse/lamp_1/availability", "online");
            house.happens(
                    new Fact.StatusChanged(coming.id(), Status.ONLINE, new Status(Status.Condition.OFFLINE, "away")));
            await().until(() -> "offline".equals(said.get("fieldhouse/lamp_1/availability")));
        }
    }

    @Test
    void commandsGoThroughTheRouter() throws Exception {
        try (FakeContext out = publisher()) {
            await().until(() -> said.containsKey("fieldhouse/lamp_1/availability"));
            BrokerDevice p = (BrokerDevice) peer.device;
            await().until(() -> {
                p.publish("fieldhouse/lamp_1/brightness/set", "60", 1, false);
                return !house.requests.isEmpty();
            });
            assertThat(house.requests.get(0))
                    .startsWith("mqtt 127.0.0.1 SetPoint[point=lamp:1#brightness, value=60 %, slot=12");
            p.publish("fieldhouse/lamp_1/onoff/set", "OFF", 1, false);
            p.publish("fieldhouse/lamp_1/identify/set", "PRESS", 1, false);
            p.publish("fieldhouse/lamp_1/onoff/set", "perhaps", 1, false);
            p.publish("fieldhouse/lamp_1/mode/set", "day", 1, false);
            p.publish("fieldhouse/x/onoff/set", "ON", 1, false);
            await().until(() -> out.malformed.size() == 3);
            assertThat(house.requests.stream()
                            .filter(r -> !r.contains("brightness"))
                            .toList())
                    .containsExactly(
                            "mqtt 127.0.0.1 SetPoint[point=lamp:1#onoff, value=off, slot=12, hold=null, parameters={}]",
                            "mqtt 127.0.0.1 CallAction[device=lamp:1, action=identify, arguments={}]");
        }
    }

    @Test
    void announcesAgainWhenTheOtherSideIsBackAndClearsWhatIsGone() throws Exception {
        BrokerDevice p = (BrokerDevice) peer.device;
        String config = "homeassistant/device/fieldhouse_fieldhouse_lamp_1/config";
        String orphan = "homeassistant/device/fieldhouse_fieldhouse_gone/config";
        p.publish(
                orphan,
                "{\"availability\":[{\"topic\":\"fieldhouse/gone/availability\"}],\"components\":{\"a\":{"
                        + "\"state_topic\":\"fieldhouse/gone/a\",\"command_topic\":\"fieldhouse/gone/a/set\",\"x\":\"other/gone\"}}}",
                1,
                true);
        try (FakeContext out = publisher()) {
            await().until(() -> said.containsKey(config));
            await().until(() -> {
                said.remove(config);
                p.publish("homeassistant/status", "online", 1, false);
                java.util.concurrent.TimeUnit.MILLISECONDS.sleep(100);
                return said.containsKey(config);
            });
            await().until(() -> said.getOrDefault(orphan, "?").isEmpty());
            await().until(() ->
                    "".equals(said.get("fieldhouse/gone/a")) && "".equals(said.get("fieldhouse/gone/availability")));
            assertThat(said).doesNotContainKeys("fieldhouse/gone/a/set", "other/gone");
        }
    }

    @Test
    void ourOwnDiscoveryReadsItButNotInTheSameHouse() throws Exception {
        try (FakeContext out = publisher()) {
            await().until(() -> said.containsKey("fieldhouse/lamp_1/power"));
            FakeContext same =
                    new FakeContext("same", Fixtures.device(binding, "homeassistant", Map.of()), broker.device).open();
            FakeContext other = Fixtures.child(broker, "other", "homeassistant", Map.of());
            await().until(() -> other.candidates.containsKey(new DeviceId("ha:fieldhouse_lamp_1")));
            assertThat(other.malformed).isEmpty();
            assertThat(same.candidates).isEmpty();
            try (FakeContext lamp =
                    Fixtures.child(other, "ha:1", "homeassistant-device", Map.of("device", "fieldhouse_lamp_1"))) {
                house.state("lamp:1", "onoff", Bool.ON);
                await().until(() -> lamp.values.containsValue(Bool.ON));
                assertThat(lamp.description.type()).isEqualTo("light");
                lamp.set(lamp.description.mainPoint(), Bool.OFF);
                await().until(() -> house.requests.stream().anyMatch(r -> r.contains("onoff, value=off")));
            }
            same.close();
            other.close();
        }
    }

    /** At a start both are made at the same time, and what was announced before it is heard at once. */
    @Test
    void discoveryKnowsAPublisherThatIsMadeAfterIt() throws Exception {
        BrokerDevice p = (BrokerDevice) peer.device;
        p.publish(
                "homeassistant/device/fieldhouse_fieldhouse_lamp_1/config",
                "{\"device\":{\"identifiers\":\"fieldhouse_lamp_1\"},\"origin\":{\"name\":\"x\"},\"components\":"
                        + "{\"a\":{\"platform\":\"sensor\",\"unique_id\":\"u\",\"state_topic\":\"t\"}}}",
                1,
                true);
        p.publish(
                "homeassistant/sensor/other/config",
                "{\"unique_id\":\"other\",\"state_topic\":\"t\",\"device\":{\"identifiers\":\"other\"}}",
                1,
                true);
        // Nobody's when it is heard, ours when the devices are told of.
        Set<String> heard = ConcurrentHashMap.newKeySet();
        HomeAssistantBridge discovery = new HomeAssistantBridge(
                "homeassistant", 100, topic -> topic.contains("fieldhouse_") && !heard.add(topic));
        try (FakeContext same = new FakeContext("same", discovery, broker.device).open()) {
            await().until(() -> same.candidates.containsKey(new DeviceId("ha:other")));
            assertThat(heard).hasSize(1);
            assertThat(same.candidates).hasSize(1);
        }
    }

    @Test
    void aBrokerThatIsAwayIsNoFailureOfWhoHearsTheHouse() throws Exception {
        try (FakeContext out = publisher()) {
            await().until(() -> said.containsKey("fieldhouse/lamp_1/power"));
            mosquitto.close();
            await().until(() ->
                    catchThrowable(() -> ((BrokerDevice) broker.device).publish("t", "x", 1, false)) != null);
            house.state("lamp:1", "power", Quantity.of(8, "W"));
            house.happens(new Fact.DeviceSignalled(new DeviceId("lamp:1"), "pressed", Map.of()));
            assertThat(out.malformed).singleElement().asString().startsWith("event pressed of lamp:1 is lost: ");
        }
    }

    /** Else a command for one would be the other's. */
    @Test
    void twoIdsThatReadAlikeInTopicsAreNotMixed() throws Exception {
        DeviceDescription plug = new DeviceDescription(
                "plug", List.of(PointSpec.control("onoff", ValueSpec.ON_OFF)), List.of(), List.of(), "onoff", Map.of());
        house.devices(
                info("plug.1", "Hall.Plug", plug, Status.ONLINE), info("plug_1", "Hall.Other", plug, Status.ONLINE));
        house.state("plug.1", "onoff", Bool.ON);
        house.state("plug_1", "onoff", Bool.OFF);
        try (FakeContext out = publisher()) {
            await().until(() -> "ON".equals(said.get("fieldhouse/plug_1/onoff")));
            assertThat(out.malformed)
                    .containsExactly("Hall.Other is not published: in topics its id plug_1 reads as plug.1 of Hall.Plug"
                            + " does; give one of them another 'id:'");
            house.state("plug_1", "onoff", Bool.OFF);
            house.state("plug.1", "onoff", Bool.ON);
            BrokerDevice p = (BrokerDevice) peer.device;
            await().until(() -> {
                p.publish("fieldhouse/plug_1/onoff/set", "OFF", 1, false);
                return !house.requests.isEmpty();
            });
            assertThat(house.requests).allSatisfy(r -> assertThat(r).contains("point=plug.1#onoff"));
            assertThat(said).containsEntry("fieldhouse/plug_1/onoff", "ON");
        }
    }

    @Test
    void needsAWillAndSaysHow() throws Exception {
        BindingException e = catchThrowableOfType(BindingException.class, () -> new FakeContext(
                        "out", Fixtures.device(binding, "publisher", Map.of("include", List.of("*"))), peer.device)
                .open());
        assertThat(e.isPermanent()).isTrue();
        assertThat(e).hasMessageContaining("will: {topic: fieldhouse/state");
    }
}
