package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What should not come, comes to the shipped house: it is named and counted, and everything else runs on. */
class BadInputIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ODD = "odd/ü ñ/$x/日本/\"q\"";
    private static final String DEVICES =
            """
            Broker:
              binding: mqtt
              type: broker
              config: {host: 127.0.0.1, port: %d}
            Meter:
              binding: mqtt
              type: topics
              bridge: Broker
              config:
                points:
                  - {name: value, type: number, topic: meter}
                  - {name: part, type: number, topic: json, pointer: /a/b}
                  - {name: mode, type: choice, choices: [eco, heat], topic: mode}
                  - {name: relay, type: onoff, on: 'ON', off: 'OFF', topic: relay}
                  - {name: odd, type: number, topic: '%s'}
            """;
    private static final String RULES =
            """
            rule "Show"
              when Meter.value changes
            do
              call Broker.publish(topic: "display", payload: "{Meter.value}")
            end
            """;

    @TempDir
    Path directory;

    private Path home;
    private Mosquitto broker;
    private MqttClient client;
    private final List<String> display = new CopyOnWriteArrayList<>();
    private int meter;

    @BeforeEach
    void makeAHouse() throws Exception {
        home = directory.resolve("home");
        broker = Mosquitto.start(directory.resolve("mosquitto"));
        put("devices/house.yaml", DEVICES.formatted(broker.port(), ODD));
        put("rules/house.rules", RULES);
        client = new MqttClient(broker.uri(), "the-test", new MemoryPersistence());
        client.connect();
        client.subscribe("display", 1, (topic, message) -> display.add(text(message.getPayload())));
    }

    @AfterEach
    void tidy() throws Exception {
        client.disconnectForcibly(100, 100, false);
        client.close(true);
        broker.close();
    }

    @Test
    void everyBadMessageIsCountedAndNamedAndTheNextGoodOneIsTaken() throws Exception {
        try (FieldhouseProcess house = start()) {
            String[][] bad = {
                {"meter", "abc"},
                {"meter", "NaN"},
                {"meter", "1e999"},
                {"meter", "{}"},
                {"json", "{"},
                {"json", "{\"a\":{\"b\":\"x\"}}"},
                {"json", "[".repeat(100_000)},
                {"mode", "cool"},
                {"relay", "maybe"},
                {ODD, "five"}
            };
            for (String[] message : bad) {
                publish(message[0], message[1].getBytes(StandardCharsets.UTF_8));
            }
            // Nothing at all is how a stored message is taken back, and no error.
            publish("meter", new byte[0]);
            publish("meter", new byte[] {(byte) 0xff, 0, (byte) 0xfe});
            publish("meter", new byte[10 << 20]);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(shell("status")).containsPattern("bad input +" + (bad.length + 2)));
            assertThat(shell("device Meter")).containsPattern("bad input +" + (bad.length + 1) + " skipped");
            assertThat(shell("device Broker")).containsPattern("bad input +1 skipped");
            publish(ODD, "5".getBytes(StandardCharsets.UTF_8));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(shell("points Meter")).containsPattern("odd +5 +good"));
            isShown();
            assertThat(house.logs())
                    .contains("Meter: bad input skipped: value:", "10485760 bytes on meter: larger than the limit")
                    .doesNotContain("\tat ");
            assertThat(house.logs().length()).as("no payload is logged whole").isLessThan(20_000);
            assertThat(house.health().ready()).isTrue();
        }
    }

    @Test
    void brokenFilesAreNamedByPlaceAndTheRunningOnesStay() throws Exception {
        try (FieldhouseProcess house = start()) {
            put("devices/bad.yaml", "Lamp:\n  binding: nonsuch\n  tpye: x\n");
            put("rules/bad.rules", "rule \"x\"\n  when Nobody.value changes\ndo\n  explode\nend\n");
            Files.write(home.resolve("rules/binary.rules"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
            await().atMost(SOON).untilAsserted(() -> assertThat(shell("status"))
                    .contains("devices/bad.yaml:3:3", "rules/binary.rules: error"));
            isShown();
            Files.delete(home.resolve("devices/bad.yaml"));
            await().atMost(SOON).untilAsserted(() -> assertThat(shell("status"))
                    .contains("rules/bad.rules:", "rules/binary.rules: error"));
            isShown();
            Files.delete(home.resolve("rules/bad.rules"));
            Files.delete(home.resolve("rules/binary.rules"));
            await().atMost(SOON).untilAsserted(() -> assertThat(shell("status")).doesNotContain("error"));
            isShown();
            assertThat(house.health().ready()).isTrue();
        }
    }

    @Test
    void aDamagedJournalIsKeptAndTheHouseStarts() throws Exception {
        try (FieldhouseProcess house = start()) {
            assertThat(house.stop()).isZero();
        }
        byte[] garbage = new byte[8_192];
        new Random(1).nextBytes(garbage);
        try (FileChannel journal =
                FileChannel.open(home.resolve("data/journal/journal.db"), StandardOpenOption.WRITE)) {
            journal.write(ByteBuffer.wrap(garbage), 8_192);
        }
        try (FieldhouseProcess house = start()) {
            assertThat(house.logs()).contains("was damaged and is kept as journal.corrupt-");
            assertThat(shell("status")).contains("unreadable");
            try (Stream<Path> files = Files.list(home.resolve("data/journal"))) {
                assertThat(files.map(f -> f.getFileName().toString())).anyMatch(f -> f.startsWith("journal.corrupt-"));
            }
            assertThat(house.health().ready()).isTrue();
        }
    }

    private FieldhouseProcess start() {
        FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "rules", "mqtt", "shell")
                .start();
        house.awaitReady();
        isShown();
        return house;
    }

    /** The house still does what it is for: a number sent from now on is shown. */
    private void isShown() {
        int first = meter + 1;
        await().atMost(SOON).until(() -> {
            publish("meter", Integer.toString(++meter).getBytes(StandardCharsets.UTF_8));
            return display.stream().anyMatch(shown -> Double.parseDouble(shown) >= first);
        });
    }

    private String shell(String command) throws Exception {
        Process process = new ProcessBuilder(
                        FieldhouseProcess.distribution().resolve("fieldhouse").toString(),
                        "shell",
                        "--home",
                        home.toString(),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = text(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    private void put(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void publish(String topic, byte[] payload) throws Exception {
        client.publish(topic, payload, 1, false);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
