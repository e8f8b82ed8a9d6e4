package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.fieldhouse.api.binding.BindingException;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of one link. Paho asks for unconnected ones only. */
final class LinkSocketFactory extends SocketFactory {
    private final @Nullable SSLSocketFactory tls;
    private final boolean verifyHost;
    private final String host;
    private final PacketGate.Limits limits;
    private final PacketGate.Receiver receiver;
    private final @Nullable KeptLink kept;
    private final Handshakes handshakes;
    private volatile @Nullable LinkSocket newest;

    /**
     * @param kept a connection to go on with; null to make a new one
     * @throws BindingException permanent, if a certificate or key cannot be used
     */
    LinkSocketFactory(
            LinkSettings settings,
            byte[] marker,
            PacketGate.Receiver receiver,
            Handshakes handshakes,
            @Nullable KeptLink kept)
            throws BindingException {
        this.kept = kept;
        this.handshakes = handshakes;
        this.receiver = receiver;
        TlsSettings wanted = settings.tls();
        tls = wanted == null ? null : Tls.sockets(wanted);
        verifyHost = wanted != null && wanted.verifyHost();
        host = settings.host();
        limits = new PacketGate.Limits(
                settings.maxMessage(), settings.version() == LinkSettings.Version.V5, marker.clone());
    }

    /** Of this link. */
    Handshakes handshakes() {
        return handshakes;
    }

    @Override
    public Socket createSocket() {
        LinkSocket socket = new LinkSocket(tls, verifyHost, host, limits, receiver, handshakes, kept);
        newest = socket;
        return socket;
    }

    /** Takes the connection away from Paho, see {@link LinkSocket#release}; null if that does not work. */
    @Nullable
    KeptLink release(long millis, Runnable silenced) throws InterruptedException {
        LinkSocket socket = newest;
        try {
            return socket == null ? null : socket.release(millis, silenced);
        } catch (IOException e) {
            return null;
        }
    }

    /** The sink of the link's socket. */
    PacketSink sink() throws SocketException {
        LinkSocket socket = newest;
        if (socket == null) {
            throw new SocketException("not connected");
        }
        return socket.sink();
    }

    @Override
    public Socket createSocket(String toHost, int port) throws IOException {
        throw new IOException("only unconnected sockets are made here");
    }

    @Override
    public Socket createSocket(String toHost, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(toHost, port);
    }

    @Override
    public Socket createSocket(InetAddress to, int port) throws IOException {
        return createSocket(to.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress to, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(to.getHostAddress(), port);
    }
}
