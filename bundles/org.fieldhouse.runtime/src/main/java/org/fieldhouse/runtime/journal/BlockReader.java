package org.fieldhouse.runtime.journal;

import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.CommandCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.runtime.journal.FactCodec.UnknownFactException;

/** Reads a block that {@link BlockWriter} built. */
final class BlockReader {
    private final ByteReader in;
    private final Tables tables;
    private final int count;
    private final long firstSequence;
    private final long firstMicros;
    private int skipped;

    /** @throws CorruptException if the block is not whole, or of another version */
    BlockReader(byte[] data) {
        in = new ByteReader(data);
        if (in.u8() != BlockWriter.MAGIC_0 || in.u8() != BlockWriter.MAGIC_1) {
            throw new CorruptException("not a block");
        }
        int version = in.u8();
        if (version != BlockWriter.VERSION) {
            throw new CorruptException("block version " + version);
        }
        int expected = in.fixed32();
        CRC32C crc = new CRC32C();
        crc.update(data, BlockWriter.HEADER, data.length - BlockWriter.HEADER);
        if ((int) crc.getValue() != expected) {
            throw new CorruptException("checksum");
        }
        try {
            firstSequence = in.signed();
            firstMicros = in.signed();
            count = in.count(data.length);
            tables = Tables.read(in);
        } catch (IllegalArgumentException e) {
            throw new CorruptException("tables: " + e.getMessage(), e);
        }
    }

    /** Events that were skipped because this version of the runtime does not know them. */
    int skipped() {
        return skipped;
    }

    /** Reads the events in order until the reader answers false; whether it went to the end. */
    boolean read(Predicate<Event> reader) {
        long sequence = firstSequence - 1;
        long micros = firstMicros;
        for (int i = 0; i < count; i++) {
            ByteReader record = in.slice(in.count(in.remaining()));
            sequence += record.unsigned() + 1;
            micros += record.signed();
            Event event;
            try {
                Cause cause = CommandCodec.readCause(sequence, record, tables);
                Fact fact = FactCodec.read(micros, record, tables);
                event = new Event(sequence, micros, cause, fact);
            } catch (UnknownFactException | CorruptException | IllegalArgumentException | ArithmeticException e) {
                skipped++;
                continue;
            }
            if (!reader.test(event)) {
                return false;
            }
        }
        return true;
    }
}
