package org.fieldhouse.runtime.journal;

import java.util.zip.CRC32C;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.CommandCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.store.JournalBlock;

/**
 * Gathers events into one block. A block can be read alone:
 *
 * <pre>
 * 'F' 'J' version(1)  CRC-32C of the rest (4)
 * first number, first time (µs), count
 * tables: words, units, points
 * events: length, number − the one before − 1, time − the one before, cause, fact
 * </pre>
 *
 * The length lets a reader skip an event that it does not know. One thread.
 */
final class BlockWriter {
    static final int MAGIC_0 = 'F';
    static final int MAGIC_1 = 'J';
    static final int VERSION = 1;
    static final int HEADER = 7;

    private final Tables tables = new Tables();
    private final ByteWriter events = new ByteWriter(1 << 16);
    private final ByteWriter out = new ByteWriter(1 << 16);
    private final ByteWriter record = new ByteWriter(1 << 10);
    private final CRC32C crc = new CRC32C();
    private int count;
    private long firstSequence;
    private long lastSequence;
    private long firstMicros;
    private long lastMicros;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long firstSequence() {
        return firstSequence;
    }

    /** Bytes of the events so far, without the tables. */
    int size() {
        return events.size();
    }

    void add(Event event) {
        if (count == 0) {
            firstSequence = event.sequence();
            lastSequence = event.sequence() - 1;
            firstMicros = event.timeMicros();
            lastMicros = event.timeMicros();
        }
        record.clear();
        record.unsigned(event.sequence() - lastSequence - 1);
        record.signed(event.timeMicros() - lastMicros);
        CommandCodec.writeCause(event.cause(), event.sequence(), record, tables);
        FactCodec.write(event.fact(), event.timeMicros(), record, tables);
        events.unsigned(record.size());
        events.raw(record.array(), record.size());
        lastSequence = event.sequence();
        lastMicros = event.timeMicros();
        count++;
    }

    /** The block of what was added; starts the next. */
    JournalBlock build() {
        out.clear();
        out.u8(MAGIC_0);
        out.u8(MAGIC_1);
        out.u8(VERSION);
        out.fixed32(0);
        out.signed(firstSequence);
        out.signed(firstMicros);
        out.unsigned(count);
        tables.write(out);
        out.raw(events.array(), events.size());
        crc.reset();
        crc.update(out.array(), HEADER, out.size() - HEADER);
        out.patch32(3, (int) crc.getValue());
        JournalBlock block = new JournalBlock(firstSequence, lastSequence, firstMicros, lastMicros, out.toBytes());
        tables.clear();
        events.clear();
        count = 0;
        return block;
    }
}
