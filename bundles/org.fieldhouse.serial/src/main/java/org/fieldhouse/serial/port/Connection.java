package org.fieldhouse.serial.port;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.serial.SerialSettings;
import org.jspecify.annotations.Nullable;

/**
 * An open port with two threads of its own, since neither a read nor a write of the system can be interrupted: one reads into memory, one
 * writes what is handed to it. Its monitor guards bytes and failure; nothing is called under it.
 */
final class Connection {
    private static final int CHUNK = 4_096;
    /** How often a silent port is asked whether it is still there, and how long closing may take. */
    private static final int LOOK_MILLIS = 200;

    private static final long WRITE_MILLIS = 5_000;
    private static final long CLOSE_MILLIS = 2_000;

    private final Path file;
    private final SerialPort port;
    private final SerialSettings settings;
    private final ByteRing ring = new ByteRing(org.fieldhouse.serial.SerialPort.BUFFER);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService writer;
    private @Nullable String failure;
    private volatile boolean closing;

    private Connection(Path file, SerialPort port, SerialSettings settings) {
        this.file = file;
        this.port = port;
        this.settings = settings;
        writer = new ThreadPoolExecutor(
                0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(64), task -> thread(task, "writer"));
        thread(this::pump, "reader").start();
    }

    private Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, "fieldhouse-serial-" + file.getFileName() + "/" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** @param path as it was asked for, for the message */
    static Connection open(String path, Path file, SerialSettings settings) throws BindingException {
        SerialPort port;
        try {
            port = SerialPort.getCommPort(file.toString());
        } catch (SerialPortInvalidPortException e) {
            throw new BindingException(Access.missing(path), e);
        }
        port.setComPortParameters(
                settings.baud(),
                settings.dataBits(),
                settings.stopBits() == SerialSettings.StopBits.ONE ? SerialPort.ONE_STOP_BIT : SerialPort.TWO_STOP_BITS,
                switch (settings.parity()) {
                    case NONE -> SerialPort.NO_PARITY;
                    case ODD -> SerialPort.ODD_PARITY;
                    case EVEN -> SerialPort.EVEN_PARITY;
                    case MARK -> SerialPort.MARK_PARITY;
                    case SPACE -> SerialPort.SPACE_PARITY;
                });
        port.setFlowControl(
                switch (settings.flow()) {
                    case NONE -> SerialPort.FLOW_CONTROL_DISABLED;
                    case RTS_CTS -> SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED;
                    case XON_XOFF ->
                        SerialPort.FLOW_CONTROL_XONXOFF_IN_ENABLED | SerialPort.FLOW_CONTROL_XONXOFF_OUT_ENABLED;
                });
        port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, LOOK_MILLIS, 0);
        // Not to be judged by getLastErrorCode: a pseudo-terminal has no modem lines, which leaves ENOTTY there.
        if (!port.openPort()) {
            throw new BindingException(Access.busy(path));
        }
        return new Connection(file, port, settings);
    }

    SerialSettings settings() {
        return settings;
    }

    private void pump() {
        byte[] chunk = new byte[CHUNK];
        try {
            while (!closing) {
                int room = awaitSpace();
                if (room == 0) {
                    return;
                }
                int count = port.readBytes(chunk, room);
                // A peer that is gone is told by -1, by a file that is gone, or by a queue that cannot be asked for;
                // isOpen stays true.
                if (count < 0 || (count == 0 && (port.bytesAvailable() < 0 || !Files.exists(file)))) {
                    if (closing) {
                        return;
                    }
                    fail("is lost: unplugged, or its peer is gone");
                    return;
                }
                keep(chunk, count);
            }
        } catch (InterruptedException e) {
            fail("was interrupted");
        } finally {
            port.flushIOBuffers(); // lets go of a write that nobody takes
            port.closePort();
            ended.countDown();
        }
    }

    /** How many bytes may be read now; 0 if none will be. What there is no room for stays with the system. */
    private synchronized int awaitSpace() throws InterruptedException {
        while (ring.space() == 0 && !closing) {
            wait();
        }
        return closing ? 0 : Math.min(CHUNK, ring.space());
    }

    private synchronized void keep(byte[] chunk, int count) throws InterruptedException {
        // Bytes may have been put back meanwhile.
        while (ring.space() < count && !closing) {
            wait();
        }
        if (ring.space() >= count) {
            ring.put(chunk, count);
            notifyAll();
        }
    }

    private synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
        }
        closing = true;
        notifyAll();
    }

    synchronized @Nullable String failure() {
        return failure;
    }

    /** @param nanos 0 for no bound */
    synchronized int read(byte[] into, long nanos, Lease by) throws BindingException, InterruptedException {
        long end = System.nanoTime() + nanos;
        while (ring.size() == 0 || !by.isHeld()) {
            if (!by.isHeld()) {
                throw new BindingException(by.path() + " was closed");
            }
            if (failure != null) {
                throw new BindingException(by.path() + " " + failure);
            }
            long left = nanos == 0 ? 0 : (end - System.nanoTime() + 999_999) / 1_000_000;
            if (nanos != 0 && left <= 0) {
                return 0;
            }
            wait(left);
        }
        int count = ring.take(into);
        notifyAll();
        return count;
    }

    synchronized void unread(byte[] bytes, int count) {
        ring.putFirst(bytes, count);
        notifyAll();
    }

    /** Wakes whoever reads, to see that the lease has ended. */
    synchronized void wake() {
        notifyAll();
    }

    void write(byte[] bytes, Lease by) throws BindingException, InterruptedException {
        String reason = by.isHeld() ? failure() : "was closed";
        if (reason != null) {
            throw new BindingException(by.path() + " " + reason);
        }
        byte[] copy = bytes.clone();
        Future<Boolean> done;
        try {
            done = writer.submit(() -> writeAll(copy));
        } catch (RejectedExecutionException e) {
            throw new BindingException(by.path() + " was closed, or too many write to it", e);
        }
        try {
            if (!done.get(WRITE_MILLIS, TimeUnit.MILLISECONDS)) {
                fail("is lost: it takes nothing");
            }
        } catch (TimeoutException | ExecutionException e) {
            done.cancel(false);
            fail("took nothing for " + WRITE_MILLIS / 1_000 + " s: is flow control set, and the peer reading?");
        }
        String lost = failure();
        if (lost != null) {
            throw new BindingException(by.path() + " " + lost);
        }
    }

    private boolean writeAll(byte[] bytes) {
        int from = 0;
        while (from < bytes.length && !closing) {
            int count = port.writeBytes(bytes, bytes.length - from, from);
            if (count <= 0) {
                return false;
            }
            from += count;
        }
        return from == bytes.length;
    }

    /** Waits for the system to have it back, 2 s at most. */
    void close() {
        closing = true;
        wake();
        writer.shutdown();
        try {
            if (!ended.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                fail("does not close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
