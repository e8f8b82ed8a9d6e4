package org.fieldhouse.binding.mqtt.client;

/** Interest in a topic filter, until it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
