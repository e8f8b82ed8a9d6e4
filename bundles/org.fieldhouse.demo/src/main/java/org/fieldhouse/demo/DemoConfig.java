package org.fieldhouse.demo;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the demonstration, PID {@code org.fieldhouse.demo}. */
@ObjectClassDefinition(
        name = "Demonstration",
        description = "A simulated house and plant that speak Zigbee2MQTT to a broker")
public @interface DemoConfig {
    @AttributeDefinition(name = "Broker", description = "URL of the MQTT broker, tcp://host:port")
    String url() default "tcp://127.0.0.1:18830";

    @AttributeDefinition(name = "Base topic", description = "First part of all topics, as in Zigbee2MQTT")
    String baseTopic() default "zigbee2mqtt";

    @AttributeDefinition(
            name = "Length of a day",
            description = "Seconds that a day and a night of the demo last, 60 to 86400 (a real day)",
            min = "60",
            max = "86400")
    int daySeconds() default 600;

    @AttributeDefinition(name = "Seed", description = "The same number gives the same sequence of happenings")
    long seed() default 42;
}
