package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of the process: start, stop, kill, restart, and what stands in the way of it. */
class ProcessIT {
    @TempDir
    Path home;

    private FieldhouseProcess.Builder house() {
        return FieldhouseProcess.on(home);
    }

    @Test
    void startsBecomesReadyAndStopsWithZero() {
        try (FieldhouseProcess house = house().start().awaitReady()) {
            assertThat(house.health().body()).isEqualTo("{\"ready\":true}\n");
            assertThat(house.stop()).isZero();
        }
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        try (FieldhouseProcess house = house().start().awaitReady()) {
            String hex = String.format(":%04X", house.port());
            String listening = "";
            for (String table : new String[] {"tcp", "tcp6"}) {
                listening += Files.readString(Path.of("/proc/" + house.pid() + "/net/" + table))
                        .lines()
                        .filter(line -> line.contains(hex) && line.contains(" 0A "))
                        .toList();
            }
            // 127.0.0.1, plain or mapped into IPv6, as /proc/net/tcp writes it: little-endian words (proc(5)).
            assertThat(listening).contains("0100007F" + hex).doesNotContain(" 00000000" + hex);
        }
    }

    @Test
    void startsAgainAfterKill9() {
        try (FieldhouseProcess first = house().start().awaitReady()) {
            first.kill9();
        }
        try (FieldhouseProcess second = house().start().awaitReady()) {
            assertThat(second.stop()).isZero();
        }
    }

    /** Cut off while the cache is being made, the next start must not trust it. */
    @Test
    void startsAfterKill9InTheMiddleOfTheFirstStart() {
        try (FieldhouseProcess first = house().start()) {
            org.awaitility.Awaitility.await().until(() -> Files.exists(home.resolve("data/cache/bundle5")));
            first.kill9();
        }
        try (FieldhouseProcess second = house().start()) {
            second.awaitReady();
        }
    }

    @Test
    void aSecondInstanceOnTheSameHomeIsRefused() {
        try (FieldhouseProcess first = house().start().awaitReady();
                FieldhouseProcess second = house().start()) {
            assertThat(second.awaitExit()).isEqualTo(4);
            assertThat(second.logs()).contains("another Fieldhouse (pid " + first.pid() + ") runs on " + home);
            assertThat(first.health().ready()).isTrue();
        }
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FieldhouseProcess house = house().port(taken.getLocalPort()).start()) {
            assertThat(house.awaitExit()).isEqualTo(5);
            assertThat(house.logs())
                    .isEqualTo("fieldhouse: port " + taken.getLocalPort()
                            + " on 127.0.0.1 is in use; choose another with --port N\n");
        }
    }

    @Test
    void anUnknownFeatureIsNamedWithThoseThereAre() {
        try (FieldhouseProcess house = house().features("core", "nonsense").start()) {
            assertThat(house.awaitExit()).isEqualTo(1);
            assertThat(house.logs()).contains("no feature \"nonsense\"; there are", "core, ", "mqtt");
        }
    }

    @Test
    void theFileOfFeaturesInTheHomeIsRead() throws IOException {
        Files.writeString(home.resolve("features"), "# only this\ncore  # really\n");
        try (FieldhouseProcess house = house().start().awaitReady()) {
            assertThat(house.awaitLog("Started").logs()).contains("with [core]");
        }
    }

    /** The Configurator only logs a broken file, and without a JSON provider not even that. */
    @Test
    void aConfigurationThatIsNotAppliedIsNoticed() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/mine.json"), "{\n  \"my.pid\": {\"a\": 1},\n  oops \"x\"");
        try (FieldhouseProcess house = house().start()) {
            house.awaitProblem("mine.json: line 3");
        }
    }

    @Test
    void aConfigurationEditedWhileStoppedIsAppliedAtTheNextStart() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Path mine = home.resolve("config/mine.json");
        Files.writeString(mine, configuration("my.pid", 1));
        try (FieldhouseProcess house = house().start().awaitReady()) {
            house.stop();
        }
        // As a person writes it; the name and version that the Configurator wants are the launcher's business.
        Files.writeString(mine, "{\"other.pid\": {\"value\": 2}}");
        Files.setLastModifiedTime(mine, FileTime.from(Instant.now().plusSeconds(5)));
        try (FieldhouseProcess house = house().start()) {
            // Ready means that other.pid is there.
            house.awaitReady();
        }
    }

    private static String configuration(String pid, int value) {
        return "{\":configurator:resource-version\": 1, \":configurator:symbolic-name\": \"mine\","
                + " \":configurator:version\": \"1.0.0\", \"" + pid + "\": {\"value\": " + value + "}}";
    }

    @Test
    void aBundleInDeployThatCannotStartIsNamed() throws IOException {
        try (FieldhouseProcess house = house().start().awaitReady()) {
            writeBundle(home.resolve("deploy/broken.jar"), "org.example.broken", "org.example.missing");
            house.awaitWarning(
                    "deploy/broken.jar was refused: [F005] org.example.broken: needs package org.example.missing");
            Files.delete(home.resolve("deploy/broken.jar"));
            house.awaitReady();
        }
    }

    @Test
    void wrongArgumentsEndWith64() {
        try (FieldhouseProcess house = house().features("").start()) {
            assertThat(house.awaitExit()).isEqualTo(64);
            assertThat(house.logs()).contains("--features needs a value");
        }
    }

    private void writeBundle(Path jar, String name, String missingPackage) throws IOException {
        Manifest manifest = new Manifest();
        Map.of(
                        "Manifest-Version", "1.0",
                        "Bundle-ManifestVersion", "2",
                        "Bundle-SymbolicName", name,
                        "Bundle-Version", "1.0.0",
                        "Import-Package", missingPackage)
                .forEach((key, value) -> manifest.getMainAttributes().put(new Attributes.Name(key), value));
        Path half = jar.resolveSibling(".half");
        try (OutputStream file = Files.newOutputStream(half);
                JarOutputStream content = new JarOutputStream(file, manifest)) {
            content.flush();
        }
        FieldhouseProcess.allow(home, half);
        Files.move(half, jar);
    }
}
