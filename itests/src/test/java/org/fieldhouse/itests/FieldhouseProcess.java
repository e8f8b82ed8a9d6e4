package org.fieldhouse.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The shipped distribution, running as a process on a home directory of the test's.
 *
 * <pre>{@code
 * try (FieldhouseProcess house = FieldhouseProcess.on(home).features("core", "rules").start()) {
 *     house.awaitReady();
 *     house.kill9();
 * }
 * }</pre>
 */
public final class FieldhouseProcess implements AutoCloseable {
    /** Generous: the tests share two cores with other tests. */
    public static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path home;
    private final Path log;
    private final int port;

    private FieldhouseProcess(Process process, Path home, Path log, int port) {
        this.process = process;
        this.home = home;
        this.log = log;
        this.port = port;
    }

    /** @param status the HTTP status, or empty when nothing answers */
    public record Health(Optional<Integer> status, String body) {
        public boolean ready() {
            return status.equals(Optional.of(200));
        }
    }

    /** Lets an unsigned file in, as an administrator does; before it is dropped. */
    public static void allow(Path home, Path file) throws IOException {
        String sha256 = sha256(file);
        Path list = Files.createDirectories(home.resolve("trust")).resolve("allowed");
        Files.writeString(
                list, sha256 + " test made by this test\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Takes that back. */
    public static void forbid(Path home, Path file) throws IOException {
        String sha256 = sha256(file);
        Path list = home.resolve("trust/allowed");
        Files.write(
                list,
                Files.readAllLines(list).stream()
                        .filter(line -> !line.contains(sha256))
                        .toList());
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the script's {@code shell} for the house on a home; its errors come with its output. */
    public static Process shell(Path home, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(distribution().resolve("fieldhouse").toString(), "shell", "--home", home.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    public static Builder on(Path home) {
        return new Builder(home);
    }

    /** The unpacked distribution under test. */
    public static Path distribution() {
        return Path.of(System.getProperty("fieldhouse.distribution")).normalize();
    }

    /** A TCP port that was free on loopback a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything the process wrote since this start, output and errors. */
    public String logs() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FieldhouseProcess awaitReady() {
        return awaitReady(START_TIMEOUT);
    }

    public FieldhouseProcess awaitReady(Duration timeout) {
        await("ready; log:\n" + logs())
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    failIfEnded();
                    return health().ready();
                });
        return this;
    }

    /** Waits until /health answers 503 with the text among its problems. */
    public FieldhouseProcess awaitProblem(String text) {
        await("problem " + text)
                .atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    failIfEnded();
                    Health health = health();
                    return !health.ready() && health.body().contains(text);
                });
        return this;
    }

    /** Waits until /health answers 200 with the text among its warnings. */
    public FieldhouseProcess awaitWarning(String text) {
        await("warning " + text)
                .atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    failIfEnded();
                    Health health = health();
                    return health.ready() && health.body().contains(text);
                });
        return this;
    }

    public FieldhouseProcess awaitLog(String text) {
        await("log " + text)
                .atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> logs().contains(text));
        return this;
    }

    private void failIfEnded() {
        if (!process.isAlive()) {
            throw new AssertionError("the house ended with " + process.exitValue() + "; its log:\n" + logs());
        }
    }

    public Health health() {
        try {
            HttpResponse<String> response = get("/health");
            return new Health(Optional.of(response.statusCode()), response.body());
        } catch (IOException notListening) {
            return new Health(Optional.empty(), "");
        }
    }

    public HttpResponse<String> get(String path) throws IOException {
        return send(request(path));
    }

    /** With basic authentication. */
    public HttpResponse<String> get(String path, String user, String password) throws IOException {
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return send(request(path)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Runs a command in the house's own shell, which the feature {@code shell} has, and returns what it prints. */
    public String shell(String command) {
        StringBuilder answer = new StringBuilder();
        shell(command, answer::append);
        return answer.toString();
    }

    /** Hands on what a command prints as it comes; a house that dies meanwhile ends it. */
    public void shell(String command, Consumer<String> printed) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.resolve("data/shell.sock")));
            channel.write(ByteBuffer.wrap(("batch\n" + command + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            while (channel.read(in) >= 0) {
                printed.accept(StandardCharsets.UTF_8.decode(in.flip()).toString());
                in.clear();
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** SIGTERM. @return the exit code */
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    /** SIGKILL: as a power cut, except that the kernel still writes what it was given. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    public int awaitExit() {
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + STOP_TIMEOUT + "; its log:\n" + logs());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Defaults: the features of the home directory, a free port, no class data archive. */
    public static final class Builder {
        private final Path home;
        private final List<String> options = new ArrayList<>();
        private final List<String> javaOptions = new ArrayList<>();
        private Path distribution = FieldhouseProcess.distribution();
        private Path java = Path.of(System.getProperty("java.home"));
        private String locale = "";
        private boolean classArchive;
        private int port;

        private Builder(Path home) {
            this.home = home;
        }

        public Builder features(String... names) {
            options.add("--features");
            options.add(String.join(",", names));
            return this;
        }

        public Builder port(int fixed) {
            port = fixed;
            return this;
        }

        public Builder javaOption(String option) {
            javaOptions.add(option);
            return this;
        }

        /** @param home another installation than the one that the test runs on */
        public Builder java(Path home) {
            java = home;
            return this;
        }

        /** @param name as in LC_ALL */
        public Builder locale(String name) {
            locale = name;
            return this;
        }

        public Builder withClassArchive() {
            classArchive = true;
            return this;
        }

        public Builder distribution(Path other) {
            distribution = other;
            return this;
        }

        /** Returns as soon as the process is there; see {@link #awaitReady()}. */
        public FieldhouseProcess start() {
            int chosen = port == 0 ? freePort() : port;
            List<String> command = new ArrayList<>(
                    List.of(distribution.resolve("fieldhouse").toString(), "run", "--home", home.toString()));
            command.addAll(List.of("--port", Integer.toString(chosen)));
            command.addAll(options);
            try {
                Path log = Files.createTempFile("fieldhouse-", ".log");
                log.toFile().deleteOnExit();
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()));
                builder.environment().put("JAVA_HOME", java.toString());
                builder.environment().put("JAVA_OPTS", String.join(" ", javaOptions));
                if (!locale.isEmpty()) {
                    builder.environment().put("LC_ALL", locale);
                }
                builder.environment().put("FIELDHOUSE_CDS", classArchive ? "on" : "off");
                return new FieldhouseProcess(builder.start(), home, log, chosen);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
