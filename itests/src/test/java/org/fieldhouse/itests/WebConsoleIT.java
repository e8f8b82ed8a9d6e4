package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web console in the shipped distribution: who gets in, and what its administrator sees and does, in a real Chromium. */
class WebConsoleIT {
    private static final Path TARGET =
            FieldhouseProcess.distribution().resolve("../../../itests/target").normalize();
    private static final String DEVICES =
            """
            Hall.Light: {binding: virtual, type: dimmer, area: Hall}
            Hall.Lamp: {binding: virtual, type: switch, area: Hall}
            Hall.Temp: {binding: virtual, type: sensor, area: Hall, config: {interval: 2 s}}
            Hall.Button: {binding: virtual, type: button}
            Bath.Heating: {binding: virtual, type: thermostat, area: Bath}
            """;
    private static final String RULES =
            """
            rule "Lamp follows light"
              when Hall.Light turns on
              mode restart
              after outage resume
            do
              turn on Hall.Lamp
              wait 5 min
              turn off Hall.Lamp
            end

            rule "Too hot"
              when Hall.Temp.temperature > 60 °C
            do
              turn off Hall.Light
            end

            test "the lamp follows"
              given Hall.Light off, Hall.Lamp off
              at 0 s Hall.Light = on
              expect at 1 s Hall.Lamp is on
              expect at 6 min Hall.Lamp is off
            end
            """;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void aHome() throws IOException {
        home = directory.resolve("home");
        put("devices/house.yaml", DEVICES);
        put("rules/hall.rules", RULES);
    }

