package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The feature bluetooth in a running house, with a message bus of the test's own and python-dbusmock's bluetoothd on it: it is
 * installed, hears a sensor, is replaced while a button is pressed, and goes without leaving anything.
 */
@Timeout(300)
class BluetoothIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String BUNDLE = "org.fieldhouse.binding.bluetooth";
    /** Where Debian's python3-dbus and python3-dbusmock are. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final String SENSOR = "54:48:E6:8F:80:A5";
    private static final String BUTTON = "C4:00:00:00:00:01";
    private static final int PRESSES = 60;
    /** Between two packets: a radio is no faster, and 64 numbers ahead are taken for an old packet. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private Path home;
    private String bus;
    private Process air;
    private BufferedReader answers;
    private FieldhouseProcess house;

    @BeforeEach
    void startTheBus() throws Exception {
        home = directory.resolve("home");
        Path socket = directory.resolve("bus");
        bus = "unix:path=" + socket;
        Path config = directory.resolve("bus.conf");
        Files.writeString(
                config,
                """
                <busconfig>
                  <listen>%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow user="*"/>
                    <allow own="*"/>
                    <allow send_destination="*" eavesdrop="true"/>
                    <allow eavesdrop="true"/>
                  </policy>
                </busconfig>
                """
                        .formatted(bus));
        start("dbus", "/usr/bin/dbus-daemon", "--config-file=" + config, "--nofork", "--nopidfile");
        await("dbus-daemon, of Debian's package dbus").atMost(SOON).until(() -> Files.exists(socket));
        start("bluez", PYTHON, "-m", "dbusmock", "--system", "--template", "bluez5");
        Path script = directory.resolve("air.py");
        try (InputStream in = getClass().getResourceAsStream("/bluez/air.py")) {
            Files.write(script, in.readAllBytes());
        }
        await("python-dbusmock, of Debian's package python3-dbusmock")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> canPlug(script));
        say("appear hci0 " + SENSOR + " Sensor");
        say("appear hci0 " + BUTTON + " Button");
    }

    private Process start(String name, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private boolean canPlug(Path script) throws IOException {
        air = new ProcessBuilder(PYTHON, script.toString(), bus)
                .redirectError(directory.resolve("air.log").toFile())
                .start();
        processes.add(air);
        answers = new BufferedReader(new InputStreamReader(air.getInputStream(), StandardCharsets.UTF_8));
        air.getOutputStream().write("plug hci0\n".getBytes(StandardCharsets.US_ASCII));
        air.getOutputStream().flush();
        return "ok".equals(answers.readLine());
    }

    private void say(String line) throws IOException {
        air.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        air.getOutputStream().flush();
        assertThat(answers.readLine()).as(line).isEqualTo("ok");
    }

    @AfterEach
    void tidy() throws Exception {
        if (house != null) {
            house.close();
        }
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private void put(String path, String text) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void awaitShell(String command, String... wanted) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(house.shell(command)).contains(wanted));
    }

    @Test
    void comesHearsIsReplacedAndGoes() throws Exception {
        put(
                "config/bluetooth.json",
                """
                {":configurator:resource-version": 1, ":configurator:symbolic-name": "bluetooth", ":configurator:version": "1.0.0",
                 "%s": {"busAddress": "%s"}}
                """
                        .formatted(BUNDLE, bus));
        put(
                "devices/house.yaml",
                """
                Radio: {binding: bluetooth, type: adapter}
                Hall.Sensor: {binding: bluetooth, type: sensor, bridge: Radio, config: {address: "%s"}}
                Hall.Button: {binding: bluetooth, type: sensor, bridge: Radio, config: {address: "%s"}}
                """
                        .formatted(SENSOR, BUTTON));
        house = FieldhouseProcess.on(home)
                .features("core", "rules", "shell")
                .start()
                .awaitReady();
        assertThat(house.shell("feature:install bluetooth")).contains("is in force");
        awaitShell("fieldhouse:points Radio", "scanning", "on");
        say("bthome hci0 " + SENSOR + " 40000102CA0903BF13");
        awaitShell("fieldhouse:points Hall.Sensor", "25.06 °C", "50.55 %", " dBm");

        say("bthome hci0 " + BUTTON + " 4400003A000164");
        awaitShell("fieldhouse:points Hall.Button", "100 %");
        Path version = version("9.1");
        CompletableFuture<String> swap =
                CompletableFuture.supplyAsync(() -> house.shell("swap " + BUNDLE + " " + version));
        int pressed = 0;
        while (!swap.isDone() || pressed < PRESSES) {
            pressed++;
            say("bthome hci0 %s 4400%02X3A01".formatted(BUTTON, pressed & 0xFF));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        assertThat(swap.get()).contains("REPLACED");
        say("bthome hci0 %s 4400%02X0132".formatted(BUTTON, (pressed + 1) & 0xFF));
        awaitShell("fieldhouse:points Hall.Button", "50 %");
        awaitShell("fieldhouse:points Hall.Sensor", "25.06 °C");
        assertThat(house.shell("leaks heap")).contains("0 kept");

        assertThat(house.shell("feature:remove bluetooth")).contains("is in force");
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).doesNotContain("DBus", "RcvSvc"));
        assertThat(house.shell("leaks heap")).contains("0 kept");
        assertThat(house.shell("bundle:list")).doesNotContain(BUNDLE);
    }

    @Test
    void withoutABusItSaysWhatToDo() throws Exception {
        put(
                "config/bluetooth.json",
                """
                {":configurator:resource-version": 1, ":configurator:symbolic-name": "bluetooth", ":configurator:version": "1.0.0",
                 "%s": {"busAddress": "unix:path=%s/nobody"}}
                """
                        .formatted(BUNDLE, directory));
        put("devices/house.yaml", "Radio: {binding: bluetooth, type: adapter}\n");
        house = FieldhouseProcess.on(home)
                .features("core", "rules", "shell", "bluetooth")
                .start()
                .awaitReady();
        awaitShell("fieldhouse:device Radio", "no message bus at", "does dbus run, may this user use it?");
    }

    /** The house's, as its JVM names them. */
    private String threads() throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(house.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        String all = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(all).contains("fieldhouse-lane");
        return all;
    }

    private Path version(String number) throws IOException {
        return ShippedBundle.version(BUNDLE, Map.of("Bundle-Version", number), directory, home);
    }
}
