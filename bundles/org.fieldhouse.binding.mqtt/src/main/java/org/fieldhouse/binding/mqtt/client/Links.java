package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fieldhouse.api.binding.BindingException;
import org.jspecify.annotations.Nullable;

/** Makes links: the one place that knows which client is behind them. */
public final class Links {
    /**
     * Paho writes to java.util.logging: SEVERE for each clean goodbye, INFO for each PUBREL. What matters of it reaches us as an
     * exception, so these two loggers are off. Held, since the log manager holds them weakly.
     */
    private static final Logger[] PAHO = {
        Logger.getLogger("org.eclipse.paho.client.mqttv3"), Logger.getLogger("org.eclipse.paho.mqttv5")
    };

    static {
        for (Logger logger : PAHO) {
            logger.setLevel(Level.OFF);
        }
    }

    private static final int MARKER_LENGTH = 16;
    /** How long a hand-over waits for acknowledgements. */
    private static final int SETTLE_MILLIS = 500;
    /** Then for the broker's answer, and for all of Paho's; without them the connection is lost. */
    private static final int RELEASE_MILLIS = 3_000;

    private static final long PATIENCE_MILLIS = 5_000;

    private Links() {}

    /**
     * Connects. Blocks until the broker has answered.
     *
     * @param memory what survives of the session between links; the same one for the same device
     * @throws BindingException with the reason in words; permanent if only a person can help
     */
    public static MqttLink connect(LinkSettings settings, SessionMemory memory, LinkListener listener)
            throws BindingException, InterruptedException {
        return connect(settings, memory, listener, null);
    }

    /** The same; with a connection that is up already, nothing is sent. */
    static MqttLink connect(LinkSettings settings, SessionMemory memory, LinkListener listener, @Nullable KeptLink kept)
            throws BindingException, InterruptedException {
        byte[] marker = new byte[MARKER_LENGTH];
        new SecureRandom().nextBytes(marker);
        Incoming incoming = new Incoming(listener, marker);
        boolean v5 = settings.version() == LinkSettings.Version.V5;
        LinkSocketFactory sockets =
                new LinkSocketFactory(settings, marker, incoming::message, new Handshakes(memory, v5), kept);
        return v5
                ? PahoV5Link.connect(settings, sockets, memory, incoming, kept != null)
                : PahoV3Link.connect(settings, sockets, memory, incoming, kept != null);
    }

    /**
     * Sends a message of QoS 0 past Paho.
     *
     * @param properties whether packets have MQTT 5 properties
     */
    static void publishPlain(
            LinkSocketFactory sockets, String topic, byte[] payload, boolean retain, boolean properties)
            throws BindingException, InterruptedException {
        try {
            byte[] packet = PacketSink.packet(topic, payload, retain, properties);
            if (!sockets.sink().publish(packet, PATIENCE_MILLIS)) {
                throw new BindingException("the broker is not keeping up: it has read nothing for "
                        + TimeUnit.MILLISECONDS.toSeconds(PATIENCE_MILLIS) + " s");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new BindingException("not sent to " + topic + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes the connection away from Paho, which is to be closed afterwards.
     *
     * @return null if there is none, or the broker does not answer in time
     */
    static @Nullable KeptLink detach(
            LinkSocketFactory sockets, PublishWindow window, Incoming incoming, SessionMemory memory)
            throws InterruptedException {
        window.awaitEmpty(SETTLE_MILLIS);
        return sockets.release(RELEASE_MILLIS, () -> {
            incoming.end();
            memory.seal();
        });
    }

    /**
     * Ends Paho's sending thread for sure. Paho tells it once to stop, and if it was just not waiting, it misses the word and waits
     * for ever (seen under load). It keeps no reference that we could reach, but a name.
     */
    static void release(String clientId) {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] all = new Thread[2 * root.activeCount() + 16];
        int count = root.enumerate(all);
        for (int i = 0; i < count; i++) {
            if (all[i].getName().equals("MQTT Snd: " + clientId)) {
                all[i].interrupt();
            }
        }
    }

    /**
     * Takes messages, tells the oversize ones apart, and falls silent when the link is closed. Those of QoS 0 come on the thread that
     * reads the socket, the others on Paho's: one at a time is let through.
     */
    static final class Incoming {
        private final LinkListener listener;
        private final byte[] marker;
        private volatile boolean ended;

        private Incoming(LinkListener listener, byte[] marker) {
            this.listener = listener;
            this.marker = marker;
        }

        synchronized void message(String topic, byte[] payload, boolean retained) {
            if (ended) {
                return;
            }
            if (payload.length == marker.length + Long.BYTES
                    && Arrays.equals(payload, 0, marker.length, marker, 0, marker.length)) {
                long size = 0;
                for (int i = marker.length; i < payload.length; i++) {
                    size = size << 8 | payload[i] & 0xff;
                }
                listener.onOversize(topic, size);
                return;
            }
            listener.onMessage(new Message(topic, payload, retained));
        }

        /** Returns when the message that is just being brought has been brought. */
        synchronized void settle() {
            // Holding the monitor is the wait.
        }

        void refused(String filter, String reason) {
            if (!ended) {
                listener.onRefused(filter, reason);
            }
        }

        void lost(String reason) {
            if (!ended) {
                ended = true;
                listener.onLost(reason);
            }
        }

        void end() {
            ended = true;
        }

        boolean hasEnded() {
            return ended;
        }
    }
}
