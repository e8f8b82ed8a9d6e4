package org.fieldhouse.binding.mqtt.client;

/**
 * Hears what comes from the broker, on the link's receiving threads, one message at a time. It may wait for the event bus, never for
 * something that publishes: the acknowledgements that free the window come on the same threads.
 */
public interface LinkListener {
    void onMessage(Message message);

    /** A message above the limit was thrown away unread. */
    void onOversize(String topic, long bytes);

    /** The broker refused a subscription. */
    void onRefused(String filter, String reason);

    /** The connection is gone. Called once at most. */
    void onLost(String reason);
}
