package org.fieldhouse.runtime.journal;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.store.JournalBlock;
import org.fieldhouse.api.store.JournalStore;
import org.fieldhouse.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads events back from a store. A block or an event that cannot be read is skipped and counted. Any thread. */
public final class JournalReader {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

    private final JournalStore store;
    private final AtomicLong unreadableBlocks = new AtomicLong();
    private final AtomicLong unknownEvents = new AtomicLong();

    public JournalReader(JournalStore store) {
        this.store = store;
    }

    /** Blocks whose checksum or form was wrong, each time that one was met. */
    public long unreadableBlocks() {
        return unreadableBlocks.get();
    }

    /** Events that this version of the runtime does not know, each time that one was met. */
    public long unknownEvents() {
        return unknownEvents.get();
    }

    /** Reads events in order from a number on until the reader answers false. */
    public void read(long fromSequence, Predicate<Event> reader) throws StoreException {
        store.read(fromSequence, block -> readBlock(block, fromSequence, reader));
    }

    private boolean readBlock(JournalBlock block, long fromSequence, Predicate<Event> reader) {
        BlockReader events;
        try {
            events = new BlockReader(block.data());
        } catch (CorruptException e) {
            if (unreadableBlocks.getAndIncrement() == 0) {
                LOG.error(
                        "the journal cannot be read from event {} to {}: {}; the rest is read on",
                        block.firstSequence(),
                        block.lastSequence(),
                        e.getMessage());
            }
            return true;
        }
        boolean on;
        try {
            on = events.read(event -> event.sequence() < fromSequence || reader.test(event));
        } catch (CorruptException e) {
            unreadableBlocks.incrementAndGet();
            on = true;
        }
        unknownEvents.addAndGet(events.skipped());
        return on;
    }

    /** The event of that number, if it is on disk and can be read. */
    public Optional<Event> event(long sequence) throws StoreException {
        AtomicReference<Event> found = new AtomicReference<>();
        read(sequence, event -> {
            if (event.sequence() == sequence) {
                found.set(event);
            }
            return false;
        });
        return Optional.ofNullable(found.get());
    }

    /** The first event that is not before that time. */
    public OptionalLong sequenceAt(long micros) throws StoreException {
        Optional<JournalBlock> block = store.findByTime(micros);
        if (block.isEmpty()) {
            return OptionalLong.empty();
        }
        AtomicLong found = new AtomicLong();
        read(block.get().firstSequence(), event -> {
            if (event.timeMicros() >= micros) {
                found.set(event.sequence());
                return false;
            }
            return true;
        });
        return found.get() == 0 ? OptionalLong.empty() : OptionalLong.of(found.get());
    }
}
