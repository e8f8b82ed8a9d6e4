package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection to a broker through many versions of the binding. */
@Tag("swap")
@Tag("slow")
class SuccessionTest {
    private static final int MESSAGES = 3_000;
    private static final int SWAPS = 15;

    @TempDir
    Path folder;

    private static FakeContext next(Mosquitto m, String version, HandOver left) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("host", "127.0.0.1", "port", (long) m.port));
        settings.put("version", version);
        return new FakeContext("broker:" + m.port, Fixtures.device("broker", settings), null).takeOver(left);
    }

    private static Subscription listen(FakeContext c, String topic, int qos, List<String> into) {
        return ((BrokerDevice) c.device).subscribe(topic, qos, x -> into.add(x.text()), r -> {
            throw new AssertionError(r);
        });
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({"3.1.1,0", "3.1.1,1", "3.1.1,2", "5,0", "5,1", "5,2"})
    void losesNothingEitherWay(String version, int qos) throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        List<String> answers = new CopyOnWriteArrayList<>();
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext peer = Fixtures.broker(m.port, "version", "3.1.1")) {
            BrokerDevice sender = (BrokerDevice) peer.device;
            listen(peer, "out", qos, answers);
            FakeContext house = Fixtures.broker(m.port, "version", version);
            Subscription in = listen(house, "in", qos, got);
            ready(sender, house, got, answers);
            CompletableFuture<Void> flow = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < MESSAGES; i++) {
                        sender.publish("in", Integer.toString(i), qos, false);
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(300));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            int said = 0;
            for (int i = 0; i < SWAPS; i++) {
                for (int n = 0; n < 40; n++) {
                    ((BrokerDevice) house.device).publish("out", Integer.toString(said++), qos, false);
                }
                HandOver left = house.leave(in::close);
                assertThat(left.transports()).hasSize(1);
                house = next(m, version, left);
                in = listen(house, "in", qos, got);
                int before = got.size();
                await().atMost(20, TimeUnit.SECONDS).until(() -> got.size() > before || got.size() == MESSAGES);
            }
            flow.get(60, TimeUnit.SECONDS);
            int all = said;
            await().atMost(20, TimeUnit.SECONDS).until(() -> got.size() >= MESSAGES && answers.size() >= all);
            assertThat(got).isEqualTo(numbered(MESSAGES));
            assertThat(answers).isEqualTo(numbered(all));
            assertThat(house.lost).isEmpty();
            house.close();
        }
    }

    private static void ready(BrokerDevice sender, FakeContext house, List<String> got, List<String> answers) {
        await().until(() -> {
            sender.publish("in", "ready", 1, false);
            ((BrokerDevice) house.device).publish("out", "ready", 1, false);
            return !got.isEmpty() && !answers.isEmpty();
        });
        // Both are known to listen; what they said to find out may still be on its way.
        await().during(200, TimeUnit.MILLISECONDS).until(() -> true);
        got.clear();
        answers.clear();
    }

    @Test
    void anotherPartyThatComesLaterHearsWhatCameMeanwhile() throws Exception {
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> second = new CopyOnWriteArrayList<>();
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext peer = Fixtures.broker(m.port)) {
            FakeContext house = Fixtures.broker(m.port, "version", "3.1.1");
            Subscription one = listen(house, "a/+", 0, first);
            Subscription two = listen(house, "a/b", 0, second);
            await().until(() -> {
                ((BrokerDevice) peer.device).publish("a/b", "ready", 0, false);
                return !first.isEmpty() && !second.isEmpty();
            });
            HandOver left = house.leave(() -> {
                one.close();
                two.close();
            });
            ((BrokerDevice) peer.device).publish("a/b", "meanwhile", 0, false);
            house = next(m, "3.1.1", left);
            listen(house, "a/+", 0, first);
            assertThat(first).doesNotContain("meanwhile");
            listen(house, "a/b", 0, second);
            await().until(() -> first.contains("meanwhile") && second.contains("meanwhile"));
            assertThat(first.stream().filter("meanwhile"::equals)).hasSize(1);
            house.close();
        }
    }

    @Test
    void aFilterThatTheNextVersionDoesNotWantIsGivenBack() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext peer = Fixtures.broker(m.port)) {
            FakeContext house = Fixtures.broker(m.port, "version", "3.1.1");
            Subscription old = listen(house, "old", 0, got);
            await().until(() -> {
                ((BrokerDevice) peer.device).publish("old", "ready", 0, false);
                return !got.isEmpty();
            });
            house = next(m, "3.1.1", house.leave(old::close));
            listen(house, "new", 0, got);
            await().until(() -> {
                ((BrokerDevice) peer.device).publish("new", "late", 0, false);
                return got.contains("late");
            });
            house.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void aConnectionThatDiedMeanwhileIsMadeAnew(String version) throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext peer = Fixtures.broker(m.port)) {
            FakeContext house = Fixtures.broker(m.port, "version", version);
            Subscription in = listen(house, "in", 0, got);
            HandOver left = house.leave(in::close);
            for (Closeable socket : left.transports()) {
                socket.close();
            }
            house = next(m, version, left);
            listen(house, "in", 0, got);
            await().until(() -> {
                ((BrokerDevice) peer.device).publish("in", "again", 0, false);
                return !got.isEmpty();
            });
            house.close();
        }
    }

    @Test
    void aStateOfAnotherFormatIsRefusedWithoutTouchingIt() throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext house = Fixtures.broker(m.port)) {
            BrokerDevice device = (BrokerDevice) house.device;
            assertThat(device.takeOver(house, new HandOver(99, new byte[0]))).isFalse();
            assertThat(device.takeOver(house, new HandOver(1, new byte[] {1, 2, 3})))
                    .isFalse();
        }
    }
}
