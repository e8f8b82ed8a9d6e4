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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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

    @Test
    void whatIsDroppedIsTakenUpdatedAndGoneAgain() throws Exception {
        try (FieldhouseProcess house = start()) {
            bundle("deploy/acme.jar", "1.0.0");
            awaitLock(true, "org.example.acme 1.0.0");
            bundle("deploy/acme.jar", "1.1.0", "Import-Package: org.example.nowhere");
            house.awaitProblem(
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

    /** The next start is the house before or the house after, whenever it dies; each step is walked by PowerCutTest. */
    @Test
    void killedAtRandomTheHouseIsAsBeforeOrAsItWasToBe() throws Exception {
        Random random = new Random(4711);
        boolean installed = false;
        for (int round = 0; round < 6; round++) {
            try (FieldhouseProcess house = start()) {
                String before = ok("feature:lock");
                Process change =
                        FieldhouseProcess.shell(home, installed ? "feature:remove" : "feature:install", "virtual");
                change.waitFor(300 + random.nextInt(900), TimeUnit.MILLISECONDS);
                house.kill9();
                change.waitFor();
                try (FieldhouseProcess again = start()) {
                    String after = ok("feature:lock");
                    boolean has = after.contains("feature virtual ");
                    assertThat(after.equals(before) || has != installed)
                            .as(after)
                            .isTrue();
                    assertThat(ok("bundle:list").contains("binding.virtual")).isEqualTo(has);
                    assertThat(again.logs().contains("Binding virtual is there"))
                            .isEqualTo(has);
                    installed = has;
                }
            }
        }
    }
}
