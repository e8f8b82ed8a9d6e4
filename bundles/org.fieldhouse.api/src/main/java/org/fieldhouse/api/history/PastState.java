package org.fieldhouse.api.history;

import java.time.Instant;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a point became at a moment of the past, and was until the next one.
 *
 * @param time when the house learned it, µs precision: the time of the event; never decreases from one state of a point to the next
 * @param value null only if none was ever reported
 * @param quality how far it could be trusted
 * @param sourceTime when the device says it measured it; equal to {@code time} where the device has no clock
 */
public record PastState(Instant time, @Nullable Value value, Quality quality, Instant sourceTime) {}
