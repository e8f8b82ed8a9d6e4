package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets MQTT packets through to Paho, but for two kinds. A PUBLISH of QoS 0 goes straight to its receiver, on the reading thread: it
 * needs no acknowledgement, and Paho's way for it costs a wake-up of another thread. And of a PUBLISH above the limit the payload is
 * replaced by a marker, so that it never becomes memory: Paho would allocate whatever length it is told, up to 256 MB. Header, topic,
 * packet identifier and properties pass (MQTT 5.0 sections 2.1 and 3.3), so acknowledgements stay right.
 *
 * <p>Reads the socket in blocks. For one reading thread. An exception of the socket (a time-out) leaves the state as it was.
 */
final class PacketGate extends InputStream {
    private static final int BLOCK = 32 * 1024;
    /** A topic is at most 64 KB; properties beyond this are nothing we want to hear. */
    private static final int MAX_HEADER = 128 * 1024;

    private static final int CONNACK = 2;
    private static final int PUBLISH = 3;
    private static final int PINGRESP = 13;
    private static final int QOS = 0x06;
    /** From here on a reason code is a failure, MQTT 5.0 section 2.4. */
    private static final int FAILURE = 0x80;

    private static final int RETAIN = 0x01;

    /**
     * @param maxMessage largest remaining length of a PUBLISH that passes, bytes
     * @param properties whether packets have MQTT 5 properties
     * @param marker stands for a payload that was too large; 8 bytes of its true size follow, big-endian
     */
    record Limits(int maxMessage, boolean properties, byte[] marker) {}

    /** Takes a message of QoS 0, on the reading thread. Must not throw. */
    @FunctionalInterface
    interface Receiver {
        void message(String topic, byte[] payload, boolean retained);
    }

    private final InputStream in;
    private final Limits limits;
    private final Receiver receiver;
    private byte[] buffer = new byte[BLOCK];
    private int from;
    private int to;
    private byte[] replacement = {};
    private int replaced;
    private long pass;
    private long skip;
    private byte[] connack = {};
    /** How many of Paho's PINGREQs were answered. Read by the thread that stops it. */
    private volatile long pongs;
    /** The PINGRESP after which it stops; {@code Long.MAX_VALUE} for never. */
    private volatile long stopAt = Long.MAX_VALUE;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final LongSupplier pings;
    private final Handshakes handshakes;

    /**
     * @param pings how many PINGREQs Paho has sent; an answer beyond that is not shown to it
     * @param handshakes told of each packet that belongs to one, before Paho sees it
     */
    PacketGate(InputStream in, Limits limits, Receiver receiver, LongSupplier pings, Handshakes handshakes) {
        this.pings = pings;
        this.handshakes = handshakes;
        this.in = in;
        this.limits = limits;
        this.receiver = receiver;
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
        letGo();
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
        int type = buffer[from] >> 4 & 0xf;
        if (type == PINGRESP && remaining == 0) {
            return pong(at);
        }
        if (type == CONNACK && connack.length == 0 && remaining < MAX_HEADER) {
            if (!whole(at + (int) remaining)) {
                return false;
            }
            connack = Arrays.copyOfRange(buffer, from, from + at + (int) remaining);
        }
        boolean publish = type == PUBLISH;
        int qos = publish ? (buffer[from] & QOS) >> 1 : 0;
        if ((qos > 0 || Handshakes.has(type)) && !note(type, qos, at, remaining)) {
            return false;
        }
        if (publish && remaining > limits.maxMessage()) {
            return replace(at, remaining);
        }
        if (publish && qos == 0) {
            int end = at + (int) remaining;
            if (!whole(end)) {
                return false;
            }
            if (deliver(at, end)) {
                from += end;
                shrink();
                return true;
            }
        }
        pass = at + remaining;
        return true;
    }

