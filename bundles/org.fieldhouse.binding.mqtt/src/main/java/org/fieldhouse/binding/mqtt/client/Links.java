package org.fieldhouse.binding.mqtt.client;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.fieldhouse.api.binding.BindingException;

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

    private Links() {}

    /**
     * Connects. Blocks until the broker has answered.
     *
     * @param memory what survives of the session between links; the same one for the same device
     * @throws BindingException with the reason in words; permanent if only a person can help
     */
    public static MqttLink connect(LinkSettings settings, SessionMemory memory, LinkListener listener)
            throws BindingException, InterruptedException {
        byte[] marker = new byte[MARKER_LENGTH];
        new SecureRandom().nextBytes(marker);
        LinkSocketFactory sockets = new LinkSocketFactory(settings, marker);
        Incoming incoming = new Incoming(listener, marker);
        return settings.version() == LinkSettings.Version.V5
                ? PahoV5Link.connect(settings, sockets, memory, incoming)
                : PahoV3Link.connect(settings, sockets, memory, incoming);
    }

    /** Takes messages from Paho, tells the oversize ones apart, and falls silent when the link is closed. */
    static final class Incoming {
        private final LinkListener listener;
        private final byte[] marker;
        private volatile boolean ended;

        private Incoming(LinkListener listener, byte[] marker) {
            this.listener = listener;
            this.marker = marker;
        }

        void message(String topic, byte[] payload, boolean retained) {
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
