package org.fieldhouse.isolation.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fieldhouse.isolation.wire.Frames;
import org.fieldhouse.isolation.wire.FromChild;
import org.fieldhouse.isolation.wire.Setup;
import org.fieldhouse.isolation.wire.ToChild;
import org.fieldhouse.isolation.wire.WireCodec;
import org.fieldhouse.isolation.wire.WireCodec.TooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of an isolated feature: told on its standard input what it is made of and where the house listens, it lives as long as
 * that input and the line to the house are open.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger("process");

    private final SocketChannel channel;
    private final Outbox out = new Outbox();
    private final Host host = new Host(out);
    private final Setup setup;
    private @Nullable Container container;

    private Main(Setup setup, SocketChannel channel) {
        this.setup = setup;
        this.channel = channel;
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Setup setup = Setup.read(in);
        daemon("house", () -> awaitEnd(in));
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(setup.socket()));
        new Main(setup, channel).run();
    }

    /** The other end of the standard input is the house; when that is gone, however it ended, nobody needs this process. */
    static void awaitEnd(BufferedReader in) {
        try {
            while (in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            LOG.debug("The house is gone: {}", e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        daemon("line", this::write);
        out.say(new FromChild.Hello(Frames.VERSION, setup.token()));
        try {
            Frames frames = new Frames(channel);
            List<ToChild.Configure> configurations = new ArrayList<>();
            for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
                take(WireCodec.toChild(frame), configurations);
            }
        } catch (IOException e) {
            LOG.debug("The line to the house is closed: {}", e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    private void take(ToChild message, List<ToChild.Configure> configurations) {
        Container present = container;
        if (message instanceof ToChild.Ping ping) {
            out.sayAtOnce(new FromChild.Pong(ping.number()));
        } else if (message instanceof ToChild.Stop) {
            stop();
        } else if (message instanceof ToChild.Configure configure) {
            if (present == null) {
                configurations.add(configure);
            } else {
                present.configure(configure);
            }
        } else if (message instanceof ToChild.Start) {
            Container started = new Container(setup, host);
            container = started;
            List<ToChild.Configure> first = List.copyOf(configurations);
            daemon("start", () -> out.say(new FromChild.Started(started.start(first))));
        } else {
            host.take(message);
        }
    }

    private void stop() {
        host.close();
        Container present = container;
        if (present != null) {
            present.stop();
        }
        Runtime.getRuntime().halt(0);
    }

    private void write() {
        try {
            for (FromChild next = out.take(); next != null; next = out.take()) {
                ByteBuffer bytes = ByteBuffer.wrap(encode(next));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("The line to the house is closed: {}", e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    /** What is too large is not sent; whoever waits for it is told why. */
    private static byte[] encode(FromChild message) {
        try {
            return WireCodec.encode(message);
        } catch (TooLargeException e) {
            LOG.error("{} cannot be sent: {}", message.getClass().getSimpleName(), e.getMessage());
            String why = message.getClass().getSimpleName() + ": " + e.getMessage();
            return message instanceof FromChild.Reply reply
                    ? WireCodec.encode(new FromChild.Failed(reply.call(), FromChild.Failed.Kind.TROUBLE, why))
                    : message instanceof FromChild.Said said
                            ? WireCodec.encode(new FromChild.Malformed(said.opening(), why))
                            : WireCodec.encode(new FromChild.Started(why));
        }
    }
}
