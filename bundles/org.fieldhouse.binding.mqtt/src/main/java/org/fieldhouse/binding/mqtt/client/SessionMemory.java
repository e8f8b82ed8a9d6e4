package org.fieldhouse.binding.mqtt.client;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Packets of QoS 1 and 2 that are not yet acknowledged to the end. Outlives the link, so that the next one of the same session
 * sends again what is open, and knows what it has already taken. Bounded by the window. Thread-safe.
 */
public final class SessionMemory {
    /** @param header of the packet @param payload of the packet */
    record Packet(byte[] header, byte[] payload) {}

    private final Map<String, Packet> packets = new ConcurrentHashMap<>();
    private volatile boolean sealed;

    void put(String key, Packet packet) {
        if (!sealed) {
            packets.put(key, packet);
        }
    }

    @Nullable
    Packet get(String key) {
        return packets.get(key);
    }

    void remove(String key) {
        if (!sealed) {
            packets.remove(key);
        }
    }

    boolean contains(String key) {
        return packets.containsKey(key);
    }

    Set<String> keys() {
        return Set.copyOf(packets.keySet());
    }

    /** Forgets everything: the session is over. */
    public void clear() {
        if (!sealed) {
            packets.clear();
        }
    }

    /** From now on it stays as it is: a client that ends without its connection would clear it. */
    void seal() {
        sealed = true;
    }

    /** All of it. */
    Map<String, Packet> packets() {
        return Map.copyOf(packets);
    }

    /** Takes over what another memory held. */
    void restore(Map<String, Packet> others) {
        packets.clear();
        packets.putAll(others);
    }

    static byte[] slice(byte @Nullable [] bytes, int offset, int length) {
        byte[] out = new byte[bytes == null ? 0 : length];
        if (bytes != null) {
            System.arraycopy(bytes, offset, out, 0, length);
        }
        return out;
    }
}
