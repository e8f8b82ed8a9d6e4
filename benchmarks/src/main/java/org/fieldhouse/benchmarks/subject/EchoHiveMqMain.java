package org.fieldhouse.benchmarks.subject;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;

/** {@link EchoMain} on the HiveMQ client, published from its callback, which may. */
public final class EchoHiveMqMain {
    private EchoHiveMqMain() {}

    /** Arguments: the broker's port, and the first level of the topics. */
    public static void main(String[] args) {
        String prefix = args[1];
        int cut = prefix.length() + "/in/".length();
        Mqtt3AsyncClient client = Mqtt3Client.builder()
                .identifier(prefix)
                .serverHost("127.0.0.1")
                .serverPort(Integer.parseInt(args[0]))
                .buildAsync();
        client.connect().join();
        client.publishes(MqttGlobalPublishFilter.ALL, message -> client.publishWith()
                .topic(prefix + "/out/" + message.getTopic().toString().substring(cut))
                .payload(message.getPayload().orElseThrow())
                .qos(MqttQos.AT_MOST_ONCE)
                .send());
        client.subscribeWith()
                .topicFilter(prefix + "/in/+")
                .qos(MqttQos.AT_MOST_ONCE)
                .send()
                .join();
    }
}
