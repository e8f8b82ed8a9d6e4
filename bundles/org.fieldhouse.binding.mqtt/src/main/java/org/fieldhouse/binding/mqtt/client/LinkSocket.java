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
    private volatile Socket active = raw;
    private @Nullable PacketGate in;
    private volatile @Nullable PacketSink out;

    LinkSocket(
            @Nullable SSLSocketFactory tls,
            boolean verifyHost,
            String host,
            PacketGate.Limits limits,
            PacketGate.Receiver receiver) {
        this.tls = tls;
        this.verifyHost = verifyHost;
        this.host = host;
        this.limits = limits;
        this.receiver = receiver;
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
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
        in = new PacketGate(active.getInputStream(), limits, receiver);
        out = new PacketSink(active.getOutputStream());
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
        return raw.isClosed();
    }

    @Override
    public void shutdownInput() throws IOException {
        raw.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        active.shutdownOutput();
    }

    /** Closes TLS politely only where that cannot block: the peer may be gone. */
    @Override
    public void close() throws IOException {
        raw.close();
        super.close();
    }
}
