package org.fieldhouse.benchmarks.subject;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** {@link EchoMain} on Paho's client for MQTT 5. */
public final class EchoPaho5Main {
    private record Letter(String topic, MqttMessage message) {}

    private EchoPaho5Main() {}

    /** Arguments: the broker's port, and the first level of the topics. */
    public static void main(String[] args) throws MqttException, InterruptedException {
        String prefix = args[1];
        BlockingQueue<Letter> queue = new ArrayBlockingQueue<>(100_000);
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + args[0], prefix, new MemoryPersistence());
        client.setCallback(new MqttCallback() {
            @Override
            public void disconnected(MqttDisconnectResponse response) {
                System.err.println("disconnected: " + response);
                Runtime.getRuntime().halt(1);
            }

            @Override
            public void mqttErrorOccurred(MqttException exception) {
                System.err.println("error: " + exception);
            }

            @Override
            public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
                queue.put(new Letter(topic, message));
            }

            @Override
            public void deliveryComplete(IMqttToken token) {}

            @Override
            public void connectComplete(boolean reconnect, String serverUri) {}

            @Override
            public void authPacketArrived(int reasonCode, MqttProperties properties) {}
        });
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setSocketFactory(new NoDelayFactory());
        client.connect(options).waitForCompletion();
        client.subscribe(prefix + "/in/+", 0).waitForCompletion();
        int cut = prefix.length() + "/in/".length();
        while (true) {
            Letter letter = queue.take();
            client.publish(prefix + "/out/" + letter.topic.substring(cut), letter.message.getPayload(), 0, false);
        }
    }
}
