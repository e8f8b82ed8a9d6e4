package org.fieldhouse.binding.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where a Zigbee2MQTT is looked for. Its PID is {@value Zigbee2MqttFinder#SETTINGS}. */
@ObjectClassDefinition(
        pid = Zigbee2MqttFinder.SETTINGS,
        name = "Zigbee",
        description = "Where the feature 'zigbee' looks for a Zigbee2MQTT")
public @interface Zigbee2MqttFinderConfig {
    @AttributeDefinition(name = "Host", description = "Name or address of the MQTT broker that Zigbee2MQTT talks to.")
    String host() default "127.0.0.1";

    @AttributeDefinition(
            name = "Port",
            description = "TCP port where that broker listens, 1 to 65535.",
            min = "1",
            max = "65535")
    int port() default 1883;

    @AttributeDefinition(
            name = "Base topic",
            description = "What all topics of Zigbee2MQTT begin with: 'mqtt.base_topic' in its configuration.yaml.")
    String base() default "zigbee2mqtt";

    @AttributeDefinition(name = "User", description = "Who we are at the broker; empty for nobody.")
    String user() default "";

    @AttributeDefinition(
            name = "Password",
            description = "${secret:NAME} or ${env:NAME}, since it is written into devices/*.yaml; empty for none.")
    String password() default "";
}
