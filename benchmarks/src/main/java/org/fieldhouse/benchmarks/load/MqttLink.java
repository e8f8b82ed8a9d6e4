package org.fieldhouse.benchmarks.load;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A bare MQTT 3.1.1 client for QoS 0, so that the load driver costs a fraction of what it measures. It trusts its broker.
 * Sending: any thread, gathered until {@link #flush}. Receiving: the link's own thread.
 */
public final class MqttLink implements Closeable {
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH = 0x30;
    private static final int SUBSCRIBE = 0x82; // with the reserved flags of MQTT 3.1.1 §3.8.1
    private static final int SUBACK = 0x90;
    private static final int TYPE = 0xF0;
    private static final int RETAIN = 0x01;

    /** Takes a message in place; the buffer is used again when the call returns. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * @param nanos {@link System#nanoTime} after the read that brought the message
         */
        void onMessage(byte[] buffer, int topic, int topicLength, int payload, int payloadLength, long nanos);

        /** For tests of a few messages: with strings. */
        static Receiver ofText(java.util.function.BiConsumer<String, String> consumer) {
            return (b, t, tl, p, pl, nanos) -> consumer.accept(
                    new String(b, t, tl, StandardCharsets.UTF_8), new String(b, p, pl, StandardCharsets.UTF_8));
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final Receiver receiver;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final Object subscribing = new Object();
    private int subscribed;
    private int subscribeRequests;
    private byte[] pending = new byte[64 * 1024];
    private int length;
    private volatile boolean closed;

    /** Connects as a clean session without keep-alive and starts the reading thread. */
    public MqttLink(int port, String clientId, Receiver receiver) throws IOException {
        this.receiver = receiver;
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        out = socket.getOutputStream();
        in = socket.getInputStream();
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        header(CONNECT, 10 + 2 + id.length);
        append(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0});
        text(id);
        flush();
        Thread reader = new Thread(this::read, "link-" + clientId);
        reader.setDaemon(true);
        reader.start();
        await(connected, "no CONNACK");
    }

    /** Subscribes with QoS 0 and waits for the broker's answer. */
    public void subscribe(String filter) throws IOException {
        byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        int wanted;
        synchronized (this) {
            wanted = ++subscribeRequests;
            header(SUBSCRIBE, 2 + 2 + bytes.length + 1);
            append(new byte[] {(byte) (wanted >> 8), (byte) wanted});
            text(bytes);
            append(new byte[] {0});
            flush();
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        synchronized (subscribing) {
            while (subscribed < wanted) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    throw new IOException("no SUBACK for " + filter);
                }
                try {
                    subscribing.wait(left);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    /** Gathers a message; {@link #flush} sends. */
    public void publish(byte[] topic, byte[] payload, int payloadLength, boolean retain) throws IOException {
        synchronized (this) {
            header(PUBLISH | (retain ? RETAIN : 0), 2 + topic.length + payloadLength);
            text(topic);
            append(payload, payloadLength);
            if (length > 32 * 1024) {
                flush();
            }
        }
    }

    /** Sends a message at once. */
    public void publish(String topic, String payload) throws IOException {
        publish(topic, payload, false);
    }

    /** Sends a message at once. */
    public void publish(String topic, String payload, boolean retain) throws IOException {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            publish(topic.getBytes(StandardCharsets.UTF_8), bytes, bytes.length, retain);
            flush();
        }
    }

    /** Hands everything gathered to the socket; blocks while the broker does not read. */
    public synchronized void flush() throws IOException {
        if (length > 0) {
            out.write(pending, 0, length);
            length = 0;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
    }

    private synchronized void header(int first, int remaining) {
        byte[] bytes = new byte[5];
        int at = 0;
        bytes[at++] = (byte) first;
        int left = remaining;
        do {
            int digit = left % 128;
            left /= 128;
            bytes[at++] = (byte) (left > 0 ? digit | 0x80 : digit);
        } while (left > 0);
        append(bytes, at);
    }

    private void text(byte[] bytes) {
        append(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length});
        append(bytes);
    }

    private void append(byte[] bytes) {
        append(bytes, bytes.length);
    }

    private synchronized void append(byte[] bytes, int count) {
        if (length + count > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, length + count));
        }
        System.arraycopy(bytes, 0, pending, length, count);
        length += count;
    }

    private void read() {
        byte[] buffer = new byte[256 * 1024];
        int end = 0;
        try {
            while (true) {
                int n = in.read(buffer, end, buffer.length - end);
                if (n < 0) {
                    throw new EOFException("the broker closed the connection");
                }
                end += n;
                int used = packets(buffer, end, System.nanoTime());
                System.arraycopy(buffer, used, buffer, 0, end - used);
                end -= used;
                if (end == buffer.length) {
                    buffer = Arrays.copyOf(buffer, buffer.length * 2);
                }
            }
        } catch (IOException e) {
            if (!closed) {
                System.err.println("MQTT link lost: " + e.getMessage());
            }
        }
    }

    /** Handles the whole packets in the buffer and returns how many bytes they took. */
    private int packets(byte[] b, int end, long nanos) {
        int start = 0;
        while (end - start >= 2) {
            int at = start + 1;
            int remaining = 0;
            int shift = 0;
            while (true) {
                if (at >= end) {
                    return start;
                }
                int digit = b[at++];
                remaining |= (digit & 0x7F) << shift;
                shift += 7;
                if (digit >= 0) {
                    break;
                }
            }
            if (end - at < remaining) {
                return start;
            }
            packet(b, b[start] & TYPE, at, remaining, nanos);
            start = at + remaining;
        }
        return start;
    }

    private void packet(byte[] b, int type, int at, int remaining, long nanos) {
        if (type == PUBLISH) {
            int topicLength = unsignedShort(b, at);
            int payload = at + 2 + topicLength;
            receiver.onMessage(b, at + 2, topicLength, payload, at + remaining - payload, nanos);
        } else if (type == CONNACK && b[at + 1] == 0) {
            connected.countDown();
        } else if (type == SUBACK) {
            synchronized (subscribing) {
                subscribed = unsignedShort(b, at);
                subscribing.notifyAll();
            }
        }
    }

    private static int unsignedShort(byte[] b, int at) {
        return ((b[at] & 0xFF) << 8) | (b[at + 1] & 0xFF);
    }

    private static void await(CountDownLatch latch, String trouble) throws IOException {
        try {
            if (!latch.await(5, TimeUnit.SECONDS)) {
                throw new IOException(trouble);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
