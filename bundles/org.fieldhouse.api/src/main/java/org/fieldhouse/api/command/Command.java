package org.fieldhouse.api.command;

import org.fieldhouse.api.event.Cause;

/**
 * A valid request on its way.
 *
 * @param id unique in the life of the house, increasing
 * @param request what is asked for, values already in the point's unit
 * @param cause why
 * @param acceptedMicros µs since 1970-01-01T00:00Z
 * @param deadlineMicros when it ends as TIMED_OUT unless it has ended before, µs since 1970-01-01T00:00Z
 */
public record Command(long id, Request request, Cause cause, long acceptedMicros, long deadlineMicros) {}
