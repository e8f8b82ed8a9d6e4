package org.fieldhouse.runtime.journal;

import java.time.Duration;

/**
 * How the journal is written.
 *
 * @param commit time over which events are gathered into one commit
 * @param stall how long the bus waits for a store that hangs before it goes on without it
 * @param retain how long events are kept
 * @param retainBytes how much disk the journal may take
 * @param backlogBytes encoded events kept in memory while the store fails
 * @param snapshotEvents a snapshot of the states is written after that many events
 * @param snapshotEvery and after that time, if there was an event at all
 */
public record JournalSettings(
        Duration commit,
        Duration stall,
        Duration retain,
        long retainBytes,
        long backlogBytes,
        long snapshotEvents,
        Duration snapshotEvery) {

    public static final JournalSettings DEFAULT = new JournalSettings(
            Duration.ofMillis(20),
            Duration.ofSeconds(2),
            Duration.ofDays(400),
            1L << 30,
            16L << 20,
            500_000,
            Duration.ofMinutes(15));

    public JournalSettings withCommit(Duration value) {
        return new JournalSettings(value, stall, retain, retainBytes, backlogBytes, snapshotEvents, snapshotEvery);
    }

    public JournalSettings withStall(Duration value) {
        return new JournalSettings(commit, value, retain, retainBytes, backlogBytes, snapshotEvents, snapshotEvery);
    }

    public JournalSettings withRetention(Duration age, long bytes) {
        return new JournalSettings(commit, stall, age, bytes, backlogBytes, snapshotEvents, snapshotEvery);
    }

    public JournalSettings withBacklog(long bytes) {
        return new JournalSettings(commit, stall, retain, retainBytes, bytes, snapshotEvents, snapshotEvery);
    }

    public JournalSettings withSnapshots(long events, Duration every) {
        return new JournalSettings(commit, stall, retain, retainBytes, backlogBytes, events, every);
    }
}
