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

    void put(String key, Packet packet) {
        packets.put(key, packet);
    }

    @Nullable
    Packet get(String key) {
        return packets.get(key);
    }

    void remove(String key) {
        packets.remove(key);
    }

    boolean contains(String key) {
        return packets.containsKey(key);
    }

    Set<String> keys() {
        return Set.copyOf(packets.keySet());
    }

    /** Forgets everything: the session is over. */
    public void clear() {
        packets.clear();
    }

    static byte[] slice(byte @Nullable [] bytes, int offset, int length) {
        byte[] out = new byte[bytes == null ? 0 : length];
        if (bytes != null) {
            System.arraycopy(bytes, offset, out, 0, length);
        }
        return out;
    }
}
