package org.fieldhouse.binding.mqtt.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What Paho owes: to the broker PUBACK, PUBREC, PUBREL and PUBCOMP, by packet identifier (MQTT 3.1.1 and 5.0 section 4.3); to us the
 * messages of QoS 2 that it acknowledges before it brings them. A count would not do: after a hand-over Paho says PUBREL again, which
 * nobody asked for. Thread-safe; bounded, since an identifier has 16 bits.
 */
final class Handshakes {
    private static final int PUBLISH = 3;
    private static final int QOS_2 = 2;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Set<Integer> owed = ConcurrentHashMap.newKeySet();
    private final SessionMemory memory;
    private final boolean early;

    /**
     * @param memory told what the broker has acknowledged to the end
     * @param early whether a message of QoS 2 is brought with its PUBLISH, by another thread than the one that says PUBREC, as Paho
     *     does for MQTT 5.0; for 3.1.1 it brings it with its PUBREL, before it says PUBCOMP
     */
    Handshakes(SessionMemory memory, boolean early) {
        this.memory = memory;
        this.early = early;
    }

    /** Whether a packet of that type belongs to a handshake, and begins with the identifier of a message. */
    static boolean has(int type) {
        return type >= PUBACK && type <= PUBCOMP;
    }

    /** The broker sent a message of QoS 1 or 2. Before Paho knows of it. */
    void heardMessage(int qos, int id) {
        owed.add(key(qos == QOS_2 ? PUBREC : PUBACK, id));
        if (early && qos == QOS_2) {
            owed.add(key(PUBLISH, id));
        }
    }

    /** Paho brought a message. */
    void brought(int id) {
        owed.remove(key(PUBLISH, id));
    }

    /**
     * The broker answered. Before Paho knows of it.
     *
     * @param refused whether it will not have the message, which ends the handshake (MQTT 5.0 section 4.3.3)
     */
    void heard(int type, int id, boolean refused) {
        if (type == PUBREL) {
            owed.add(key(PUBCOMP, id));
        } else if (type == PUBREC && !refused) {
            owed.add(key(PUBREL, id));
        } else {
            memory.acknowledged(id);
        }
    }

    /** Paho said that. */
    void said(int type, int id) {
        owed.remove(key(type, id));
    }

    /** Waits until nothing is owed; false if that takes longer. */
    boolean awaitEven(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!owed.isEmpty()) {
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    private static int key(int type, int id) {
        return type << 16 | id;
    }
}
