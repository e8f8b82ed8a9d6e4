package com.acme.fan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;

/** One fan. It connects, reads, writes, and throws; trying again, threads and time-outs are the runtime's. */
final class FanDevice implements Device {
    private static final int CONNECT_MILLIS = 3_000;

    private final String host;
    private final int port;
    private Socket socket;

    FanDevice(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public void open(DeviceContext context) throws BindingException {
        try {
            Socket fresh = new Socket();
            socket = fresh;
            fresh.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            context.describe(DeviceDescription.of(
                    "fan", PointSpec.control("speed", ValueSpec.quantity(Units.PERCENT, 0, 100).withStep(1))));
            context.thread("reader", () -> read(fresh, context));
        } catch (IOException e) {
            throw new BindingException("no connection to " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static void read(Socket from, DeviceContext context) throws BindingException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                FanCodec.Line said = FanCodec.decode(line);
                if (said instanceof FanCodec.Line.Speed speed) {
                    context.report("speed", new Quantity(speed.percent(), Units.PERCENT));
                } else if (said instanceof FanCodec.Line.Corrupt corrupt) {
                    context.malformed(corrupt.reason());
                }
            }
        } catch (IOException e) {
            throw new BindingException("the connection broke: " + e.getMessage(), e);
        }
        throw new BindingException("the fan closed the connection");
    }

    @Override
    public void handle(Command command) throws BindingException {
        if (!(command.request() instanceof SetPoint set) || !(set.value() instanceof Quantity speed)) {
            throw new BindingException("a fan's speed can be set, and nothing else");
        }
        try {
            socket.getOutputStream().write(FanCodec.encode(speed.number()).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new BindingException("the connection broke: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }
}
