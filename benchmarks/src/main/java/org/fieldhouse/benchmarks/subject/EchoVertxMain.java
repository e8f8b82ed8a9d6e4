package org.fieldhouse.benchmarks.subject;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;

/** {@link EchoMain} on Vert.x: all of it on one event loop, without a hand-over. */
public final class EchoVertxMain {
    private EchoVertxMain() {}

    /** Arguments: the broker's port, and the first level of the topics. */
    public static void main(String[] args) {
        String prefix = args[1];
        int cut = prefix.length() + "/in/".length();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        MqttClientOptions options = new MqttClientOptions().setClientId(prefix).setMaxInflightQueue(60_000);
        MqttClient client = MqttClient.create(vertx, options);
        client.publishHandler(message -> client.publish(
                prefix + "/out/" + message.topicName().substring(cut),
                message.payload(),
                MqttQoS.AT_MOST_ONCE,
                false,
                false));
        client.closeHandler(v -> Runtime.getRuntime().halt(1));
        client.connect(Integer.parseInt(args[0]), "127.0.0.1")
                .onSuccess(connected -> client.subscribe(prefix + "/in/+", 0))
                .onFailure(e -> {
                    System.err.println("no connection: " + e);
                    Runtime.getRuntime().halt(1);
                });
    }
}
