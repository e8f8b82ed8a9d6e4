package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.jspecify.annotations.Nullable;

/** The distribution with 1,000 sensors, 1,000 outputs and 1,000 rules between them. */
public final class Fieldhouse implements Subject {
    private static final Duration START = Duration.ofMinutes(1);

    private final Path distribution;
    private final Path work;
    private final String mqttVersion;
    private final String id;
    private final String title;
    private final boolean isolated;
    private @Nullable House house;

    /** @param mqttVersion 3.1.1 or 5 */
    public Fieldhouse(Path distribution, Path work, String mqttVersion) {
        this(
                distribution,
                work,
                mqttVersion,
                mqttVersion.equals("5") ? "fieldhouse5" : "fieldhouse",
                mqttVersion.equals("5") ? "Fieldhouse, MQTT 5" : "Fieldhouse",
                false);
    }

    private Fieldhouse(Path distribution, Path work, String mqttVersion, String id, String title, boolean isolated) {
        this.id = id;
        this.title = title;
        this.isolated = isolated;
        this.distribution = distribution;
        this.work = work;
        this.mqttVersion = mqttVersion;
    }

    /** An earlier state of it, to be measured in the same run. */
    public static Fieldhouse before(Path distribution, Path work) {
        return new Fieldhouse(distribution, work, "3.1.1", "before", "Fieldhouse before", false);
    }

    /** The same with its MQTT binding in a process of its own. */
    public static Fieldhouse isolated(Path distribution, Path work) {
        return new Fieldhouse(distribution, work, "3.1.1", "isolated", "Fieldhouse, isolated", true);
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
        Path home = Homes.fresh(work.resolve(id + "-home"));
        Files.writeString(
                home.resolve("devices/bench.yaml"),
                Homes.broker(brokerPort, mqttVersion) + Homes.sensors(id, OpenLoop.TOPICS));
        Files.writeString(home.resolve("rules/bench.rules"), Homes.copyRules(0, OpenLoop.TOPICS, ""));
        House started = House.start(distribution, home, isolated ? "core,rules,shell" : "core,rules,mqtt", "");
        house = started;
        if (isolated) {
            started.awaitReady(START);
            started.shell("feature:install --isolated mqtt");
        }
    }

    @Override
    public long pid() {
        House running = house;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running.pid();
    }

    @Override
    public void close() {
        House running = house;
        if (running != null) {
            running.close();
        }
    }
}
