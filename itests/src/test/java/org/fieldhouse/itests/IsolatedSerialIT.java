package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's binding in a process of its own: the serial port is opened there, and free for whoever comes after it. */
class IsolatedSerialIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern PID = Pattern.compile("isolated \\(pid (\\d+)");

    @TempDir
    Path directory;

    private static long pid(FieldhouseProcess house) {
        Matcher matcher = PID.matcher(house.shell("feature:list"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static long awaitAnother(FieldhouseProcess house, long before) {
        AtomicLong next = new AtomicLong();
        await().atMost(SOON).until(() -> next.updateAndGet(old -> pid(house)) > 0 && next.get() != before);
        return next.get();
    }

    /** It reports, and takes a command. */
    private static void works(FieldhouseProcess house, String percent) {
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        house.shell("fieldhouse:devices").toLowerCase(Locale.ROOT))
                .containsPattern("hall\\.fan.*online"));
        assertThat(house.shell("fieldhouse:send Hall.Fan.speed '" + percent + "'"))
                .contains("confirmed");
        await().atMost(SOON)
                .until(() -> house.shell("fieldhouse:points Hall.Fan").contains(percent));
        await().atMost(SOON).until(() -> house.shell("fieldhouse:points Hall.Fan")
                .lines()
                .anyMatch(line -> line.contains("temperature") && line.contains("°C")));
    }

    private FieldhouseProcess start(Path port) throws IOException {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve("devices"));
        Files.writeString(
                home.resolve("devices/fan.yaml"),
                "Hall.Fan:\n  binding: acme\n  type: fan\n  config: {port: %s}\n".formatted(port));
        return FieldhouseProcess.on(home).features("core", "shell").start().awaitReady();
    }

    @Test
    void thePortIsOpenInTheProcessAndOutlivesIt() throws Exception {
        Path port = directory.resolve("port");
        try (AcmeFan fan = new AcmeFan(port);
                FieldhouseProcess house = start(port)) {
            Path home = directory.resolve("home");
            Path feature = AcmeFan.feature(directory, home);
            assertThat(house.shell("feature:install --isolated " + feature)).contains("is in force");
            works(house, "40 %");
            long first = pid(house);
            assertThat(fan.isOpenIn(first)).isTrue();
            assertThat(fan.isOpenIn(house.pid())).isFalse();

            // It is killed: the system frees the port, and the next process opens it.
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            long second = awaitAnother(house, first);
            works(house, "60 %");
            assertThat(fan.isOpenIn(second)).isTrue();

            // Another in its place while it runs: it lets go of the port for that.
            house.shell("feature:restart acme");
            long third = awaitAnother(house, second);
            works(house, "80 %");
            assertThat(fan.isOpenIn(third)).isTrue();
            assertThat(house.logs()).doesNotContain("not started anew");

            // Out of its process, and into one again.
            assertThat(house.shell("feature:isolate --off acme")).contains("is in force");
            works(house, "20 %");
            assertThat(fan.isOpenIn(house.pid())).isTrue();
            assertThat(house.shell("feature:isolate acme")).contains("is in force");
            works(house, "30 %");
            assertThat(fan.isOpenIn(pid(house))).isTrue();
            assertThat(fan.isOpenIn(house.pid())).isFalse();

            // The choice stays when the feature goes, and nobody who drops it into a folder can say otherwise.
            assertThat(house.shell("feature:remove acme")).contains("is in force");
            Files.createDirectories(home.resolve("deploy"));
            Files.copy(AcmeFan.archive(feature, home), home.resolve("deploy/acme.far"));
            awaitAnother(house, 0);
            works(house, "50 %");
            assertThat(fan.isOpenIn(pid(house))).isTrue();
            assertThat(fan.isOpenIn(house.pid())).isFalse();
            assertThat(house.health().ready()).isTrue();
        }
    }
}
