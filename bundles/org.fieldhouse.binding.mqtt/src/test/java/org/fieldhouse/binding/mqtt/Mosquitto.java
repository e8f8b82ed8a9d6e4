package org.fieldhouse.binding.mqtt;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A mosquitto of the test's own on a free loopback port. */
final class Mosquitto implements AutoCloseable {
    final int port;
    private final Path folder;
    private final List<String> lines;
    private Process process;

    /** @param lines of its configuration besides the listener; {@code allow_anonymous true} if there are none */
    Mosquitto(Path folder, String... lines) throws IOException {
        this(freePort(), folder, lines);
    }

    Mosquitto(int port, Path folder, String... lines) throws IOException {
        this.port = port;
        this.folder = folder;
        this.lines = lines.length == 0 ? List.of("allow_anonymous true") : List.of(lines);
        start();
    }

    static int freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return s.getLocalPort();
        }
    }

    void start() throws IOException {
        Path config = folder.resolve("mosquitto-" + port + ".conf");
        Files.writeString(
                config,
                "user root\nmax_queued_messages 0\nlistener " + port + " 127.0.0.1\n" + String.join("\n", lines)
                        + "\n");
        process = new ProcessBuilder("/usr/sbin/mosquitto", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "mosquitto-" + port + ".log"))
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(this::answers);
    }

    private boolean answers() {
        try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return s.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        stop();
    }
}
