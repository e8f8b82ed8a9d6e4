package org.fieldhouse.api.feature;

import java.time.Duration;
import java.util.List;

/**
 * How a change ended.
 *
 * @param done whether it is in force (or, with {@link Plan#restart()}, will be after the next start); else everything is as it was
 * @param plan what was to be done
 * @param reasons why it was not done; empty if it was
 * @param generation number of the generation in force now
 * @param took from the call to the end, with waiting for other changes
 */
public record Result(boolean done, Plan plan, List<Reason> reasons, long generation, Duration took) {
    public Result {
        reasons = List.copyOf(reasons);
    }
}
