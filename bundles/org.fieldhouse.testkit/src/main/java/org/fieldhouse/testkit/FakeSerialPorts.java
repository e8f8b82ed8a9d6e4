package org.fieldhouse.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialPort;
import org.fieldhouse.serial.SerialPorts;
import org.fieldhouse.serial.SerialSettings;
import org.jspecify.annotations.Nullable;

/**
 * One serial port without a machine: the test is the peer. It keeps what the real ports promise: one user at a time, bytes that wait while
 * nobody has it, a loss that {@code read} tells after what came before. Thread-safe.
 */
public final class FakeSerialPorts implements SerialPorts {
    private final String path;
    private final Deque<Byte> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean plugged = true;
    private @Nullable Port user;
    private @Nullable SerialSettings settings;
    private int openings;

    /** @param path of the one port that there is */
    public FakeSerialPorts(String path) {
        this.path = path;
    }

    /** Says something to whoever has the port, or has it next. */
    public synchronized void say(byte[] bytes) {
        for (byte each : bytes) {
            waiting.addLast(each);
        }
        notifyAll();
    }

    /** As {@link #say(byte[])}, in ISO 8859-1: one byte a character. */
    public void say(String text) {
        say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that was written, in ISO 8859-1. */
    public synchronized String heard() {
        return written.toString(StandardCharsets.ISO_8859_1);
    }

    /** The port is gone until {@link #plugIn}. */
    public synchronized void unplug() {
        plugged = false;
        notifyAll();
    }

    public synchronized void plugIn() {
        plugged = true;
    }

    /** Whether somebody has the port. */
    public synchronized boolean isOpen() {
        return user != null;
    }

    public synchronized int openings() {
        return openings;
    }

    /** What the port was opened with last; null if it never was. */
    public synchronized @Nullable SerialSettings settings() {
        return settings;
    }

    @Override
    public synchronized SerialPort open(String wanted, SerialSettings with) throws BindingException {
        if (!wanted.equals(path) || !plugged) {
            throw new BindingException(wanted + " is not there");
        }
        if (user != null) {
            throw new BindingException(path + " is in use");
        }
        settings = with;
        openings++;
        Port port = new Port();
        user = port;
        return port;
    }

    @Override
    public List<String> available() {
        return List.of(path);
    }

    private final class Port implements SerialPort {
        @Override
        public String path() {
            return path;
        }

        @Override
        public int read(byte[] into) throws BindingException, InterruptedException {
            return read(into, Duration.ZERO);
        }

        @Override
        public int read(byte[] into, Duration atMost) throws BindingException, InterruptedException {
            synchronized (FakeSerialPorts.this) {
                long end = System.nanoTime() + atMost.toNanos();
                while (user != this || waiting.isEmpty()) {
                    check();
                    long left = atMost.isZero() ? 0 : (end - System.nanoTime() + 999_999) / 1_000_000;
                    if (!atMost.isZero() && left <= 0) {
                        return 0;
                    }
                    FakeSerialPorts.this.wait(left);
                }
                int count = 0;
                while (count < into.length && !waiting.isEmpty()) {
                    into[count++] = waiting.removeFirst();
                }
                return count;
            }
        }

        @Override
        public void unread(byte[] bytes, int count) {
            synchronized (FakeSerialPorts.this) {
                if (user == this || user == null) {
                    for (int i = count - 1; i >= 0; i--) {
                        waiting.addFirst(bytes[i]);
                    }
                    FakeSerialPorts.this.notifyAll();
                }
            }
        }

        @Override
        public void write(byte[] bytes) throws BindingException {
            synchronized (FakeSerialPorts.this) {
                check();
                written.writeBytes(bytes);
                FakeSerialPorts.this.notifyAll();
            }
        }

        private void check() throws BindingException {
            if (user != this) {
                throw new BindingException(path + " was closed");
            }
            if (!plugged) {
                throw new BindingException(path + " is lost");
            }
        }

        @Override
        public void close() {
            synchronized (FakeSerialPorts.this) {
                if (user == this) {
                    user = null;
                    FakeSerialPorts.this.notifyAll();
                }
            }
        }
    }
}
