package org.fieldhouse.binding.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A wire between client and broker that a test can cut, or make slow. */
final class Proxy implements AutoCloseable {
    final int port;
    private final ServerSocket server;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long delayMillis;
    private volatile boolean silent;
    private volatile boolean forgetful;

    Proxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
        daemon(this::accept);
    }

    /** Each block of bytes takes that long from now on. */
    void delay(long millis) {
        delayMillis = millis;
    }

    /** Nothing passes any more, and nobody is told. */
    void silence() {
        silent = true;
    }

    /** Whether messages of the broker (PUBLISH, MQTT 3.1.1, section 3.3) are dropped from now on; all else passes. */
    void forgetful(boolean on) {
        forgetful = on;
    }

    /** Closes what is open; new connections are taken. */
    void cut() throws IOException {
        for (Socket s : sockets) {
            s.close();
        }
        sockets.clear();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(broker);
                daemon(() -> pump(client, broker));
                daemon(() -> packets(broker, client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] block = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                pass(to, block, n);
            }
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void packets(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int first = in.read(); first >= 0; first = in.read()) {
                ByteArrayOutputStream packet = new ByteArrayOutputStream();
                packet.write(first);
                // The remaining length, seven bits a byte, the lowest first (section 2.2.3).
                int length = 0;
                for (int shift = 0, next = 0x80; next >= 0x80; shift += 7) {
                    next = in.read();
                    packet.write(next);
                    length |= (next & 0x7F) << shift;
                }
                packet.write(in.readNBytes(length));
                boolean isMessage = first >> 4 == 3;
                if (!(isMessage && forgetful)) {
                    pass(to, packet.toByteArray(), packet.size());
                }
            }
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Socket to, byte[] block, int n) throws IOException, InterruptedException {
        if (delayMillis > 0) {
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        }
        if (!silent) {
            to.getOutputStream().write(block, 0, n);
        }
    }

    private static void daemon(Runnable run) {
        Thread t = new Thread(run, "proxy");
        t.setDaemon(true);
        t.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
