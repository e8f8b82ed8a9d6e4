package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.binding.mqtt.homeassistant.HomeAssistantBridge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that announce themselves over a real broker, come, change and go. */
class HomeAssistantTest {
    private static final String DEVICE =
            "\"dev\":{\"ids\":[\"plug-1\"],\"name\":\"Desk plug\",\"mf\":\"Maker\",\"mdl\":\"P1\"}";
    private static final String SWITCH =
            "{\"name\":null,\"uniq_id\":\"p1s\",\"stat_t\":\"plug/1\",\"val_tpl\":\"{{ value_json.state }}\","
                    + "\"cmd_t\":\"plug/1/set\",\"avty\":[{\"t\":\"plug/1/here\"}]," + DEVICE + "}";
    private static final String POWER =
            "{\"dev_cla\":\"power\",\"unit_of_meas\":\"W\",\"uniq_id\":\"p1p\",\"stat_t\":\"plug/1\","
                    + "\"val_tpl\":\"{{ value_json.power }}\",\"avty\":[{\"t\":\"plug/1/here\"}]," + DEVICE + "}";
    private static final String ODD = "{\"name\":\"Odd\",\"uniq_id\":\"p1o\",\"stat_t\":\"plug/1\","
            + "\"val_tpl\":\"{{ value | regex_match('x') }}\"," + DEVICE + "}";

    @TempDir
    Path folder;

    private Mosquitto mosquitto;
    private FakeContext broker;
    private FakeContext peer;

    @BeforeEach
    void start() throws Exception {
        mosquitto = new Mosquitto(folder);
        broker = Fixtures.broker(mosquitto.port);
        peer = Fixtures.broker(mosquitto.port);
    }

    @AfterEach
    void stop() {
        peer.close();
        broker.close();
        mosquitto.close();
    }

    private void say(String topic, String payload) throws Exception {
        ((BrokerDevice) peer.device).publish(topic, payload, 1, true);
    }

    /** Announcements are kept, and whoever may publish could fill the heap with them. */
    @Test
    void keepsNoMoreThanItMay() throws Exception {
        String large = "{\"uniq_id\":\"u%d\",\"stat_t\":\"t\",\"dev\":{\"ids\":\"d%d\"},\"about\":\""
                + "y".repeat(4_000) + "\"}";
        HomeAssistantBridge discovery = new HomeAssistantBridge("homeassistant", 100, topic -> false, 10_000);
        try (FakeContext bridge = new FakeContext("disco", discovery, broker.device).open()) {
            for (int i = 1; i <= 3; i++) {
                say("homeassistant/sensor/d" + i + "/config", String.format(large, i, i));
            }
            await().until(() -> bridge.malformed.size() == 1);
            assertThat(bridge.malformed.get(0)).contains("d3/config is left out", "more than 10000 bytes");
            say("homeassistant/sensor/d1/config", "");
            say("homeassistant/sensor/d3/config", String.format(large, 3, 3));
            await().untilAsserted(() ->
                    assertThat(bridge.candidates).containsOnlyKeys(new DeviceId("ha:d2"), new DeviceId("ha:d3")));
            assertThat(bridge.malformed).hasSize(1);
        }
    }

    /** A device of which nothing can be used is not offered; what it is and why is listed with the bridge. */
    @Test
    void whatCannotBeUsedAtAllIsListedWithTheBridge() throws Exception {
        String device = ",\"dev\":{\"ids\":\"v\",\"name\":\"Vac\"}}";
        String loop = "{% for i in value_json %}{{ i }}{% endfor %}";
        say("homeassistant/vacuum/v/config", "{\"uniq_id\":\"v1\",\"cmd_t\":\"v/set\"" + device);
        say("homeassistant/sensor/s/config", "{\"uniq_id\":\"s1\",\"stat_t\":\"s\",\"val_tpl\":\"" + loop + "\"}");
        say(
                "homeassistant/device/d/config",
                "{\"dev\":{\"ids\":\"d\"},\"o\":{\"name\":\"t\"},\"cmps\":{\"h\":\"nope\"}}");
        try (FakeContext bridge = Fixtures.child(broker, "disco", "homeassistant", Map.of())) {
            await().untilAsserted(() -> assertThat(bridge.description.details())
                    .containsEntry("not supported: vacuum v1", "component 'vacuum' is not supported")
                    .hasEntrySatisfying(
                            "not supported: sensor s1", why -> assertThat(why).contains(loop)));
            assertThat(bridge.malformed)
                    .contains("homeassistant/device/d/config: component 'h' is no object with a 'platform'");
            say("homeassistant/vacuum/v/config", "");
            say("homeassistant/switch/v/config", "{\"uniq_id\":\"v2\",\"cmd_t\":\"v/set\"" + device);
            await().until(() -> !bridge.description.details().containsKey("not supported: vacuum v1"));
            assertThat(bridge.candidates).containsKey(new DeviceId("ha:v"));
        }
    }

