package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A foreign binding over a TCP connection of its own, numbered lines both ways, updated under load. */
class LineSwapIT {
    private static final int POINTS = 1_000;
    /** Each point every 2 s: longer than any of the quick ways to break takes. */
    private static final int RATE = 500;
    /** Each point every 20 s: a newer set of a point takes the place of one that waits for a version that hangs. */
    private static final int SLOW_RATE = 50;

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String COMPONENT =
            """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="line" immediate="true">
              <implementation class="line.LineBinding"/>
              <service><provide interface="org.fieldhouse.api.binding.Binding"/></service>
            </scr:component>
            """;

    @TempDir
    Path directory;

    private ServerSocket server;
    private Socket peer;
    private FieldhouseProcess house;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Map<Integer, List<Integer>> got = new TreeMap<>();
    private final Set<Integer> answered = ConcurrentHashMap.newKeySet();
    private int rate = RATE;
    private int version;
    private Path home;
    private Thread sender;
    private Thread receiver;

    @BeforeEach
    void startTheHouse() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("devices"));
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(
                home.resolve("devices/line.yaml"),
                "Line:\n  binding: line\n  type: line\n  config: {port: %d, points: %d}\n"
                        .formatted(server.getLocalPort(), POINTS));
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < POINTS; i++) {
            rules.append("rule \"Copy %1$d\"\n  when Line.i%1$d changes\ndo\n  set Line.o%1$d = Line.i%1$d\nend\n"
                    .formatted(i));
        }
        Files.writeString(home.resolve("rules/line.rules"), rules);
        house = FieldhouseProcess.on(home).features("core", "rules", "shell").start();
        house.awaitReady();
        assertThat(house.shell("felix:start " + version("").toUri())).doesNotContain("xception");
        peer = server.accept();
        receiver = new Thread(this::receive, "receiver");
        receiver.start();
        // The rules are checked against the device once it has described itself, and a first value is no change.
        AtomicInteger mark = new AtomicInteger();
        await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
            int number = mark.decrementAndGet();
            for (int i = 0; i < POINTS; i++) {
                say(i, number);
            }
            return answered.size() == POINTS;
        });
        flow(RATE);
    }

    private void flow(int perSecond) {
        rate = perSecond;
        ending.set(false);
        sender = new Thread(this::send, "sender");
        sender.start();
    }

    @AfterEach
    void tidy() throws Exception {
        ending.set(true);
        house.close();
        peer.close();
        server.close();
    }

    private void say(int point, int number) throws IOException {
        peer.getOutputStream().write((point + " " + number + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void send() {
        try {
            while (!ending.get()) {
                int number = sent.incrementAndGet();
                say(number % POINTS, number);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / rate);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void receive() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                int number = Integer.parseInt(words[1]);
                if (number < 0) {
                    answered.add(Integer.valueOf(words[0]));
                    continue;
                }
                got.computeIfAbsent(Integer.valueOf(words[0]), p -> new ArrayList<>())
                        .add(number);
                received.incrementAndGet();
            }
        } catch (IOException e) {
            if (!ending.get()) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void nothingIsLostAndBrokenVersionsGoByThemselves() throws Exception {
        String startsBefore = others();
        for (String broken : List.of("", "unresolvable", "", "activator", "constructor", "", "create", "open", "")) {
            replace(broken);
        }
        nothingIsMissing();
        assertThat(house.shell("leaks heap")).contains("0 kept");
        flow(SLOW_RATE);
        for (String broken : List.of("", "unregistered", "unhealthy", "hangs", "leaks", "", "deaf", "lame", "")) {
            replace(broken);
        }
        nothingIsMissing();
        assertThat(others()).isEqualTo(startsBefore);
        assertThat(house.shell("leaks"))
                .contains("thread 'left-behind' was started while it was there, and is in line.LineBinding.forget")
                .containsPattern("thread .* never returns from its start")
                .containsPattern("thread .* never returns from its stop");
    }

    private void replace(String broken) throws Exception {
        boolean good = Set.of("", "leaks", "lame").contains(broken);
        String said = house.shell("swap test.line " + version(broken));
        assertThat(said).as(broken).contains(good ? "REPLACED" : "ROLLED_BACK");
        if (Set.of("activator", "constructor", "create", "open", "unhealthy").contains(broken)) {
            assertThat(said).as(broken).contains("broken on purpose");
        }
    }

    /** Each number once, and each point's in order. */
    private void nothingIsMissing() throws Exception {
        ending.set(true);
        sender.join();
        await(house.shell("swaps")).atMost(SOON).untilAsserted(() -> assertThat(received.get())
                .isEqualTo(sent.get()));
        got.forEach((point, numbers) ->
                assertThat(numbers).as("point " + point).isSorted().doesNotHaveDuplicates());
    }

    /** Start counters of all bundles but the one that is updated. */
    private String others() {
        return house.shell("swaps")
                .lines()
                .filter(l -> l.startsWith("starts"))
                .findFirst()
                .orElseThrow()
                .replaceAll("test\\.line \\d+", "");
    }

    /** @param broken in which way; empty for a good one */
    private Path version(String broken) throws IOException {
        int number = version++;
        Path work = Files.createDirectories(directory.resolve("v" + number));
        Path source = work.resolve("LineBinding.java");
        try (InputStream in = LineSwapIT.class.getResourceAsStream("/line/LineBinding.java.txt")) {
            Files.writeString(
                    source, new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@BROKEN@", broken));
        }
        String path = shipped("repository", "org.fieldhouse.api")
                + File.pathSeparator
                + shipped("lib", "org.apache.felix.framework");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", path, "-d", work.toString(), source.toString()))
                .isZero();
        Path jar = directory.resolve("line-" + number + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest(number, broken));
                Stream<Path> classes = Files.list(work.resolve("line"))) {
            for (Path c : classes.toList()) {
                out.putNextEntry(new JarEntry("line/" + c.getFileName()));
                Files.copy(c, out);
            }
            out.putNextEntry(new JarEntry("OSGI-INF/line.xml"));
            out.write(COMPONENT.getBytes(StandardCharsets.UTF_8));
        }
        FieldhouseProcess.allow(home, jar);
        return jar;
    }

    private static Path shipped(String folder, String name) throws IOException {
        try (Stream<Path> jars = Files.walk(FieldhouseProcess.distribution().resolve(folder))) {
            return jars.filter(j -> j.getFileName().toString().matches(Pattern.quote(name) + "-[\\d.].*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Manifest manifest(int number, String broken) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "test.line");
        main.putValue("Bundle-Version", "1." + number);
        main.putValue("Bundle-Activator", "line.LineBinding$Starter");
        if (!broken.equals("unregistered")) {
            main.putValue("Service-Component", "OSGI-INF/line.xml");
        }
        main.putValue(
                "Import-Package",
                "org.fieldhouse.api.binding,org.fieldhouse.api.command,org.fieldhouse.api.config,"
                        + "org.fieldhouse.api.model,org.fieldhouse.api.value,org.osgi.framework"
                        + (broken.equals("unresolvable") ? ",no.such" : ""));
        main.putValue(
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
        return manifest;
    }
}
