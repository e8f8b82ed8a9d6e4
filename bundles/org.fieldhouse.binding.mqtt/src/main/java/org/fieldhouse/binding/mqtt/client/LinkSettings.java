package org.fieldhouse.binding.mqtt.client;

import java.time.Duration;
import java.util.Optional;
import org.fieldhouse.api.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed to connect to a broker.
 *
 * @param host name or address
 * @param port 1 to 65,535
 * @param version of the protocol
 * @param clientId unique at the broker; a second client of that id throws the first one out
 * @param user empty for none
 * @param password of the user
 * @param tls null for a plain connection
 * @param keepAlive 1 s to 18 h; the broker takes us for dead after 1.5 times this
 * @param session whether the broker keeps subscriptions and messages of QoS 1 and 2 while we are away
 * @param sessionExpiry for how long it does (MQTT 5 only)
 * @param will what the broker says when it takes us for dead; null for nothing
 * @param maxMessage largest message taken, bytes; larger ones are skipped
 * @param window messages of QoS 1 and 2 that may be unacknowledged, 1 to 65,535
 * @param connectTimeout for TCP, TLS and the broker's answer, each
 */
public record LinkSettings(
        String host,
        int port,
        Version version,
        String clientId,
        String user,
        Optional<Secret> password,
        @Nullable TlsSettings tls,
        Duration keepAlive,
        boolean session,
        Duration sessionExpiry,
        @Nullable Will will,
        int maxMessage,
        int window,
        Duration connectTimeout) {

    /** MQTT 3.1.1 or 5.0. */
    public enum Version {
        V3_1_1,
        V5
    }

    /**
     * A message kept by the broker for the case of our death, and its cheerful opposite.
     *
     * @param topic where
     * @param payload what is said when we are gone
     * @param birth what we say there once connected; null for nothing
     * @param qos 0 to 2
     * @param retain whether the broker stores it
     */
    public record Will(String topic, String payload, @Nullable String birth, int qos, boolean retain) {}

    /** For messages to people: {@code broker.local:8883}. */
    public String address() {
        return host + ":" + port;
    }
}
