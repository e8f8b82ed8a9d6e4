package org.fieldhouse.benchmarks.bus;

import java.util.List;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.runtime.journal.MemoryStore;

/** Takes every block and keeps none. */
final class NullStore extends MemoryStore {
    @Override
    public synchronized void append(List<JournalBlock> more) {}
}
