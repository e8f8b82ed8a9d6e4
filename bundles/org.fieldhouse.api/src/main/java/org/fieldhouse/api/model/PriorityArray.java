package org.fieldhouse.api.model;

import java.util.List;
import java.util.Optional;
import org.fieldhouse.api.value.Value;

/**
 * What is asked of one writable point: up to sixteen requests, the strongest of which is in force.
 *
 * @param entries occupied slots, strongest first
 */
public record PriorityArray(List<Entry> entries) {
    public static final PriorityArray EMPTY = new PriorityArray(List.of());

    /**
     * @param slot 1 (strongest) to 16
     * @param value what is asked
     * @param untilMicros when the request ends by itself, µs since 1970; 0 for never
     * @param holder who asks, for people: {@code rule "Hall light"}, {@code user anna}
     */
    public record Entry(int slot, Value value, long untilMicros, String holder) {
        public Entry {
            if (slot < 1 || slot > 16) {
                throw new IllegalArgumentException("slot " + slot + " is not 1 to 16");
            }
        }
    }

    public PriorityArray {
        entries = List.copyOf(entries);
    }

    /** The request in force. */
    public Optional<Entry> strongest() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(0));
    }
}
