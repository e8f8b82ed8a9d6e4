package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script as its users meet it, in the unpacked distribution. */
class ScriptIT {
    @TempDir
    Path directory;

    /** @param output what it wrote, errors included */
    private record Outcome(int exit, String output) {}

    private Outcome script(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(FieldhouseProcess.distribution().resolve("fieldhouse").toString());
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        return run(command, Map.of());
    }

    private Outcome run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "run --nonsense",
                "run stray",
                "run --port x",
                "run --home",
                "check",
                "import openhab",
                "test",
                "dev",
                "dev --project nowhere",
                "new",
                "new thing",
                "new binding",
                "new binding Acme",
                "new binding acme --package Acme",
                "new binding acme --nonsense"
            })
    void wrongUseEndsWith64AndSaysWhy(String arguments) throws Exception {
        Outcome outcome = script(arguments.split(" "));
        assertThat(outcome.exit()).as(outcome.output()).isEqualTo(64);
        assertThat(outcome.output()).startsWith("fieldhouse: ");
    }

    @Test
    void helpNamesTheCommands() throws Exception {
        assertThat(script("help").output()).contains("demo", "run", "check", "format", "lsp", "shell", "new");
    }

    @Test
    void formatChangesTheLayoutOfAHomesFiles() throws Exception {
        Path file = Files.createDirectories(directory.resolve("rules")).resolve("a.rules");
        Files.writeString(file, "variable   A=on\n");
        assertThat(script("format", directory.toString(), "--check").exit()).isEqualTo(1);
        assertThat(script("format", directory.toString(), "--write").exit()).isZero();
        assertThat(Files.readString(file)).isEqualTo("variable A = on\n");
    }

    /** One message of the protocol, with nothing before it on the stream. */
    @Test
    void lspSpeaksTheProtocolOnStandardOutput() throws Exception {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{}}}";
        Path input = directory.resolve("input");
        Files.writeString(input, "Content-Length: " + body.length() + "\r\n\r\n" + body);
        ProcessBuilder builder = new ProcessBuilder(
                        FieldhouseProcess.distribution().resolve("fieldhouse").toString(), "lsp", directory.toString())
                .directory(directory.toFile())
                .redirectInput(input.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).startsWith("Content-Length: ").contains("\"completionProvider\"");
    }

    /** On a pseudo-terminal, typed as a person would. */
    @Test
    void aHouseWithAShellInTheTerminalTakesCommands() throws Exception {
        Path home = directory.resolve("home");
        String command = FieldhouseProcess.distribution().resolve("fieldhouse") + " run --shell --port 0 --home " + home
                + " --features core,shell";
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null")
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TERM", "xterm");
        Process terminal = builder.start();
        StringBuffer said = new StringBuffer();
        Thread reader = new Thread(() -> {
            try {
                for (int c = terminal.getInputStream().read();
                        c >= 0;
                        c = terminal.getInputStream().read()) {
                    said.append((char) c);
                }
            } catch (IOException e) {
                said.append(e);
            }
        });
        reader.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> said.indexOf("Felix Gogo") >= 0);
            terminal.getOutputStream().write("status\r".getBytes(StandardCharsets.UTF_8));
            terminal.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(10)).until(() -> said.indexOf("on disk") >= 0);
            assertThat(said.toString()).contains(home.toString()).doesNotContain("Exception");
            terminal.getOutputStream().write(4);
            terminal.getOutputStream().flush();
            assertThat(terminal.waitFor(30, TimeUnit.SECONDS))
                    .as(said.toString())
                    .isTrue();
        } finally {
            terminal.descendants().forEach(ProcessHandle::destroy);
            terminal.destroy();
        }
    }

    /** A fresh machine has no package lists, so which Java it offers is known only when they were fetched. */
    @Test
    void installsTheJavaThatTheFetchedListsOffer() throws Exception {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        try (Stream<Path> all = Files.list(Path.of("/usr/bin"))) {
            for (Path tool : (Iterable<Path>) all::iterator) {
                Files.createSymbolicLink(tools.resolve(tool.getFileName()), tool);
            }
        }
        Path fetched = directory.resolve("fetched");
        Files.deleteIfExists(tools.resolve("java"));
        tool(tools, "id", "echo 0");
        tool(tools, "apt-cache", "[ -e " + fetched + " ] && [ \"$2\" = openjdk-21-jdk-headless ]");
        tool(tools, "apt-get", "echo \"apt: $*\"; [ $1 != update ] || touch " + fetched + "; [ -e " + fetched + " ]");
        Outcome outcome = run(
                List.of(FieldhouseProcess.distribution().resolve("fieldhouse").toString(), "check", "."),
                Map.of("JAVA_HOME", "", "PATH", tools.toString()));
        assertThat(outcome.output().lines().filter(line -> line.startsWith("apt: ")))
                .element(0)
                .asString()
                .startsWith("apt: install -y ");
        assertThat(outcome.output()
                        .lines()
                        .filter(line -> line.startsWith("apt: "))
                        .skip(1))
                .containsExactly("apt: update", "apt: install -y openjdk-21-jre-headless");
        assertThat(outcome.exit()).isEqualTo(69);
    }

    private static void tool(Path tools, String name, String script) throws IOException {
        Path tool = tools.resolve(name);
        Files.deleteIfExists(tool);
        Files.writeString(tool, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What only the language server needs must not be on the class path of the house. */
    @Test
    void theHouseDoesNotCarryTheLanguageServer() throws Exception {
        Path distribution = FieldhouseProcess.distribution();
        try (Stream<Path> files = Files.walk(distribution)) {
            assertThat(files.map(each -> distribution.relativize(each).toString())
                            .filter(each -> each.matches(".*(lsp4j|gson|rules\\.lsp).*")))
                    .isNotEmpty()
                    .allMatch(each -> each.startsWith("tools"));
        }
    }

    /** The importer is in tools/ and finds what it needs in the house's bundles. */
    @Test
    void importedAutomationsPassTheChecker() throws Exception {
        Path automations = directory.resolve("automations.yaml");
        Files.writeString(
                automations,
                "- alias: Evening\n  trigger: {platform: sun, event: sunset}\n"
                        + "  action: [{service: light.turn_on, entity_id: light.hall_ceiling}]\n");
        Outcome imported = script(
                "import",
                "home-assistant",
                automations.toString(),
                "-o",
                directory.resolve("rules").toString());
        assertThat(imported.exit()).as(imported.output()).isZero();
        assertThat(directory.resolve("rules/automations.rules")).content().contains("turn on Hall.Ceiling");
        assertThat(script("check", directory.resolve("rules").toString()).exit())
                .isZero();
    }

    @Test
    void checkAndRenameKnowTheFilesOfDevices() throws Exception {
        Path devices = Files.createDirectories(directory.resolve("devices")).resolve("a.yaml");
        Path rules = Files.createDirectories(directory.resolve("rules")).resolve("a.rules");
        Files.writeString(rules, "expect Hall.Lamp: light\nscene Evening\n  Hall.Lamp = on\nend\n");
        Files.writeString(devices, "Hall.Lamp:\n\tbinding: mqtt\n");
        Outcome broken = script("check", directory.toString());
        assertThat(broken.exit()).isEqualTo(1);
        assertThat(broken.output()).contains("devices/a.yaml:2:1: error C001: a tab");
        Files.writeString(devices, "Hall.Lamp:\n  binding: mqtt\n  type: topic\n");
        Outcome renamed = script("rename", directory.toString(), "Hall.Lamp", "Hall.Light", "--write");
        assertThat(renamed.exit()).as(renamed.output()).isZero();
        assertThat(devices).hasContent("Hall.Light:\n  binding: mqtt\n  type: topic\n");
        assertThat(rules).content().contains("Hall.Light = on").doesNotContain("Hall.Lamp");
        assertThat(script("check", directory.toString()).exit()).isZero();
    }

    /** Nobody waits for it: the command that finds none ends, and reads as ever. */
    @Test
    void aCheckLeavesAClassArchiveToTheNext() throws Exception {
        Path copy = directory.resolve("distribution");
        run(List.of("cp", "-R", FieldhouseProcess.distribution().toString(), copy.toString()));
        run(List.of("find", copy.resolve("lib").toString(), "-name", "check-*", "-delete"));
        List<String> check = List.of(
                copy.resolve("fieldhouse").toString(),
                "check",
                copy.resolve("examples/demo").toString());
        Outcome first = run(check);
        assertThat(first.exit()).as(first.output()).isZero();
        assertThat(checkArchives(copy)).doesNotContain("jsa");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(checkArchives(copy)).containsExactly("jsa"));
        assertThat(run(check)).isEqualTo(first);
        // The JVM says what is in the archive that it was given, and ends.
        List<String> told = new ArrayList<>(List.of("env", "JAVA_TOOL_OPTIONS=-XX:+PrintSharedArchiveAndExit"));
        told.addAll(check);
        assertThat(run(told).output()).contains("org.fieldhouse.rules.cli.Main");
    }

    /** @return what follows the keys in the names of the check's archives */
    private static List<String> checkArchives(Path distribution) throws IOException {
        try (Stream<Path> files = Files.list(distribution.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("check-"))
                    .map(name -> name.substring(name.indexOf('.') + 1))
                    .toList();
        }
    }

    @Test
    void shellRunsACommandInTheRunningHouse() throws Exception {
        Path home = directory.resolve("home");
        try (FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "shell").start().awaitReady()) {
            Path socket = home.resolve("data/shell.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            Outcome good = script("shell", "--home", home.toString(), "lb", "-s");
            assertThat(good.output()).contains("org.fieldhouse.health");
            assertThat(good.exit()).isZero();
            Outcome bad = script("shell", "--home", home.toString(), "nonsense");
            assertThat(bad.output()).contains("nonsense", "`help` lists the commands");
            assertThat(bad.exit()).isEqualTo(1);
            assertThat(script("shell", "--home", home.toString(), "devices", "Hall.Light")
                            .output())
                    .contains("'devices Hall.Light': the command takes other words");
            assertThat(house.stop()).isZero();
            assertThat(socket).doesNotExist();
        }
        assertThat(script("shell", "--home", home.toString(), "lb").exit()).isEqualTo(69);
    }

    /** systemd and cron start what they start without a locale. */
    @Test
    void theShellSpeaksUtf8WhateverTheLocaleIs() throws Exception {
        Path home = directory.resolve("home");
        Files.writeString(
                Files.createDirectories(home.resolve("devices")).resolve("hall.yaml"),
                "Hall.Temp: {binding: virtual, type: sensor}\n");
        List<String> shell = List.of(
                FieldhouseProcess.distribution().resolve("fieldhouse").toString(), "shell", "--home", home.toString());
        try (FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "shell", "virtual")
                .locale("C")
                .start()
                .awaitReady()) {
            for (String[] pair : new String[][] {{"device Hall.Temp", "°C"}, {"nonsense→", "nonsense→"}}) {
                List<String> command = new ArrayList<>(shell);
                command.add(pair[0]);
                assertThat(run(command, Map.of("LC_ALL", "C")).output()).contains(pair[1]);
            }
            assertThat(house.isAlive()).isTrue();
        }
    }

    /** The folder is made by the shell: the JVM of this test may not know its name either. */
    @Test
    void runsFromAFolderOfAnyNameWithoutALocaleOrAHome() throws Exception {
        Path home = directory.resolve("home");
        Files.writeString(
                Files.createDirectories(home.resolve("devices")).resolve("a.yaml"),
                "A: {binding: virtual, type: sensor}\n");
        Outcome checked = run(
                List.of(
                        "bash",
                        "-c",
                        "d=\"$1/H$(printf '\\303\\244')us 'x' \\$y\"; mkdir -p \"$d\" && cp -R \"$2/.\" \"$d\""
                                + " && unset HOME && LC_ALL=C FIELDHOUSE_CDS=off \"$d/fieldhouse\" check \"$3\"",
                        "-",
                        directory.toString(),
                        FieldhouseProcess.distribution().toString(),
                        home.toString()),
                Map.of());
        assertThat(checked.output()).contains("1 file, 0 declarations in order, 0 errors");
        assertThat(checked.exit()).isZero();
    }

    /** The house stands in a directory of its own. */
    @Test
    void theShellTakesFilesFromWhereItIsCalled() throws Exception {
        Path home = directory.resolve("home");
        Path here = Files.createDirectories(directory.resolve("here 'x' $y"));
        Files.writeString(here.resolve("typed"), "one two\n");
        try (FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "shell").start().awaitReady()) {
            Outcome said = run(
                    List.of(
                            "bash",
                            "-c",
                            "cd \"$1\" && s=\"$2/fieldhouse shell --home $3\" && $s secret put broker typed && $s model m.json"
                                    + " && $s secret list && ! $s secret put other nowhere && ! $s secret put other </dev/null",
                            "-",
                            here.toString(),
                            FieldhouseProcess.distribution().toString(),
                            home.toString()),
                    Map.of());
            assertThat(said.output())
                    .contains("kept; use it as ${secret:broker}", "devices written to " + here.resolve("m.json"))
                    .contains("cannot read ", "no terminal to type it in unseen");
            assertThat(said.exit()).isZero();
            assertThat(here.resolve("m.json")).exists();
            assertThat(house.isAlive()).isTrue();
        }
    }

    @Test
    void aSessionTooManyIsToldSo() throws Exception {
        Path home = directory.resolve("home");
        List<SocketChannel> sessions = new ArrayList<>();
        try (FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "shell").start().awaitReady()) {
            for (int i = 0; i < 4; i++) {
                SocketChannel session = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("data/shell.sock")));
                sessions.add(session);
                session.write(StandardCharsets.UTF_8.encode("interactive\n"));
                assertThat(session.read(ByteBuffer.allocate(100))).isPositive();
            }
            for (String[] words : new String[][] {{"lb"}, {}}) {
                List<String> command = new ArrayList<>(List.of("shell", "--home", home.toString()));
                command.addAll(List.of(words));
                Outcome outcome = script(command.toArray(new String[0]));
                assertThat(outcome.output())
                        .isEqualTo(
                                "All 4 sessions of the house's shell are taken: leave one with `exit`, then try again.\n");
                assertThat(outcome.exit()).isEqualTo(1);
            }
            sessions.get(0).close();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(script("shell", "--home", home.toString(), "lb", "-s")
                                    .exit())
                            .isZero());
            assertThat(house.isAlive()).isTrue();
        } finally {
            for (SocketChannel session : sessions) {
                session.close();
            }
        }
    }

    @Test
    void theWebConsoleKnowsNoDefaultPassword() throws Exception {
        try (FieldhouseProcess house = FieldhouseProcess.on(directory.resolve("home"))
                .features("core", "webconsole")
                .start()
                .awaitReady()) {
            assertThat(house.get("/system/console/bundles").statusCode()).isEqualTo(302);
            assertThat(house.get("/system/console/bundles", "admin", "admin").statusCode())
                    .isEqualTo(302);
            assertThat(house.get("/login").body()).contains("One-time code");
            assertThat(house.logs()).containsPattern("/login  one-time code to make the administrator: \\S+");
        }
    }

    /** Offline: what it is built against is in the distribution, the rest is what this tree is built with. */
    @ParameterizedTest
    @ValueSource(strings = {"--serial", "--tcp"})
    void aNewBindingBuildsAndItsTestsPass(String transport) throws Exception {
        Path project = directory.resolve("pump");
        Outcome made = script(
                "new", "binding", "pump", transport, "--dir", project.toString(), "--package", "com.plant.pumps");
        assertThat(made.exit()).as(made.output()).isZero();
        Outcome built = run(List.of(
                "mvn",
                "-B",
                "-ntp",
                "-o",
                "verify",
                "-f",
                project.resolve("pom.xml").toString()));
        assertThat(built.exit()).as(built.output()).isZero();
        assertThat(built.output()).containsPattern("Tests run: [2-9]\\d, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(project.resolve("target/feature/pump.json")).content().contains("com.plant:com.plant.pumps:1.0.0");
        assertThat(project.resolve(
                        "target/feature/repository/com/plant/com.plant.pumps/1.0.0/com.plant.pumps-1.0.0.jar"))
                .exists();
        try (Stream<Path> files = Files.walk(project)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !project.relativize(file).startsWith("target")))
                    .as("nothing of the template's name is left")
                    .allSatisfy(
                            file -> assertThat(file + Files.readString(file)).doesNotContainIgnoringCase("acme"));
        }
        assertThat(script("new", "binding", "pump", "--dir", project.toString()).exit())
                .as("what is there is not written over")
                .isEqualTo(64);
    }

    /** What is shipped, from the archive, twice: the second start uses the class data of the first. */
    @ParameterizedTest
    @ValueSource(strings = {"tar.gz", "zip"})
    void theArchiveRuns(String format) throws Exception {
        String name = "fieldhouse-" + System.getProperty("fieldhouse.version");
        Path archive = Path.of(System.getProperty("fieldhouse.archives"), name + "." + format)
                .normalize();
        List<String> unpack = format.equals("zip")
                ? List.of("jar", "xf", archive.toString())
                : List.of("tar", "xzf", archive.toString());
        assertThat(run(unpack).exit()).isZero();
        Path unpacked = directory.resolve(name);
        // jar knows no modes; unzip does, but is not everywhere.
        Files.setPosixFilePermissions(unpacked.resolve("fieldhouse"), PosixFilePermissions.fromString("rwxr-xr-x"));
        FieldhouseProcess.Builder builder = FieldhouseProcess.on(directory.resolve("home"))
                .distribution(unpacked)
                .withClassArchive();
        try (FieldhouseProcess first = builder.start().awaitReady()) {
            assertThat(first.stop()).isZero();
        }
        assertThat(classArchives()).singleElement().asString().endsWith(".jsa.new");
        try (FieldhouseProcess second = builder.start().awaitReady()) {
            assertThat(second.stop()).isZero();
        }
        assertThat(classArchives()).singleElement().asString().endsWith(".jsa");
    }

    /** The collector as it is set does not let the heap grow, and a JVM begins with a small part of a small board's memory. */
    @Test
    void theHeapIsThereWholeOnASmallBoardAndWhenItsOwnerGivesMore() throws Exception {
        for (int megabytes : new int[] {128, 512}) {
            try (FieldhouseProcess house = FieldhouseProcess.on(directory.resolve("home"))
                    .javaOption("-XX:MaxRAM=1g")
                    .javaOption("-Xmx" + megabytes + "m")
                    .javaOption("-XX:+PrintFlagsFinal")
                    .start()
                    .awaitReady()) {
                assertThat(house.logs()).containsPattern(" InitialHeapSize +:?= " + (megabytes << 20) + " ");
                assertThat(house.stop()).isZero();
            }
        }
    }

    /**
     * A flag that one version needs is an error to another, and each version has new warnings for what old libraries do: the house is to
     * start on all that are installed, without a word of the JVM's own.
     */
    @ParameterizedTest
    @MethodSource("javas")
    void theHouseStartsOnEachJavaThatIsHere(Path java) throws Exception {
        FieldhouseProcess.Builder builder =
                FieldhouseProcess.on(directory.resolve("home")).java(java).withClassArchive();
        for (int start = 0; start < 2; start++) { // the second with the class data of the first
            try (FieldhouseProcess house = builder.start().awaitReady()) {
                assertThat(house.stop()).isZero();
                assertThat(house.logs()).doesNotContain("warning", "WARNING");
            }
        }
    }

    /** The one that the tests run on, and those beside it from Java 17 on. */
    static List<Path> javas() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> javas = new ArrayList<>(List.of(own));
        try (Stream<Path> beside = Files.list(own.resolveSibling("."))) {
            for (Path each : beside.sorted().toList()) {
                if (Files.isExecutable(each.resolve("bin/java")) && version(each) >= 17) {
                    javas.add(each.toRealPath());
                }
            }
        }
        return javas.stream().distinct().toList();
    }

    private static int version(Path java) throws IOException {
        Path release = java.resolve("release");
        if (!Files.exists(release)) {
            return 0;
        }
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(release));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    private List<String> classArchives() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("home/data"))) {
            return files.map(Path::toString)
                    .filter(file -> file.contains("classes-"))
                    .toList();
        }
    }
}
