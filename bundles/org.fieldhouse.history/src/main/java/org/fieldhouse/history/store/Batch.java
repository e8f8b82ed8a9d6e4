package org.fieldhouse.history.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.zip.Deflater;
import org.fieldhouse.api.codec.ByteWriter;

/** Makes records and writes them some at a time. One thread; to be closed. */
final class Batch implements AutoCloseable {
    private static final int MUCH = 256 << 10;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final ByteWriter out = new ByteWriter(MUCH);

    /** @return length of the record's body */
    int chunk(ChunkForm form) {
        byte[] body = form.body(deflater);
        Records.write(Records.CHUNK, body, out);
        return body.length;
    }

    void commit(long cursor, long micros) {
        ByteWriter body = new ByteWriter(20);
        body.unsigned(cursor);
        body.signed(micros);
        Records.write(Records.COMMIT, body.toBytes(), out);
    }

    void record(int type, byte[] body) {
        Records.write(type, body, out);
    }

    void raw(byte[] bytes) {
        out.raw(bytes, bytes.length);
    }

    /** Bytes that are not written yet. */
    int pending() {
        return out.size();
    }

    /** @return how many bytes went to the file */
    int writeIfMuch(FileChannel channel, long at) throws IOException {
        return out.size() < MUCH ? 0 : write(channel, at);
    }

    /** @return how many bytes went to the file */
    int write(FileChannel channel, long at) throws IOException {
        Records.writeFully(channel, out, at);
        int written = out.size();
        out.clear();
        return written;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
