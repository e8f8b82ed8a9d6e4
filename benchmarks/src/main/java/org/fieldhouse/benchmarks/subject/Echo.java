package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fieldhouse.benchmarks.load.Child;
import org.jspecify.annotations.Nullable;

/** {@link EchoMain} in a JVM of its own: what the client library alone costs. */
public final class Echo implements Subject {
    private final Path work;
    private @Nullable Child child;

    public Echo(Path work) {
        this.work = work;
    }

    @Override
    public String id() {
        return "echo";
    }

    @Override
    public String title() {
        return "Paho echo";
    }

    @Override
    public void start(int brokerPort) throws IOException {
        child = Child.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoMain.class.getName(),
                        Integer.toString(brokerPort),
                        id()),
                Path.of("").toAbsolutePath(),
                Map.of(),
                work.resolve("echo.log"));
    }

    @Override
    public long pid() {
        Child running = child;
        if (running == null || !running.alive()) {
            throw new IllegalStateException("the echo does not run, see " + work.resolve("echo.log"));
        }
        return running.pid();
    }

    @Override
    public void close() {
        Child running = child;
        if (running != null) {
            running.close();
        }
    }
}
