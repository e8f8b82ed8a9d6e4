package org.fieldhouse.isolation.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames: the length of the rest (4 bytes, least significant first), then type, tables and body as
 * {@link WireCodec} makes them. One thread.
 */
public final class Frames {
    /** Of the protocol: both ends have the same, or do not speak with each other. */
    public static final int VERSION = 1;
    /** The largest frame without its length, bytes: a text of the greatest length fits. */
    public static final int MOST = 256 << 10;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST + 4).limit(0);

    public Frames(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** Something came that cannot be a frame. */
    public static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        public MalformedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The next frame without its length; null at the end of the stream. Blocks. */
    public byte @Nullable [] next() throws IOException {
        if (!fill(4)) {
            return null;
        }
        int length = Integer.reverseBytes(buffer.getInt(buffer.position()));
        if (length < 1 || length > MOST) {
            throw new MalformedException("a frame of " + Integer.toUnsignedString(length) + " bytes", null);
        }
        if (!fill(4 + length)) {
            throw new EOFException("ends within a frame");
        }
        buffer.position(buffer.position() + 4);
        byte[] frame = new byte[length];
        buffer.get(frame);
        return frame;
    }

    /** Whether so many bytes are there; false at an end before the first of them. */
    private boolean fill(int wanted) throws IOException {
        if (buffer.remaining() < wanted && buffer.capacity() - buffer.position() < wanted) {
            buffer.compact().flip();
        }
        while (buffer.remaining() < wanted) {
            int start = buffer.position();
            int end = buffer.limit();
            buffer.limit(buffer.capacity()).position(end);
            int n = channel.read(buffer);
            buffer.limit(buffer.position()).position(start);
            if (n < 0) {
                if (buffer.hasRemaining()) {
                    throw new EOFException("ends within a frame");
                }
                return false;
            }
        }
        return true;
    }
}
