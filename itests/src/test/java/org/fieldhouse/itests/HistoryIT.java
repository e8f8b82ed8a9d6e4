package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.history.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history is installed, updated, removed and killed while 1,000 values a second come in: each is in it once. */
class HistoryIT {
    private static final String BUNDLE = "org.fieldhouse.history";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TOPICS = 2_000;
    private static final int UPDATES = 10;

    @TempDir
    Path directory;

    private Path home;
    private Mosquitto broker;
    private MqttClient client;
    private FieldhouseProcess house;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private Thread sender;

    @BeforeEach
    void startTheHouse() throws Exception {
        home = directory.resolve("home");
        broker = Mosquitto.start(directory.resolve("mosquitto"));
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < TOPICS; i++) {
            points.append("      - {name: v%d, topic: in/%d}\n".formatted(i, i));
        }
        put(
                "devices/house.yaml",
                "Broker:\n  binding: mqtt\n  type: broker\n  config: {host: 127.0.0.1, port: " + broker.port() + "}\n"
                        + "In:\n  id: in\n  binding: mqtt\n  type: topics\n  bridge: Broker\n  config:\n    points:\n"
                        + points);
        put("config/history.json", "{\"org.fieldhouse.history\": {\"writeSeconds:Integer\": 1}}");
        client = new MqttClient(broker.uri(), "the-test", new MemoryPersistence());
        client.connect();
        house = FieldhouseProcess.on(home).features("core", "mqtt", "shell").start();
        house.awaitReady();
        await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
            for (int i = 0; i < TOPICS; i++) {
                publish(i, 0);
            }
            return !house.shell("points In").contains("never reported");
        });
    }

    @AfterEach
    void tidy() throws Exception {
        endTheFlow();
        house.close();
        client.disconnectForcibly(100, 100, false);
        client.close(true);
        broker.close();
    }

    private void startTheFlow() {
        ending.set(false);
        sender = new Thread(this::flow, "sender");
        sender.start();
    }

    private void endTheFlow() throws InterruptedException {
        ending.set(true);
        if (sender != null) {
            sender.join();
        }
    }

    /** 1,000 a second, each topic every 2 s: a newer value of a point takes the place of one that waits, also on a slow machine. */
    private void flow() {
        long next = System.nanoTime();
        while (!ending.get()) {
            for (int i = 0; i < 10; i++) {
                int number = sent.incrementAndGet();
                publish(number % TOPICS, number);
            }
            next += TimeUnit.MILLISECONDS.toNanos(10);
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    @Test
    void eachValueIsThereOnceWhateverBecomesOfTheBundle() throws Exception {
        startTheFlow();
        assertThat(house.shell("history In.v1")).contains("`feature:install history`");
        assertThat(house.shell("feature:install history")).contains("is in force");
        for (int i = 1; i <= UPDATES; i++) {
            assertThat(swap(BUNDLE, Map.of("Bundle-Version", "9." + i))).contains("REPLACED");
        }
        assertThat(swap(BUNDLE, Map.of("Bundle-Version", "9.99", "Import-Package", "no.such")))
                .contains("ROLLED_BACK");
        assertThat(swap(
                        "org.fieldhouse.store.sqlite",
                        Map.of("Bundle-Version", "9.1", "Fieldhouse-Permissions", "global")))
                .contains("REPLACED");
        assertThat(house.shell("feature:remove history")).contains("is in force");
        int without = sent.get();
        await().atMost(SOON).until(() -> sent.get() > without + 1_000);
        assertThat(house.shell("history In.v1")).contains("`feature:install history`");
        assertThat(house.shell("feature:install history")).contains("is in force");
        endTheFlow();
        awaitCaughtUp();
        assertThat(house.shell("history In.v1 --from 1h --every 15m")).contains("MEAN", "█");
        assertThat(house.shell("status")).contains(" 0 coalesced");
        assertThat(house.shell("leaks")).contains("0 kept");
        assertThat(house.stop()).isIn(0, 143);

        Map<Integer, List<Integer>> expected = new TreeMap<>();
        for (int topic = 0; topic < TOPICS; topic++) {
            expected.computeIfAbsent(topic, t -> new ArrayList<>()).add(0);
        }
        for (int number = 1; number <= sent.get(); number++) {
            expected.get(number % TOPICS).add(number);
        }
        assertThat(kept(home.resolve("data/history"))).isEqualTo(expected);
    }

    /** What the history has is what the journal has: a history that reads it in one go from its beginning has the same. */
    @Test
    void aKillCostsNothingThatTheJournalHas() throws Exception {
        assertThat(house.shell("feature:install history")).contains("is in force");
        for (int kill = 0; kill < 4; kill++) {
            startTheFlow();
            int before = sent.get();
            await().atMost(SOON).until(() -> sent.get() > before + 2_500);
            house.kill9();
            endTheFlow();
            house = FieldhouseProcess.on(home).start();
            house.awaitReady();
        }
        awaitCaughtUp();
        assertThat(house.stop()).isIn(0, 143);
        Path first = directory.resolve("first");
        Files.move(home.resolve("data/history"), first);
        Map<Integer, List<Integer>> followed = kept(first);

        house = FieldhouseProcess.on(home).start();
        house.awaitReady();
        awaitCaughtUp();
        assertThat(house.stop()).isIn(0, 143);
        Map<Integer, List<Integer>> inOneGo = kept(home.resolve("data/history"));
        assertThat(followed.values().stream().mapToInt(List::size).sum()).isGreaterThan(5_000);
        followed.forEach((topic, numbers) ->
                assertThat(inOneGo.get(topic)).as("topic %d", topic).startsWith(numbers.toArray(Integer[]::new)));
        inOneGo.forEach((topic, numbers) -> assertThat(numbers.stream().filter(n -> n > 0))
                .as("topic %d", topic)
                .isSorted()
                .doesNotHaveDuplicates());
        assertThat(inOneGo.values().stream().mapToInt(List::size).sum())
                .isEqualTo(followed.values().stream().mapToInt(List::size).sum());
    }

    private void awaitCaughtUp() {
        await().atMost(SOON).pollInterval(Duration.ofSeconds(1)).until(() -> house.shell("history")
                .contains(", 0 behind"));
    }

    /** The good values of each topic in a history that nobody uses now. */
    private static Map<Integer, List<Integer>> kept(Path history) throws IOException {
        Store store = Store.open(history, Store.Limits.DEFAULT);
        assertThat(store.damaged()).isZero();
        Map<Integer, List<Integer>> all = new TreeMap<>();
        for (int topic = 0; topic < TOPICS; topic++) {
            List<Integer> numbers = new ArrayList<>();
            Integer[] last = {null};
            Instant[] time = {Instant.MIN};
            store.read(PointId.of("in", "v" + topic), Instant.MIN, Instant.MAX, state -> {
                assertThat(state.time()).isAfter(time[0]);
                time[0] = state.time();
                Integer number = (int) ((Quantity) Objects.requireNonNull(state.value())).number();
                // Another quality of the same value is a state of its own: while the house or the broker was away.
                if (state.quality().isGood() && !number.equals(last[0])) {
                    numbers.add(number);
                    last[0] = number;
                }
                return true;
            });
            all.put(topic, numbers);
        }
        return all;
    }

    private String swap(String bundle, Map<String, String> headers) throws IOException {
        return house.shell("swap " + bundle + " " + version(bundle, headers));
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
