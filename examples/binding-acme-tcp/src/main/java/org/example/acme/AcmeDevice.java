package org.example.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;

/**
 * One device. It connects, reads, writes, and throws; trying again, threads, time-outs and status are the runtime's. The codec belongs to
 * the reader, and to the lane once that has left.
 */
final class AcmeDevice implements Swappable {
    /** Of what is handed over: the beginning of a line, and the socket. */
    private static final int FORMAT = 1;

    private static final int CONNECT_MILLIS = 3_000;
    /** A read of a socket cannot be interrupted; so often it looks whether it is to leave. */
    private static final int LOOK_MILLIS = 100;

    private static final DeviceDescription DESCRIPTION = DeviceDescription.of(
            "fan",
            PointSpec.control("speed", ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1)),
            PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS, -40, 125)));

    private final String host;
    private final int port;
    private final Duration silence;
    private Socket socket;
    private AcmeCodec codec;
    private CountDownLatch left;
    private volatile boolean leaving;

    AcmeDevice(String host, int port, Duration silence) {
        this.host = host;
        this.port = port;
        this.silence = silence;
    }

    @Override
    public void open(DeviceContext context) throws BindingException {
        try {
            socket = new Socket();
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            start(context, new byte[0]);
        } catch (IOException e) {
            throw new BindingException("no connection to " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private void start(DeviceContext context, byte[] begun) throws IOException {
        socket.setSoTimeout(LOOK_MILLIS);
        codec = new AcmeCodec();
        codec.feed(begun, begun.length);
        left = new CountDownLatch(1);
        leaving = false;
        context.describe(DESCRIPTION);
        context.thread("reader", () -> read(socket, left, context));
    }

    private void read(Socket from, CountDownLatch end, DeviceContext context) throws BindingException {
        byte[] buffer = new byte[256];
        long heard = System.nanoTime();
        try {
            while (!leaving) {
                try {
                    int count = from.getInputStream().read(buffer);
                    if (count < 0) {
                        throw new BindingException(host + ":" + port + " closed the connection");
                    }
                    heard = System.nanoTime();
                    codec.feed(buffer, count).forEach(line -> tell(line, context));
                } catch (SocketTimeoutException e) {
                    if (System.nanoTime() - heard > silence.toNanos()) {
                        throw new BindingException("silent for " + silence.toSeconds() + " s", e);
                    }
                }
            }
        } catch (IOException e) {
            throw new BindingException("the connection to " + host + ":" + port + " broke: " + e.getMessage(), e);
        } finally {
            end.countDown();
        }
    }

    private static void tell(AcmeCodec.Line line, DeviceContext context) {
        if (line instanceof AcmeCodec.Line.Speed speed) {
            context.report("speed", new Quantity(speed.percent(), Units.PERCENT));
        } else if (line instanceof AcmeCodec.Line.Temperature temperature) {
            context.report("temperature", new Quantity(temperature.celsius(), Units.CELSIUS));
        } else if (line instanceof AcmeCodec.Line.Corrupt corrupt) {
            context.malformed(corrupt.reason());
        }
    }

    @Override
    public void handle(Command command) throws BindingException {
        if (!(command.request() instanceof SetPoint set) || !(set.value() instanceof Quantity speed)) {
            throw new BindingException("a fan's speed can be set, and nothing else");
        }
        try {
            socket.getOutputStream().write(AcmeCodec.encode(speed.number()));
        } catch (IOException e) {
            throw new BindingException("the connection to " + host + ":" + port + " broke: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        leaving = true;
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    /** The socket stays open; what comes meanwhile waits in the system. What is left is the line that has begun. */
    @Override
    public HandOver handOver() throws BindingException, InterruptedException {
        leaving = true;
        if (!left.await(10L * LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new BindingException("the reader does not leave");
        }
        return new HandOver(FORMAT, codec.rest(), List.of(socket));
    }

    @Override
    public boolean takeOver(DeviceContext context, HandOver given) throws BindingException {
        if (given.version() != FORMAT
                || given.transports().size() != 1
                || !(given.transports().get(0) instanceof Socket open)) {
            return false;
        }
        try {
            socket = open;
            start(context, given.state());
            return true;
        } catch (IOException e) {
            throw new BindingException("the connection to " + host + ":" + port + " broke: " + e.getMessage(), e);
        }
    }
}
