package org.fieldhouse.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.apache.felix.hc.api.Result;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class BrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The reason this broker was chosen: a slow subscriber costs nobody a message (ADR 0070). */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void deliversEverythingToAFastAndASlowSubscriber(int qos) throws Exception {
        try (Broker broker = Broker.start(new TestConfig("127.0.0.1", 0))) {
            int messages = 3_000;
            List<String> fast = new CopyOnWriteArrayList<>();
            Semaphore slow = new Semaphore(0);
            MqttAsyncClient one = connect(broker, "fast", true);
            MqttAsyncClient two = connect(broker, "slow", true);
            MqttAsyncClient from = connect(broker, "from", true);
            one.subscribe("t/#", qos, (topic, message) -> fast.add(topic)).waitForCompletion();
            two.subscribe("t/#", qos, (topic, message) -> {
                        java.util.concurrent.locks.LockSupport.parkNanos(200_000);
                        slow.release();
                    })
                    .waitForCompletion();

            publish(from, messages, qos);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(fast).hasSize(messages));
            await().atMost(PATIENCE).until(() -> slow.availablePermits() == messages);
            close(one, two, from);
        }
    }

    @Test
    void keepsRetainedMessagesAndTheSessionOfAnAbsentClient() throws Exception {
        try (Broker broker = Broker.start(new TestConfig("127.0.0.1", 0))) {
            MqttAsyncClient from = connect(broker, "from", true);
            from.publish("r/state", "online".getBytes(StandardCharsets.UTF_8), 1, true)
                    .waitForCompletion();
            List<String> got = new CopyOnWriteArrayList<>();
            MqttAsyncClient first = connect(broker, "absent", false);
            first.subscribe("r/#", 1, (topic, message) -> got.add(message.toString()))
                    .waitForCompletion();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(got).containsExactly("online"));
            close(first);

            from.publish("r/more", "later".getBytes(StandardCharsets.UTF_8), 1, false)
                    .waitForCompletion();
            MqttAsyncClient again = new MqttAsyncClient(url(broker), "absent", new MemoryPersistence());
            again.setCallback(new Collector(got));
            again.connect(options(false)).waitForCompletion();

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(got).containsExactly("online", "later"));
            close(again, from);
        }
    }

    @Test
    void speaksMqtt5() throws Exception {
        try (Broker broker = Broker.start(new TestConfig("127.0.0.1", 0))) {
            var client = new org.eclipse.paho.mqttv5.client.MqttClient(
                    url(broker), "five", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
            client.connect();
            assertThat(client.isConnected()).isTrue();
            client.disconnect();
            client.close();
        }
    }

    @Test
    void refusesAnAddressThatOthersCanReachAsNobodyLogsIn() {
        assertThatThrownBy(() -> Broker.start(new TestConfig("0.0.0.0", 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a loopback address");
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            assertThatThrownBy(() -> Broker.start(new TestConfig("127.0.0.1", port)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + port + " of 127.0.0.1 is taken");
        }
    }

    /** A changed configuration stops and starts the component: the port must be free by then. */
    /** Who watches the house is told, and once it listens no more. */
    @Test
    void healthWarnsWhileThePortIsTaken() throws Exception {
        Set<String> services = ConcurrentHashMap.newKeySet();
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    services.add(((Dictionary<?, ?>) arguments[2]).get("url").toString());
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {ServiceRegistration.class},
                            (registration, call, none) -> null);
                });
        BrokerComponent component;
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            component = new BrokerComponent(new TestConfig("127.0.0.1", port), context);
            await().atMost(PATIENCE).until(() -> !component.execute().isOk());
            assertThat(component.execute().getStatus()).isEqualTo(Result.Status.WARN);
            assertThat(component.execute().toString())
                    .contains("port " + port + " of 127.0.0.1 is taken", "config/broker.json");
        }
        await().atMost(PATIENCE).until(() -> component.execute().isOk());
        assertThat(services).containsExactly("tcp://127.0.0.1:" + port);
        component.stop();
    }

    @Test
    void leavesItsPortWhenClosed() throws Exception {
        int port;
        try (Broker broker = Broker.start(new TestConfig("127.0.0.1", 0))) {
            port = broker.address().getPort();
        }
        try (Broker again = Broker.start(new TestConfig("127.0.0.1", port))) {
            assertThat(again.address().getPort()).isEqualTo(port);
        }
    }

    private static void publish(MqttAsyncClient from, int messages, int qos) throws Exception {
        Semaphore window = new Semaphore(500);
        for (int i = 0; i < messages; i++) {
            window.acquire();
            from.publish("t/" + i % 100, new byte[100], qos, false, null, new IMqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    window.release();
                }

                @Override
                public void onFailure(IMqttToken token, Throwable cause) {
                    window.release();
                }
            });
        }
    }

    private static String url(Broker broker) {
        return "tcp://127.0.0.1:" + broker.address().getPort();
    }

    private static MqttConnectOptions options(boolean clean) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(clean);
        options.setMaxInflight(1_000);
        return options;
    }

    private static MqttAsyncClient connect(Broker broker, String id, boolean clean) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient(url(broker), id, new MemoryPersistence());
        client.connect(options(clean)).waitForCompletion(10_000);
        return client;
    }

    private static void close(MqttAsyncClient... clients) throws MqttException {
        for (MqttAsyncClient client : clients) {
            client.disconnect().waitForCompletion(10_000);
            client.close();
        }
    }

    private record Collector(List<String> got) implements org.eclipse.paho.client.mqttv3.MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            got.add("lost: " + cause);
        }

        @Override
        public void messageArrived(String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {
            got.add(message.toString());
        }

        @Override
        public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {
            // nothing is published with it
        }
    }

    private record TestConfig(String host, int port) implements BrokerConfig {
        @Override
        public int maxMemoryMebibytes() {
            return 16;
        }

        @Override
        public int maxPacketKibibytes() {
            return 1_024;
        }

        @Override
        public int sessionExpirySeconds() {
            return 60;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return BrokerConfig.class;
        }
    }
}
