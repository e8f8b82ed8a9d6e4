package org.fieldhouse.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the embedded broker, PID {@code org.fieldhouse.broker}. */
@ObjectClassDefinition(
        name = "Embedded MQTT broker",
        description = "An MQTT 3.1.1 and 5 broker for programs on this machine. It keeps nothing over a restart.")
public @interface BrokerConfig {
    /** Whoever connects is let in without a password, so only addresses of this machine are taken. */
    @AttributeDefinition(
            name = "Host",
            description =
                    "Loopback address to listen on: 127.0.0.1, ::1 or localhost. Others are refused, as nobody logs in.")
    String host() default "127.0.0.1";

    @AttributeDefinition(
            name = "Port",
            description = "TCP port; 0 takes a free one, shown in the log and as a service property. Default 1883.",
            min = "0",
            max = "65535")
    int port() default 1883;

    @AttributeDefinition(
            name = "Memory for messages",
            description =
                    "MiB of messages that wait for subscribers, 1 to 1024. Beyond it publishers wait; nothing is dropped.",
            min = "1",
            max = "1024")
    int maxMemoryMebibytes() default 16;

    @AttributeDefinition(
            name = "Largest packet",
            description = "KiB of one MQTT packet, 1 to 262144; a client that sends a larger one is disconnected.",
            min = "1",
            max = "262144")
    int maxPacketKibibytes() default 16_384;

    @AttributeDefinition(
            name = "Life of a session",
            description =
                    "Seconds that the session of an absent client (clean session off) is kept with its messages, 0 to 604800.",
            min = "0",
            max = "604800")
    int sessionExpirySeconds() default 3_600;
}
