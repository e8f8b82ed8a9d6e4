package org.fieldhouse.runtime.journal;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The store as the bus has it: the one that is there now. While it is replaced every call fails as with a full disk, which the bus
 * bridges with its bounded backlog; so the house runs on under a store that comes and goes.
 */
public final class StoreLine implements JournalStore {
    private volatile @Nullable JournalStore store;
    private volatile long unreadable;

    void connect(@Nullable JournalStore now) {
        store = now;
    }

    private JournalStore store() throws StoreException {
        JournalStore now = store;
        if (now == null) {
            throw new StoreException("the store is being replaced");
        }
        return now;
    }

    @Override
    public void append(List<JournalBlock> blocks) throws StoreException {
        store().append(blocks);
    }

    @Override
    public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
        store().read(fromSequence, reader);
    }

    @Override
    public Optional<JournalBlock> findByTime(long micros) throws StoreException {
        return store().findByTime(micros);
    }

    @Override
    public long lastSequence() throws StoreException {
        return store().lastSequence();
    }

    @Override
    public long firstSequence() throws StoreException {
        return store().firstSequence();
    }

    @Override
    public void prune(long beforeSequence) throws StoreException {
        store().prune(beforeSequence);
    }

    @Override
    public void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        store().putSnapshot(name, snapshot);
    }

    @Override
    public List<Snapshot> snapshots(String name) throws StoreException {
        return store().snapshots(name);
    }

    @Override
    public long unreadable() {
        JournalStore now = store;
        if (now != null) {
            unreadable = now.unreadable();
        }
        return unreadable;
    }

    @Override
    public long size() throws StoreException {
        return store().size();
    }
}
