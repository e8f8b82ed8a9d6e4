package org.fieldhouse.serial.port;

import java.time.Duration;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;

/** A port in the hands of one user, until it is closed or the user goes. */
final class Lease implements SerialPort {
    private final String path;
    private final Line line;
    private final Connection connection;
    private final User user;
    private volatile boolean held = true;

    Lease(String path, Line line, Connection connection, User user) {
        this.path = path;
        this.line = line;
        this.connection = connection;
        this.user = user;
    }

    User user() {
        return user;
    }

    boolean isHeld() {
        return held;
    }

    void end() {
        held = false;
        connection.wake();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public int read(byte[] into) throws BindingException, InterruptedException {
        return connection.read(into, 0, this);
    }

    @Override
    public int read(byte[] into, Duration atMost) throws BindingException, InterruptedException {
        return connection.read(into, Math.max(1, atMost.toNanos()), this);
    }

    @Override
    public void unread(byte[] bytes, int count) {
        if (line.isLast(this)) {
            connection.unread(bytes, count);
        }
    }

    @Override
    public void write(byte[] bytes) throws BindingException, InterruptedException {
        connection.write(bytes, this);
    }

    @Override
    public void close() {
        line.release(this);
    }

    @Override
    public String toString() {
        return path + " of " + user;
    }
}
