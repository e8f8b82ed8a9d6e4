package org.example.acme;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A machine on loopback that says what the test tells it to. */
final class AcmeSimulator implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile Socket newest;
    private volatile int connections;

    AcmeSimulator() throws IOException {
        Thread acceptor = new Thread(this::accept, "simulator");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        try {
            while (true) {
                newest = server.accept();
                connections++;
            }
        } catch (IOException e) {
            // closed
        }
    }

    long port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections;
    }

    void say(String text) throws IOException {
        await(() -> newest != null);
        newest.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String hear(int bytes) throws IOException {
        await(() -> newest != null);
        return new String(newest.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    void hangUp() throws IOException {
        await(() -> newest != null);
        newest.close();
        newest = null;
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (newest != null) {
            newest.close();
        }
    }
}
