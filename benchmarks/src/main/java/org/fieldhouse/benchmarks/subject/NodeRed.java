package org.fieldhouse.benchmarks.subject;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.benchmarks.load.Child;
import org.fieldhouse.benchmarks.load.Mosquitto;
import org.jspecify.annotations.Nullable;

/** Node-RED from npm with the same job: mqtt in, a function that changes the topic, mqtt out. */
public final class NodeRed implements Subject {
    private static final String VERSION = "4.1.15"; // as in resources/nodered/package.json
    private static final int OLDEST_NODE = 18;

    private final Path work;
    private final Path installed;
    private int httpPort;
    private @Nullable Child child;

    private NodeRed(Path work, Path installed) {
        this.work = work;
        this.installed = installed;
    }

    /** Installs it into the user's cache if it is not there; empty, with a word on the console, if that cannot be. */
    public static Optional<NodeRed> install(Path work) throws IOException {
        Optional<String> version = run(work, "node", "--version");
        if (version.isEmpty() || major(version.get()) < OLDEST_NODE) {
            System.out.println("Node-RED is left out: it needs Node " + OLDEST_NODE + " or newer, found "
                    + version.map(String::strip).orElse("none"));
            return Optional.empty();
        }
        Path directory = cache().resolve("node-red-" + VERSION);
        if (!Files.exists(directory.resolve("node_modules/node-red/red.js"))) {
            System.out.println("Installing Node-RED " + VERSION + " into " + directory);
            Files.createDirectories(directory);
            for (String file : List.of("package.json", "package-lock.json")) {
                try (InputStream in = NodeRed.class.getResourceAsStream("/nodered/" + file)) {
                    Files.copy(
                            Objects.requireNonNull(in), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (run(directory, "npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund")
                    .isEmpty()) {
                System.out.println("Node-RED is left out: npm could not install it");
                return Optional.empty();
            }
        }
        return Optional.of(new NodeRed(work, directory));
    }

    @Override
    public String id() {
        return "nodered";
    }

    @Override
    public String title() {
        return "Node-RED " + VERSION;
    }

    /** Where its editor's API listens. */
    public int httpPort() {
        return httpPort;
    }

    @Override
    public void start(int brokerPort) throws IOException {
        httpPort = Mosquitto.freePort();
        Path user = Files.createDirectories(work.resolve("nodered"));
        Files.writeString(
                user.resolve("settings.js"),
                """
                module.exports = {
                    uiHost: "127.0.0.1", uiPort: %d, flowFile: "flows.json", credentialSecret: false,
                    telemetry: { enabled: false, updateNotification: false },
                    logging: { console: { level: "warn", metrics: false, audit: false } },
                    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } }
                };
                """
                        .formatted(httpPort));
        Files.writeString(user.resolve("flows.json"), flows(brokerPort, ""));
        child = Child.start(
                List.of("node", "node_modules/node-red/red.js", "--userDir", user.toString()),
                installed,
                Map.of(),
                work.resolve("nodered.log"));
    }

    /**
     * The flow.
     *
     * @param suffix what the function adds to each payload
     */
    public String flows(int brokerPort, String suffix) {
        String function =
                "msg.topic = '%s/out/' + msg.topic.substring(%d); msg.payload = msg.payload + '%s'; return msg;"
                        .formatted(id(), id().length() + "/in/".length(), suffix);
        return """
                [{"id":"tab","type":"tab","label":"bench"},
                 {"id":"broker","type":"mqtt-broker","name":"","broker":"127.0.0.1","port":"%d","clientid":"nodered",
                  "autoConnect":true,"usetls":false,"protocolVersion":"4","keepalive":"60","cleansession":true},
                 {"id":"in","type":"mqtt in","z":"tab","topic":"%s/in/+","qos":"0","datatype":"utf8","broker":"broker",
                  "inputs":0,"wires":[["job"]]},
                 {"id":"job","type":"function","z":"tab","func":"%s","outputs":1,"wires":[["out"]]},
                 {"id":"out","type":"mqtt out","z":"tab","topic":"","qos":"0","retain":"false","broker":"broker","wires":[]}]
                """
                .formatted(brokerPort, id(), function);
    }

    @Override
    public long pid() {
        Child running = child;
        if (running == null || !running.alive()) {
            throw new IllegalStateException("Node-RED does not run, see " + work.resolve("nodered.log"));
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

    private static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path root = home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return root.resolve("fieldhouse-benchmarks");
    }

    private static int major(String version) {
        String digits = version.strip().replaceFirst("^v", "").replaceFirst("\\..*", "");
        return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }

    /** What a command prints; empty if it cannot be run or fails. */
    private static Optional<String> run(Path directory, String... command) throws IOException {
        Path output = Files.createTempFile("fieldhouse-bench", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ok = process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
            return ok ? Optional.of(Files.readString(output)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
