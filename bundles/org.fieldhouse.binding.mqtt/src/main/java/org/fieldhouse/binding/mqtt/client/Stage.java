package org.fieldhouse.binding.mqtt.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.fieldhouse.api.binding.HandOver;

/**
 * A connection to a broker that is not there, as an earlier version would have left it: for a rehearsal. It says that it took the
 * connection, answers each PINGREQ, brings what it is told to, and forgets what it hears. Nothing leaves the process.
 */
public final class Stage extends Socket {
    private static final byte[] END = {};
    private static final byte[] PINGRESP = {(byte) 0xd0, 0};
    private static final byte PINGREQ = (byte) 0xc0;
    /** Success, and for MQTT 5.0 no properties; sections 3.2 of both. */
    private static final byte[] CONNACK_3 = {0x20, 2, 0, 0};

    private static final byte[] CONNACK_5 = {0x20, 3, 0, 0, 0};

    private final BlockingQueue<byte[]> toRead = new LinkedBlockingQueue<>();
    private final boolean properties;
    private volatile boolean closed;

    public Stage(LinkSettings.Version version) {
        properties = version == LinkSettings.Version.V5;
    }

    /**
     * @param filters that the earlier version had asked for
     * @param waiting topics on which messages wait that nobody has seen
     */
    public HandOver left(List<String> filters, List<String> waiting) {
        Map<String, Integer> parties = new LinkedHashMap<>();
        filters.forEach(filter -> parties.put(filter, 1));
        List<Message> parked = waiting.stream()
                .map(topic -> new Message(topic, new byte[] {'1'}, false))
                .toList();
        LinkState state = new LinkState(
                properties ? CONNACK_5 : CONNACK_3,
                END,
                Map.of(),
                new Hub.Remains(parties, Set.copyOf(filters), parked));
        return new HandOver(LinkState.VERSION, state.encode(), List.of(this));
    }

    /** The broker brings a message of QoS 0 on each of these topics. */
    public void bring(List<String> topics) {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        for (String topic : topics) {
            packets.writeBytes(PacketSink.packet(topic, new byte[] {'2'}, false, properties));
        }
        toRead.add(packets.toByteArray());
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            private byte[] now = END;
            private int at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                try {
                    while (at == now.length) {
                        now = closed ? END : toRead.take();
                        at = 0;
                        if (now.length == 0) {
                            toRead.add(END); // for whoever reads again
                            return -1;
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return -1;
                }
                int n = Math.min(len, now.length - at);
                System.arraycopy(now, at, b, off, n);
                at += n;
                return n;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] b, int off, int len) {
                if (len >= 2 && b[off + len - 2] == PINGREQ && b[off + len - 1] == 0) {
                    toRead.add(PINGRESP);
                }
            }
        };
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void shutdownInput() {
        toRead.add(END);
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closed = true;
        toRead.add(END);
    }
}