    @Test
    void oneDeviceOfManyMessages() throws Exception {
        say("homeassistant/switch/plug1/state/config", SWITCH);
        say("homeassistant/sensor/plug1/power/config", POWER);
        say("homeassistant/sensor/plug1/odd/config", ODD);
        say("homeassistant/sensor/plug1/broken/config", "{\"name\":");
        say("plug/1", "{\"state\":\"ON\",\"power\":17.5}");
        DeviceId id = new DeviceId("ha:plug-1");
        try (FakeContext bridge = Fixtures.child(broker, "disco", "homeassistant", Map.of())) {
            await().until(() -> bridge.candidates.containsKey(id));
            await().untilAsserted(() -> assertThat(bridge.candidates.get(id))
                    .extracting("type", "suggestedName", "title", "settings")
                    .containsExactly(
                            "homeassistant-device",
                            "Desk_plug",
                            "Maker P1 (1 of 3 entities are not supported)",
                            Map.of("device", "plug-1")));
            assertThat(bridge.malformed)
                    .anySatisfy(m -> assertThat(m).contains("regex_match('x')"))
                    .anySatisfy(m -> assertThat(m).contains("no JSON"));
            try (FakeContext plug =
                    Fixtures.child(bridge, "ha:plug-1", "homeassistant-device", Map.of("device", "plug-1"))) {
                await().until(() -> plug.values.size() == 2);
                assertThat(plug.values).containsEntry("onoff", Bool.ON).containsEntry("power", Quantity.of(17.5, "W"));
                assertThat(plug.description.mainPoint()).isEqualTo("onoff");
                assertThat(plug.description.details().get("not supported: sensor p1o"))
                        .contains("{{ value | regex_match('x') }}");
                List<String> heard = new CopyOnWriteArrayList<>();
                ((BrokerDevice) peer.device).subscribe("plug/1/set", 1, m -> heard.add(m.text()), r -> {});
                await().until(() -> {
                    plug.set("onoff", Bool.OFF);
                    return heard.contains("OFF");
                });
                say("plug/1/here", "offline");
                await().until(() -> bridge.children.containsKey(plug.id())
                        && bridge.children.get(plug.id()).condition() == Status.Condition.OFFLINE);
                say("plug/1/here", "online");
                await().until(() -> bridge.children.get(plug.id()).isOnline());
                // The device's own message takes the entities over; the old topics are then cleared.
                say("homeassistant/switch/plug1/state/config", "{\"migrate_discovery\":true}");
                say(
                        "homeassistant/device/plug1/config",
                        "{" + DEVICE + ",\"o\":{\"name\":\"t\"},\"cmps\":{"
                                + "\"s\":" + SWITCH.replaceFirst("\\{", "{\"p\":\"switch\",") + ","
                                + "\"v\":{\"p\":\"sensor\",\"uniq_id\":\"p1v\",\"dev_cla\":\"voltage\",\"unit_of_meas\":\"V\","
                                + "\"stat_t\":\"plug/1/v\"}}}");
                for (String old : List.of("switch/plug1/state", "sensor/plug1/power", "sensor/plug1/odd")) {
                    say("homeassistant/" + old + "/config", "");
                }
                await().untilAsserted(() -> assertThat(plug.description.points())
                        .extracting("name")
                        .containsExactlyInAnyOrder("onoff", "voltage"));
                say("homeassistant/device/plug1/config", "");
                await().until(() -> plug.statuses.contains(Status.offline("it has taken its announcement back")));
                assertThat(bridge.candidates).isEmpty();
            }
        }
    }

    @Test
    void aSensorThatNeverSaysOffFallsBack() throws Exception {
        say(
                "homeassistant/binary_sensor/bell/config",
                "{\"uniq_id\":\"b\",\"stat_t\":\"bell\",\"off_dly\":1,\"name\":\"Ringing\"}");
        try (FakeContext bridge = Fixtures.child(broker, "disco", "homeassistant", Map.of())) {
            await().until(() -> !bridge.candidates.isEmpty());
            try (FakeContext bell = Fixtures.child(bridge, "ha:b", "homeassistant-device", Map.of("device", "b"))) {
                say("bell", "ON");
                await().until(() -> bell.all("ringing").equals(List.of(Bool.ON, Bool.OFF)));
            }
        }
    }
}
