package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices whose binding is in a process of its own: their files are edited, and their commands end, as in the house. */
class IsolatedDevicesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern PID = Pattern.compile("isolated \\(pid (\\d+)");
    private static final Pattern ACCEPTED = Pattern.compile("command (\\d+): (Lamp\\d+)");
    private static final Pattern ENDED =
            Pattern.compile("command (\\d+) (confirmed|failed|unknown|timed out|superseded)(.*)");
    private static final int LAMPS = 40;

    @TempDir
    Path home;

    private void put(String file, String text) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private static String answersAfter(int millis) {
        return """
                {":configurator:resource-version": 1, ":configurator:symbolic-name": "virtual", ":configurator:version": "1.0.0",
                 "org.fieldhouse.binding.virtual": {"responseMillis:Integer": %d}}
                """
                .formatted(millis);
    }

    private static String probe(int celsius) {
        return "Probe: {binding: virtual, type: sensor, config: {wave: constant, interval: 1 s, min: %d, max: %d}}\n"
                .formatted(celsius - 1, celsius + 1);
    }

    private FieldhouseProcess start() throws Exception {
        FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "rules", "shell")
                .start()
                .awaitReady();
        assertThat(house.shell("feature:install --isolated virtual")).contains("is in force");
        return house;
    }

    private static long pid(FieldhouseProcess house) {
        Matcher matcher = PID.matcher(house.shell("feature:list"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static void awaitShell(FieldhouseProcess house, String command, String... wanted) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(house.shell(command)).contains(wanted));
    }

    private static void awaitOnline(FieldhouseProcess house, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        house.shell("fieldhouse:devices").lines().filter(line -> line.contains("online")))
                .hasSize(count));
    }

    @Test
    void whatIsEditedIsSoInTheRunningProcess() throws Exception {
        String lamp = "Lamp: {binding: virtual, type: dimmer}\n";
        put("devices/house.yaml", lamp + "Old: {binding: virtual, type: switch}\n");
        try (FieldhouseProcess house = start()) {
            awaitOnline(house, 2);
            long pid = pid(house);
            assertThat(house.shell("fieldhouse:send Lamp.brightness '30 %'")).contains("confirmed");

            // One comes, one goes; the one that stays is not touched.
            put("devices/house.yaml", lamp + probe(11));
            awaitShell(house, "fieldhouse:points Probe", "11 °C");
            assertThat(house.shell("fieldhouse:devices")).doesNotContain("Old");
            assertThat(house.shell("fieldhouse:points Lamp")).contains("30 %");

            // A setting is another.
            put("devices/house.yaml", lamp + probe(22));
            awaitShell(house, "fieldhouse:points Probe", "22 °C");

            // What the binding refuses, and what it does not know, is said with its place; what was in force stays.
            put("devices/house.yaml", lamp + probe(33).replace("1 s", "soon"));
            awaitShell(house, "fieldhouse:status", "house.yaml:2:", "soon");
            assertThat(house.shell("fieldhouse:points Probe")).contains("22 °C");
            put("devices/house.yaml", lamp + probe(33).replace("interval", "intervall"));
            awaitShell(house, "fieldhouse:points Probe", "33 °C");
            awaitShell(house, "fieldhouse:status", "house.yaml:2:", "intervall", "interval");

            // What holds for the whole binding arrives as well.
            put("config/virtual.json", answersAfter(1500));
            await().atMost(SOON).untilAsserted(() -> {
                String answer = house.shell("fieldhouse:send Lamp.brightness '40 %'");
                assertThat(answer).containsPattern("\\((1[5-9]|[2-9]\\d)\\d\\d\\.\\d ms\\)");
            });
            assertThat(pid(house)).isEqualTo(pid);
            assertThat(house.shell("feature:list")).doesNotContain("restart");
        }
    }

    private static long accepted(CharSequence seen) {
        return ACCEPTED.matcher(seen).results().count();
    }

    /** Its process is killed while each of many lamps has a command: one end for each command, and a reason for what is no success. */
    @Test
    void commandsUnderWayEndOnceWhenTheProcessDies() throws Exception {
        StringBuilder lamps = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < LAMPS; i++) {
            lamps.append("Lamp").append(i).append(": {binding: virtual, type: dimmer}\n");
            rules.append("rule \"%1$d\"\n  when Lamp0 turns on\ndo\n  set Lamp%1$d.brightness = %2$d %%\nend\n"
                    .formatted(i, i + 1));
        }
        put("devices/house.yaml", lamps.toString());
        put("rules/house.rules", rules.toString());
        put("config/virtual.json", answersAfter(2000));
        StringBuffer seen = new StringBuffer();
        try (FieldhouseProcess house = start()) {
            awaitOnline(house, LAMPS);
            CompletableFuture.runAsync(() -> house.shell("fieldhouse:watch", seen::append));
            await().atMost(SOON).until(() -> seen.length() > 0);
            long pid = pid(house);
            // When it is on, all rules send their commands at once, and no lamp answers for two seconds.
            assertThat(house.shell("fieldhouse:send Lamp0.onoff on")).contains("confirmed");
            await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> accepted(seen) > LAMPS / 2);
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            // What was asked for comes true when the process is back: as commands of the runtime, which end as well.
            await().atMost(SOON).until(() -> pid(house) > 0 && pid(house) != pid);
            awaitOnline(house, LAMPS);
            for (int i = 0; i < LAMPS; i++) {
                awaitShell(house, "fieldhouse:points Lamp" + i, " " + (i + 1) + " %");
            }
            await().atMost(SOON).untilAsserted(() -> {
                Map<String, Integer> ends = new HashMap<>();
                ENDED.matcher(seen).results().forEach(end -> ends.merge(end.group(1), 1, Integer::sum));
                ACCEPTED.matcher(seen).results().forEach(accepted -> ends.putIfAbsent(accepted.group(1), 0));
                assertThat(ends).hasSizeGreaterThanOrEqualTo(LAMPS);
                assertThat(ends.values()).allMatch(count -> count == 1);
            });
            assertThat(ENDED.matcher(seen).results().filter(end -> !end.group(2).equals("confirmed")))
                    .isNotEmpty()
                    .allMatch(end -> end.group(3).length() > 2);
        }
    }
}