    /** Tells the handshakes of a packet with an identifier; false at the end of the stream. One too short to have it is Paho's to find fault with. */
    private boolean note(int type, int qos, int at, long remaining) throws IOException {
        int id = at;
        if (type == PUBLISH) {
            if (!need(at + 2)) {
                return false;
            }
            id += 2 + number(at);
        }
        if (id + 2 - at > remaining) {
            return true;
        }
        boolean reasoned = type == Handshakes.PUBREC && remaining > 2;
        if (!need(id + (reasoned ? 3 : 2))) {
            return false;
        }
        if (type == PUBLISH) {
            handshakes.heardMessage(qos, number(id));
        } else {
            handshakes.heard(type, number(id), reasoned && (buffer[from + id + 2] & 0xff) >= FAILURE);
        }
        return true;
    }

    /** Two bytes of the buffer, big-endian. */
    private int number(int at) {
        return (buffer[from + at] & 0xff) << 8 | buffer[from + at + 1] & 0xff;
    }

    /** An answer to Paho, or to whoever wants the stream to stop here. False at the end of the stream. */
    private boolean pong(int length) {
        long number = pongs + 1;
        if (number >= stopAt) {
            from += length;
            stopped.countDown();
            return awaitRelease();
        }
        if (number > pings.getAsLong()) {
            from += length; // of the one who stopped the stream before us
            return true;
        }
        pongs = number;
        pass = length;
        return true;
    }

    private boolean awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Stops between two packets, at the next PINGRESP that Paho does not wait for: then everything before it has been seen. */
    void stopAtPong() {
        stopAt = Math.min(pings.getAsLong(), Long.MAX_VALUE - 1) + 1;
    }

    /** Waits until it has stopped; false if it has not. */
    boolean awaitStop(long millis) throws InterruptedException {
        return stopped.await(millis, TimeUnit.MILLISECONDS);
    }

    /** What was read and not seen, after {@link #awaitStop}. Whoever reads the stream from now on is at its end. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(buffer, from, to);
        from = to;
        letGo();
        return rest;
    }

    /** Whoever reads and was stopped is at the end of the stream. */
    void letGo() {
        released.countDown();
    }

    /** The packet with which the broker took the connection. */
    byte[] connack() {
        return connack;
    }

    /** Brings a message of QoS 0 to its receiver; false if it is for Paho to find fault with. */
    private boolean deliver(int at, int end) {
        int topic = at + 2;
        if (topic > end) {
            return false;
        }
        int topicLength = number(at);
        int payload = topic + topicLength;
        if (limits.properties()) {
            // We announce no topic aliases, so there are none (3.3.2.3.4), and no other property is of interest.
            int length = 0;
            for (int shift = 0; shift <= 21; shift += 7) {
                if (payload >= end) {
                    return false;
                }
                int b = buffer[from + payload++];
                length |= (b & 0x7f) << shift;
                if ((b & 0x80) == 0) {
                    break;
                }
            }
            payload += length;
        }
        if (topicLength == 0 || payload > end) {
            return false;
        }
        receiver.message(
                new String(buffer, from + topic, topicLength, StandardCharsets.UTF_8),
                Arrays.copyOfRange(buffer, from + payload, from + end),
                (buffer[from] & RETAIN) != 0);
        return true;
    }

    /** Gives back the memory that a large message needed. */
    private void shrink() {
        if (from == to && buffer.length > MAX_HEADER) {
            buffer = new byte[BLOCK];
            from = 0;
            to = 0;
        }
    }

    private boolean replace(int fixed, long remaining) throws IOException {
        int end = fixed + 2;
        if (!need(end)) {
            return false;
        }
        end += number(fixed);
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
        if (bytes > MAX_HEADER) {
            throw new IOException("malformed packet: a header of more than " + MAX_HEADER + " bytes");
        }
        return whole(bytes);
    }

    /** The same for a packet within the limit. */
    private boolean whole(int bytes) throws IOException {
        while (to - from < bytes) {
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
