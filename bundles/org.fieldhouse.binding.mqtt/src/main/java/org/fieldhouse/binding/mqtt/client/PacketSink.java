package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream that Paho writes its packets to, and between two of them anybody may {@link #publish}: a PUBLISH of QoS 0 needs no
 * bookkeeping, and Paho's way for it costs two wake-ups of other threads. Whoever finds nobody writing writes; what others add
 * meanwhile goes along with the next write. Whoever is about to write in the middle of a burst offers the processor first, once, to
 * those who may have more to add. So the more there is to send, the fewer system calls it takes, and what comes alone leaves at once.
 *
 * <p>Paho may write a packet in pieces; they are followed to its end, MQTT 3.1.1 section 2.2. Any thread.
 */
final class PacketSink extends OutputStream {
    private static final int PUBLISH = 0x30;
    private static final byte PINGREQ = (byte) 0xc0;
    private static final byte[] PING = {PINGREQ, 0};
    private static final int RETAIN = 0x01;
    private static final int MAX_TOPIC = 65_535;
    /** What may wait while another thread writes; beyond it, publishers wait. */
    private static final int MAX_PENDING = 256 << 10;
    /** A packet that follows another one sooner is part of a burst. */
    private static final long BURST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** Larger packets gain nothing by being sent together. */
    private static final int MAX_GATHERED = 4 << 10;

    private final OutputStream out;
    private final LongSupplier nanos;
    private final Runnable offer;

    // Guarded by this.
    private byte[] pending = new byte[4 << 10];
    private int length;
    private byte[] spare = new byte[4 << 10];
    private boolean writing;
    /** When the newest packet was handed over, by the clock; long ago before the first. */
    private long newest;
    /** Bytes still to come of the packet that Paho is writing; 0 between packets. */
    private long body;
    /** Where in the next packet's header Paho is: 0 before it, else 1 + bytes of the length seen. */
    private int headerBytes;

    private long remaining;
    /** While Paho says CONNECT on a connection that is up already; null else. */
    private @Nullable Resumption resumption;

    /** Type of Paho's packet if it belongs to a handshake and its identifier is not yet complete, else 0. */
    private int answer;

    /** The first byte of that identifier; -1 before it. */
    private int identifier = -1;

    private final Handshakes handshakes;
    private volatile long pings;
    private volatile boolean released;

    /**
     * @param handshakes told of each answer that Paho says
     * @param resumption told when Paho's first packet is complete, which goes nowhere; null to send it
     */
    PacketSink(OutputStream out, Handshakes handshakes, @Nullable Resumption resumption) {
        this(out, handshakes, resumption, System::nanoTime, Thread::yield);
    }

    /**
     * @param nanos a clock of any origin, ns
     * @param offer called by who is about to write in the middle of a burst, without a lock: lets others run, and returns soon
     */
    PacketSink(
            OutputStream out,
            Handshakes handshakes,
            @Nullable Resumption resumption,
            LongSupplier nanos,
            Runnable offer) {
        this.out = out;
        this.handshakes = handshakes;
        this.resumption = resumption;
        this.nanos = nanos;
        this.offer = offer;
        this.newest = nanos.getAsLong() - BURST_NANOS;
    }

    /** PINGREQs of Paho so far. */
    long pings() {
        return pings;
    }

    /** A PINGREQ of our own; the broker answers after all that it had to say before. */
    boolean ping(long waitMillis) throws IOException, InterruptedException {
        return publish(PING, waitMillis);
    }

    /** The connection lives on without us: what Paho writes from now on goes nowhere. Returns between two packets. */
    synchronized void release() throws InterruptedException {
        while (writing) {
            wait();
        }
        released = true;
        notifyAll();
    }

    /** The bytes of a PUBLISH of QoS 0, MQTT 3.1.1 and 5.0 section 3.3. */
    static byte[] packet(String topic, byte[] payload, boolean retain, boolean properties) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_TOPIC) {
            throw new IllegalArgumentException("a topic of " + name.length + " bytes; at most " + MAX_TOPIC);
        }
        int rest = 2 + name.length + (properties ? 1 : 0) + payload.length;
        int digits = rest < 1 << 7 ? 1 : rest < 1 << 14 ? 2 : rest < 1 << 21 ? 3 : 4;
        byte[] packet = new byte[1 + digits + rest];
        int at = 0;
        packet[at++] = (byte) (PUBLISH | (retain ? RETAIN : 0));
        for (int i = 0, left = rest; i < digits; i++, left >>= 7) {
            packet[at++] = (byte) (i < digits - 1 ? left & 0x7f | 0x80 : left);
        }
        packet[at++] = (byte) (name.length >> 8);
        packet[at++] = (byte) name.length;
        System.arraycopy(name, 0, packet, at, name.length);
        System.arraycopy(payload, 0, packet, packet.length - payload.length, payload.length);
        return packet;
    }

    /**
     * Sends a whole packet after what was handed over before it. When it returns, the packet is with the kernel, or with the thread
     * that writes: no packet waits for a later one. Waits while the broker does not read.
     *
     * @return false if the broker took nothing for that long; the packet was not sent
     */
    boolean publish(byte[] packet, long waitMillis) throws IOException, InterruptedException {
        boolean gathers;
        synchronized (this) {
            long now = nanos.getAsLong();
            long deadline = now + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (length + packet.length > MAX_PENDING && length > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            boolean burst = now - newest < BURST_NANOS;
            newest = now;
            if (writing || !between()) {
                append(packet);
                return true;
            }
            writing = true;
            gathers = burst && packet.length <= MAX_GATHERED;
            if (gathers) {
                append(packet);
            }
        }
        if (gathers) {
            gather();
        } else {
            send(packet, 0, packet.length);
        }
        return true;
    }

    /** Writes what waits, and what others add to it first. The caller has set {@link #writing}. */
    private void gather() throws IOException {
        offer.run();
        byte[] all;
        int count;
        synchronized (this) {
            count = take();
            all = spare;
        }
        send(all, 0, count);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        synchronized (this) {
            boolean interrupted = false;
            while (writing) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (released) {
                return;
            }
            Resumption first = resumption;
            if (first != null) {
                follow(b, off, len);
                if (between()) {
                    resumption = null;
                    first.connectSaid();
                }
                return;
            }
            writing = true;
            follow(b, off, len);
        }
        send(b, off, len);
    }

    @Override
    public void flush() throws IOException {
        if (!released) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (!released) {
            out.close();
        }
    }

    /** Writes, and then what others have added, if Paho's packet is whole. The caller has set {@link #writing}. */
    private void send(byte[] bytes, int off, int len) throws IOException {
        byte[] now = bytes;
        int from = off;
        int count = len;
        boolean done = false;
        try {
            while (true) {
                out.write(now, from, count);
                synchronized (this) {
                    if (length == 0 || !between()) {
                        writing = false;
                        done = true;
                        notifyAll();
                        return;
                    }
                    count = take();
                    now = spare;
                    from = 0;
                }
            }
        } finally {
            if (!done) {
                failed();
            }
        }
    }

    /** What waits, now in {@link #spare} and the writer's; how many bytes. Monitor. */
    private int take() {
        byte[] taken = pending;
        int count = length;
        pending = spare;
        spare = taken;
        length = 0;
        notifyAll();
        return count;
    }

    /** The connection is broken: who waits finds out by writing to it. */
    private synchronized void failed() throws IOException {
        writing = false;
        length = 0;
        notifyAll();
        out.close();
    }

    private void append(byte[] packet) {
        if (length + packet.length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(2 * pending.length, length + packet.length));
        }
        System.arraycopy(packet, 0, pending, length, packet.length);
        length += packet.length;
    }

    private boolean between() {
        return body == 0 && headerBytes == 0;
    }

    private void identify(int next) {
        if (identifier < 0) {
            identifier = next;
        } else {
            handshakes.said(answer, identifier << 8 | next);
            answer = 0;
        }
    }

    private void follow(byte[] b, int off, int len) {
        int at = off;
        int end = off + len;
        while (at < end) {
            if (body > 0) {
                if (answer != 0) {
                    identify(b[at] & 0xff);
                    body--;
                    at++;
                    continue;
                }
                long n = Math.min(body, end - at);
                body -= n;
                at += (int) n;
            } else if (headerBytes == 0) {
                int type = b[at] >> 4 & 0xf;
                if (b[at] == PINGREQ) {
                    pings++;
                }
                answer = Handshakes.has(type) ? type : 0;
                identifier = -1;
                headerBytes = 1;
                remaining = 0;
                at++;
            } else {
                int digit = b[at++];
                remaining |= (long) (digit & 0x7f) << 7 * (headerBytes - 1);
                headerBytes++;
                if ((digit & 0x80) == 0) {
                    body = remaining;
                    headerBytes = 0;
                }
            }
        }
    }
}
