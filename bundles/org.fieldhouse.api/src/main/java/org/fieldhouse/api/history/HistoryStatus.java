package org.fieldhouse.api.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the history is: for health checks and people.
 *
 * @param trouble why nothing can be kept now, for people; empty if it can. What happens meanwhile is not lost: it is read from the
 *     journal later
 * @param recorded states recorded since the start
 * @param kept states on disk
 * @param bytes on disk
 * @param since the oldest state on disk; null if there is none
 * @param cursor number of the newest event that was read
 * @param behind numbers of events in the journal that were not read yet
 * @param waiting states in memory; they come from the journal again after a crash
 * @param damaged pieces that could not be read since the start, each with what was in it
 * @param failures tries to write that failed since the start
 */
public record HistoryStatus(
        String trouble,
        long recorded,
        long kept,
        long bytes,
        @Nullable Instant since,
        long cursor,
        long behind,
        long waiting,
        long damaged,
        long failures) {}
