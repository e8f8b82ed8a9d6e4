package org.fieldhouse.api.binding;

import java.io.Closeable;
import java.util.List;

/**
 * What a device leaves to the next version of its binding. Bytes and classes of the JDK only: one object of the binding's own
 * classes would keep the departed bundle in memory, so the runtime refuses a transport of such a class.
 *
 * @param version of the format of {@code state}, the binding's own numbering
 * @param state at most {@value #MAX_STATE} bytes; the caller gives it away
 * @param transports connections that stay open, in an order of the binding's own; while nobody has them, their peer's bytes wait in
 *     the kernel's buffer. Closed by the runtime if nobody takes them
 */
public record HandOver(int version, byte[] state, List<Closeable> transports) {
    /** The largest state, bytes. */
    public static final int MAX_STATE = 32 << 20;

    /** Checks the size. */
    public HandOver {
        transports = List.copyOf(transports);
        if (state.length > MAX_STATE) {
            throw new IllegalArgumentException("a state of " + state.length + " bytes; at most " + MAX_STATE);
        }
    }

    /** Without a transport. */
    public HandOver(int version, byte[] state) {
        this(version, state, List.of());
    }
}
