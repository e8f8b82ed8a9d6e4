package org.fieldhouse.history.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Unit;
import org.fieldhouse.api.value.Value;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ChunkWriter} wrote; the bytes have been checked, and are believed nothing all the same. */
final class ChunkReader {
    private static final Quality[] QUALITIES = Quality.values();

    private final ByteReader in;
    private final Tables tables;
    private final int count;
    private int read;
    private long time;
    private long source;
    private @Nullable Value value;
    private int scale;
    private long whole;
    private @Nullable Unit unit;

    private ChunkReader(byte[] raw, int count, long first) {
        in = new ByteReader(raw);
        this.count = count;
        tables = Tables.read(in);
        time = first;
    }

    /**
     * All states of a chunk.
     *
     * @throws CorruptException if that is no chunk
     */
    static List<PastState> read(byte[] raw, int count, long first) {
        try {
            ChunkReader reader = new ChunkReader(raw, count, first);
            List<PastState> states = new ArrayList<>(Math.min(count, ChunkForm.MOST_STATES));
            while (reader.read < reader.count) {
                states.add(reader.next());
            }
            if (reader.in.remaining() > 0) {
                throw new CorruptException(reader.in.remaining() + " bytes too many");
            }
            return states;
        } catch (IllegalArgumentException e) {
            throw new CorruptException("no value", e);
        }
    }

    private PastState next() {
        int head = in.u8();
        int quality = head & 7;
        if (quality >= QUALITIES.length) {
            throw new CorruptException("quality " + quality);
        }
        time += in.unsigned();
        switch (head >> 3 & 3) {
            case ChunkWriter.NO_CLOCK -> source = time;
            case ChunkWriter.WRITTEN -> source = time - in.signed();
            case ChunkWriter.REPEATED -> {}
            default -> throw new CorruptException("source time");
        }
        value = value(head >> 5);
        read++;
        return new PastState(instant(time), value, QUALITIES[quality], instant(source));
    }

    private @Nullable Value value(int form) {
        return switch (form) {
            case ChunkWriter.SAME -> value;
            case ChunkWriter.NONE -> null;
            case ChunkWriter.OFF -> Bool.OFF;
            case ChunkWriter.ON -> Bool.ON;
            case ChunkWriter.NEAR -> {
                whole += in.signed();
                yield number();
            }
            case ChunkWriter.SCALED -> {
                scale = in.count(ChunkWriter.MOST_SCALE);
                unit = tables.unitAt(in.count(ValueCodec.MOST));
                whole = in.signed();
                yield number();
            }
            case ChunkWriter.DOUBLE -> {
                Unit its = tables.unitAt(in.count(ValueCodec.MOST));
                yield new Quantity(in.number(), its);
            }
            default -> ValueCodec.read(in, tables);
        };
    }

    private Quantity number() {
        if (unit == null) {
            throw new CorruptException("a number without a unit");
        }
        return new Quantity(ChunkWriter.unscaled(whole, scale), unit);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
