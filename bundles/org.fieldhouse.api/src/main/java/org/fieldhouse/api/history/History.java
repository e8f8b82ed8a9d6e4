package org.fieldhouse.api.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.store.StoreException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service for asking what points were. It follows the journal, about a second behind the house. Any thread; the methods read
 * files and so are not for threads of the core. A piece of a file that is damaged is left out of every answer, logged once and
 * counted in {@link HistoryStatus#damaged}.
 */
@ProviderType
public interface History {
    /** Intervals that one question may ask for. */
    int MOST_INTERVALS = 10_000;

    /**
     * Reads the states that a point took on, in order, until the reader answers false. Of the answer a few thousand states at a time
     * are in memory, whatever its length. What is recorded meanwhile may or may not be in it.
     *
     * @param from of the first one wanted, inclusive; what was before is in {@link #before}
     * @param to exclusive
     * @throws StoreException if files cannot be read at all
     */
    void read(PointId point, Instant from, Instant to, Predicate<PastState> reader) throws StoreException;

    /**
     * The last state that a point took on before that time: what it was at that time.
     *
     * @throws StoreException if files cannot be read at all
     */
    Optional<PastState> before(PointId point, Instant time) throws StoreException;

    /**
     * Sums up a point over intervals that follow each other.
     *
     * @param edges begins of the intervals and the end of the last, ascending, 2 to {@value #MOST_INTERVALS} + 1; see
     *     {@link Intervals}. What lies ahead of now is not known
     * @return one for each interval
     * @throws IllegalArgumentException if there are too few or too many edges, or they do not ascend
     * @throws StoreException if files cannot be read at all
     */
    List<Aggregate> aggregates(PointId point, List<Instant> edges) throws StoreException;

    /** How the history is. Returns at once. */
    HistoryStatus status();
}
