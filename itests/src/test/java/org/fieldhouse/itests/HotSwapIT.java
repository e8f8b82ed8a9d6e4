package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bundles are replaced while numbered messages flow in and out at QoS 0, which no broker keeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HotSwapIT {
    private static final String BINDING = "org.fieldhouse.binding.mqtt";
    private static final int TOPICS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private Path home;
    private Mosquitto broker;
    private MqttClient client;
    private FieldhouseProcess house;
    private final Map<String, List<Integer>> got = new ConcurrentHashMap<>();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private Thread sender;

    @BeforeAll
    void startTheHouse() throws Exception {
        home = directory.resolve("home");
        broker = Mosquitto.start(directory.resolve("mosquitto"));
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < TOPICS; i++) {
            in.append("      - {name: v%d, topic: in/%d}\n".formatted(i, i));
            out.append("      - {name: v%d, command: out/%d}\n".formatted(i, i));
            rules.append(
                    "rule \"Copy %1$d\"\n  when In.v%1$d changes\ndo\n  set Out.v%1$d = In.v%1$d\nend\n".formatted(i));
        }
        String device = "%s:\n  binding: mqtt\n  type: topics\n  bridge: Broker\n  config:\n    points:\n%s";
        put(
                "devices/house.yaml",
                "Broker:\n  binding: mqtt\n  type: broker\n  config: {host: 127.0.0.1, port: " + broker.port() + "}\n"
                        + device.formatted("In", in) + device.formatted("Out", out));
        put("rules/house.rules", rules.toString());
        client = new MqttClient(broker.uri(), "the-test", new MemoryPersistence());
        client.connect();
        Set<String> answers = ConcurrentHashMap.newKeySet();
        client.subscribe("out/#", 0, (topic, message) -> {
            int number = (int) Double.parseDouble(new String(message.getPayload(), StandardCharsets.UTF_8));
            if (number < 0) {
                answers.add(topic); // to one of the questions whether the house is up
                return;
            }
            got.computeIfAbsent(topic, t -> Collections.synchronizedList(new ArrayList<>()))
                    .add(number);
            received.incrementAndGet();
        });
        house = FieldhouseProcess.on(home)
                .features("core", "rules", "mqtt", "shell")
                .start();
        house.awaitReady();
        // A first value is no change: each point has one before anything is counted.
        AtomicInteger mark = new AtomicInteger();
        await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
            int number = mark.decrementAndGet();
            for (int i = 0; i < TOPICS; i++) {
                publish(i, number);
            }
            return answers.size() == TOPICS;
        });
    }

    @BeforeEach
    void startTheFlow() {
        ending.set(false);
        sender = new Thread(this::flow, "sender");
        sender.start();
    }

    @AfterEach
    void endTheFlow() throws Exception {
        ending.set(true);
        sender.join();
    }

    @AfterAll
    void tidy() throws Exception {
        house.close();
        client.disconnectForcibly(100, 100, false);
        client.close(true);
        broker.close();
    }

    /** 250 a second, each topic every 4 s: a newer set of a point takes the place of one that waits, also on a slow machine. */
    private void flow() {
        while (!ending.get()) {
            int number = sent.incrementAndGet();
            publish(number % TOPICS, number);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4));
        }
    }

    /** Each number once, and each topic's in order. */
    private void nothingIsMissing() throws Exception {
        endTheFlow();
        await(house.shell("swaps")).atMost(SOON).untilAsserted(() -> assertThat(received.get())
                .isEqualTo(sent.get()));
        got.forEach((topic, numbers) -> assertThat(numbers).as(topic).isSorted().doesNotHaveDuplicates());
    }

    @Test
    void theBindingIsReplacedAndBrokenVersionsGoByThemselves() throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertThat(swap(BINDING, Map.of("Bundle-Version", "9." + i))).contains("REPLACED");
        }
        assertThat(swap(BINDING, Map.of("Bundle-Version", "9.4", "Import-Package", "no.such")))
                .contains("ROLLED_BACK")
                .contains("no.such");
        assertThat(swap(BINDING, Map.of("Bundle-Version", "9.4", "Bundle-Activator", "no.Such")))
                .contains("ROLLED_BACK");
        assertThat(swap(BINDING, Map.of("Bundle-Version", "9.5")))
                .contains("9.3.0 -> 9.5")
                .contains("REPLACED");
        nothingIsMissing();
        assertThat(house.shell("leaks heap")).contains("0 kept");
    }

    @Test
    void anyDoorIsWatched() throws Exception {
        Path broken = version(BINDING, Map.of("Bundle-Version", "8.1", "Bundle-Activator", "no.Such"));
        assertThat(house.shell("felix:update " + BINDING + " " + broken.toUri()))
                .contains("no.Such");
        await().atMost(SOON).until(() -> house.logs().contains(BINDING + " 8.1.0 was taken back"));
        Path dropped = version(BINDING, Map.of("Bundle-Version", "99.2"));
        Path deploy = Files.createDirectories(home.resolve("deploy"));
        Files.move(dropped, deploy.resolve(BINDING + ".jar"));
        await().atMost(SOON).until(() -> house.logs().contains(BINDING + " 99.2.0 replaces"));
        assertThat(house.logs()).contains(BINDING + " was tried in a process of its own");
        nothingIsMissing();
    }

    @Test
    void aVersionThatNobodyAllowedComesInByNoDoor() throws Exception {
        Path stranger = version(BINDING, Map.of("Bundle-Version", "9.9"));
        FieldhouseProcess.forbid(home, stranger);
        assertThat(swap(BINDING, stranger)).contains("ROLLED_BACK");
        String said = house.shell("felix:update " + BINDING + " " + stranger.toUri());
        await().atMost(SOON).until(() -> house.logs().contains(BINDING + " 9.9.0 was taken back"));
        assertThat(said + house.logs()).contains(BINDING + " 9.9.0 was not let in, and will not start: is not signed");
        nothingIsMissing();
    }

    @Test
    void rulesAndStoreAreReplacedWhileDevicesWork() throws Exception {
        int before = received.get();
        String startsOfTheBinding = startsOf(BINDING);
        assertThat(swap(
                        "org.fieldhouse.store.sqlite",
                        Map.of("Bundle-Version", "9.1", "Fieldhouse-Permissions", "global")))
                .contains("REPLACED");
        await().atMost(SOON).until(() -> received.get() > before + 100);
        assertThat(swap("org.fieldhouse.rules", Map.of("Bundle-Version", "9.1")))
                .contains("REPLACED");
        assertThat(startsOf(BINDING)).isEqualTo(startsOfTheBinding);
        nothingIsMissing();
    }

    /** {@code org.fieldhouse.binding.mqtt 4}. */
    private String startsOf(String bundle) {
        String all = house.shell("swaps");
        assertThat(all).contains(bundle + " ");
        return all.substring(all.indexOf("starts ")).replaceFirst("(?s).*(" + Pattern.quote(bundle) + " \\d+).*", "$1");
    }

    private String swap(String bundle, Map<String, String> headers) throws IOException {
        return swap(bundle, version(bundle, headers));
    }

    private String swap(String bundle, Path version) {
        return house.shell("swap " + bundle + " " + version);
    }

    private Path version(String bundle, Map<String, String> headers) throws IOException {
        return ShippedBundle.version(bundle, headers, directory, home);
    }

    private void put(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void publish(int topic, int number) {
        try {
            client.publish("in/" + topic, Integer.toString(number).getBytes(StandardCharsets.UTF_8), 0, false);
        } catch (MqttException e) {
            throw new AssertionError(e);
        }
    }
}
