package org.fieldhouse.binding.mqtt;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.binding.mqtt.client.LinkSettings;
import org.fieldhouse.binding.mqtt.client.TlsSettings;
import org.fieldhouse.binding.mqtt.client.TopicFilter;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a {@code broker}. */
final class BrokerSettings {
    private static final int PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int RANDOM_ID = 8;

    private BrokerSettings() {}

    /**
     * @param maxMessage where the settings do not say it, bytes
     * @param window where they do not
     */
    static LinkSettings read(Settings s, long maxMessage, int window) throws SettingsException {
        TlsSettings tls = s.has("tls") ? tls(s.section("tls")) : null;
        boolean session = s.flag("session", false);
        String clientId = s.text("client-id", "");
        if (session && clientId.isEmpty()) {
            throw s.problem(
                    "session", "'session: true' needs a 'client-id' of its own, by which the broker knows us again");
        }
        if (clientId.isEmpty()) {
            clientId = "fieldhouse-" + UUID.randomUUID().toString().substring(0, RANDOM_ID);
        }
        Optional<Secret> password = s.secret("password");
        if (password.isPresent() && !s.has("user")) {
            throw s.problem("password", "'password' needs a 'user'");
        }
        return new LinkSettings(
                s.text("host", "localhost"),
                (int) s.integer("port", 1, 65_535, tls == null ? PORT : TLS_PORT),
                version(s),
                clientId,
                s.text("user", ""),
                password,
                tls,
                within(s, "keep-alive", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(65_535)),
                session,
                within(s, "session-expiry", Duration.ofDays(1), Duration.ofSeconds(1), Duration.ofDays(3650)),
                s.has("will") ? will(s.section("will")) : null,
                (int) s.integer("max-message", 1, 256L << 20, maxMessage),
                (int) s.integer("window", 1, 65_535, window),
                within(s, "timeout", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5)));
    }

    private static LinkSettings.Version version(Settings s) throws SettingsException {
        String text = s.text("version", "5");
        return switch (text) {
            case "5", "5.0" -> LinkSettings.Version.V5;
            case "3.1.1", "4" -> LinkSettings.Version.V3_1_1;
            default -> throw s.problem("version", "'version' is 3.1.1 or 5, not '" + text + "'");
        };
    }

    private static TlsSettings tls(Settings s) throws SettingsException {
        TlsSettings tls = new TlsSettings(
                s.text("ca", ""),
                s.text("cert", ""),
                s.text("key", ""),
                s.text("keystore", ""),
                s.secret("keystore-password"),
                s.flag("verify-host", true));
        if (tls.certificate().isEmpty() != tls.key().isEmpty()) {
            throw s.problem("cert", "'cert' and 'key' go together");
        }
        if (!tls.certificate().isEmpty() && !tls.keystore().isEmpty()) {
            throw s.problem("keystore", "either 'cert' and 'key', or 'keystore'");
        }
        return tls;
    }

    private static LinkSettings.Will will(Settings s) throws SettingsException {
        String topic = topic(s, "topic");
        @Nullable String birth = s.has("birth") ? s.text("birth") : null;
        return new LinkSettings.Will(
                topic, s.text("payload", "offline"), birth, (int) s.integer("qos", 0, 2, 1), s.flag("retain", true));
    }

    /** A topic to publish to. */
    static String topic(Settings s, String key) throws SettingsException {
        String topic = s.text(key);
        Optional<String> fault = TopicFilter.topicFault(topic);
        if (fault.isPresent()) {
            throw s.problem(key, "'" + topic + "': " + fault.get());
        }
        return topic;
    }

    private static Duration within(Settings s, String key, Duration fallback, Duration min, Duration max)
            throws SettingsException {
        Duration d = s.duration(key, fallback);
        if (d.compareTo(min) < 0 || d.compareTo(max) > 0) {
            throw s.problem(key, "'" + key + "' is " + min.toSeconds() + " s to " + max.toSeconds() + " s");
        }
        return d;
    }
}
