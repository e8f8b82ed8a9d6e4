package org.fieldhouse.api.value;

import java.time.Instant;

/** A point in time (UTC). Named so that {@link Instant} stays free for the clock. */
public record Moment(Instant instant) implements Value {
    @Override
    public ValueKind kind() {
        return ValueKind.MOMENT;
    }

    @Override
    public String toString() {
        return instant.toString();
    }
}
