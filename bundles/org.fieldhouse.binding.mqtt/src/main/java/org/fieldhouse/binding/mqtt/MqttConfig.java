package org.fieldhouse.binding.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the bundle; those of a broker are in {@code devices/*.yaml}. */
@ObjectClassDefinition(name = "MQTT binding", description = "What is the same for all brokers")
public @interface MqttConfig {
    @AttributeDefinition(
            name = "Largest message",
            description =
                    "Larger messages are skipped and counted; KiB, 1 to 262144. A broker's 'max-message' overrides it.",
            min = "1",
            max = "262144")
    int maxMessageKib() default 4096;

    @AttributeDefinition(
            name = "Publish window",
            description = "Number of messages of QoS 1 and 2 that may be unacknowledged per broker; 1 to 65535.",
            min = "1",
            max = "65535")
    int publishWindow() default 1000;

    @AttributeDefinition(
            name = "Candidates",
            description =
                    "Number of devices that one discovery may offer; what is beyond is counted and not shown; 1 to 100000.",
            min = "1",
            max = "100000")
    int candidates() default 20000;
}
