package org.fieldhouse.history.store;

import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.history.PastState;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;

/**
 * A chunk as the body of a record.
 *
 * @param point whose states they are
 * @param count of the states, 1 to {@value #MOST_STATES}
 * @param first time of the first, µs since 1970
 * @param last time of the last
 * @param raw tables and states
 */
record ChunkForm(PointId point, int count, long first, long last, byte[] raw) {
    static final int MOST_STATES = 4_096;
    /** A writer ends a chunk when it is that long: a state more is 200 KB at most. */
    static final int FULL_BYTES = 64 << 10;

    private static final int MOST_RAW = 1 << 20;
    /** Below this there is nothing to win. */
    private static final int LEAST_DEFLATED = 64;

    private static final int DEFLATED = 1;

    static ChunkForm of(PointId point, ChunkWriter states) {
        return new ChunkForm(point, states.count(), states.first(), states.last(), states.toBytes());
    }

    static boolean isFull(ChunkWriter states) {
        return states.count() >= MOST_STATES || states.size() >= FULL_BYTES;
    }

    List<PastState> states() {
        return ChunkReader.read(raw, count, first);
    }

    byte[] body(Deflater deflater) {
        byte[] small = deflated(deflater);
        boolean smaller = small.length > 0 && small.length < raw.length;
        byte[] content = smaller ? small : raw;
        ByteWriter out = new ByteWriter(content.length + 64);
        out.text(point.device().value());
        out.text(point.point());
        out.u8(smaller ? DEFLATED : 0);
        out.unsigned(count);
        out.signed(first);
        out.unsigned(last - first);
        out.unsigned(raw.length);
        out.raw(content, content.length);
        return out.toBytes();
    }

    private byte[] deflated(Deflater deflater) {
        if (raw.length < LEAST_DEFLATED) {
            return new byte[0];
        }
        deflater.reset();
        deflater.setInput(raw);
        deflater.finish();
        byte[] out = new byte[raw.length];
        int size = deflater.deflate(out);
        return deflater.finished() ? Arrays.copyOf(out, size) : new byte[0];
    }

    /** @throws CorruptException if that is no chunk */
    static ChunkForm read(byte[] body) {
        return read(body, true);
    }

    /** Without the states. */
    static ChunkForm heading(byte[] body) {
        return read(body, false);
    }

    private static ChunkForm read(byte[] body, boolean whole) {
        ByteReader in = new ByteReader(body);
        PointId point;
        try {
            point = new PointId(new DeviceId(in.text()), in.text());
        } catch (IllegalArgumentException e) {
            throw new CorruptException("no point", e);
        }
        int flags = in.u8();
        int count = in.count(MOST_STATES);
        long first = in.signed();
        long last = first + in.unsigned();
        int length = in.count(MOST_RAW);
        byte[] raw = whole ? content(body, in, (flags & DEFLATED) != 0, length) : new byte[0];
        return new ChunkForm(point, count, first, last, raw);
    }

    private static byte[] content(byte[] body, ByteReader in, boolean deflated, int length) {
        byte[] raw = new byte[length];
        if (!deflated) {
            if (in.remaining() != length) {
                throw new CorruptException(in.remaining() + " bytes instead of " + length);
            }
            System.arraycopy(body, in.position(), raw, 0, length);
            return raw;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(body, in.position(), in.remaining());
            if (inflater.inflate(raw) != length) {
                throw new CorruptException("inflates to less than " + length + " bytes");
            }
            return raw;
        } catch (DataFormatException e) {
            throw new CorruptException("cannot be inflated", e);
        } finally {
            inflater.end();
        }
    }
}
