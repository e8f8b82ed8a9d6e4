package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lets MQTT packets through to Paho, but replaces the payload of a PUBLISH above the limit by a marker, so that it never becomes
 * memory: Paho would allocate whatever length it is told, up to 256 MB. Header, topic, packet identifier and properties pass
 * (MQTT 5.0 sections 2.1 and 3.3), so acknowledgements stay right.
 *
 * <p>Reads the socket in blocks. For one reading thread. An exception of the socket (a time-out) leaves the state as it was.
 */
final class PacketGate extends InputStream {
    private static final int BLOCK = 32 * 1024;
    /** A topic is at most 64 KB; properties beyond this are nothing we want to hear. */
    private static final int MAX_HEADER = 128 * 1024;

    private static final int PUBLISH = 3;

    /**
     * @param maxMessage largest remaining length of a PUBLISH that passes, bytes
     * @param properties whether packets have MQTT 5 properties
     * @param marker stands for a payload that was too large; 8 bytes of its true size follow, big-endian
     */
    record Limits(int maxMessage, boolean properties, byte[] marker) {}

    private final InputStream in;
    private final Limits limits;
    private byte[] buffer = new byte[BLOCK];
    private int from;
    private int to;
    private byte[] replacement = {};
    private int replaced;
    private long pass;
    private long skip;

    PacketGate(InputStream in, Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        if (pass > 0 && from < to && skip == 0 && replaced == replacement.length) {
            pass--;
            return buffer[from++] & 0xff;
        }
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (replaced < replacement.length) {
                int n = Math.min(length, replacement.length - replaced);
                System.arraycopy(replacement, replaced, out, offset, n);
                replaced += n;
                return n;
            }
            if (skip > 0) {
                if (from == to && !fill()) {
                    return -1;
                }
                int n = (int) Math.min(skip, to - from);
                from += n;
                skip -= n;
            } else if (pass > 0) {
                if (from == to && !fill()) {
                    return -1;
                }
                int n = (int) Math.min(pass, Math.min(length, to - from));
                System.arraycopy(buffer, from, out, offset, n);
                from += n;
                pass -= n;
                return n;
            } else if (!header()) {
                return -1;
            }
        }
    }

    /** What can be had without asking the kernel. */
    @Override
    public int available() {
        return to - from + replacement.length - replaced;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Looks at the next packet and says how its bytes are treated; false at the end of the stream. */
    private boolean header() throws IOException {
        int at = 1;
        long remaining = 0;
        for (int shift = 0; ; shift += 7) {
            if (!need(at + 1)) {
                return false;
            }
            int b = buffer[from + at++];
            remaining |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                break;
            }
            if (shift == 21) {
                throw new IOException("malformed packet: remaining length of more than four bytes");
            }
        }
        boolean publish = (buffer[from] >> 4 & 0xf) == PUBLISH;
        if (!publish || remaining <= limits.maxMessage()) {
            pass = at + remaining;
            return true;
        }
        return replace(at, remaining);
    }

    private boolean replace(int fixed, long remaining) throws IOException {
        int end = fixed + 2;
        if (!need(end)) {
            return false;
        }
        end += (buffer[from + fixed] & 0xff) << 8 | buffer[from + fixed + 1] & 0xff;
        end += (buffer[from] >> 1 & 3) == 0 ? 0 : 2;
        if (limits.properties()) {
            int length = 0;
            for (int shift = 0; shift <= 21; shift += 7) {
                if (!need(end + 1)) {
                    return false;
                }
                int b = buffer[from + end++];
                length |= (b & 0x7f) << shift;
                if ((b & 0x80) == 0) {
                    break;
                }
            }
            end += length;
        }
        long header = (long) end - fixed;
        if (end > MAX_HEADER || header > remaining) {
            throw new IOException("malformed packet: a header of " + header + " bytes");
        }
        if (!need(end)) {
            return false;
        }
        long payload = remaining - header;
        int size = (int) header + limits.marker().length + Long.BYTES;
        byte[] out = new byte[5 + size];
        int at = 0;
        out[at++] = buffer[from];
        for (int rest = size; at == 1 || rest > 0; rest >>= 7) {
            out[at++] = (byte) (rest > 0x7f ? rest & 0x7f | 0x80 : rest);
        }
        System.arraycopy(buffer, from + fixed, out, at, (int) header);
        at += (int) header;
        System.arraycopy(limits.marker(), 0, out, at, limits.marker().length);
        at += limits.marker().length;
        for (int i = 0; i < Long.BYTES; i++) {
            out[at++] = (byte) (payload >> 8 * (7 - i));
        }
        replacement = Arrays.copyOf(out, at);
        replaced = 0;
        from += end;
        skip = payload;
        return true;
    }

    /** Has that many bytes from {@link #from} in the buffer; false at the end of the stream. */
    private boolean need(int bytes) throws IOException {
        while (to - from < bytes) {
            if (bytes > MAX_HEADER) {
                throw new IOException("malformed packet: a header of more than " + MAX_HEADER + " bytes");
            }
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (to == buffer.length) {
            byte[] roomy = from == 0 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, from, roomy, 0, to - from);
            buffer = roomy;
            to -= from;
            from = 0;
        }
        int n = in.read(buffer, to, buffer.length - to);
        if (n < 0) {
            return false;
        }
        to += n;
        return true;
    }
}