    private void put(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String code(FieldhouseProcess house) {
        house.awaitLog("one-time code to make the administrator: ");
        return house.logs().replaceAll("(?s).*make the administrator: (\\S+).*", "$1");
    }

    @Test
    void theAdministratorSeesAndDoesInABrowserWhatTheTabsOffer() throws Exception {
        Path browser = playwright();
        try (FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "rules", "virtual", "shell", "webconsole", "history")
                .start()
                .awaitReady()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> house.shell("rules").contains("Too hot"));
            List<String> command = List.of(
                    "node",
                    "console.mjs",
                    "http://127.0.0.1:" + house.port(),
                    code(house),
                    TARGET.resolve("webconsole").toString(),
                    jars().toString(),
                    home.toString());
            String said = run(browser, Duration.ofMinutes(5), "CHROMIUM=" + chromium(), command);
            assertThat(said)
                    .contains(
                            "ok devices", "ok history", "ok error", "ok another-site", "ok logged-out", "ok too-often")
                    .doesNotContain("FAILED");
            assertThat(house.shell("send Hall.Lamp off")).contains("confirmed");
            // Each change once, in the name of who made it.
            assertThat(house.shell("trust:audit 200")
                            .lines()
                            .filter(line -> line.matches(".*feature\\.(changed|refused).*"))
                            .filter(line -> !line.contains("  deploy folder  ")))
                    .allMatch(line -> line.contains("  anna  "))
                    .extracting(line -> line.replaceFirst(".*feature\\.(\\w+)  anna  (\\w+).*", "$1 $2"))
                    .containsExactly(
                            "changed install",
                            "changed remove",
                            "changed install",
                            "changed install",
                            "refused install",
                            "changed go",
                            "changed remove",
                            "changed isolate",
                            "changed isolate");
            assertThat(house.shell("trust:audit 200")).doesNotContain("console.feature");
            assertThat(Files.readString(home.resolve("data/webconsole/administrator")))
                    .startsWith("anna pbkdf2-");
            assertThat(house.health().ready()).isTrue();
        }
        try (FieldhouseProcess again = FieldhouseProcess.on(home)
                .features("core", "rules", "virtual", "shell", "webconsole")
                .start()
                .awaitReady()) {
            assertThat(again.get("/login").body()).contains("Log in").doesNotContain("One-time code");
            assertThat(again.logs()).doesNotContain("one-time code");
        }
    }

    /** The door is the same when the console comes while the house runs. */
    @Test
    void installedLaterItHasTheSameDoor() throws Exception {
        try (FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "virtual", "shell", "http")
                .start()
                .awaitReady()) {
            assertThat(house.get("/system/console/bundles").statusCode()).isEqualTo(404);
            assertThat(house.shell("feature:install webconsole")).contains("is in force");
            code(house);
            assertThat(house.get("/system/console/bundles").statusCode()).isEqualTo(302);
            for (String user : List.of("admin", "anna")) {
                assertThat(house.get("/system/console/bundles", user, "admin").statusCode())
                        .isEqualTo(302);
            }
            assertThat(raw(house, "GET /system/console HTTP/1.1\r\nHost: house.example\r\n"))
                    .startsWith("HTTP/1.1 421");
            String forged = "POST /system/console/bundles/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n";
            assertThat(raw(house, forged)).startsWith("HTTP/1.1 403");
            assertThat(raw(house, forged + "Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403");
            assertThat(house.health().ready()).isTrue();
        }
    }

    private static String raw(FieldhouseProcess house, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Bundles of a publisher whom the house trusts, and of nobody. */
    private Path jars() throws Exception {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        put("trust/keys/acme.pub", Minisign.publicKey(1, key));
        Path folder = Files.createDirectories(directory.resolve("jars"));
        sign(folder, "acme-1.0.0", key, acme("1.0.0").header("Fieldhouse-Permissions", "threads"));
        sign(
                folder,
                "acme-1.1.0",
                key,
                acme("1.1.0").header("Fieldhouse-Permissions", "threads, connect;to=\"*:1883,*:8883\""));
        sign(folder, "acme-1.2.0", key, acme("1.2.0").activator("throw new IllegalStateException(\"no coffee\");"));
        Files.write(
                folder.resolve("unsigned.jar"),
                acme("1.0.0").entry("x", new byte[1]).bytes(directory));
        Files.write(
                folder.resolve("grave.jar"),
                new BadBundle("org.example.grave")
                        .entry("libgrave.so", new byte[1])
                        .bytes(directory));
        return folder;
    }

    private static BadBundle acme(String version) {
        return new BadBundle("org.example.acme").header("Bundle-Version", version);
    }

    private void sign(Path folder, String name, KeyPair key, BadBundle bundle) throws Exception {
        byte[] jar = bundle.bytes(directory);
        Files.write(folder.resolve(name + ".jar"), jar);
        Files.writeString(folder.resolve(name + ".jar.minisig"), Minisign.sign(1, key, jar));
    }

    /** The folder of the browser's script, with Playwright beside it. */
    private static Path playwright() throws Exception {
        Path browser = Files.createDirectories(TARGET.resolve("browser"));
        for (String file : List.of("package.json", "package-lock.json", "console.mjs")) {
            Files.copy(
                    FieldhouseProcess.distribution()
                            .resolve("../../../itests/src/test/browser")
                            .resolve(file),
                    browser.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(browser.resolve("node_modules/playwright-core/package.json"))) {
            run(
                    browser,
                    Duration.ofMinutes(3),
                    "",
                    List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
        return browser;
    }

    private static Path chromium() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> fail("the web console is tested in a real browser: install chromium"));
    }

    private static String run(Path folder, Duration patience, String variable, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        if (!variable.isEmpty()) {
            builder.environment().put(variable.split("=")[0], variable.split("=")[1]);
        }
        Path output = Files.createTempFile("browser-", ".log");
        builder.redirectOutput(output.toFile());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return fail("the web console is tested in a real browser: install Node.js 20 with npm; " + e.getMessage());
        }
        boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output);
        Files.delete(output);
        assertThat(ended && process.exitValue() == 0)
                .as(command + " said:\n" + said)
                .isTrue();
        return said;
    }
}
