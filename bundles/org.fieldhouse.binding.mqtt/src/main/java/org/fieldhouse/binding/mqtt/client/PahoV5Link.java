package org.fieldhouse.binding.mqtt.client;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.internal.MqttPersistentData;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttPersistable;
import org.eclipse.paho.mqttv5.common.MqttPersistenceException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.binding.mqtt.client.SessionMemory.Packet;
import org.jspecify.annotations.Nullable;

/** A link by Paho's client for MQTT 5.0. */
final class PahoV5Link implements MqttLink {
    private static final int GOODBYE_MILLIS = 500;
    private static final int REFUSED_SUBSCRIPTION = 0x80;

    private final MqttAsyncClient client;
    private final LinkSettings settings;
    private final Links.Incoming incoming;
    private final LinkSocketFactory sockets;
    private volatile PublishWindow window;
    private final MqttActionListener[] sent = {new Sent(0), new Sent(1), new Sent(2)};
    private volatile boolean sessionPresent;
    /** Messages of QoS 0 below that size pass Paho by: surely small enough for the broker, Paho compares the others. */
    private volatile int maxPlain = Integer.MAX_VALUE;

    private PahoV5Link(
            MqttAsyncClient client, LinkSettings settings, Links.Incoming incoming, LinkSocketFactory sockets) {
        this.client = client;
        this.settings = settings;
        this.incoming = incoming;
        this.sockets = sockets;
        window = new PublishWindow(settings.window());
    }

