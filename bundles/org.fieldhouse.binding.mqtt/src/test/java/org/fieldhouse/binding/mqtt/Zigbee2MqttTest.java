package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Choice;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Zigbee2MQTT played by the test, over a real broker. */
class Zigbee2MqttTest {
    @TempDir
    Path folder;

    private Mosquitto mosquitto;
    private FakeContext broker;
    private FakeContext peer;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        mosquitto = new Mosquitto(folder);
        peer = Fixtures.broker(mosquitto.port, "version", "3.1.1");
        peer().subscribe(
                        "z/#",
                        1,
                        m -> {
                            if (m.topic().endsWith("/set")
                                    || m.topic().endsWith("/get")
                                    || m.topic().contains("/request/")) {
                                heard.add(m.topic().substring(2) + " " + m.text());
                            }
                        },
                        r -> {});
        say(
                "bridge/info",
                "{\"version\":\"2.1.0\",\"permit_join\":false,\"coordinator\":{\"type\":\"zStack3x0\"},\"network\":{\"channel\":11}}",
                true);
        say("bridge/devices", devices(), true);
        say(
                "bridge/groups",
                "[{\"id\":7,\"friendly_name\":\"hall/all\",\"members\":[{\"ieee_address\":\"0x00158d0001a2b301\",\"endpoint\":1}]}]",
                true);
        say("bridge/state", "{\"state\":\"online\"}", true);
        broker = Fixtures.broker(mosquitto.port);
    }

    @AfterEach
    void stop() {
        broker.close();
        peer.close();
        mosquitto.close();
    }

    private BrokerDevice peer() {
        return (BrokerDevice) peer.device;
    }

    private void say(String topic, String payload, boolean retain) throws Exception {
        peer().publish("z/" + topic, payload, 1, retain);
    }

    static String devices() throws Exception {
        try (InputStream in = Zigbee2MqttTest.class.getResourceAsStream("zigbee2mqtt/devices.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns when all subscriptions made so far are in force: a broker takes them in order. */
    private void settle() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        peer().publish("settled", "yes", 1, true);
        try (Subscription s = ((BrokerDevice) broker.device).subscribe("settled", 1, m -> got.add(m.text()), r -> {})) {
            await().until(() -> !got.isEmpty());
        }
    }

    private FakeContext bridge() throws Exception {
        FakeContext bridge = Fixtures.child(broker, "net", "zigbee2mqtt", Map.of("base", "z"));
        await().until(() -> bridge.statuses.contains(Status.ONLINE) && bridge.candidates.size() >= 11);
        return bridge;
    }

    private FakeContext child(FakeContext bridge, String last) throws Exception {
        FakeContext child = Fixtures.child(
                bridge,
                "zigbee:0x00158d0001a2b3" + last,
                "zigbee2mqtt-device",
                Map.of("ieee", "0x00158d0001a2b3" + last, "read-at-start", false));
        settle();
        return child;
    }

    @Test
    void offersWhatIsThere() throws Exception {
        try (FakeContext bridge = bridge()) {
            assertThat(bridge.candidates.get(new DeviceId("zigbee:0x00158d0001a2b301")))
                    .extracting("type", "suggestedName", "title")
                    .containsExactly("zigbee2mqtt-device", "Hall.Light", "Lampmaker L-100, Colour lamp E27");
            assertThat(bridge.candidates.get(new DeviceId("net:group:7")).settings())
                    .containsEntry("group", 7L);
            assertThat(bridge.candidates).doesNotContainKey(new DeviceId("zigbee:0x00158d0001a2b30b"));
            assertThat(bridge.description.details())
                    .containsEntry("version", "2.1.0")
                    .containsEntry("channel", "11");
            assertThat(bridge.values).containsEntry("joining", Bool.OFF);
            say("bridge/devices", "[]", true);
            await().until(() -> bridge.candidates.isEmpty() || bridge.candidates.size() == 0);
            say("bridge/state", "{\"state\":\"offline\"}", true);
            await().until(() ->
                    bridge.statuses.get(bridge.statuses.size() - 1).condition() == Status.Condition.OFFLINE);
        }
    }

    @Test
    void reportsValuesWithTheirSourceTime() throws Exception {
        try (FakeContext bridge = bridge();
                FakeContext motion = child(bridge, "04");
                FakeContext door = child(bridge, "03")) {
            say(
                    "Hall motion",
                    "{\"occupancy\":true,\"illuminance\":23,\"temperature\":21.4,\"linkquality\":70,"
                            + "\"last_seen\":\"2026-11-20T10:11:12.500Z\"}",
                    false);
            say("Front door", "{\"contact\":false,\"battery\":97,\"voltage\":3025,\"last_seen\":1732097472500}", false);
            await().until(() -> motion.values.size() == 3 && door.values.size() == 3);
            assertThat(motion.values)
                    .containsEntry("occupancy", Bool.ON)
                    .containsEntry("temperature", Quantity.of(21.4, "°C"))
                    .containsEntry("illuminance", Quantity.of(23, "lx"));
            assertThat(motion.reports.get(0).sourceMicros())
                    .isEqualTo(Instant.parse("2026-11-20T10:11:12.500Z").toEpochMilli() * 1000);
            assertThat(door.reports.get(0).sourceMicros()).isEqualTo(1732097472500L * 1000);
            assertThat(door.values).containsEntry("contact", Bool.ON).containsEntry("voltage", Quantity.of(3025, "mV"));
            say(
                    "Hall motion",
                    "{\"occupancy\":\"yes\",\"motion_sensitivity\":\"extreme\",\"temperature\":22,\"illuminance\":null}",
                    false);
            await().until(() -> motion.malformed.size() == 2);
            assertThat(motion.bad).containsOnlyKeys("occupancy", "motion_sensitivity");
            assertThat(motion.values).containsEntry("temperature", Quantity.of(22, "°C"));
            say("Hall motion", "{\"occupancy\":", false);
            say("Hall motion", "[1]", false);
            await().until(() -> motion.malformed.size() == 4);
            assertThat(broker.lost).isEmpty();
        }
    }

    @Test
    void aCommandIsOneFrame() throws Exception {
        try (FakeContext bridge = bridge();
                FakeContext lamp = child(bridge, "01");
                FakeContext blind = child(bridge, "06");
                FakeContext valve = child(bridge, "05")) {
            lamp.set("onoff", Bool.ON, Map.of("brightness", Quantity.of(60, "%"), "fade", Quantity.of(2, "s")));
            await().until(() -> heard.size() == 1);
            assertThat(heard.get(0))
                    .startsWith("hall/light/set {\"state\":\"ON\",")
                    .contains("\"brightness\":152")
                    .contains("\"transition\":2");
            lamp.call("toggle", Map.of());
            blind.call("stop", Map.of());
            lamp.send(new Request.Refresh(new PointId(lamp.id(), "brightness")));
            blind.set("position", Quantity.of(35, "%"));
            valve.set("mode", new Choice("heat"));
            await().until(() -> heard.size() == 6);
            assertThat(heard.subList(1, 6))
                    .containsExactly(
                            "hall/light/set {\"state\":\"TOGGLE\"}",
                            "Bedroom.Blind/set {\"state\":\"STOP\"}",
                            "hall/light/get {\"brightness\":\"\"}",
                            "Bedroom.Blind/set {\"position\":35}",
                            "Living/valve/set {\"system_mode\":\"heat\"}");
            say("Living/valve", "{\"schedule_settings\":{\"comfort\":21,\"enabled\":true}}", false);
            await().until(() -> valve.values.containsKey("schedule_settings_enabled"));
            valve.set("schedule_settings_comfort", Quantity.of(22.5, "°C"));
            await().until(() -> heard.size() == 7);
            assertThat(heard.get(6))
                    .isEqualTo("Living/valve/set {\"schedule_settings\":{\"comfort\":22.5,\"enabled\":true}}");
        }
    }

    @Test
    void pressesAreEventsAndStoredOnesAreNot() throws Exception {
        say("Remote", "{\"action\":\"1_double\"}", true);
        try (FakeContext bridge = bridge();
                FakeContext remote = child(bridge, "07")) {
            say("Remote", "{\"action\":\"1_single\",\"action_step_size\":30,\"battery\":80}", false);
            say("Remote", "{\"action\":\"\"}", false);
            say("Remote", "{\"action\":\"never heard of\"}", false);
            await().until(() -> remote.signals.size() == 2);
            assertThat(remote.signals)
                    .containsExactly(
                            new FakeContext.Signal(
                                    "pressed",
                                    Map.of(
                                            "action", new Text("1_single"),
                                            "button", new Text("1"),
                                            "step_size", Quantity.of(30))),
                            new FakeContext.Signal("action", Map.of("action", new Text("never heard of"))));
        }
    }

    @Test
    void availabilityIsTheChildsStatus() throws Exception {
        say("hall/light/availability", "{\"state\":\"offline\"}", true);
        try (FakeContext bridge = bridge();
                FakeContext lamp = child(bridge, "01")) {
            await().until(() -> bridge.children.containsKey(lamp.id()));
            assertThat(bridge.children.get(lamp.id()).condition()).isEqualTo(Status.Condition.OFFLINE);
            say("hall/light/availability", "online", true);
            await().until(() -> bridge.children.get(lamp.id()).isOnline());
        }
    }

    @Test
    void followsARenameAndARemoval() throws Exception {
        try (FakeContext bridge = bridge();
                FakeContext lamp = child(bridge, "01")) {
            say("bridge/devices", devices().replace("\"hall/light\"", "\"cellar\""), true);
            await().until(() -> {
                say("cellar", "{\"state\":\"ON\"}", false);
                return lamp.values.containsKey("onoff");
            });
            lamp.set("onoff", Bool.OFF);
            await().until(() -> heard.contains("cellar/set {\"state\":\"OFF\"}"));
            say("bridge/devices", "[]", true);
            await().until(() -> lamp.statuses.contains(Status.offline("removed from Zigbee2MQTT")));
            assertThat(catchThrowableOfType(BindingException.class, () -> lamp.set("onoff", Bool.ON)))
                    .hasMessageContaining("does not know");
        }
    }

    @Test
    void lettingDevicesJoinIsConfirmedOrRefused() throws Exception {
        try (FakeContext bridge = bridge()) {
            long first = bridge.call("permit_join", Map.of("time", Quantity.of(2, "min")));
            await().until(() -> heard.size() == 1);
            assertThat(heard.get(0)).startsWith("bridge/request/permit_join ").contains("\"time\":120");
            say(
                    "bridge/response/permit_join",
                    "{\"data\":{\"time\":120},\"status\":\"ok\",\"transaction\":\"net-1\"}",
                    false);
            await().until(() -> bridge.confirmed.equals(List.of(first)));
            long second = bridge.call("permit_join", Map.of());
            say(
                    "bridge/response/permit_join",
                    "{\"status\":\"error\",\"error\":\"no\",\"transaction\":\"net-2\"}",
                    false);
            await().until(() -> "Zigbee2MQTT: no".equals(bridge.failed.get(second)));
        }
    }

    /** Frames as in the guide of Zigbee2MQTT, "Binding". */
    @Test
    void aLinkIsABindingOfTheRadio() throws Exception {
        try (FakeContext bridge = bridge();
                FakeContext remote = child(bridge, "07");
                FakeContext lamp = child(bridge, "01")) {
            LinkCapable from = (LinkCapable) remote.device;
            DirectLink link = new DirectLink(remote.id(), lamp.id(), List.of("onoff", "brightness"));
            assertThat(from.verify(link)).isCompletedWithValue(false);

            var done = from.program(link).toCompletableFuture();
            answer("bind", "{\"from\":\"Remote\",\"to\":\"hall/light\",\"failed\":[]}", "ok");
            assertThat(heard.get(0))
                    .contains("\"from\":\"Remote\"", "\"to\":\"hall/light\"")
                    .contains("\"clusters\":[\"genLevelCtrl\",\"genOnOff\"]");
            await().until(done::isDone);
            assertThat(done).isCompletedWithValue(null);

            var half = from.program(link).toCompletableFuture();
            answer("bind", "{\"failed\":[\"genLevelCtrl\"]}", "ok");
            await().until(half::isDone);
            assertThat(half).isCompletedExceptionally();
            assertThat(half.handle((v, e) -> e.getCause().getMessage()).join())
                    .isEqualTo("the radio refused genLevelCtrl");

            String target = "{\"type\":\"endpoint\",\"endpoint\":1,\"ieee_address\":\"0x00158d0001a2b301\"}";
            String bound = "{\"cluster\":\"genOnOff\",\"target\":" + target
                    + "},{\"cluster\":\"genLevelCtrl\",\"target\":" + target + "}";
            say(
                    "bridge/devices",
                    devices()
                            .replace(
                                    "\"friendly_name\":\"Remote\"",
                                    "\"friendly_name\":\"Remote\",\"endpoints\":{\"1\":{\"bindings\":[" + bound
                                            + "]}}"),
                    true);
            await().until(() -> from.verify(link).toCompletableFuture().join());

            var gone = from.remove(link).toCompletableFuture();
            answer("unbind", "{}", "error\",\"error\":\"it sleeps");
            await().until(gone::isDone);
            assertThat(gone.handle((v, e) -> e.getCause() == null
                                    ? e.getMessage()
                                    : e.getCause().getMessage())
                            .join())
                    .isEqualTo("Zigbee2MQTT: it sleeps");

            DirectLink strange = new DirectLink(remote.id(), lamp.id(), List.of("battery"));
            assertThat(catchThrowableOfType(BindingException.class, () -> from.program(strange)))
                    .hasMessageContaining("Zigbee carries no 'battery'");
            DirectLink far = new DirectLink(remote.id(), new DeviceId("elsewhere"), List.of("onoff"));
            assertThat(catchThrowableOfType(BindingException.class, () -> from.program(far)))
                    .hasMessageContaining("not in the same Zigbee network");
        }
    }

    /** Waits for the newest request of that kind and answers it. */
    private void answer(String kind, String data, String status) throws Exception {
        String topic = "bridge/request/device/" + kind + " ";
        await().until(() -> !heard.isEmpty() && heard.get(heard.size() - 1).startsWith(topic));
        String frame = heard.get(heard.size() - 1);
        String transaction = frame.replaceAll(".*\"transaction\":\"([^\"]*)\".*", "$1");
        heard.add("answered");
        say(
                "bridge/response/device/" + kind,
                "{\"data\":" + data + ",\"status\":\"" + status + "\",\"transaction\":\"" + transaction + "\"}",
                false);
    }

    @Test
    void saysWhenNobodyIsThere() throws Exception {
        try (FakeContext bridge = Fixtures.child(broker, "net", "zigbee2mqtt", Map.of("base", "elsewhere"))) {
            await().until(() -> bridge.statuses.size() == 2);
            assertThat(bridge.statuses.get(1).reason()).contains("nothing is heard on elsewhere/bridge/state");
        }
    }

    @Test
    void asksAgainForWhatABrokerForgot() throws Exception {
        try (Proxy wire = new Proxy(mosquitto.port);
                FakeContext far = Fixtures.broker(wire.port)) {
            wire.forgetful(true);
            try (FakeContext bridge = Fixtures.child(far, "net", "zigbee2mqtt", Map.of("base", "z"))) {
                await().until(() -> bridge.statuses.size() == 2);
                assertThat(bridge.statuses.get(1).reason()).contains("nothing is heard on z/bridge/state");
                assertThat(bridge.candidates).isEmpty();
                wire.forgetful(false);
                await().until(() -> bridge.statuses.contains(Status.ONLINE) && bridge.candidates.size() >= 11);
            }
        }
    }
}
