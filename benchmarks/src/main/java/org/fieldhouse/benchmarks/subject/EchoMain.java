package org.fieldhouse.benchmarks.subject;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * The least that a Java program on Paho can do: each message goes out again on another topic. Paho's callback must not publish (it
 * would wait for itself at the in-flight limit), so a queue hands over to the main thread.
 */
public final class EchoMain {
    private record Letter(String topic, MqttMessage message) {}

    private EchoMain() {}

    /** Arguments: the broker's port, and the first level of the topics. */
    public static void main(String[] args) throws MqttException, InterruptedException {
        String prefix = args[1];
        BlockingQueue<Letter> queue = new ArrayBlockingQueue<>(100_000);
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + args[0], "echo", new MemoryPersistence());
        client.setCallback(new MqttCallback() {
            @Override
            public void connectionLost(Throwable cause) {
                System.err.println("connection lost: " + cause);
                Runtime.getRuntime().halt(1);
            }

            @Override
            public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
                queue.put(new Letter(topic, message));
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {}
        });
        MqttConnectOptions options = new MqttConnectOptions();
        options.setSocketFactory(new NoDelayFactory());
        options.setMaxInflight(60_000);
        client.connect(options).waitForCompletion();
        client.subscribe(prefix + "/in/+", 0).waitForCompletion();
        int cut = prefix.length() + "/in/".length();
        while (true) {
            Letter letter = queue.take();
            client.publish(prefix + "/out/" + letter.topic.substring(cut), letter.message.getPayload(), 0, false);
        }
    }
}
