package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The feature {@code zigbee} in the shipped distribution, at a real mosquitto. What Zigbee2MQTT says is what version 2.14.1 said,
 * without what is not read.
 */
class ZigbeeIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String INFO =
            """
            {"commit":"3c3d8c1a","coordinator":{"ieee_address":"0x00124b0014d9a1b2","meta":{"revision":20230507},
             "type":"zStack3x0"},"log_level":"info","network":{"channel":11,"extended_pan_id":"0xdddddddddddddddd",
             "pan_id":6754},"permit_join":false,"restart_required":false,"version":"2.14.1"}
            """;
    private static final String DEVICES =
            """
            [{"disabled":false,"friendly_name":"Coordinator","ieee_address":"0x00124b0014d9a1b2","interview_completed":true,
              "network_address":0,"supported":true,"type":"Coordinator"},
             {"definition":{"description":"TRADFRI bulb","exposes":[{"type":"light","features":[
                {"access":7,"name":"state","property":"state","type":"binary","value_off":"OFF","value_on":"ON"},
                {"access":7,"name":"brightness","property":"brightness","type":"numeric","value_max":254,"value_min":0}]}],
                "model":"LED1545G12","vendor":"IKEA"},"disabled":false,"friendly_name":"Hall lamp",
              "ieee_address":"0x000b57fffec6a5b2","interview_completed":true,"manufacturer":"IKEA of Sweden",
              "network_address":100,"supported":true,"type":"Router"}]
            """;

    @TempDir
    Path directory;

    private Path home;
    private Mosquitto broker;
    private MqttClient client;

    @BeforeEach
    void aBrokerAndAHome() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("rules"));
        Files.createDirectories(home.resolve("config"));
        broker = Mosquitto.start(directory.resolve("mosquitto"));
        Files.writeString(
                home.resolve("config/zigbee.json"),
                "{\"org.fieldhouse.binding.mqtt.zigbee2mqtt\": {\"port:Integer\": " + broker.port() + "}}\n");
        client = new MqttClient(broker.uri(), "the-test", new MemoryPersistence());
        client.connect();
    }

    @AfterEach
    void tidy() throws Exception {
        client.disconnectForcibly(100, 100, false);
        client.close(true);
        broker.close();
    }

    private FieldhouseProcess start() {
        return FieldhouseProcess.on(home)
                .features("core", "rules", "shell")
                .start()
                .awaitReady();
    }

    private void zigbee2Mqtt() throws Exception {
        say("bridge/info", INFO);
        say("bridge/devices", DEVICES);
        say("bridge/groups", "[]");
        say("bridge/state", "{\"state\":\"online\"}");
    }

    private void say(String topic, String payload) throws Exception {
        client.publish("zigbee2mqtt/" + topic, payload.getBytes(StandardCharsets.UTF_8), 1, true);
    }

    private String ok(String... words) throws IOException, InterruptedException {
        Process process = FieldhouseProcess.shell(home, words);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private void awaitSaid(String text, String... words) {
        await().atMost(SOON).until(() -> ok(words).contains(text));
    }

    @Test
    void aNetworkIsFoundAcceptedAndStaysThroughUpdateRestartAndRemoval() throws Exception {
        try (FieldhouseProcess house = start()) {
            assertThat(ok("candidates")).doesNotContain("Looked for");
            assertThat(ok("feature:install", "zigbee")).contains("is in force");
            assertThat(ok("feature:list")).contains("zigbee", "mqtt");
            String address = "Zigbee2MQTT at 127.0.0.1:" + broker.port();
            awaitSaid("Looked for: " + address + ": the broker is there, but nothing is heard", "candidates");
            zigbee2Mqtt();
            awaitSaid("zigbee2mqtt:0x00124b0014d9a1b2", "candidates");
            assertThat(ok("candidates"))
                    .containsPattern("Zigbee +Zigbee2MQTT 2.14.1 at .*, coordinator zStack3x0, channel 11, with all")
                    .doesNotContain("Looked for");

            update(house);
            awaitSaid("zigbee2mqtt:0x00124b0014d9a1b2", "candidates");

            assertThat(ok("accept", "Zigbee")).contains("Zigbee is in the house, and takes in what it finds");
            await().atMost(SOON).until(() -> ok("devices").matches("(?s).*Hall.lamp +.*online.*"));
            assertThat(Files.readString(home.resolve("devices/adopted.yaml")))
                    .contains("Zigbee:", "type: zigbee2mqtt", "adopt: all", "port: " + broker.port());
            assertThat(Files.readString(home.resolve("devices/adopted-Zigbee.yaml")))
                    .contains("0x000b57fffec6a5b2");
            update(house);
            await().atMost(SOON).until(() -> ok("devices").matches("(?s).*Hall.lamp +.*online.*"));
            house.kill9();
        }
        try (FieldhouseProcess house = start()) {
            await().atMost(SOON).until(() -> ok("devices").matches("(?s).*Hall.lamp +.*online.*"));
            assertThat(ok("candidates")).contains("Nothing was found").doesNotContain("Looked for");
            assertThat(house.logs()).doesNotContain("a candidate now");
            ok("feature:install", "mqtt");
            ok("feature:remove", "zigbee");
            assertThat(ok("feature:list")).containsPattern("(?m)^mqtt ").doesNotContain("zigbee");
            assertThat(ok("devices")).containsPattern("Hall.lamp +.*online");
        }
    }

    /** The owner's file is still there when the feature is not: it alone does not keep the search alive. */
    @Test
    void theSearchEndsWithTheFeatureAndTakesItsCandidateBack() throws Exception {
        zigbee2Mqtt();
        try (FieldhouseProcess house = start()) {
            ok("feature:install", "mqtt");
            assertThat(ok("candidates")).contains("Nothing was found").doesNotContain("Looked for");
            ok("feature:install", "zigbee");
            awaitSaid("zigbee2mqtt:0x00124b0014d9a1b2", "candidates");
            ok("feature:remove", "zigbee");
            assertThat(ok("candidates")).contains("Nothing was found").doesNotContain("Looked for");
            assertThat(ok("feature:list")).contains("mqtt").doesNotContain("zigbee");
            assertThat(house.health().ready()).isTrue();
            ok("feature:remove", "mqtt");
            ok("feature:install", "zigbee");
            awaitSaid("zigbee2mqtt:0x00124b0014d9a1b2", "candidates");
            ok("feature:remove", "zigbee");
            assertThat(ok("feature:list")).doesNotContain("mqtt", "zigbee");
        }
    }

    /** A build of the binding that is the same but for a file. */
    private void update(FieldhouseProcess house) throws IOException {
        int before = comings(house);
        Path staged = Files.copy(shipped(), directory.resolve("staged.jar"), StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem jar = FileSystems.newFileSystem(staged)) {
            Files.writeString(jar.getPath("META-INF/rebuilt"), "again " + before);
        }
        FieldhouseProcess.allow(home, staged);
        Files.createDirectories(home.resolve("deploy"));
        Files.move(
                staged,
                home.resolve("deploy/binding.jar"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        await().atMost(SOON).until(() -> comings(house) > before);
    }

    private static int comings(FieldhouseProcess house) {
        return house.logs().split("Binding mqtt is there", -1).length - 1;
    }

    private static Path shipped() throws IOException {
        try (Stream<Path> files = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            return files.filter(f -> f.getFileName().toString().startsWith("org.fieldhouse.binding.mqtt-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
