package org.fieldhouse.binding.bluetooth.codec;

import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.EventSpec;

/** What one format made of an advertisement. */
public sealed interface Decoded {
    /** The name of the format, for people: {@code BTHome v2}. */
    String format();

    /**
     * It could be read.
     *
     * @param readings in the order they stand there
     * @param happenings in the order they stand there
     * @param events what the device can say, as far as this shows
     * @param packet number of the packet, 0 to 255 (BTHome) or 65535 (Ruuvi); -1 if it has none
     * @param counter of an encrypted packet, 0 to 2³² - 1; -1 if it was not encrypted
     * @param byTrigger whether the device speaks only when something happens, so that silence means nothing
     * @param details facts for people
     * @param left what could not be read of it, in words; empty if nothing
     */
    record Heard(
            String format,
            List<Reading> readings,
            List<Happening> happenings,
            List<EventSpec> events,
            int packet,
            long counter,
            boolean byTrigger,
            Map<String, String> details,
            String left)
            implements Decoded {
        public Heard {
            readings = List.copyOf(readings);
            happenings = List.copyOf(happenings);
            events = List.copyOf(events);
            details = Map.copyOf(details);
        }

        static Heard of(String format, List<Reading> readings, int packet, Map<String, String> details) {
            return new Heard(format, readings, List.of(), List.of(), packet, -1, false, details, "");
        }
    }

    /**
     * It is encrypted, and cannot be read until somebody does something.
     *
     * @param reason one sentence, with what to do
     */
    record Locked(String format, String reason) implements Decoded {}

    /**
     * It is not what its format asks for; nothing of it is used.
     *
     * @param reason one sentence
     */
    record Corrupt(String format, String reason) implements Decoded {}
}
