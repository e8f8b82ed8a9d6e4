package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fieldhouse.benchmarks.load.Child;
import org.fieldhouse.benchmarks.load.Mosquitto;

/** The unpacked distribution as a process of its own, on a home directory. */
public final class House implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final Child child;
    private final int httpPort;

    private final Path home;

    private House(Child child, Path home, int httpPort) {
        this.child = child;
        this.home = home;
        this.httpPort = httpPort;
    }

    /**
     * Starts it the way its owner does, with the script.
     *
     * @param features comma-separated; empty for the default
     * @param javaOptions words for JAVA_OPTS, may be empty
     */
    public static House start(Path distribution, Path home, String features, String javaOptions) throws IOException {
        int port = Mosquitto.freePort();
        List<String> command = new ArrayList<>(List.of(
                distribution.resolve("fieldhouse").toString(),
                "run",
                "--home",
                home.toString(),
                "--port",
                Integer.toString(port)));
        if (!features.isEmpty()) {
            command.addAll(List.of("--features", features));
        }
        Path log = home.resolveSibling(home.getFileName() + ".log");
        return new House(Child.start(command, distribution, Map.of("JAVA_OPTS", javaOptions), log), home, port);
    }

    /**
     * As {@link #start}, but not for the first time on this home: an earlier start has made the class archive, which every later one
     * uses, and which a measurement is not to include the making of.
     */
    public static House startAgain(Path distribution, Path home, String features, String javaOptions)
            throws IOException {
        try (House first = start(distribution, home, features, javaOptions)) {
            first.awaitReady(Duration.ofMinutes(1));
        }
        return start(distribution, home, features, javaOptions);
    }

    public long pid() {
        if (!child.alive()) {
            throw new IllegalStateException("Fieldhouse does not run, see " + child.log());
        }
        return child.pid();
    }

    public Child child() {
        return child;
    }

    /** Waits for {@code GET /health} to answer 200, and returns how long after exec that was, ns. */
    public long awaitReady(Duration atMost) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        String last = "no answer";
        while (System.nanoTime() - child.startNanos() < atMost.toNanos()) {
            try {
                HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return System.nanoTime() - child.startNanos();
                }
                last = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                pid(); // throws if it has ended
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        throw new IOException("not ready after " + atMost.toSeconds() + " s: " + last + "; see " + child.log());
    }

    /**
     * Runs commands in the house's own shell and returns what they print.
     *
     * @throws IOException if there is no shell (yet), or a command failed
     */
    public String shell(String... commands) throws IOException {
        StringBuilder answer = new StringBuilder();
        if (!ask(answer, commands)) {
            throw new IOException(String.join("; ", commands) + ": " + answer);
        }
        return answer.toString();
    }

    /**
     * Like {@link #shell}, for commands that may fail.
     *
     * @param answer what they print is added to it
     * @return whether none of them failed
     */
    public boolean ask(StringBuilder answer, String... commands) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("data/shell.sock")));
            String lines = "batch\n" + String.join("\n", commands) + "\n";
            ByteBuffer out = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            while (channel.read(in) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(in.flip()));
                in.clear();
            }
        }
        int end = answer.lastIndexOf("\u0004");
        if (end < 0) {
            return false;
        }
        boolean good = answer.substring(end + 1).equals("0");
        answer.setLength(end);
        return good;
    }

    /** SIGKILL. */
    public void kill() {
        child.kill();
    }

    @Override
    public void close() {
        child.close();
    }
}
