package org.fieldhouse.api.rules;

import java.time.Instant;
import java.util.List;
import org.fieldhouse.api.value.Value;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way to the other side of an {@code upload … to NAME}: register it as a service. What rule files decide to upload is in the
 * journal; the runtime reads it from there by a cursor of its own for each uplink, so nothing is lost while the other side, the
 * uplink or the runtime is away, as far back as the upload's buffer says.
 */
@ConsumerType
public interface Uplink {
    /** What rule files call it: {@code PlantCloud}. */
    String name();

    /**
     * Sends values to the other side. Returns when the other side has them: they are not sent again then. Called by one thread at
     * a time, in order. After a crash the last batch may come again; {@link Sample#sequence} tells.
     *
     * @param batch 1 to 500 values, by ascending sequence
     * @throws UplinkException if the other side did not take them; they are offered again with back-off
     */
    void send(List<Sample> batch) throws UplinkException, InterruptedException;

    /**
     * A value for the other side.
     *
     * @param sequence number of its event in the journal: ascending, never given twice
     * @param name what the other side knows it by: {@code Tank1.level}
     * @param time when it was so
     */
    record Sample(long sequence, String name, Value value, Instant time) {}

    /** The other side did not take a batch. */
    final class UplinkException extends Exception {
        private static final long serialVersionUID = 1L;

        public UplinkException(String message) {
            super(message);
        }

        public UplinkException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
