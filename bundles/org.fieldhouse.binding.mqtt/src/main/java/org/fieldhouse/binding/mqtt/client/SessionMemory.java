package org.fieldhouse.binding.mqtt.client;

import java.util.HashMap;
import java.util.List;
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

    /** What both versions of Paho call a message that was sent, before its identifier. */
    private static final String SENT = "s-";

    /** The same for its PUBREL. */
    private static final String CONFIRMED = "sc-";

    private final Map<String, Packet> packets = new ConcurrentHashMap<>();
    /** Acknowledged to the end, which Paho's own threads get round to later. */
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    private volatile boolean sealed;

    void put(String key, Packet packet) {
        if (!sealed) {
            ended.remove(key);
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
            ended.remove(key);
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
            ended.clear();
        }
    }

    /** The broker has said the last word about a message that was sent. */
    void acknowledged(int id) {
        for (String key : List.of(SENT + id, CONFIRMED + id)) {
            if (packets.containsKey(key)) {
                ended.add(key);
            }
        }
    }

    /** From now on it stays as it is: a client that ends without its connection would clear it. */
    void seal() {
        sealed = true;
    }

    /** All that is not acknowledged. */
    Map<String, Packet> packets() {
        Map<String, Packet> open = new HashMap<>(packets);
        open.keySet().removeAll(ended);
        return open;
    }

    /** Takes over what another memory held. */
    void restore(Map<String, Packet> others) {
        packets.clear();
        ended.clear();
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
