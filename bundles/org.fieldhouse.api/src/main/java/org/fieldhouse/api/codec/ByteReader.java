package org.fieldhouse.api.codec;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote. Anything that does not fit is a {@link CorruptException}, never an array index. */
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** The bytes are not what they should be. */
    public static final class CorruptException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CorruptException(String message) {
            super(message, null, false, false);
        }

        public CorruptException(String message, Throwable cause) {
            super(message, cause, false, false);
        }
    }

    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    public long unsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new CorruptException("an integer longer than 64 bits");
    }

    /** A count or an index: 0 to {@code most}. */
    public int count(int most) {
        long value = unsigned();
        if (value < 0 || value > most) {
            throw new CorruptException("count " + value + " is above " + most);
        }
        return (int) value;
    }

    public long signed() {
        long raw = unsigned();
        return raw >>> 1 ^ -(raw & 1);
    }

    public int fixed32() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (bytes[at++] & 0xff) << 8 * i;
        }
        return value;
    }

    public long fixed64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (bytes[at++] & 0xffL) << 8 * i;
        }
        return value;
    }

    public double number() {
        return Double.longBitsToDouble(fixed64());
    }

    public String text() {
        int length = count(remaining());
        need(length);
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    /** A reader of the next {@code length} bytes, which are skipped here. */
    public ByteReader slice(int length) {
        need(length);
        ByteReader part = new ByteReader(bytes, at, at + length);
        at += length;
        return part;
    }

    private void need(int n) {
        if (end - at < n) {
            throw new CorruptException("ends " + (n - (end - at)) + " bytes too early");
        }
    }
}
