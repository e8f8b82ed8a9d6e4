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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, as shipped, through a real mosquitto: frame, event, rule, command, confirmation; and what may happen meanwhile. */
class PathIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** About 1,000 messages a second: the broker must get rid of them while the binding is away. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final String DEVICES =
            """
            Broker:
              binding: mqtt
              type: broker
              config:
                host: 127.0.0.1
                port: %d
                session: true
                client-id: the-house
            Hall.Motion:
              binding: mqtt
              type: topics
              bridge: Broker
              config:
                kind: motion
                points:
                  - {name: occupancy, type: onoff, topic: hall/motion}
            Hall.Light:
              binding: mqtt
              type: topics
              bridge: Broker
              config:
                kind: light
                points:
                  - {name: onoff, type: onoff, topic: hall/light, command: hall/light/set}
            Meter:
              binding: mqtt
              type: topics
              bridge: Broker
              config:
                points:
                  - {name: value, type: number, topic: meter, qos: 1}
            Display:
              binding: mqtt
              type: topics
              bridge: Broker
              config:
                points:
                  - {name: value, type: number, command: display, qos: 1}
            """;
    private static final String LIGHT =
            """
            rule "Light follows motion"
              when Hall.Motion turns on
              mode restart
              after outage resume
            do
              turn on Hall.Light
              wait until Hall.Motion is off for 4 s
              turn off Hall.Light
            end
            """;
    private static final String METER =
            """
            rule "Show the meter"
              when Meter.value changes
            do
              set Display.value = Meter.value
            end
            """;

    @TempDir
    Path directory;

    private Path home;
    private Mosquitto broker;
    private MqttClient client;
    private final List<FieldhouseProcess> houses = new ArrayList<>();
    private final List<String> light = new CopyOnWriteArrayList<>();
    private final List<Integer> display = new CopyOnWriteArrayList<>();

    @BeforeEach
    void makeAHouse() throws Exception {
        home = directory.resolve("home");
        broker = Mosquitto.start(directory.resolve("mosquitto"), "allow_anonymous true", "max_queued_messages 100000");
        put("devices/house.yaml", DEVICES.formatted(broker.port()));
        put("rules/house.rules", LIGHT + METER);
        client = new MqttClient(broker.uri(), "the-test", new MemoryPersistence());
        client.connect();
        client.subscribe("hall/light/set", 1, (topic, message) -> {
            light.add(text(message.getPayload()));
            // The lamp says what it is now.
            new Thread(() -> publish("hall/light", text(message.getPayload()), 0)).start();
        });
        client.subscribe(
                "display", 1, (topic, message) -> display.add((int) Double.parseDouble(text(message.getPayload()))));
    }

    @AfterEach
    void tidy() throws Exception {
        houses.forEach(FieldhouseProcess::close);
        client.disconnectForcibly(100, 100, false);
        client.close(true);
        broker.close();
    }

    @Test
    void aFrameBecomesACommandAndIsConfirmed() throws Exception {
        try (FieldhouseProcess house = start()) {
            publish("hall/motion", "ON", 0);
            await().atMost(SOON).until(() -> light.equals(List.of("ON")));
            publish("hall/motion", "nonsense", 0);
            publish("hall/motion", "OFF", 0);
            await().atMost(SOON).until(() -> light.equals(List.of("ON", "OFF")));
            assertThat(house.logs()).contains("'nonsense'");
            assertThat(house.stop()).isZero();
        }
    }

    @Test
    void anEditElsewhereInTheFileLeavesAWaitAlone() throws Exception {
        try (FieldhouseProcess house = start()) {
            publish("hall/motion", "ON", 0);
            await().atMost(SOON).until(() -> light.equals(List.of("ON")));
            publish("hall/motion", "OFF", 0);
            put("rules/house.rules", "# one more line\n" + METER.replace("= Meter.value", "= Meter.value * 2") + LIGHT);
            await().atMost(SOON).until(() -> {
                publish("meter", Integer.toString(display.size() + 10), 1);
                return display.stream().anyMatch(value -> value >= 20);
            });
            await().atMost(SOON).until(() -> light.equals(List.of("ON", "OFF")));
            put("rules/house.rules", LIGHT + METER.replace("Meter.value changes", "Metre.value changes"));
            house.awaitLog("E101");
            int before = display.size();
            publish("meter", "1000", 1);
            await().atMost(SOON).until(() -> display.size() > before && display.get(display.size() - 1) == 2000);
        }
    }

    @Test
    void aWaitSurvivesTheProcess() throws Exception {
        try (FieldhouseProcess house = start()) {
            publish("hall/motion", "ON", 0);
            await().atMost(SOON).until(() -> light.equals(List.of("ON")));
            publish("hall/motion", "OFF", 0);
            publish("meter", "7", 1);
            await().atMost(SOON).until(() -> display.contains(7));
            house.kill9();
        }
        assertThat(light).containsExactly("ON");
        try (FieldhouseProcess again = start()) {
            await().atMost(Duration.ofSeconds(40)).until(() -> light.contains("OFF"));
            assertThat(again.isAlive()).isTrue();
        }
    }

    @Test
    void theBindingIsUpdatedWhileEventsFlow() throws Exception {
        try (FieldhouseProcess house = start()) {
            int sent = 0;
            // Not faster: the client counts a message as under way until its callback thread has had its turn.
            while (display.size() < 50) {
                publish("meter", Integer.toString(++sent), 1);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            Path shipped = shipped("org.fieldhouse.binding.mqtt-");
            Files.createDirectories(home.resolve("deploy"));
            Path staged = Files.copy(shipped, directory.resolve("staged.jar"));
            // The same bytes would be no update.
            try (FileSystem jar = FileSystems.newFileSystem(staged)) {
                Files.writeString(jar.getPath("META-INF/rebuilt"), "again");
            }
            FieldhouseProcess.allow(home, staged);
            Files.move(staged, home.resolve("deploy").resolve("binding.jar"), StandardCopyOption.ATOMIC_MOVE);
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (comings(house) < 2 && System.nanoTime() < end) {
                publish("meter", Integer.toString(++sent), 1);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            assertThat(comings(house)).isEqualTo(2);
            int before = sent;
            AtomicInteger counter = new AtomicInteger(sent);
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                publish("meter", Integer.toString(counter.incrementAndGet()), 1);
                return display.get(display.size() - 1) > before;
            });
            // What a newer report replaced is missing; none is twice or out of order. HotSwapIT counts what must not
            // be.
            assertThat(display).isSorted().doesNotHaveDuplicates();
        }
    }

    /** How often the binding has come. */
    private static int comings(FieldhouseProcess house) {
        return house.logs().split("Binding mqtt is there", -1).length - 1;
    }

    private FieldhouseProcess start() {
        FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "rules", "mqtt").start();
        houses.add(house);
        house.awaitReady();
        // Ready is the runtime; the devices take a moment, and the rules are checked against them.
        AtomicInteger mark = new AtomicInteger(-100_000);
        try {
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                publish("meter", Integer.toString(mark.incrementAndGet()), 1);
                return display.stream().anyMatch(value -> value < 0);
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the meter is not shown; the house says:\n" + house.logs(), e);
        }
        await().atMost(SOON).until(() -> display.contains(mark.get()));
        display.clear();
        return house;
    }

    private static Path shipped(String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void put(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void publish(String topic, String payload, int qos) {
        try {
            client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
        } catch (MqttException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
