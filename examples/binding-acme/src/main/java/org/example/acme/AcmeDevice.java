package org.example.acme;

import java.time.Duration;
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
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialPorts;
import org.fieldhouse.serial.SerialSettings;

/**
 * One device. It opens, reads, writes, and throws; trying again, threads, time-outs and status are the runtime's. Its monitor guards
 * codec and {@code leaving} between lane and reader.
 */
final class AcmeDevice implements Swappable {
    /** Of what is handed over: the beginning of a line. */
    private static final int FORMAT = 1;

    private static final DeviceDescription DESCRIPTION = DeviceDescription.of(
            "fan",
            PointSpec.control("speed", ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1)),
            PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS, -40, 125)));

    private final SerialPorts ports;
    private final String path;
    private final SerialSettings settings;
    private final Duration silence;
    private SerialPort port;
    private AcmeCodec codec;
    private boolean leaving;

    AcmeDevice(SerialPorts ports, String path, SerialSettings settings, Duration silence) {
        this.ports = ports;
        this.path = path;
        this.settings = settings;
        this.silence = silence;
    }

    @Override
    public void open(DeviceContext context) throws BindingException {
        start(context, new byte[0]);
    }

    private void start(DeviceContext context, byte[] begun) throws BindingException {
        SerialPort fresh = ports.open(path, settings);
        synchronized (this) {
            port = fresh;
            codec = new AcmeCodec();
            codec.feed(begun, begun.length);
            leaving = false;
        }
        context.describe(DESCRIPTION);
        context.thread("reader", () -> read(fresh, context));
    }

    private void read(SerialPort from, DeviceContext context) throws BindingException, InterruptedException {
        byte[] buffer = new byte[256];
        while (true) {
            int count = from.read(buffer, silence);
            if (count == 0) {
                throw new BindingException("silent for " + silence.toSeconds() + " s: is it switched on, the baud rate right?");
            }
            synchronized (this) {
                if (leaving) {
                    from.unread(buffer, count);
                    return;
                }
                codec.feed(buffer, count).forEach(line -> tell(line, context));
            }
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
    public void handle(Command command) throws BindingException, InterruptedException {
        if (!(command.request() instanceof SetPoint set) || !(set.value() instanceof Quantity speed)) {
            throw new BindingException("a fan's speed can be set, and nothing else");
        }
        port.write(AcmeCodec.encode(speed.number()));
    }

    @Override
    public void close() {
        if (port != null) {
            port.close();
        }
    }

    /** The port itself stays open beside the bundle; what is left is the line that has begun. */
    @Override
    public HandOver handOver() {
        synchronized (this) {
            leaving = true;
            close();
            return new HandOver(FORMAT, codec.rest());
        }
    }

    @Override
    public boolean takeOver(DeviceContext context, HandOver left) throws BindingException {
        if (left.version() != FORMAT) {
            return false;
        }
        start(context, left.state());
        return true;
    }
}
