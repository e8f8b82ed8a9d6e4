package org.fieldhouse.broker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** One running Artemis that speaks MQTT alone, keeps nothing on disk, and needs eight threads. */
final class Broker implements AutoCloseable {
    private static final String ACCEPTOR = "mqtt";

    private final EmbeddedActiveMQ server;
    private final InetSocketAddress address;

    private Broker(EmbeddedActiveMQ server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts a broker; when this returns it accepts connections. Takes about a second.
     *
     * @throws IOException if the address is not one of this machine, or taken
     */
    static Broker start(BrokerConfig config) throws IOException {
        InetAddress host = loopback(config.host());
        ensureFree(host, config.port());
        EmbeddedActiveMQ server = new EmbeddedActiveMQ();
        try {
            server.setConfiguration(configuration(config, host));
            server.start();
            NettyAcceptor acceptor = (NettyAcceptor)
                    server.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR);
            int port = requireNonNull(acceptor, "acceptor").getActualPort();
            if (port <= 0) {
                throw new IOException("port " + config.port() + " of " + config.host() + " could not be opened");
            }
            return new Broker(server, new InetSocketAddress(host, port));
        } catch (Exception e) {
            stop(server, e);
            throw e instanceof IOException io ? io : new IOException("the broker could not start: " + e, e);
        }
    }

    /** Where it really listens. */
    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static void stop(EmbeddedActiveMQ server, Exception because) {
        try {
            server.stop();
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }

    private static InetAddress loopback(String host) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        if (!address.isLoopbackAddress()) {
            throw new IOException("host " + host + " is not a loopback address: the embedded broker has no log-in; "
                    + "use 127.0.0.1, or a broker of its own for other machines");
        }
        return address;
    }

    /** Artemis only logs that it could not bind, so this is asked before. */
    private static void ensureFree(InetAddress host, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new IOException(
                    "port " + port + " of " + host.getHostAddress() + " is taken; stop what listens there "
                            + "or set another port in config/broker.json (PID org.fieldhouse.broker)",
                    e);
        }
    }

    private static ConfigurationImpl configuration(BrokerConfig config, InetAddress host) throws Exception {
        ConfigurationImpl c = new ConfigurationImpl();
        c.setName("fieldhouse");
        c.setPersistenceEnabled(false);
        c.setSecurityEnabled(false);
        c.setJMXManagementEnabled(false);
        // Without persistence nothing is written: a full disk must not stop publishers.
        c.setMaxDiskUsage(-1);
        c.setThreadPoolMaxSize(4);
        c.setScheduledThreadPoolMaxSize(2);
        c.setGlobalMaxSize(config.maxMemoryMebibytes() * 1024L * 1024L);
        String literal = host.getHostAddress();
        // quietPeriod: its connections are closed by then, and nobody else gives its threads anything to do.
        c.addAcceptorConfiguration(
                ACCEPTOR,
                "tcp://" + (literal.contains(":") ? '[' + literal + ']' : literal) + ':' + config.port()
                        + "?protocols=MQTT;tcpNoDelay=true;remotingThreads=2;useEpoll=false;useKQueue=false;quietPeriod=0"
                        + ";maximumPacketSize=" + config.maxPacketKibibytes() * 1024
                        + ";defaultMqttSessionExpiryInterval=" + config.sessionExpirySeconds());
        AddressSettings every = new AddressSettings();
        every.setAddressFullMessagePolicy(AddressFullMessagePolicy.BLOCK);
        every.setAutoCreateAddresses(true).setAutoDeleteAddresses(true);
        every.setAutoCreateQueues(true).setAutoDeleteQueues(true);
        c.addAddressSetting("#", every);
        return c;
    }
}
