package org.fieldhouse.api.history;

import java.time.Instant;
import org.fieldhouse.api.value.Unit;
import org.jspecify.annotations.Nullable;

/**
 * What a point was over an interval. Numbers count, and {@code Bool}, off as 0 and on as 1, so that the mean is the share of the
 * time that it was on. Only what was known counts: a state of quality GOOD, while the house ran.
 *
 * @param from begin, inclusive
 * @param to end, exclusive
 * @param changes states that began in the interval, of any quality and kind
 * @param known share of the interval over which there was a number that was GOOD, 0 to 1
 * @param min least number; NaN if nothing was known
 * @param mean each number weighted by how long it was; NaN if nothing was known
 * @param max greatest number; NaN if nothing was known
 * @param unit of the three, that of the latest number of the answer; numbers in a unit that does not convert to it do not count
 * @param last the state in which the interval ended; null if there was none yet
 */
public record Aggregate(
        Instant from,
        Instant to,
        long changes,
        double known,
        double min,
        double mean,
        double max,
        Unit unit,
        @Nullable PastState last) {}
