package org.fieldhouse.runtime.host;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.store.Snapshot;
import org.fieldhouse.api.store.StoreException;
import org.fieldhouse.runtime.bus.Ingress;
import org.fieldhouse.runtime.journal.FactList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@link HouseMemory} down when it has changed, at most twice a minute, or when the journal behind the last one has grown
 * long. One thread of its own, because the disk may make it wait.
 */
final class MemoryKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryKeeper.class);
    private static final long PERIOD_SECONDS = 30;
    /** Reading so many events back takes about a tenth of a second. */
    private static final long LONG_TAIL = 200_000;

    private final DeviceHost host;
    private final Ingress ingress;
    private final Journal journal;
    private final ScheduledThreadPoolExecutor executor;
    private int writtenHash;
    private long writtenAt;

    MemoryKeeper(DeviceHost host, Ingress ingress, Journal journal) {
        this.host = host;
        this.ingress = ingress;
        this.journal = journal;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fieldhouse-memory");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(this::write, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void write() {
        // First the number, then the state: the state may know more than the number says, and replaying it again does
        // no harm.
        long sequence = ingress.lastSequence();
        List<Fact> facts = host.memory();
        int hash = facts.hashCode();
        if (hash == writtenHash && sequence - writtenAt < LONG_TAIL) {
            return;
        }
        try {
            journal.putSnapshot(HouseMemory.SNAPSHOT, new Snapshot(sequence, FactList.encode(facts)));
            journal.retain(HouseMemory.SNAPSHOT, sequence + 1);
            writtenHash = hash;
            writtenAt = sequence;
        } catch (StoreException | RuntimeException e) {
            LOG.warn("What the house knows could not be written down; the next start takes longer: {}", e.toString());
        }
    }

    /** Writes a last time. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
