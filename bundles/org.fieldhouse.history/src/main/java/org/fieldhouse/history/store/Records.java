package org.fieldhouse.history.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.fieldhouse.api.codec.ByteReader.CorruptException;
import org.fieldhouse.api.codec.ByteWriter;

/** Records of a file, see the package. */
final class Records {
    static final byte[] HEAD = {'F', 'H', 'H', 'I', 'S', 'T', '1', '\n'};
    static final int CHUNK = 1;
    static final int COMMIT = 2;
    static final int INDEX = 3;

    /** Magic, type, length and their check. */
    static final int FRONT = 13;

    static final int CHECK = 4;
    static final int MOST_BODY = 64 << 20;
    private static final int MAGIC = 0x31524846;

    private Records() {}

    static void write(int type, byte[] body, ByteWriter out) {
        out.fixed32(MAGIC);
        out.u8(type);
        out.fixed32(body.length);
        out.fixed32(frontCheck(type, body.length));
        out.raw(body, body.length);
        out.fixed32(check(body, body.length));
    }

    private static int frontCheck(int type, int length) {
        byte[] front = {
            (byte) type, (byte) length, (byte) (length >>> 8), (byte) (length >>> 16), (byte) (length >>> 24)
        };
        return check(front, front.length);
    }

    static int check(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /**
     * The front of a record.
     *
     * @param at of the record in the file
     * @param length of its body
     */
    record Front(int type, long at, int length) {
        long body() {
            return at + FRONT;
        }

        long end() {
            return at + FRONT + length + CHECK;
        }
    }

    /** The record at a place; {@link CorruptException} if there is none that lies within the file. */
    static Front front(FileChannel file, long at, long size) throws IOException {
        if (size - at < FRONT + CHECK) {
            throw new CorruptException("ends in the middle");
        }
        ByteBuffer front = read(file, at, FRONT);
        int magic = front.getInt();
        int type = front.get() & 0xff;
        int length = front.getInt();
        if (magic != MAGIC || front.getInt() != frontCheck(type, length) || length < 0 || length > MOST_BODY) {
            throw new CorruptException("no record");
        }
        Front found = new Front(type, at, length);
        if (found.end() > size) {
            throw new CorruptException("ends in the middle");
        }
        return found;
    }

    /** The next place from {@code at} on where a record may be; the size of the file if there is none. */
    static long search(FileChannel file, long at, long size) throws IOException {
        int window = 64 << 10;
        for (long base = at; base < size; base += window) {
            int length = (int) Math.min(window + 3L, size - base);
            ByteBuffer bytes = read(file, base, length);
            for (int i = 0; i + 4 <= length; i++) {
                if (bytes.getInt(i) == MAGIC && isFront(file, base + i, size)) {
                    return base + i;
                }
            }
        }
        return size;
    }

    private static boolean isFront(FileChannel file, long at, long size) throws IOException {
        try {
            front(file, at, size);
            return true;
        } catch (CorruptException e) {
            return false;
        }
    }

    /** The body of a record; {@link CorruptException} if its check is wrong. */
    static byte[] body(FileChannel file, Front front) throws IOException {
        return body(file, front.body(), front.length());
    }

    static byte[] body(FileChannel file, long at, int length) throws IOException {
        ByteBuffer buffer = read(file, at, length + CHECK);
        byte[] body = new byte[length];
        buffer.get(body);
        if (buffer.getInt() != check(body, length)) {
            throw new CorruptException("the check is wrong");
        }
        return body;
    }

    static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException("ends at " + (at + buffer.position()));
            }
        }
        return buffer.flip();
    }

    static void writeFully(FileChannel file, ByteWriter bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.array(), 0, bytes.size());
        while (buffer.hasRemaining()) {
            file.write(buffer, at + buffer.position());
        }
    }
}
