package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.FinderContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found at a real broker, and that what was found works as a device. */
class Zigbee2MqttFinderTest {
    private static final FinderContext CONTEXT = values -> new Settings(
            values,
            key -> SourceSpan.file("test"),
            name -> name.equals("zigbee") ? Optional.of(new Secret("s3cret")) : Optional.empty());

    private static final String INFO = "{\"version\":\"2.14.1\",\"permit_join\":false,\"coordinator\":"
            + "{\"type\":\"zStack3x0\",\"ieee_address\":\"0x00124b0012345678\"},\"network\":{\"channel\":11}}";

    @TempDir
    Path folder;

    private final FakeHouse house = new FakeHouse();
    private Mosquitto mosquitto;
    private FakeContext peer;

    @BeforeEach
    void start() throws Exception {
        mosquitto = new Mosquitto(folder);
        peer = Fixtures.broker(mosquitto.port);
    }

    @AfterEach
    void stop() {
        peer.close();
        mosquitto.close();
    }

    private void say(String topic, String payload) throws Exception {
        ((BrokerDevice) peer.device).publish(topic, payload, 1, true);
    }

    private record Config(String host, int port, String base, String user, String password)
            implements Zigbee2MqttFinderConfig {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Zigbee2MqttFinderConfig.class;
        }
    }

    private Zigbee2MqttFinder finder(int port, String base, String user, String password) {
        return new Zigbee2MqttFinder(new Config("127.0.0.1", port, base, user, password), house);
    }

    private Zigbee2MqttFinder finder() {
        return finder(mosquitto.port, "zigbee2mqtt", "", "");
    }

    private static DeviceInfo device(String name, String type, Status status, Map<String, String> details) {
        return new DeviceInfo(
                new DeviceId(name),
                name,
                "mqtt",
                null,
                "",
                Set.of(),
                new DeviceDescription(type, List.of(), List.of(), List.of(), null, details),
                status);
    }

    private Candidate found() throws Exception {
        List<Candidate> found = finder().look(CONTEXT);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void offersTheNetworkWithAllThatItNeedsToBeReached() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        Candidate candidate = found();
        assertThat(candidate)
                .isEqualTo(new Candidate(
                        new DeviceId("zigbee2mqtt:0x00124b0012345678"),
                        "mqtt",
                        "zigbee2mqtt",
                        null,
                        "Zigbee",
                        "Zigbee2MQTT 2.14.1 at 127.0.0.1:" + mosquitto.port + ", coordinator zStack3x0, channel 11",
                        Map.of("host", "127.0.0.1", "port", (long) mosquitto.port),
                        true));
        assertThat(found()).as("the same each time").isEqualTo(candidate);
    }

    @Test
    void olderOnesThatDoNotSayTheirAddressAreKnownByTheirPlace() throws Exception {
        say("home/zb/bridge/info", "{\"version\":\"1.17.0\"}");
        Candidate candidate =
                finder(mosquitto.port, "home/zb", "", "").look(CONTEXT).get(0);
        assertThat(candidate.id()).isEqualTo(new DeviceId("zigbee2mqtt:127.0.0.1:" + mosquitto.port + "/home/zb"));
        assertThat(candidate.settings()).containsEntry("base", "home/zb");
    }

    @Test
    void saysWhyNothingIsFound() throws Exception {
        int nobody = Mosquitto.freePort();
        Zigbee2MqttFinder refused = finder(nobody, "zigbee2mqtt", "", "");
        assertThat(refused.title()).isEqualTo("Zigbee2MQTT at 127.0.0.1:" + nobody);
        assertThatThrownBy(() -> refused.look(CONTEXT))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> finder().look(CONTEXT))
                .hasMessage("the broker is there, but nothing is heard on zigbee2mqtt/bridge/info: is Zigbee2MQTT"
                        + " running, and is its base topic 'zigbee2mqtt'?");
        say("zigbee2mqtt/bridge/info", "no json");
        assertThatThrownBy(() -> finder().look(CONTEXT))
                .isInstanceOf(BindingException.class)
                .hasMessageStartingWith("zigbee2mqtt/bridge/info: ");
        assertThatThrownBy(() -> finder(mosquitto.port, "a/#", "", "").look(CONTEXT))
                .isInstanceOf(BindingException.class)
                .hasMessageStartingWith("the base topic 'a/#': ");
    }

    @Test
    void asksForNothingWhenTheHouseHasIt() throws Exception {
        // Nobody is there to be asked: what would be tried would throw.
        int nobody = Mosquitto.freePort();
        house.devices(device(
                "Net",
                "zigbee2mqtt",
                Status.offline("away"),
                Map.of("address", "localhost:" + nobody, "base topic", "zigbee2mqtt")));
        assertThat(finder(nobody, "zigbee2mqtt", "", "").look(CONTEXT)).isEmpty();
        assertThatThrownBy(() -> finder(nobody, "other", "", "").look(CONTEXT)).isInstanceOf(BindingException.class);
    }

    @Test
    void knowsTheNetworkByItsCoordinatorWhateverAddressTheBrokerHas() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        house.devices(device(
                "Net",
                "zigbee2mqtt",
                Status.ONLINE,
                Map.of(
                        "address", "mosquitto.example:1883",
                        "base topic", "zigbee2mqtt",
                        "network", "0x00124b0012345678")));
        assertThat(finder().look(CONTEXT)).isEmpty();
    }

    @Test
    void offersItThroughABrokerThatTheHouseHas() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        house.devices(
                device("Broker", "broker", Status.ONLINE, Map.of("address", "localhost:" + mosquitto.port)),
                device("Other", "broker", Status.ONLINE, Map.of("address", "10.0.0.1:1883")));
        assertThat(found().bridge()).isEqualTo(new DeviceId("Broker"));
        assertThat(found().settings()).isEmpty();
    }

    @Test
    void waitsForWhatTheHouseIsStillReaching() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        house.devices(device("Net", "unknown", Status.CONNECTING, Map.of()));
        assertThatThrownBy(() -> finder().look(CONTEXT)).hasMessage("the house is still reaching its own brokers");
    }

    @Test
    void logsInWithASecretAndNeverTellsIt() throws Exception {
        Path passwords = folder.resolve("passwords");
        assertThat(new ProcessBuilder("mosquitto_passwd", "-b", "-c", passwords.toString(), "anna", "s3cret")
                        .start()
                        .waitFor())
                .isZero();
        try (Mosquitto guarded = new Mosquitto(folder, "allow_anonymous false", "password_file " + passwords);
                FakeContext anna = Fixtures.broker(guarded.port, "user", "anna", "password", "s3cret")) {
            ((BrokerDevice) anna.device).publish("zigbee2mqtt/bridge/info", INFO, 1, true);
            Candidate candidate = finder(guarded.port, "zigbee2mqtt", "anna", "${secret:zigbee}")
                    .look(CONTEXT)
                    .get(0);
            assertThat(candidate.settings()).containsEntry("password", "${secret:zigbee}");
            assertThatThrownBy(() -> finder(guarded.port, "zigbee2mqtt", "", "").look(CONTEXT))
                    .isInstanceOf(BindingException.class);
            assertThatThrownBy(() -> finder(guarded.port, "zigbee2mqtt", "anna", "${secret:gone}")
                            .look(CONTEXT))
                    .hasMessageContaining("there is no secret ${secret:gone}");
            assertThatThrownBy(() -> finder(guarded.port, "zigbee2mqtt", "anna", "s3cret")
                            .look(CONTEXT))
                    .hasMessageContaining("the password is to be ${secret:NAME}");
        }
    }

    @Test
    void leavesNeitherThreadNorConnection() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        Set<Thread> before = threads();
        for (int i = 0; i < 5; i++) {
            found();
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> before.containsAll(threads()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().contains("MQTT"))
                .collect(Collectors.toSet());
    }

    /** What was found, as the device that it becomes: the network and its connection in one. */
    private FakeContext accepted(Candidate candidate) throws Exception {
        return new FakeContext(candidate.id().value(), Fixtures.device(candidate.type(), candidate.settings()), null);
    }

    private void network() throws Exception {
        say("zigbee2mqtt/bridge/info", INFO);
        say("zigbee2mqtt/bridge/devices", Zigbee2MqttTest.devices());
        say("zigbee2mqtt/bridge/state", "{\"state\":\"online\"}");
    }

    private static void awaitOnline(FakeContext net) {
        await().until(() -> net.statuses.contains(Status.ONLINE) && net.candidates.size() >= 10);
    }

    @Test
    void whatWasFoundIsReachedWithoutABrokerOfTheHouse() throws Exception {
        network();
        try (FakeContext net = accepted(found()).open()) {
            awaitOnline(net);
            await().until(() ->
                    "0x00124b0012345678".equals(net.description.details().get("network")));
            assertThat(net.description.type()).isEqualTo("zigbee2mqtt");
            assertThat(net.description.details())
                    .containsEntry("address", "127.0.0.1:" + mosquitto.port)
                    .containsEntry("base topic", "zigbee2mqtt");
            FakeContext lamp = Fixtures.child(
                    net,
                    "zigbee:0x00158d0001a2b301",
                    "zigbee2mqtt-device",
                    Map.of("ieee", "0x00158d0001a2b301", "read-at-start", false));
            await().until(() -> lamp.description.point("onoff").isPresent());
            lamp.close();
            mosquitto.kill();
            await().until(() -> !net.lost.isEmpty());
        }
    }

    @Test
    @Tag("swap")
    void itsConnectionOutlivesTheBinding() throws Exception {
        network();
        Candidate candidate = found();
        FakeContext net = accepted(candidate).open();
        awaitOnline(net);
        HandOver left = net.leave(() -> {});
        assertThat(left.transports()).hasSize(1);
        try (FakeContext next = accepted(candidate).takeOver(left)) {
            awaitOnline(next);
            assertThat(next.description.type()).isEqualTo("zigbee2mqtt");
            assertThat(next.lost).isEmpty();
        }
    }
}
