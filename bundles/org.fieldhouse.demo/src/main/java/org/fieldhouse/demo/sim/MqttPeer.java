package org.fieldhouse.demo.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demo's own MQTT client: a program like any other, over TCP. It tries for ever, twice a second at first. */
final class MqttPeer implements AutoCloseable {
    /** Called on the client's threads; must return soon. */
    interface Listener {
        /** Connected and subscribed, for the first time or again. */
        void connected();

        /** A message on {@code base/NAME/set}, {@code base/NAME/get} or {@code base/bridge/request/…}. */
        void message(String topic, byte[] payload);
    }

    private static final Logger LOG = LoggerFactory.getLogger(MqttPeer.class);
    private static final long RETRY_MILLIS = 500;
    /** Friendly names of the demo have two parts. */
    private static final String[] WANTED = {"/+/+/set", "/+/+/get", "/bridge/request/#"};

    private final String url;
    private final String base;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread connector = new Thread(this::connect, "demo-mqtt");
    private volatile @Nullable MqttAsyncClient client;

    MqttPeer(String url, String base, Listener listener) {
        this.url = url;
        this.base = base;
        this.listener = listener;
        connector.setDaemon(true);
    }

    void start() {
        connector.start();
    }

    boolean isConnected() {
        MqttAsyncClient current = client;
        return current != null && current.isConnected();
    }

    /** Sends with QoS 0, as Zigbee2MQTT does; lost while there is no connection. */
    void publish(String topic, String payload, boolean retained) {
        MqttAsyncClient current = client;
        if (current == null || !current.isConnected()) {
            return;
        }
        try {
            current.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 0, retained);
        } catch (MqttException e) {
            LOG.debug("Not published on {}", topic, e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        connector.interrupt();
        MqttAsyncClient current = client;
        if (current == null) {
            return;
        }
        try {
            if (current.isConnected()) {
                current.publish(base + "/bridge/state", offline(), 0, true).waitForCompletion(500);
            }
            current.disconnectForcibly(200, 200);
            current.close(true);
        } catch (MqttException e) {
            LOG.debug("The demo's MQTT client did not close in good order", e);
        }
    }

    private static byte[] offline() {
        return "{\"state\":\"offline\"}".getBytes(StandardCharsets.UTF_8);
    }

    /** Until the first connection; from then on Paho reconnects by itself. */
    private void connect() {
        try {
            MqttAsyncClient made = new MqttAsyncClient(url, "fieldhouse-demo", new MemoryPersistence());
            client = made;
            made.setCallback(new Callback(made));
            boolean told = false;
            do {
                try {
                    made.connect(options()).waitForCompletion(10_000);
                    return;
                } catch (MqttException e) {
                    if (!told) {
                        LOG.info("The demo waits for the broker at {}: {}", url, String.valueOf(e.getMessage()));
                        told = true;
                    }
                }
            } while (!closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MqttException e) {
            LOG.error("The demo cannot use the broker address {}", url, e);
        }
    }

    private MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(true);
        options.setAutomaticReconnect(true);
        options.setMaxReconnectDelay(2_000);
        options.setMaxInflight(1_000);
        options.setSocketFactory(new NoDelay());
        options.setWill(base + "/bridge/state", offline(), 0, true);
        return options;
    }

    private final class Callback implements MqttCallbackExtended {
        private final MqttAsyncClient made;

        Callback(MqttAsyncClient made) {
            this.made = made;
        }

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {
            try {
                for (String filter : WANTED) {
                    made.subscribe(base + filter, 0);
                }
                listener.connected();
            } catch (MqttException e) {
                LOG.warn("The demo could not subscribe at {}", url, e);
            }
        }

        @Override
        public void connectionLost(Throwable cause) {
            LOG.info("The demo lost the broker at {}; it goes on when it is back", url);
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            listener.message(topic, message.getPayload());
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // QoS 0 only
        }
    }

    /** Paho leaves Nagle's algorithm on, which holds small messages back for a millisecond. */
    private static final class NoDelay extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("Paho connects by itself");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException("Paho connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("Paho connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException("Paho connects by itself");
        }
    }
}
