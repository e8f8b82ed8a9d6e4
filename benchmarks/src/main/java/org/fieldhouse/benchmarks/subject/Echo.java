package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fieldhouse.benchmarks.load.Child;
import org.jspecify.annotations.Nullable;

/** An echo in a JVM of its own: what a client library alone costs. */
public final class Echo implements Subject {
    private final String id;
    private final String title;
    private final Class<?> main;
    private final Path work;
    private @Nullable Child child;

    private Echo(String id, String title, Class<?> main, Path work) {
        this.id = id;
        this.title = title;
        this.main = main;
        this.work = work;
    }

    /** The one that Fieldhouse is held against. */
    public static Echo paho3(Path work) {
        return new Echo("echo", "Paho v3 echo", EchoMain.class, work);
    }

    public static Echo paho5(Path work) {
        return new Echo("paho5", "Paho v5 echo", EchoPaho5Main.class, work);
    }

    public static Echo vertx(Path work) {
        return new Echo("vertx", "Vert.x echo", EchoVertxMain.class, work);
    }

    public static Echo hiveMq(Path work) {
        return new Echo("hivemq", "HiveMQ echo", EchoHiveMqMain.class, work);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
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
                        main.getName(),
                        Integer.toString(brokerPort),
                        id),
                Path.of("").toAbsolutePath(),
                Map.of(),
                work.resolve(id + ".log"));
    }

    @Override
    public long pid() {
        Child running = child;
        if (running == null || !running.alive()) {
            throw new IllegalStateException(title + " does not run, see " + work.resolve(id + ".log"));
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
