package org.fieldhouse.binding.mqtt.client;

/** Takes the messages of a subscription, on the receiving thread; see {@link LinkListener} for what it must not do. */
@FunctionalInterface
public interface MessageHandler {
    void onMessage(Message message);
}
