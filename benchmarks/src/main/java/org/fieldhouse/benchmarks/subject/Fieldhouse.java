package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fieldhouse.benchmarks.load.OpenLoop;
import org.jspecify.annotations.Nullable;

/** The distribution with 1,000 sensors, 1,000 outputs and 1,000 rules between them. */
public final class Fieldhouse implements Subject {
    private final Path distribution;
    private final Path work;
    private final String mqttVersion;
    private @Nullable House house;

    /** @param mqttVersion 3.1.1 or 5 */
    public Fieldhouse(Path distribution, Path work, String mqttVersion) {
        this.distribution = distribution;
        this.work = work;
        this.mqttVersion = mqttVersion;
    }

    @Override
    public String id() {
        return mqttVersion.equals("5") ? "fieldhouse5" : "fieldhouse";
    }

    @Override
    public String title() {
        return mqttVersion.equals("5") ? "Fieldhouse, MQTT 5" : "Fieldhouse";
    }

    @Override
    public void start(int brokerPort) throws IOException {
        Path home = Homes.fresh(work.resolve(id() + "-home"));
        Files.writeString(
                home.resolve("devices/bench.yaml"),
                Homes.broker(brokerPort, mqttVersion) + Homes.sensors(id(), OpenLoop.TOPICS));
        Files.writeString(home.resolve("rules/bench.rules"), Homes.copyRules(0, OpenLoop.TOPICS, ""));
        house = House.start(distribution, home, "core,rules,mqtt", "");
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
