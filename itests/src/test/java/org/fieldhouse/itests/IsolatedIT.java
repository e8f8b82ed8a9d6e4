package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features in processes of their own, in the shipped distribution: they work, they die, and the house runs on. */
class IsolatedIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern PID = Pattern.compile("isolated \\(pid (\\d+)");

    @TempDir
    Path home;

    private FieldhouseProcess start() throws Exception {
        Files.createDirectories(home.resolve("devices"));
        Files.writeString(
                home.resolve("devices/house.yaml"),
                """
                Lamp:
                  binding: virtual
                  type: dimmer
                Beat:
                  binding: virtual
                  type: sensor
                  config:
                    interval: 100 ms
                    wave: walk
                """);
        return FieldhouseProcess.on(home).features("core", "shell").start().awaitReady();
    }

    private static long pid(FieldhouseProcess house) {
        Matcher matcher = PID.matcher(house.shell("feature:list"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static long children(FieldhouseProcess house) {
        try (Stream<ProcessHandle> all =
                ProcessHandle.of(house.pid()).orElseThrow().descendants()) {
            // What the script left when it became the house is a zombie without a command.
            return all.filter(p -> p.info().command().isPresent()).count();
        }
    }

    private static void awaitOnline(FieldhouseProcess house) {
        await().atMost(SOON).untilAsserted(() -> assertThat(house.shell("fieldhouse:devices")
                        .lines()
                        .filter(line -> line.contains("Lamp") || line.contains("Beat")))
                .hasSize(2)
                .allMatch(line -> line.toLowerCase(Locale.ROOT).contains("online")));
    }

    /** A command goes there and a report comes back. */
    private static void works(FieldhouseProcess house) {
        awaitOnline(house);
        for (String percent : List.of("30 %", "70 %")) {
            assertThat(house.shell("fieldhouse:send Lamp.brightness '" + percent + "'"))
                    .containsIgnoringCase("confirmed");
            await().atMost(SOON)
                    .until(() -> house.shell("fieldhouse:points Lamp").contains(percent));
        }
    }

    @Test
    void aBindingWorksInAProcessThatMayDie() throws Exception {
        long pid;
        try (FieldhouseProcess house = start()) {
            assertThat(children(house)).isZero();
            String installed = house.shell("feature:install --isolated virtual");
            assertThat(installed).contains("install process virtual 64m", "is in force");
            assertThat(house.shell("bundle:list").lines().filter(line -> line.contains("binding.virtual")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("-1 ").contains("isolated"));
            pid = pid(house);
            assertThat(isAlive(pid)).isTrue();
            works(house);
            assertThat(house.shell("fieldhouse:status")).contains("virtual: pid " + pid);

            // It dies; its devices say so, and are there again by themselves.
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            house.awaitLog("its process ended: it was killed");
            long first = pid;
            await().atMost(SOON).until(() -> pid(house) > 0 && pid(house) != first);
            works(house);
            assertThat(house.shell("feature:list")).contains("1 restart");
            assertThat(house.shell("trust:audit 20"))
                    .contains("isolated.started")
                    .contains("isolated.died")
                    .contains("isolated.restarted");

            // Another in its place, on purpose.
            long second = pid(house);
            house.shell("feature:restart virtual");
            await().atMost(SOON).until(() -> pid(house) > 0 && pid(house) != second);
            works(house);
            await().atMost(SOON).until(() -> !isAlive(second));
            pid = pid(house);

            // The house dies, and takes the process with it.
            house.kill9();
        }
        long orphan = pid;
        await().atMost(SOON).until(() -> !isAlive(orphan));
        try (FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "shell").start().awaitReady()) {
            works(house);
            long last = pid(house);
            assertThat(house.shell("feature:remove virtual")).contains("remove process virtual", "is in force");
            assertThat(isAlive(last)).isFalse();
            assertThat(children(house)).isZero();
            assertThat(house.shell("feature:list")).doesNotContain("isolation");
            assertThat(house.health().ready()).isTrue();
            assertThat(house.shell("feature:install --isolated virtual")).contains("is in force");
            long stopped = pid(house);
            house.stop();
            assertThat(isAlive(stopped)).isFalse();
        }
    }

    /** In the house's process it would end the house (BadBundlesIT); here it ends its own, and the change. */
    @Test
    void whatEatsMemoryOrExitsHarmsItselfAlone() throws Exception {
        try (FieldhouseProcess house = start()) {
            assertThat(house.shell("feature:install virtual")).contains("is in force");
            works(house);
            for (String[] harm : new String[][] {
                {
                    "hog",
                    "List<byte[]> all = new ArrayList<>(); while (true) { all.add(new byte[1 << 20]); }",
                    "out of memory"
                },
                {"exit", "System.exit(3);", "exited with 3"},
                {"halt", "Runtime.getRuntime().halt(4);", "exited with 4"}
            }) {
                Path jar = home.resolve(harm[0] + ".jar");
                Files.write(
                        jar,
                        new BadBundle("bad." + harm[0])
                                .header("Fieldhouse-Permissions", "exit")
                                .activator(harm[1])
                                .bytes(home));
                FieldhouseProcess.allow(home, jar);
                String refused = house.shell("feature:install --isolated " + jar);
                assertThat(refused).as(harm[0]).contains("does not run in its process", harm[2]);
                assertThat(house.isAlive()).isTrue();
                works(house);
            }
            await().atMost(SOON).until(() -> children(house) == 0);
            assertThat(house.shell("feature:list")).doesNotContain("bad.", "isolation");
            assertThat(house.shell("trust:audit 50")).contains("feature.refused");
            assertThat(house.health().ready()).isTrue();
        }
        try (Stream<Path> left = Files.walk(home.resolve("data"))) {
            assertThat(left.map(Path::toString)).noneMatch(p -> p.contains("isolated/"));
        }
    }
}
