package org.fieldhouse.runtime.journal;

import java.util.Collection;
import java.util.zip.CRC32C;
import org.fieldhouse.api.codec.ByteReader;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;
import org.fieldhouse.api.codec.ModelCodec;
import org.fieldhouse.api.codec.Tables;
import org.fieldhouse.api.codec.ValueCodec;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;

/** All states as one snapshot: {@code 'F' 'S' version(1) CRC-32C(4)}, tables as in a block, then a record per point. */
public final class StateCodec {
    private static final int VERSION = 1;
    private static final int HEADER = 7;
    private static final Quality[] QUALITIES = Quality.values();

    private StateCodec() {}

    /**
     * What is kept of a point.
     *
     * @param beforeOffline the quality that it gets back when its device is online again
     * @param maxAgeMicros 0 for none
     */
    public record Kept(PointId point, State state, Quality beforeOffline, long maxAgeMicros) {}

    /** Takes what was kept of one point. */
    public interface Sink {
        void restore(PointId point, State state, Quality beforeOffline, long maxAgeMicros);
    }

    /** @param near a time that most times of the states are close to, µs since 1970 */
    public static byte[] write(Collection<Kept> all, long near) {
        Tables tables = new Tables();
        ByteWriter body = new ByteWriter(64 + all.size() * 16);
        for (Kept kept : all) {
            body.unsigned(tables.point(kept.point()));
            body.u8(kept.beforeOffline().ordinal());
            body.unsigned(kept.maxAgeMicros());
            ValueCodec.write(kept.state(), near, body, tables);
        }
        ByteWriter out = new ByteWriter(64 + body.size() + all.size() * 16);
        out.u8('F');
        out.u8('S');
        out.u8(VERSION);
        out.fixed32(0);
        out.signed(near);
        tables.write(out);
        out.unsigned(all.size());
        out.raw(body.array(), body.size());
        CRC32C crc = new CRC32C();
        crc.update(out.array(), HEADER, out.size() - HEADER);
        out.patch32(3, (int) crc.getValue());
        return out.toBytes();
    }

    /** @throws CorruptException if it is not whole; then nothing was restored */
    public static void read(byte[] data, Sink sink) {
        ByteReader in = new ByteReader(data);
        if (in.u8() != 'F' || in.u8() != 'S' || in.u8() != VERSION) {
            throw new CorruptException("not a snapshot of states of version " + VERSION);
        }
        int expected = in.fixed32();
        CRC32C crc = new CRC32C();
        crc.update(data, HEADER, data.length - HEADER);
        if ((int) crc.getValue() != expected) {
            throw new CorruptException("checksum");
        }
        long near = in.signed();
        Tables tables = Tables.read(in);
        int count = in.count(data.length);
        for (int i = 0; i < count; i++) {
            PointId point = tables.pointAt(in.count(ValueCodec.MOST));
            Quality before = ModelCodec.member(QUALITIES, in.u8());
            long maxAge = in.unsigned();
            sink.restore(point, ValueCodec.readState(near, in, tables), before, maxAge);
        }
    }
}
