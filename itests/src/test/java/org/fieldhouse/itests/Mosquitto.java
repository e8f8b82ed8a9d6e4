package org.fieldhouse.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real mosquitto on loopback. It can be stopped and started again on the same port, to play a broker that vanishes. */
public final class Mosquitto implements AutoCloseable {
    private final Path directory;
    private final int port;
    private Process process;

    private Mosquitto(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** On a free port, anonymous clients allowed. */
    public static Mosquitto start(Path directory) {
        return start(directory, "allow_anonymous true");
    }

    /**
     * On a free port with further lines of mosquitto.conf(5).
     *
     * @param directory for the configuration and the log, made if absent
     */
    public static Mosquitto start(Path directory, String... configuration) {
        Mosquitto broker = new Mosquitto(directory, FieldhouseProcess.freePort());
        try {
            Files.createDirectories(directory);
            String listener = "listener " + broker.port + " 127.0.0.1\n";
            Files.writeString(directory.resolve("mosquitto.conf"), listener + String.join("\n", configuration) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker.start();
        return broker;
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "tcp://127.0.0.1:" + port;
    }

    /** Starts it again, on the same port, and waits until it accepts connections. */
    public void start() {
        try {
            process = new ProcessBuilder(
                            executable().toString(),
                            "-c",
                            directory.resolve("mosquitto.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("mosquitto.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("mosquitto on " + port).atMost(Duration.ofSeconds(10)).until(this::accepts);
    }

    private boolean accepts() {
        if (!process.isAlive()) {
            throw new AssertionError("mosquitto ended with " + process.exitValue() + "; see " + directory);
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** SIGTERM, then waits for its end. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    /** SIGKILL: its clients see the connection break. */
    public void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("mosquitto does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Path executable() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")), List.of("/usr/sbin", "/usr/local/sbin").stream())
                .map(directory -> Path.of(directory, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("mosquitto is not installed: apt-get install mosquitto"));
    }
}
