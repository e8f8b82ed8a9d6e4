package org.fieldhouse.binding.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.binding.mqtt.client.Subscription;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to a real broker: log-in, QoS, sessions, size limits, and what is said when it fails. */
@Tag("slow")
class BrokerTest {
    @TempDir
    Path folder;

    private static void ignore(String reason) {
        throw new AssertionError(reason);
    }

    @ParameterizedTest
    @CsvSource({"3.1.1,0", "3.1.1,1", "3.1.1,2", "5,0", "5,1", "5,2"})
    void carriesEveryMessageOnceAndInOrder(String version, int qos) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext in = Fixtures.broker(m.port, "version", version);
                FakeContext out = Fixtures.broker(m.port, "version", version)) {
            List<String> got = new CopyOnWriteArrayList<>();
            ((BrokerDevice) in.device).subscribe("a/b", qos, x -> got.add(x.text()), BrokerTest::ignore);
            // Both clients subscribe before they publish; this one proves that the other's subscription is in force.
            await().until(() -> {
                ((BrokerDevice) out.device).publish("a/b", "start", 1, false);
                return !got.isEmpty();
            });
            TimeUnit.MILLISECONDS.sleep(50);
            got.clear();
            // More than mosquitto's in-flight limit of 20, and more than the window at QoS 0.
            for (int i = 0; i < 3000; i++) {
                ((BrokerDevice) out.device).publish("a/b", "m" + i, qos, false);
            }
            await().atMost(20, TimeUnit.SECONDS).until(() -> got.size() >= 3000);
            assertThat(got)
                    .isEqualTo(IntStream.range(0, 3000).mapToObj(i -> "m" + i).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void skipsWhatIsTooLargeAndLivesOn(String version) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext in = Fixtures.broker(m.port, "version", version, "max-message", 1L << 20);
                FakeContext out = Fixtures.broker(m.port, "version", version)) {
            BrokerDevice receiver = (BrokerDevice) in.device;
            BrokerDevice sender = (BrokerDevice) out.device;
            Map<String, Integer> got = new java.util.concurrent.ConcurrentHashMap<>();
            for (int qos = 0; qos <= 2; qos++) {
                receiver.subscribe(
                        "big/" + qos, qos, x -> got.merge(x.topic(), x.payload().length, Integer::sum), r -> {});
            }
            sender.publish("big/0", "stored", 1, true);
            await().until(() -> got.containsKey("big/0"));
            got.clear();
            char[] tenMegabytes = new char[10 << 20];
            Arrays.fill(tenMegabytes, 'x');
            for (int qos = 0; qos <= 2; qos++) {
                sender.publish("big/" + qos, new String(tenMegabytes), qos, false);
                sender.publish("big/" + qos, "small", qos, false);
            }
            await().atMost(20, TimeUnit.SECONDS).until(() -> got.size() == 3);
            assertThat(got.values()).containsOnly(5);
            assertThat(in.malformed)
                    .hasSize(3)
                    .allSatisfy(w -> assertThat(w).contains("10485760 bytes").contains("max-message"));
            assertThat(in.lost).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void saysThatThePasswordIsWrongAndWaitsForAPerson(String version) throws Exception {
        Path passwords = folder.resolve("passwords");
        Files.writeString(passwords, "anna:secret\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        assertThat(new ProcessBuilder("mosquitto_passwd", "-U", passwords.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (Mosquitto m = new Mosquitto(folder, "allow_anonymous false", "password_file " + passwords)) {
            Fixtures.broker(m.port, "version", version, "user", "anna", "password", "secret")
                    .close();
            for (String password : List.of("wrong", "")) {
                BindingException e = catchThrowableOfType(
                        BindingException.class,
                        () -> Fixtures.broker(m.port, "version", version, "user", "anna", "password", password));
                assertThat(e.isPermanent()).isTrue();
                assertThat(e).hasMessageContaining("refuses").hasMessageContaining("password");
                assertThat(e.toString()).doesNotContain("wrong");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void namesWhyItCannotConnect(String version) throws Exception {
        int nobody = Mosquitto.freePort();
        BindingException refused =
                catchThrowableOfType(BindingException.class, () -> Fixtures.broker(nobody, "version", version));
        assertThat(refused).hasMessage("nothing answers at 127.0.0.1:" + nobody + ": connection refused");
        assertThat(refused.isPermanent()).isFalse();
        assertThat(catchThrowableOfType(
                        BindingException.class,
                        () -> Fixtures.broker(1883, "version", version, "host", "no-such-host.invalid")))
                .hasMessage("unknown host 'no-such-host.invalid'");
        try (java.net.ServerSocket mute = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            assertThat(catchThrowableOfType(
                            BindingException.class,
                            () -> Fixtures.broker(mute.getLocalPort(), "version", version, "timeout", "1 s")))
                    .hasMessageContaining("no answer from 127.0.0.1:" + mute.getLocalPort());
        }
        try (Mosquitto m = new Mosquitto(folder)) {
            assertThat(catchThrowableOfType(
                            BindingException.class, () -> Fixtures.broker(m.port, "version", version, "tls", Map.of())))
                    .hasMessageContaining("TLS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void keepsMessagesOverAReconnect(String version) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext out = Fixtures.broker(m.port, "version", version)) {
            Object[] session = {"version", version, "session", true, "client-id", "keeper"};
            List<String> got = new CopyOnWriteArrayList<>();
            FakeContext first = Fixtures.broker(m.port, session);
            Subscription device =
                    ((BrokerDevice) first.device).subscribe("kept", 1, x -> got.add(x.text()), BrokerTest::ignore);
            await().until(() -> {
                ((BrokerDevice) out.device).publish("kept", "start", 1, false);
                return !got.isEmpty();
            });
            // As in a house that stops: who is reached through a broker closes before it.
            device.close();
            TimeUnit.MILLISECONDS.sleep(300);
            first.close();
            got.clear();
            for (int i = 0; i < 50; i++) {
                ((BrokerDevice) out.device).publish("kept", "m" + i, 1, false);
            }
            FakeContext second = Fixtures.broker(m.port, session);
            // The device behind the broker opens later than the broker; what was kept waits for it.
            TimeUnit.MILLISECONDS.sleep(300);
            ((BrokerDevice) second.device).subscribe("kept", 1, x -> got.add(x.text()), BrokerTest::ignore);
            // More than one "start" may have been on its way.
            await().until(() ->
                    got.stream().filter(text -> !text.equals("start")).count() >= 50);
            assertThat(got.stream().filter(text -> !text.equals("start")))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(i -> "m" + i).toList());
            second.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void saysGoodbyeAndTheBrokerSaysItForTheDead(String version) throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext watcher = Fixtures.broker(m.port)) {
            List<String> got = new CopyOnWriteArrayList<>();
            ((BrokerDevice) watcher.device).subscribe("house/state", 1, x -> got.add(x.text()), BrokerTest::ignore);
            Map<String, Object> will = Map.of("topic", "house/state", "payload", "gone", "birth", "here");
            FakeContext polite = Fixtures.broker(m.port, "version", version, "will", will);
            await().until(() -> got.equals(List.of("here")));
            polite.close();
            await().until(() -> got.equals(List.of("here", "gone")));
            try (Proxy proxy = new Proxy(m.port)) {
                FakeContext dying = Fixtures.broker(proxy.port, "version", version, "will", will);
                await().until(() -> got.size() == 3);
                proxy.cut();
                await().until(() -> got.equals(List.of("here", "gone", "here", "gone")));
                await().until(() -> dying.lost.size() == 1);
                assertThat(dying.lost.get(0)).contains("127.0.0.1:" + proxy.port);
                dying.close();
            }
        }
    }

    @Test
    void threadsEndWithTheBroker() throws Exception {
        try (Mosquitto m = new Mosquitto(folder)) {
            for (String version : List.of("3.1.1", "5")) {
                Set<Thread> before = Thread.getAllStackTraces().keySet();
                FakeContext c = Fixtures.broker(m.port, "version", version);
                c.close();
                await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(t -> t.isAlive() && t.getName().contains("MQTT")))
                        .isSubsetOf(before));
            }
        }
    }

    @Test
    void twoBrokersDoNotMix() throws Exception {
        try (Mosquitto a = new Mosquitto(folder);
                Mosquitto b = new Mosquitto(folder);
                FakeContext toA = Fixtures.broker(a.port);
                FakeContext toB = Fixtures.broker(b.port, "version", "3.1.1")) {
            Map<String, Object> settings = Map.of(
                    "points",
                    List.of(Map.of("name", "level", "topic", "tank/level", "unit", "%", "command", "tank/level/set")));
            try (FakeContext tankA = Fixtures.child(toA, "tank-a", "topics", settings);
                    FakeContext tankB = Fixtures.child(toB, "tank-b", "topics", settings)) {
                ((BrokerDevice) toA.device).publish("tank/level", "11", 0, true);
                ((BrokerDevice) toB.device).publish("tank/level", "22", 0, true);
                await().until(() -> tankA.values.containsKey("level") && tankB.values.containsKey("level"));
                assertThat(tankA.values).containsEntry("level", Quantity.of(11, "%"));
                assertThat(tankB.values).containsEntry("level", Quantity.of(22, "%"));
                b.stop();
                await().until(() -> !toB.lost.isEmpty());
                ((BrokerDevice) toA.device).publish("tank/level", "12", 0, false);
                await().until(() -> tankA.values.containsValue(Quantity.of(12, "%")));
            }
        }
    }

    @Test
    void theActionPublishes() throws Exception {
        try (Mosquitto m = new Mosquitto(folder);
                FakeContext c = Fixtures.broker(m.port)) {
            List<String> got = new CopyOnWriteArrayList<>();
            ((BrokerDevice) c.device).subscribe("x/+/y", 0, x -> got.add(x.toString()), BrokerTest::ignore);
            await().until(() -> {
                // A message may overtake the subscription that was asked for just before.
                c.call("publish", Map.of("topic", new Text("x/ö €/y"), "payload", new Text("hallo")));
                return got.contains("x/ö €/y = hallo");
            });
            assertThat(got).containsOnly("x/ö €/y = hallo");
            assertThat(catchThrowableOfType(
                            BindingException.class,
                            () -> c.call("publish", Map.of("topic", new Text("x/#"), "payload", new Text("")))))
                    .hasMessageContaining("wildcards");
        }
    }

    @Test
    void aRefusedSubscriptionIsTheDevicesStatus() throws Exception {
        Path acl = folder.resolve("acl");
        Files.writeString(acl, "topic readwrite open/#\n");
        // mosquitto takes the subscription and delivers nothing; MQTT leaves that to the broker. What it must not do is
        // break.
        try (Mosquitto m = new Mosquitto(folder, "allow_anonymous true", "acl_file " + acl);
                FakeContext c = Fixtures.broker(m.port)) {
            Map<String, Object> points = Map.of(
                    "points",
                    List.of(Map.of("name", "v", "topic", "closed/v"), Map.of("name", "w", "topic", "open/w")));
            try (FakeContext d = Fixtures.child(c, "d", "topics", points)) {
                ((BrokerDevice) c.device).publish("open/w", "1", 0, true);
                await().until(() -> d.values.containsKey("w"));
                assertThat(d.statuses).allMatch(s -> s.condition() == Status.Condition.FAULT);
            }
        }
    }
}
