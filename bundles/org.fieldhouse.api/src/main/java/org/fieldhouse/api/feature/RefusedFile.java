package org.fieldhouse.api.feature;

import java.time.Instant;
import java.util.List;

/**
 * A file of the folder {@code deploy/} that was not let in.
 *
 * @param name in that folder
 * @param reasons at least one
 * @param time when it was tried last
 */
public record RefusedFile(String name, List<Reason> reasons, Instant time) {
    public RefusedFile {
        reasons = List.copyOf(reasons);
    }
}
