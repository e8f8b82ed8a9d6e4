package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The socket that Paho is given, plain or with TLS on top, the same for both of its versions. It sets TCP_NODELAY, which Paho
 * leaves off and which costs a millisecond per message; it reads in blocks through a {@link PacketGate}, where Paho reads byte by
 * byte from the kernel; and it writes through a {@link PacketSink}, which lets others put packets between Paho's.
 */
final class LinkSocket extends Socket {
    private final Socket raw = new Socket(Proxy.NO_PROXY);
    private final @Nullable SSLSocketFactory tls;
    private final boolean verifyHost;
    private final String host;
    private final PacketGate.Limits limits;
    private final PacketGate.Receiver receiver;
    private final @Nullable KeptLink kept;
    private final Handshakes handshakes;
    private volatile Socket active = raw;
    private volatile boolean released;
    private volatile @Nullable PacketGate in;
    private volatile @Nullable PacketSink out;

    LinkSocket(
            @Nullable SSLSocketFactory tls,
            boolean verifyHost,
            String host,
            PacketGate.Limits limits,
            PacketGate.Receiver receiver,
            Handshakes handshakes,
            @Nullable KeptLink kept) {
        this.kept = kept;
        this.handshakes = handshakes;
        this.tls = tls;
        this.verifyHost = verifyHost;
        this.host = host;
        this.limits = limits;
        this.receiver = receiver;
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
        if (kept != null) {
            resume(kept);
            return;
        }
        raw.setTcpNoDelay(true);
        raw.setKeepAlive(true);
        raw.connect(address, timeoutMillis);
        if (tls != null) {
            SSLSocket secure = (SSLSocket) tls.createSocket(raw, host, ((InetSocketAddress) address).getPort(), true);
            if (verifyHost) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818 section 3.1
                secure.setSSLParameters(parameters);
            }
            active = secure;
            secure.setSoTimeout(timeoutMillis);
            secure.startHandshake();
            secure.setSoTimeout(0);
        }
        PacketSink sink = new PacketSink(active.getOutputStream(), handshakes, null);
        out = sink;
        in = new PacketGate(active.getInputStream(), limits, receiver, sink::pings, handshakes);
    }

    private void resume(KeptLink link) throws IOException {
        active = link.socket();
        Resumption resumption = new Resumption();
        PacketSink sink = new PacketSink(active.getOutputStream(), handshakes, resumption);
        out = sink;
        in = new PacketGate(
                resumption.stream(link, active.getInputStream()), limits, receiver, sink::pings, handshakes);
    }

    /**
     * Takes the connection away from Paho, between two packets of either side.
     *
     * @param silenced run once Paho has said all it owes, and before it sees its connection end, which it would clear its memory for
     * @return null if the broker does not answer in time; then nothing is as it was, and the link has to be closed
     */
    @Nullable
    KeptLink release(long millis, Runnable silenced) throws IOException, InterruptedException {
        PacketGate gate = in;
        if (gate == null) {
            return null;
        }
        gate.stopAtPong();
        if (!sink().ping(millis) || !gate.awaitStop(millis)) {
            return null;
        }
        // Paho answers from threads of its own; what it owes must be said before its voice is taken.
        if (!handshakes.awaitEven(millis)) {
            return null;
        }
        sink().release();
        silenced.run();
        released = true;
        return new KeptLink(active, gate.connack(), gate.rest());
    }

    @Override
    public InputStream getInputStream() throws IOException {
        PacketGate gate = in;
        if (gate == null) {
            throw new SocketException("not connected");
        }
        return gate;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return sink();
    }

    /** Where packets can be put between Paho's. */
    PacketSink sink() throws SocketException {
        PacketSink sink = out;
        if (sink == null) {
            throw new SocketException("not connected");
        }
        return sink;
    }

    /** Paho wakes its reader every second by a time-out; closing the socket wakes it as well, and an idle house sleeps. */
    @Override
    public void setSoTimeout(int millis) {}

    @Override
    public boolean isConnected() {
        return active.isConnected();
    }

    @Override
    public boolean isClosed() {
        return released || active.isClosed();
    }

    @Override
    public void shutdownInput() throws IOException {
        if (!released) {
            base().shutdownInput();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (!released) {
            active.shutdownOutput();
        }
    }

    /** Closes TLS politely only where that cannot block: the peer may be gone. */
    @Override
    public void close() throws IOException {
        if (!released) {
            PacketGate gate = in;
            if (gate != null) {
                gate.letGo();
            }
            base().close();
        }
        super.close();
    }

    private Socket base() {
        return kept == null ? raw : active;
    }
}