    static MqttLink connect(
            LinkSettings settings,
            LinkSocketFactory sockets,
            SessionMemory memory,
            Links.Incoming incoming,
            boolean resumes)
            throws BindingException, InterruptedException {
        PahoV5Link link;
        try {
            String uri = "tcp://" + (settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host())
                    + ":" + settings.port();
            link = new PahoV5Link(
                    new MqttAsyncClient(uri, settings.clientId(), new Memory(memory)), settings, incoming, sockets);
        } catch (MqttException | IllegalArgumentException e) {
            throw BindingException.permanent("cannot use " + settings.address() + ": " + e.getMessage());
        }
        boolean done = false;
        try {
            link.open(resumes);
            done = true;
            return link;
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    /** @param resumes whether the connection is up already, so that the session is known */
    private void open(boolean resumes) throws BindingException, InterruptedException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(!settings.session() && !resumes);
        options.setSessionExpiryInterval(
                settings.session() ? settings.sessionExpiry().toSeconds() : 0L);
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.connectTimeout().toSeconds());
        options.setSocketFactory(sockets);
        if (!settings.user().isEmpty()) {
            options.setUserName(settings.user());
            options.setPassword(
                    settings.password().map(Secret::reveal).orElse("").getBytes(StandardCharsets.UTF_8));
        }
        LinkSettings.Will will = settings.will();
        if (will != null) {
            options.setWill(
                    will.topic(),
                    new MqttMessage(
                            will.payload().getBytes(StandardCharsets.UTF_8),
                            will.qos(),
                            will.retain(),
                            new MqttProperties()));
        }
        client.setCallback(new Callback());
        CompletableFuture<IMqttToken> answer = new CompletableFuture<>();
        try {
            client.connect(options, null, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    answer.complete(token);
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            });
            // TCP, TLS and CONNACK may each take their time-out.
            IMqttToken token = PahoPauses.await(
                    answer, settings.clientId(), 3 * settings.connectTimeout().toMillis());
            sessionPresent = token.getSessionPresent();
            MqttProperties said = token.getResponseProperties();
            Long largest = said == null ? null : said.getMaximumPacketSize();
            if (largest != null) {
                maxPlain = (int) Math.min(Integer.MAX_VALUE, largest / 4); // MQTT 5.0 section 3.2.2.3.6
            }
            Integer most = said == null ? null : said.getReceiveMaximum();
            if (most != null && most < settings.window()) {
                window = new PublishWindow(most); // MQTT 5.0 section 3.2.2.3.3
            }
        } catch (MqttException | TimeoutException e) {
            throw Reasons.connecting(e, settings);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        }
    }

    private BindingException failed(Throwable cause) {
        if (cause instanceof MqttException m) {
            BindingException refused = Reasons.refused(m.getReasonCode(), settings.address());
            if (refused != null) {
                return refused;
            }
            if (m.getReasonCode() == MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
                return Reasons.connecting(new TimeoutException(), settings);
            }
        }
        return Reasons.connecting(cause, settings);
    }

    @Override
    public boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, boolean retain)
            throws BindingException, InterruptedException {
        if (qos == 0 && topic.length() + payload.length < maxPlain) {
            Links.publishPlain(sockets, topic, payload, retain, true);
            return;
        }
        window.enter(qos);
        try {
            client.publish(topic, payload, qos, retain, null, sent[qos]);
        } catch (MqttException | IllegalArgumentException e) {
            window.leave(qos);
            throw new BindingException("not sent to " + topic + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void subscribe(List<Wanted> wanted) throws BindingException {
        String[] filters = wanted.stream().map(Wanted::filter).toArray(String[]::new);
        int[] qos = wanted.stream().mapToInt(Wanted::qos).toArray();
        try {
            client.subscribe(filters, qos, null, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    tellRefused(filters, token.getReasonCodes());
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    tellRefused(filters, token.getReasonCodes());
                }
            });
        } catch (MqttException | IllegalArgumentException e) {
            throw new BindingException("cannot subscribe to " + filters[0] + ": " + e.getMessage(), e);
        }
    }

    private void tellRefused(String[] filters, int @Nullable [] granted) {
        for (int i = 0; granted != null && i < Math.min(filters.length, granted.length); i++) {
            if (granted[i] >= REFUSED_SUBSCRIPTION) {
                incoming.refused(filters[i], "the broker refuses the subscription (code " + granted[i] + ")");
            }
        }
    }

    @Override
    public void unsubscribe(List<String> filters) throws BindingException {
        try {
            client.unsubscribe(filters.toArray(new String[0]));
        } catch (MqttException | IllegalArgumentException e) {
            throw new BindingException("cannot unsubscribe: " + e.getMessage(), e);
        }
    }

    @Override
    public void settle() {
        incoming.settle();
    }

    @Override
    public @Nullable KeptLink detach(SessionMemory memory) throws InterruptedException {
        boolean alive = !incoming.hasEnded() && client.isConnected();
        KeptLink kept = alive ? Links.detach(sockets, window, incoming, memory) : null;
        PahoPauses.during(this::close);
        return kept;
    }

    @Override
    public void close() {
        boolean alive = !incoming.hasEnded() && client.isConnected();
        incoming.end();
        try {
            if (alive) {
                client.disconnect(GOODBYE_MILLIS).waitForCompletion(2 * GOODBYE_MILLIS);
            } else {
                client.disconnectForcibly(0, 1, false);
            }
        } catch (MqttException e) {
            // The connection is as good as gone; what counts is that close() below runs.
            alive = false;
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            throw new IllegalStateException("Paho does not close: " + e.getMessage(), e);
        } finally {
            Links.release(settings.clientId());
        }
    }

    private final class Callback implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException e = response.getException();
            String said = response.getReasonString();
            incoming.lost(
                    e == null || said != null
                            ? "the broker at " + settings.address() + " closed the connection"
                                    + (said == null ? " (code " + response.getReturnCode() + ")" : ": " + said)
                            : Reasons.lost(e, settings.address()));
        }

        /** Paho tells here what also ends the connection; {@link #disconnected} follows. */
        @Override
        public void mqttErrorOccurred(MqttException e) {}

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            try {
                incoming.message(topic, message.getPayload(), message.isRetained());
            } finally {
                sockets.handshakes().brought(message.getId());
            }
        }

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String uri) {}

        @Override
        public void authPacketArrived(int code, MqttProperties properties) {}
    }

    /** Gives a place in the window back. */
    private final class Sent implements MqttActionListener {
        private final int qos;

        Sent(int qos) {
            this.qos = qos;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            window.leave(qos);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            window.leave(qos);
        }
    }

    /** Shows a {@link SessionMemory} to Paho. */
    private static final class Memory implements MqttClientPersistence {
        private final SessionMemory memory;

        Memory(SessionMemory memory) {
            this.memory = memory;
        }

        @Override
        public void open(String clientId) {}

        /** The memory is meant to outlive the client. */
        @Override
        public void close() {}

        @Override
        public void put(String key, MqttPersistable p) throws MqttPersistenceException {
            memory.put(
                    key,
                    new Packet(
                            SessionMemory.slice(p.getHeaderBytes(), p.getHeaderOffset(), p.getHeaderLength()),
                            SessionMemory.slice(p.getPayloadBytes(), p.getPayloadOffset(), p.getPayloadLength())));
        }

        @Override
        public MqttPersistable get(String key) throws MqttPersistenceException {
            Packet packet = memory.get(key);
            if (packet == null) {
                throw new MqttPersistenceException();
            }
            return new MqttPersistentData(
                    key, packet.header(), 0, packet.header().length, packet.payload(), 0, packet.payload().length);
        }

        @Override
        public void remove(String key) {
            memory.remove(key);
        }

        @Override
        public Enumeration<String> keys() {
            return Collections.enumeration(memory.keys());
        }

        @Override
        public void clear() {
            memory.clear();
        }

        @Override
        public boolean containsKey(String key) {
            return memory.contains(key);
        }
    }
}
