package org.fieldhouse.benchmarks.load;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A mosquitto of the benchmark's own on a free loopback port, without queue limits and with TCP_NODELAY. */
public final class Mosquitto implements AutoCloseable {
    private final Child child;
    private final int port;

    public Mosquitto(Path work) throws IOException {
        this(work, freePort());
    }

    public Mosquitto(Path work, int port) throws IOException {
        this.port = port;
        Path conf = work.resolve("mosquitto-" + port + ".conf");
        Files.writeString(
                conf,
                """
                listener %d 127.0.0.1
                allow_anonymous true
                set_tcp_nodelay true
                max_queued_messages 0
                max_inflight_messages 0
                persistence false
                log_dest stderr
                log_type error
                log_type warning
                """
                        .formatted(port));
        child = Child.start(
                List.of(program().toString(), "-c", conf.toString()), work, Map.of(), work.resolve("mosquitto.log"));
        awaitListening();
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path program() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("mosquitto is not installed (Debian: apt install mosquitto)"));
    }

    private void awaitListening() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > until || !child.alive()) {
                    throw new IOException("mosquitto did not start, see " + child.log(), e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
