package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features come and go in the shipped distribution, through its doors. */
class FeaturesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void aHome() throws IOException {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("rules"));
        Files.createDirectories(home.resolve("deploy"));
    }

    private FieldhouseProcess start() {
        return FieldhouseProcess.on(home)
                .features("core", "rules", "shell")
                .start()
                .awaitReady();
    }

    private record Outcome(int exit, String output) {}

    private Outcome run(String... words) throws IOException, InterruptedException {
        Process process = FieldhouseProcess.shell(home, words);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    private String ok(String... words) throws IOException, InterruptedException {
        Outcome outcome = run(words);
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        return outcome.output();
    }

    private Path bundle(String file, String version, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "org.example.acme");
        main.putValue("Bundle-Version", version);
        Arrays.stream(headers).forEach(h -> main.putValue(h.split(": ")[0], h.split(": ")[1]));
        Path half = directory.resolve(".half");
        try (OutputStream out = Files.newOutputStream(half);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.flush();
        }
        FieldhouseProcess.allow(home, half);
        return Files.move(half, home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitLock(boolean has, String text) {
        await().atMost(SOON).until(() -> ok("feature:lock").contains(text) == has);
    }

    @Test
    void aFeatureIsInstalledSurvivesARestartAndIsRemoved() throws Exception {
        try (FieldhouseProcess house = start()) {
            assertThat(ok("feature:available")).contains("virtual", "Virtual devices");
            assertThat(ok("feature:plan", "install", "virtual"))
                    .contains("install bundle org.fieldhouse.binding.virtual");
            assertThat(ok("feature:list")).doesNotContain("virtual");
            assertThat(ok("feature:install", "virtual")).contains("resolve", "start", "commit", "is in force");
            assertThat(ok("feature:info", "virtual")).contains("org.fieldhouse.binding.virtual", "active");
            assertThat(house.logs()).contains("Binding virtual is there");
            assertThat(house.health().ready()).isTrue();
            house.kill9();
        }
        try (FieldhouseProcess house = start()) {
            assertThat(ok("bundle:list")).containsPattern("org.fieldhouse.binding.virtual .* active .* virtual");
            Outcome refused = run("feature:remove", "core");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.output()).contains("[F006] core: is required by");
            ok("feature:remove", "virtual");
            assertThat(ok("feature:list")).doesNotContain("virtual");
            assertThat(house.health().ready()).isTrue();
        }
    }

    /** What answers {@code /health} is another one each time, and the bundle with the health checks goes on. */
    @Test
    void theWebConsoleComesAndGoesWhileTheHouseRuns() throws Exception {
        try (FieldhouseProcess house = start()) {
            for (int round = 0; round < 2; round++) {
                assertThat(ok("feature:install", "webconsole")).contains("is in force");
                house.awaitReady();
                assertThat(house.health().ready()).isTrue();
                assertThat(ok("feature:remove", "webconsole")).contains("is in force");
                assertThat(ok("feature:list")).doesNotContain("webconsole", "http");
                house.awaitReady();
            }
            assertThat(house.logs())
                    .doesNotContain("stumbled", "could not be undone", "Error during instantiation")
                    .containsOnlyOnce("Readiness     Ready");
            ok("feature:install", "webconsole");
        }
        // In a start all bundles are resolved at once, and those of the core may be wired to what is there by chance.
        try (FieldhouseProcess house = start()) {
            assertThat(ok("feature:remove", "webconsole")).contains("is in force");
            assertThat(ok("felix:lb")).contains("Fieldhouse").doesNotContain("Jetty", "Web Console");
            house.awaitReady();
        }
    }

    /** {@code web} is a name for what administers the house in the browser; whoever asked for that by its own name keeps it. */
    @Test
    void webBringsTheWebConsoleAndLeavesItToWhoAskedForIt() throws Exception {
        try (FieldhouseProcess house = start()) {
            assertThat(ok("feature:available")).containsPattern("web +.*Web administration");
            ok("feature:install", "web");
            assertThat(ok("feature:list")).containsPattern("(?m)^web +").contains("webconsole", "http");
            house.awaitReady();
            ok("feature:remove", "web");
            assertThat(ok("feature:list")).doesNotContain("web", "http");
            ok("feature:install", "webconsole");
            ok("feature:install", "web");
            ok("feature:remove", "web");
            assertThat(ok("feature:list")).contains("webconsole", "http").doesNotContainPattern("(?m)^web +");
            assertThat(house.health().ready()).isTrue();
        }
    }

    /** In a home whose path sorts behind that of the distribution, as that of /opt/fieldhouse and /var/lib/fieldhouse does. */
    @Test
    void whatTheOwnerSetsIsInForceAfterAStart() throws Exception {
        home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "owner");
        assertThat(home.toString())
                .isGreaterThan(FieldhouseProcess.distribution().toString());
        Files.createDirectories(home.resolve("rules"));
        Path mine = Files.createDirectories(home.resolve("config")).resolve("mine.json");
        Files.writeString(mine, "{\"org.fieldhouse.health\": {\"cacheMillis:Integer\": 77}}");
        try (FieldhouseProcess house = start()) {
            assertThat(ok("scr:info", "org.fieldhouse.health.Readiness")).contains("cacheMillis<Integer> = 77");
            Files.writeString(mine, "{\"org.fieldhouse.health\": {\"cacheMillis:Integer\": 78}}");
            await().atMost(SOON).until(() -> ok("scr:info", "org.fieldhouse.health.Readiness")
                    .contains("= 78"));
            assertThat(house.stop()).isZero();
        }
        try (FieldhouseProcess house = start()) {
            assertThat(ok("scr:info", "org.fieldhouse.health.Readiness")).contains("cacheMillis<Integer> = 78");
            assertThat(house.stop()).isZero();
        }
        // "May be deleted at any time while the house is stopped."
        try (Stream<Path> files = Files.walk(home.resolve("data/cache"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        try (FieldhouseProcess house = start()) {
            assertThat(ok("scr:info", "org.fieldhouse.health.Readiness")).contains("cacheMillis<Integer> = 78");
            assertThat(house.health().ready()).isTrue();
        }
    }

    /** What a component would fail on never gets to it. */
    @Test
    void aConfigurationOfTheWrongTypeIsNotTaken() throws Exception {
        try (FieldhouseProcess house = start()) {
            Path mine = Files.createDirectories(home.resolve("config")).resolve("mine.json");
            Files.writeString(mine, "{\n  \"org.fieldhouse.health\": {\"cacheMillis\": \"soon\"}\n}\n");
            house.awaitWarning("config/mine.json:2: error [C035] cacheMillis of org.fieldhouse.health is 'soon',"
                    + " wanted is a whole number: For how long an answer is given again");
            Files.writeString(mine, "{\"org.fieldhouse.health\": {\"cacheMillis:Integer\": 50}}");
            await().atMost(SOON).until(() -> !house.health().body().contains("C035"));
        }
    }

    @Test
    void whatIsDroppedIsTakenUpdatedAndGoneAgain() throws Exception {
        try (FieldhouseProcess house = start()) {
            bundle("deploy/acme.jar", "1.0.0");
            awaitLock(true, "org.example.acme 1.0.0");
            bundle("deploy/acme.jar", "1.1.0", "Import-Package: org.example.nowhere");
            house.awaitWarning(
                    "deploy/acme.jar was refused: [F005] org.example.acme: needs package org.example.nowhere");
            assertThat(ok("bundle:list")).containsPattern("org.example.acme +1.0.0 +active");
            bundle("deploy/acme.jar", "1.2.0");
            awaitLock(true, "org.example.acme 1.2.0");
            house.awaitReady();
            house.stop();
        }
        // Taken away while nobody looked.
        Files.delete(home.resolve("deploy/acme.jar"));
        try (FieldhouseProcess house = start()) {
            awaitLock(false, "org.example.acme");
            assertThat(house.health().ready()).isTrue();
        }
    }

    @Test
    void aGenerationIsBundlesConfigurationAndRulesTogether() throws Exception {
        Path rule = home.resolve("rules/first.rules");
        Path mine = home.resolve("config/mine.json");
        try (FieldhouseProcess house = start()) {
            Files.writeString(rule, "# first\n");
            assertThat(ok("fieldhouse:reload")).contains("is in force");
            ok("feature:install", "virtual");
            String history = ok("feature:history");
            String number = history.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
            Files.writeString(rule, "# second\n");
            Files.writeString(
                    mine,
                    "{\":configurator:resource-version\":1,\":configurator:symbolic-name\":\"mine\",\":configurator:version\":\"1.0.0\","
                            + "\"org.example\":{\"a\":1}}");
            ok("fieldhouse:reload");
            ok("feature:remove", "virtual");
            assertThat(ok("feature:plan", "rollback", number))
                    .contains(
                            "install feature virtual", "update file rules/first.rules", "remove file config/mine.json");
            ok("feature:rollback", number);
            assertThat(rule).hasContent("# first");
            assertThat(mine).doesNotExist();
            assertThat(ok("feature:list")).contains("virtual");
            assertThat(house.health().ready()).isTrue();
        }
    }

    /**
     * SIGKILL at each stage of an install, an update and a removal: the next start is the house before or the house after. Between
     * the stages each single write is walked by the tests PowerCutTest.
     */
    @Test
    void killedAtAnyStageTheHouseIsAsBeforeOrAsItWasToBe() throws Exception {
        String[][] changes = {
            {"feature:install " + bundle("acme-1.jar", "1.0.0"), "", "1.0.0"},
            {"feature:install " + bundle("acme-2.jar", "1.1.0"), "1.0.0", "1.1.0"},
            {"feature:remove org.example.acme", "1.1.0", ""}
        };
        FieldhouseProcess house = start();
        try {
            for (String[] change : changes) {
                String now = change[1];
                for (String stage : List.of("resolve", "install", "check", "commit")) {
                    killAt(house, change[0], stage);
                    house = start();
                    now = version(house);
                    assertThat(now)
                            .as("after a kill at %s of %s", stage, change[0])
                            .isIn(stage.equals("commit") ? List.of(change[1], change[2]) : List.of(change[1]));
                }
                if (!now.equals(change[2])) {
                    assertThat(house.shell(change[0])).contains("is in force");
                    assertThat(version(house)).isEqualTo(change[2]);
                }
            }
        } finally {
            house.close();
        }
    }

    private static void killAt(FieldhouseProcess house, String command, String stage) {
        StringBuilder printed = new StringBuilder();
        house.shell(command, text -> {
            printed.append(text);
            if (printed.toString().lines().anyMatch(line -> line.startsWith(stage + " "))) {
                house.kill9();
            }
        });
        assertThat(house.isAlive()).as(printed.toString()).isFalse();
    }

    /** Of the bundle in the framework, active, as the lock has it; empty if neither has it. */
    private static String version(FieldhouseProcess house) {
        Pattern pinned = Pattern.compile("bundle .* org\\.example\\.acme (\\S+) ");
        Matcher lock = pinned.matcher(house.shell("feature:lock"));
        String version = lock.find() ? lock.group(1) : "";
        List<String> lines = house.shell("bundle:list")
                .lines()
                .filter(line -> line.contains("org.example.acme"))
                .toList();
        if (version.isEmpty()) {
            assertThat(lines).isEmpty();
        } else {
            assertThat(lines).singleElement().asString().contains(version, "active");
        }
        return version;
    }
}
