package org.fieldhouse.api.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where the journal and the snapshots live. Implemented by store bundles, used by the runtime alone, one writer thread at a
 * time; reading may go on beside writing, on any thread.
 */
@ConsumerType
public interface JournalStore {
    /**
     * Appends blocks in order in one transaction. When this returns they survive a crash of process and machine.
     *
     * @throws StoreException if not; then none of the blocks is there, and the call may be repeated
     */
    void append(List<JournalBlock> blocks) throws StoreException;

    /**
     * Reads blocks that contain events numbered {@code fromSequence} or higher, in order, until the reader answers false.
     * A block that cannot be read is skipped, logged once and counted in {@link #unreadable}.
     */
    void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException;

    /** The first block whose last event is not before that time; to find a place in the journal by date. */
    Optional<JournalBlock> findByTime(long micros) throws StoreException;

    /** The highest sequence number on disk; 0 if there is none. */
    long lastSequence() throws StoreException;

    /** The lowest sequence number still on disk; 0 if there is none. */
    long firstSequence() throws StoreException;

    /** Removes blocks whose last event is numbered below that. */
    void prune(long beforeSequence) throws StoreException;

    /** Replaces the snapshot of that name, atomically and durably; the one before is kept until the next call. */
    void putSnapshot(String name, Snapshot snapshot) throws StoreException;

    /** Snapshots of that name, newest first (at most two): the second is for when the first turns out to be broken. */
    List<Snapshot> snapshots(String name) throws StoreException;

    /** Blocks and snapshots that could not be read since the store was opened. */
    long unreadable();

    /** Bytes on disk. */
    long size() throws StoreException;
}
