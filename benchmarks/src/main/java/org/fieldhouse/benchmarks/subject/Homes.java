package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes home directories for the measurements. */
public final class Homes {
    private Homes() {}

    /** An empty one at that place; what was there before is deleted. */
    public static Path fresh(Path home) throws IOException {
        delete(home);
        Files.createDirectories(home.resolve("devices"));
        Files.createDirectories(home.resolve("rules"));
        return home;
    }

    /** The entry of the one broker, on loopback. */
    public static String broker(int port, String mqttVersion) {
        return """
                Broker:
                  binding: mqtt
                  type: broker
                  config: {host: 127.0.0.1, port: %d, version: '%s'}
                """
                .formatted(port, mqttVersion);
    }

    /**
     * 1,000 sensors {@code S0} …, each with an output {@code O0} …
     *
     * @param id first level of the topics
     */
    public static String sensors(String id, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(topics("S" + i, "points", "{name: value, topic: " + id + "/in/" + i + "}"));
            text.append(topics("O" + i, "points", "{name: value, command: " + id + "/out/" + i + "}"));
        }
        return text.toString();
    }

    /** One device whose topics are mapped by hand: a list {@code points} or {@code events}. */
    public static String topics(String name, String list, String... items) {
        StringBuilder text = new StringBuilder(
                """
                %s:
                  binding: mqtt
                  type: topics
                  bridge: Broker
                  config:
                    %s:
                """
                        .formatted(name, list));
        for (String item : items) {
            text.append("      - ").append(item).append('\n');
        }
        return text.toString();
    }

    /**
     * A rule for each sensor from one number up to below another, which copies its value to its output.
     *
     * @param plus what is added to each value, e.g. {@code " + 0.5"}; may be empty
     */
    public static String copyRules(int from, int to, String plus) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(
                    """
                    rule "Copy %1$d"
                      when S%1$d.value changes
                    do
                      set O%1$d.value = S%1$d.value%2$s
                    end
                    """
                            .formatted(i, plus));
        }
        return text.toString();
    }

    /** Saves a file as an editor does: under another name, then renamed. */
    public static void save(Path file, String text) throws IOException {
        Path next = file.resolveSibling("." + file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
