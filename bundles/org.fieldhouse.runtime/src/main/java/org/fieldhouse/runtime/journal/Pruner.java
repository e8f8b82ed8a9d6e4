package org.fieldhouse.runtime.journal;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the journal within its age and size, and keeps what somebody still needs. {@link #prune} on the journal's thread. */
public final class Pruner {
    private static final Logger LOG = LoggerFactory.getLogger(Pruner.class);

    private final JournalStore store;
    private final Map<String, Long> needed = new ConcurrentHashMap<>();

    public Pruner(JournalStore store) {
        this.store = store;
    }

    /** See {@code Journal.retain}. Any thread. */
    public void retain(String who, long fromSequence) {
        needed.put(who, fromSequence);
    }

    /**
     * Removes what is too old or too much, up to what is needed.
     *
     * @param nowMicros what the wall clock shows; 0 if nothing is known to be too old
     */
    public void prune(JournalSettings settings, long nowMicros) throws StoreException {
        long before =
                Math.max(tooOld(nowMicros - settings.retain().toNanos() / 1_000), tooMuch(settings.retainBytes()));
        long oldest = needed.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        if (before > oldest) {
            LOG.debug("the journal keeps events from {} on, which are older than its bounds", oldest);
        }
        long cut = Math.min(before, oldest);
        if (cut > store.firstSequence()) {
            store.prune(cut);
            LOG.info("the journal now begins at event {}", store.firstSequence());
        }
    }

    private long tooOld(long micros) throws StoreException {
        Optional<JournalBlock> firstKept = store.findByTime(micros);
        return firstKept.map(JournalBlock::firstSequence).orElse(0L);
    }

    /** Frees a sixteenth more than is necessary, so that it is not done again at once. */
    private long tooMuch(long bytes) throws StoreException {
        long size = store.size();
        if (size <= bytes) {
            return 0;
        }
        AtomicLong excess = new AtomicLong(size - bytes + bytes / 16);
        AtomicLong cut = new AtomicLong();
        store.read(store.firstSequence(), block -> {
            cut.set(block.firstSequence());
            return excess.addAndGet(-block.data().length) > 0;
        });
        return cut.get();
    }
}
