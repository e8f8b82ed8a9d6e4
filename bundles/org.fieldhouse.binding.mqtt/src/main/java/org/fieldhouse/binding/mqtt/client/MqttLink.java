package org.fieldhouse.binding.mqtt.client;

import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a broker, from connect to close. It does not reconnect; the device's runtime does. Methods may be called from
 * any thread but the one that calls the {@link LinkListener}.
 */
public interface MqttLink {

    /** What the broker said when it took the connection: whether it still knows our session. */
    boolean sessionPresent();

    /**
     * Hands a message to the transport. Waits while the window is full.
     *
     * @param qos 0 to 2
     * @throws BindingException if the connection is gone, or the window stays full
     */
    void publish(String topic, byte[] payload, int qos, boolean retain) throws BindingException, InterruptedException;

    /** Asks for topics in one packet. A filter that the broker refuses is told to {@link LinkListener#onRefused}. */
    void subscribe(List<Wanted> wanted) throws BindingException;

    /** Asks for topics no longer, in one packet. */
    void unsubscribe(List<String> filters) throws BindingException;

    /** Returns when the message that is just being brought has been brought. */
    void settle();

    /**
     * Ends as {@link #close} does, but for the connection, which the broker does not see ending.
     *
     * @param memory the one that it was made with; afterwards it says what is not acknowledged, and stays as it is
     * @return null if the broker does not answer in time; then this is a close
     */
    @Nullable
    KeptLink detach(SessionMemory memory) throws InterruptedException;

    /** Says goodbye if that is still possible, and lets go of sockets and threads. The listener is not called any more. */
    void close();

    /** A topic filter and the highest QoS, 0 to 2, at which its messages are wanted. */
    record Wanted(String filter, int qos) {}
}
