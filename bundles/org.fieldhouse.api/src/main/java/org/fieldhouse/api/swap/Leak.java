package org.fieldhouse.api.swap;

import java.time.Instant;
import java.util.List;

/**
 * A version of a bundle that left and cannot be collected.
 *
 * @param bundle symbolic name and version
 * @param left when
 * @param holders what keeps it, for people: a thread, a management bean, a field. Empty if it was not found
 */
public record Leak(String bundle, Instant left, List<String> holders) {
    /** Copies the list. */
    public Leak {
        holders = List.copyOf(holders);
    }
}
