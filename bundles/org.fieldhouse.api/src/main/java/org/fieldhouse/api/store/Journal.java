package org.fieldhouse.api.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.fieldhouse.api.event.Event;
import org.osgi.annotation.versioning.ProviderType;

/** The service for reading what happened, and for keeping a state together with its place in the journal. Any thread. */
@ProviderType
public interface Journal {
    /** The event of that number, a recent one also before it is on disk; empty if it was pruned or cannot be read. */
    Optional<Event> event(long sequence);

    /** Reads events in order from a number on until the reader answers false or the end of what is on disk is reached. */
    void read(long fromSequence, Predicate<Event> reader) throws StoreException;

    /** The first event that is not before that time; empty if there is none yet. */
    OptionalLong sequenceAt(long micros);

    /** The number up to which everything is on disk. */
    long committedSequence();

    /** Keeps a state of the caller's; durable when it returns. The one before is kept as a reserve. */
    void putSnapshot(String name, Snapshot snapshot) throws StoreException;

    /**
     * Keeps a state that events rely on which are published from now on: it is on disk before any of them is. Returns at once,
     * for nobody has to wait for the disk. The one before is kept as a reserve.
     *
     * @param data must not be changed any more
     */
    void putSnapshotAhead(String name, byte[] data);

    /** Snapshots of that name, newest first, at most two. */
    List<Snapshot> snapshots(String name) throws StoreException;

    /** The oldest event that somebody still needs; the journal is not pruned beyond it. */
    void retain(String who, long fromSequence);

    /** How the journal is: for health checks and people. */
    default JournalStatus status() {
        return JournalStatus.FINE;
    }
}
