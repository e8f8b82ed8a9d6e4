package org.fieldhouse.runtime.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;

/** A store that keeps everything in memory and nothing beyond: for tests and benchmarks. Any thread. */
public class MemoryStore implements JournalStore {
    private final TreeMap<Long, JournalBlock> blocks = new TreeMap<>();
    private final Map<String, List<Snapshot>> snapshots = new HashMap<>();

    @Override
    public synchronized void append(List<JournalBlock> more) throws StoreException {
        more.forEach(block -> blocks.put(block.firstSequence(), block));
    }

    @Override
    public void read(long fromSequence, Predicate<JournalBlock> reader) throws StoreException {
        List<JournalBlock> found;
        synchronized (this) {
            Long start = blocks.floorKey(fromSequence);
            found = new ArrayList<>(
                    blocks.tailMap(start == null ? fromSequence : start).values());
        }
        for (JournalBlock block : found) {
            if (block.lastSequence() >= fromSequence && !reader.test(block)) {
                return;
            }
        }
    }

    @Override
    public synchronized Optional<JournalBlock> findByTime(long micros) {
        return blocks.values().stream().filter(b -> b.lastMicros() >= micros).findFirst();
    }

    @Override
    public synchronized long lastSequence() throws StoreException {
        return blocks.isEmpty() ? 0 : blocks.lastEntry().getValue().lastSequence();
    }

    @Override
    public synchronized long firstSequence() {
        return blocks.isEmpty() ? 0 : blocks.firstKey();
    }

    @Override
    public synchronized void prune(long beforeSequence) {
        blocks.values().removeIf(b -> b.lastSequence() < beforeSequence);
    }

    @Override
    public synchronized void putSnapshot(String name, Snapshot snapshot) throws StoreException {
        List<Snapshot> kept = new ArrayList<>(List.of(snapshot));
        snapshots.getOrDefault(name, List.of()).stream().limit(1).forEach(kept::add);
        snapshots.put(name, kept);
    }

    @Override
    public synchronized List<Snapshot> snapshots(String name) throws StoreException {
        return List.copyOf(snapshots.getOrDefault(name, List.of()));
    }

    @Override
    public long unreadable() {
        return 0;
    }

    @Override
    public synchronized long size() {
        return blocks.values().stream().mapToLong(b -> b.data().length).sum();
    }
}
