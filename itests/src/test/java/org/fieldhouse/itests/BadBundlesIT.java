package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles that mean harm, or do it: each is refused or contained, with a message and an entry in the audit, and the house runs on.
 * The administrator allows those whose fault is not a missing signature; so each meets the bar that it is about.
 */
class BadBundlesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** With this code a JVM ends that was told ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;
    /** Fills the heap. */
    private static final String EAT =
            "List<byte[]> all = new ArrayList<>(); while (true) { all.add(new byte[1 << 20]); }";

    @TempDir
    Path directory;

    private Path home;
    private final List<String> refused = new ArrayList<>();

    @Test
    void eachIsRefusedAndTheHouseRunsOn() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        try (FieldhouseProcess house = start()) {
            long pid = house.pid();
            // Nobody stands for it.
            drop(house, "unsigned.jar", bundle("unsigned").bytes(directory), false, "[F004]", "is not signed");
            signedButNotAsItIs(house);
            drop(
                    house,
                    "header.jar",
                    bundle("header").header("Fieldhouse-Permissions", "fly").bytes(directory),
                    true,
                    "[F004]",
                    "names fly");

            // It is not what it should be.
            drop(house, "garbage.jar", "PK\3\4 no zip".getBytes(StandardCharsets.UTF_8), true, "[F002]", "garbage");
            drop(
                    house,
                    "nameless.jar",
                    bundle("x").without("Bundle-SymbolicName").bytes(directory),
                    true,
                    "[F002]",
                    "no Bundle-SymbolicName");
            drop(
                    house,
                    "bomb.jar",
                    bundle("bomb").entry("zeros", new byte[64 << 20]).bytes(directory),
                    true,
                    "[F002]",
                    ":1");
            drop(
                    house,
                    "outside.jar",
                    bundle("outside").entry("../../x", new byte[1]).bytes(directory),
                    true,
                    "[F002]",
                    "../../x");
            drop(house, "twice.zip", twice(), true, "[F002]", "twice");

            // It does in secret what it must say.
            for (String[] grave : new String[][] {
                {"exit", "System.exit(3);", "ends the JVM"},
                {"halt", "Runtime.getRuntime().halt(3);", "ends the JVM"},
                {"program", "new ProcessBuilder(\"true\").start();", "starts programs"},
                {"library", "System.load(\"/tmp/none.so\");", "native code"},
                {"properties", "System.setProperty(\"user.home\", \"/\");", "whole JVM shares"},
                {"bundles", "context.getBundle(0).stop();", "installs, stops or changes bundles"}
            }) {
                drop(
                        house,
                        grave[0] + ".jar",
                        bundle(grave[0]).activator(grave[1]).bytes(directory),
                        true,
                        "[F004]",
                        grave[2]);
            }

            // It does not fit.
            drop(
                    house,
                    "import.jar",
                    bundle("import")
                            .header("Import-Package", "org.example.nowhere")
                            .bytes(directory),
                    true,
                    "[F005]",
                    "org.example.nowhere");
            drop(
                    house,
                    "java.jar",
                    bundle("java")
                            .header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")
                            .bytes(directory),
                    true,
                    "[F005]",
                    "99");
            features(house);

            harmful(house);

            // It does not start.
            drop(
                    house,
                    "throws.jar",
                    bundle("throws")
                            .activator("throw new IllegalStateException(\"no coffee\");")
                            .bytes(directory),
                    true,
                    "[F008]",
                    "no coffee");
            drop(
                    house,
                    "component.jar",
                    bundle("component")
                            .activator("", "public Activator() { throw new IllegalStateException(\"no coffee\"); }")
                            .without("Bundle-Activator")
                            .component("bad.Activator")
                            .bytes(directory),
                    true,
                    "[F009]",
                    "no coffee");
            assertThat(house.logs()).contains("Error during instantiation of the implementation object");
            drop(
                    house,
                    "missing-class.jar",
                    bundle("missing-class")
                            .header("Bundle-Activator", "bad.Nowhere")
                            .bytes(directory),
                    true,
                    "[F008]",
                    "bad.Nowhere");
            assertThat(house.isAlive()).isTrue();
            assertThat(house.pid()).as("it has never been another process").isEqualTo(pid);
            assertThat(refused).hasSizeGreaterThanOrEqualTo(20);
            String audit = shell("trust:audit", "200");
            for (String name : refused) {
                assertThat(audit).as("audit of " + name).containsPattern("feature.refused .*" + name);
            }
            assertThat(shell("bundle:list").lines().filter(line -> line.contains(" bad.")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("bad.good"));
            await().atMost(SOON).until(() -> house.health().ready());
        }
    }

    /** What would end the house or never return does so in a process that is there for that, and no class of it is loaded in the house. */
    private void harmful(FieldhouseProcess house) throws IOException, InterruptedException {
        String later = "new Thread(() -> { try { Thread.sleep(300); } catch (InterruptedException e) { return; } " + EAT
                + " }).start();";
        String never = "new Object() { synchronized void w() throws Exception { wait(); } }.w();";
        for (String[] harm : new String[][] {
            {"hog", EAT, "it ran out of memory"},
            {"later-hog", later, "it ran out of memory"},
            {"ends", "System.exit(7);", "it ended the process (exit code 7)"},
            {"stops", "context.getBundle(0).stop();", "it stopped the framework"},
            {"never", never, "its start has not returned within 20 s"}
        }) {
            byte[] jar = bundle(harm[0])
                    .header("Fieldhouse-Permissions", "exit, container, threads")
                    .activator(harm[1])
                    .bytes(directory);
            drop(house, harm[0] + ".jar", jar, true, "[F017]", "bad." + harm[0] + ": did in a process of its own");
            assertThat(house.logs()).contains("bad." + harm[0] + " was tried in a process of its own", harm[2]);
            assertThat(home.resolve("data/isolated/.trial")).doesNotExist();
        }
        assertThat(shell("trust:audit", "200")).containsPattern("feature.refused .*bad.hog.*it ran out of memory");
        // The start script's own child may be there as a zombie, which has no command.
        assertThat(ProcessHandle.of(house.pid())
                        .orElseThrow()
                        .descendants()
                        .filter(each -> each.info().command().isPresent())
                        .map(each -> each.pid() + " " + each.info()))
                .as("processes of trials")
                .isEmpty();
    }

    /** Nothing that is larger than the heap is held in it: not to compare it, to look through it, or to start with it. */
    @Test
    void whatIsLargerThanTheHeapIsNoTrouble() throws Exception {
        home = directory.resolve("home");
        Path large = large(Files.createDirectories(home.resolve("repository/bad/large/1.0.0"))
                .resolve("large-1.0.0.jar"));
        Files.writeString(large.resolveSibling("large-1.0.0.jar.sha1"), "0".repeat(40));
        Path feature = Files.writeString(
                directory.resolve("large.json"),
                "{\"feature-resource-version\":\"1.0\",\"id\":\"bad:sum:osgifeature:1\","
                        + "\"bundles\":[{\"id\":\"bad:large:1.0.0\"}]}");
        FieldhouseProcess.allow(home, large);
        try (FieldhouseProcess house = start()) {
            assertThat(shell("feature:install", feature.toString())).contains("[F003] bad:large:1.0.0");
            assertThat(shell("bundle:install", large.toString())).contains("is in force");
            house.kill9();
        }
        try (FieldhouseProcess house = start()) {
            assertThat(shell("feature:list")).containsPattern("bad.large +1.0.0 +active");
            assertThat(house.health().ready()).isTrue();
            // minisign's old format signs the file itself.
            Path keys = Files.createDirectories(home.resolve("trust/keys"));
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Files.writeString(keys.resolve("acme.pub"), Minisign.publicKey(1, pair));
            Files.createDirectories(home.resolve("deploy"));
            Path other = Files.write(home.resolve("deploy/.other"), new byte[0]);
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(other))) {
                zip.setLevel(Deflater.NO_COMPRESSION);
                zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
                zip.write("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: bad.old\n"
                        .getBytes(StandardCharsets.UTF_8));
                noise(zip, "data", 60);
            }
            Files.writeString(home.resolve("deploy/old.jar.minisig"), Minisign.sign(1, pair, new byte[] {1}));
            Files.move(other, home.resolve("deploy/old.jar"));
            house.awaitWarning("deploy/old.jar was refused: [F004]");
            assertThat(house.health().body()).contains("signed without hashing, and larger than 4 MiB");
        }
    }

    /** A bundle with a jar in it that is larger than the heap of the house. */
    private static Path large(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(
                    "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: bad.large\nBundle-Version: 1.0.0\n"
                            .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("lib.jar"));
            ZipOutputStream inner = new ZipOutputStream(zip);
            inner.setLevel(Deflater.NO_COMPRESSION);
            noise(inner, "data", 140);
            inner.finish();
        }
        return file;
    }

    private static void noise(ZipOutputStream zip, String name, int megabytes) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        zip.putNextEntry(new ZipEntry(name));
        for (int i = 0; i < megabytes; i++) {
            random.nextBytes(block);
            zip.write(block);
        }
        zip.closeEntry();
    }

    /** An activator that does not heed interrupts stays where it is until the next start, and holds up nobody. */
    @Test
    void oneThatCannotBePutAwayHoldsUpNoOther() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        tryNobody();
        String deaf = "while (true) { try { Thread.sleep(1_000); } catch (InterruptedException e) { } }";
        try (FieldhouseProcess house = start()) {
            byte[] first = bundle("deaf").activator(deaf).bytes(directory);
            drop(house, "deaf.jar", first, true, "[F008]", "has not returned within 20 s");
            assertThat(house.health().ready()).as("the house works").isTrue();
            assertThat(house.health().body()).contains("bundle bad.deaf 1.0.0 is on trial or leaving; if this lasts");

            // Once more, others, and the same one mended.
            drop(house, "again.jar", first, true, "[F008]", "bad.deaf: is still in its start");
            put("other.jar", bundle("other").bytes(directory), true);
            put("mended.jar", bundle("deaf").header("Bundle-Version", "1.0.1").bytes(directory), true);
            await().atMost(SOON).until(() -> shell("feature:list").contains("deploy/mended.jar"));
            assertThat(shell("feature:list")).containsPattern("bad.deaf +1.0.1 +active");
            assertThat(shell("feature:list")).containsPattern("bad.other +1.0.0 +active");

            // An update to such a one is taken back, and one to a good one goes through after it.
            put(
                    "mended.jar",
                    bundle("deaf")
                            .header("Bundle-Version", "1.0.2")
                            .activator(deaf)
                            .bytes(directory),
                    true);
            house.awaitWarning("deploy/mended.jar was refused: [F008] bad.deaf: does not start");
            assertThat(shell("feature:list")).containsPattern("bad.deaf +1.0.1 +active");
            assertThat(house.health().ready()).isTrue();
            put("mended.jar", bundle("deaf").header("Bundle-Version", "1.0.3").bytes(directory), true);
            await().atMost(SOON).until(() -> shell("feature:list").contains("1.0.3"));
            assertThat(shell("feature:remove", "bad.other")).contains("is in force");
            assertThat(house.health().ready()).isTrue();

            // The same in its stop: it is not removed, and everything else goes on.
            Path lame = put(
                    "lame.jar",
                    bundle("lame").activator("int i;").stopping(deaf).bytes(directory),
                    true);
            await().atMost(SOON).until(() -> shell("feature:list").contains("bad.lame"));
            Files.delete(lame);
            await().atMost(SOON).until(() -> house.logs()
                    .contains(
                            "remove bad.lame for deploy folder was refused, everything is as it was: [[F008] bad.lame:"
                                    + " cannot be removed"));
            put("mended.jar", bundle("deaf").header("Bundle-Version", "1.0.4").bytes(directory), true);
            await().atMost(SOON).until(() -> shell("feature:list").contains("1.0.4"));
        }
    }

    /** As if all of it were signed: what a trial would find is the house's. */
    private void tryNobody() throws IOException {
        Files.writeString(
                Files.createDirectories(home.resolve("config")).resolve("trial.json"),
                "{\"org.fieldhouse.features\": {\"trial\": \"nobody\"}}");
    }

    /** What does no harm in its process comes into the house, and what could not be tried there is told. */
    @Test
    void whatIsGoodComesInByATrial() throws Exception {
        home = directory.resolve("home");
        try (FieldhouseProcess house = start()) {
            String said = install(house, bundle("fine").activator("int i;"));
            assertThat(said)
                    .containsPattern("try +bad.fine in a process of its own")
                    .contains(
                            "note [trial] bad.fine: was started once in a process of its own, and did no harm there\n")
                    .contains("is in force");
            // Its imports are those of bundles that the process has for their packages alone.
            said = install(
                    house,
                    bundle("guest")
                            .header("Import-Package", "org.osgi.framework,org.apache.felix.service.command")
                            .activator(
                                    "context.getBundle().loadClass(\"org.apache.felix.service.command.Function\");"));
            assertThat(said).contains("did no harm there\n").contains("is in force");
            said = install(
                    house,
                    bundle("wired")
                            .header("Require-Bundle", "org.fieldhouse.api")
                            .activator("int i;"));
            assertThat(said)
                    .contains("did no harm there; what did not start there: bad.wired does not start:", "is in force");
            said = install(
                    house,
                    bundle("waits")
                            .activator("int i;")
                            .without("Bundle-Activator")
                            .component("bad.Activator", "org.fieldhouse.api.bus.EventBus"));
            assertThat(said)
                    .contains(
                            "what did not start there: component bad.Activator, which waits for org.fieldhouse.api.bus.EventBus")
                    .contains("is in force");
            assertThat(shell("bundle:list"))
                    .containsPattern("bad.fine +1.0.0 +active")
                    .containsPattern("bad.guest +1.0.0 +active")
                    .containsPattern("bad.wired +1.0.0 +active")
                    .containsPattern("bad.waits +1.0.0 +active");
            assertThat(house.health().ready()).isTrue();
        }
    }

    /** What a component does when it is made is tried too, with a stand-in for what it waits for. */
    @Test
    void aComponentThatEatsTheMemoryWhenItHasWhatItNeedsIsRefused() throws Exception {
        home = directory.resolve("home");
        try (FieldhouseProcess house = start()) {
            String said = install(
                    house,
                    bundle("greedy")
                            .header("Import-Package", "org.osgi.framework,org.fieldhouse.api.bus")
                            .activator("", "public Activator() { " + EAT + " }")
                            .without("Bundle-Activator")
                            .component("bad.Activator", "org.fieldhouse.api.bus.EventBus"));
            assertThat(said).contains("[F017] bad.greedy");
            assertThat(shell("bundle:list")).doesNotContain("bad.greedy");
            assertThat(house.health().ready()).isTrue();
        }
    }

    private FieldhouseProcess start() throws Exception {
        return FieldhouseProcess.on(home)
                .features("core", "rules", "shell")
                .start()
                .awaitReady();
    }

    private String install(FieldhouseProcess house, BadBundle bundle) throws IOException, InterruptedException {
        Path jar = Files.write(directory.resolve("one.jar"), bundle.bytes(directory));
        FieldhouseProcess.allow(home, jar);
        String said = shell("bundle:install", jar.toString());
        assertThat(house.isAlive()).isTrue();
        return said;
    }

    /** What a bundle keeps when it is gone can only be named: the JVM cannot take it away. */
    @Test
    void whatLeaksIsNamed() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        try (FieldhouseProcess house = start()) {
            Path jar = put(
                    "leaky.jar",
                    bundle("leaky")
                            .activator(
                                    "Thread t = new Thread(() -> { synchronized (this) { try { wait(); } catch (InterruptedException e) { run(); } } },"
                                            + " \"leaky-worker\"); t.setDaemon(true); t.start();",
                                    "void run() { synchronized (this) { while (true) { try { wait(); } catch (InterruptedException e) { } } } }")
                            .bytes(directory),
                    true);
            await().atMost(SOON).until(() -> shell("bundle:list").contains("bad.leaky"));
            Files.delete(jar);
            await().atMost(SOON).until(() -> !shell("bundle:list").contains("bad.leaky"));
            await().atMost(SOON).untilAsserted(() -> assertThat(shell("fieldhouse:leaks", "heap"))
                    .contains("leaky-worker"));
            assertThat(house.isAlive()).isTrue();
        }
    }

    /** A choice made after the refusal is enough: the file is taken again, and eats the memory of its own process. */
    @Test
    void aMemoryHogThatIsIsolatedAfterItsTrialEndsItsProcess() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        try (FieldhouseProcess house = start()) {
            put("hog.jar", bundle("hog").activator(EAT).bytes(directory), true);
            house.awaitWarning("deploy/hog.jar was refused: [F017] bad.hog");
            shell("feature:isolate", "bad.hog");
            house.awaitWarning("deploy/hog.jar was refused: [F008] bad.hog: does not run in its process");
            assertThat(house.isAlive()).isTrue();
            assertThat(shell("bundle:list")).doesNotContain("bad.hog");
        }
    }

    /**
     * A bundle that eats the heap of the house alone takes it with it, with the code that lets a service manager start it again. The starts are
     * without it, because it was never recorded; its file is tried once more, for it might have been a power cut, and then refused.
     */
    @Test
    void aMemoryHogThatPassesItsTrialEndsTheHouseTwiceAndIsNotTriedAThirdTime() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        try (FieldhouseProcess house = start()) {
            put(
                    "hog.jar",
                    bundle("hog")
                            .activator("if (System.getProperty(\"fieldhouse.isolated\") == null) { " + EAT + " }")
                            .bytes(directory),
                    true);
            assertThat(house.awaitExit()).isEqualTo(OUT_OF_MEMORY);
        }
        try (FieldhouseProcess house =
                FieldhouseProcess.on(home).features("core", "rules", "shell").start()) {
            assertThat(house.awaitExit()).isEqualTo(OUT_OF_MEMORY);
            assertThat(Files.readString(FieldhouseProcess.distribution().resolve("fieldhouse.service")))
                    .contains("RestartPreventExitStatus=")
                    .doesNotContainPattern("RestartPreventExitStatus=.*\\b" + OUT_OF_MEMORY + "\\b");
        }
        try (FieldhouseProcess house = start()) {
            await().atMost(SOON).untilAsserted(() -> assertThat(house.health().body())
                    .contains("deploy/hog.jar was refused: [F016] hog.jar: the house ended 2 times"));
            assertThat(shell("bundle:list")).doesNotContain("bad.hog");
            assertThat(house.health().ready()).isTrue();
            assertThat(shell("trust:audit"))
                    .contains("feature.refused")
                    .contains("the house ended while this was being done, 2 times; everything is as it was");
            // Whoever copies it again means it, and here he knows what to do before.
            shell("feature:isolate", "bad.hog");
            Path jar = home.resolve("deploy/hog.jar");
            Files.write(jar, Files.readAllBytes(jar));
            await().atMost(SOON).untilAsserted(() -> assertThat(house.health().body())
                    .contains("deploy/hog.jar was refused: [F008]"));
            assertThat(house.isAlive()).isTrue();
        }
    }

    private static BadBundle bundle(String name) {
        return new BadBundle("bad." + name);
    }

    private void signedButNotAsItIs(FieldhouseProcess house) throws Exception {
        KeyPair known = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path keys = Files.createDirectories(home.resolve("trust/keys"));
        Files.writeString(keys.resolve("acme.pub"), Minisign.publicKey(1, known));

        byte[] good = bundle("good").bytes(directory);
        Files.writeString(home.resolve("deploy/good.jar.minisig"), Minisign.sign(1, known, good));
        put("good.jar", good, false);
        await("a signed bundle is let in").atMost(SOON).until(() -> shell("bundle:list")
                .contains("bad.good"));

        byte[] tampered = bundle("tampered").bytes(directory);
        Files.writeString(home.resolve("deploy/tampered.jar.minisig"), Minisign.sign(1, known, tampered));
        drop(
                house,
                "tampered.jar",
                bundle("tampered").entry("more", new byte[] {1}).bytes(directory),
                false,
                "[F004]",
                "changed after acme signed it");

        byte[] strange = bundle("strange").bytes(directory);
        Files.writeString(home.resolve("deploy/strange.jar.minisig"), Minisign.sign(2, stranger, strange));
        drop(house, "strange.jar", strange, false, "[F004]", "not among the trusted keys");
    }

    private void features(FieldhouseProcess house) throws IOException, InterruptedException {
        String head = "{\"feature-resource-version\":\"1.0\",\"bundles\":[],\"id\":\"bad:";
        String requires =
                "\",\"extensions\":{\"fieldhouse.requires\":{\"type\":\"TEXT\",\"kind\":\"OPTIONAL\",\"text\":[\"";
        Path repository = Files.createDirectories(home.resolve("repository"));
        for (String[] pair : new String[][] {{"hen", "egg"}, {"egg", "hen"}}) {
            Path file = Files.createDirectories(repository.resolve("bad/" + pair[0] + "/1.0.0"))
                    .resolve(pair[0] + "-1.0.0.osgifeature");
            Files.writeString(file, head + pair[0] + ":osgifeature:1.0.0" + requires + pair[1] + "\"]}}}");
            Files.copy(file, file.resolveSibling(pair[0] + "-1.0.0.json"));
            FieldhouseProcess.allow(home, file);
        }
        drop(
                house,
                "hen.json",
                (head + "hen:osgifeature:1.0.0" + requires + "egg\"]}}}").getBytes(StandardCharsets.UTF_8),
                true,
                "[F00",
                "hen");
        byte[] jar = bundle("pinned").bytes(directory);
        Path place =
                Files.createDirectories(repository.resolve("bad/pinned/1.0.0")).resolve("pinned-1.0.0.jar");
        Files.write(place, jar);
        String wrong = "{\"feature-resource-version\":\"1.0\",\"id\":\"bad:hashed:osgifeature:1.0.0\",\"bundles\":"
                + "[{\"id\":\"bad:pinned:1.0.0\",\"sha256\":\"" + "0".repeat(64) + "\"}]}";
        drop(house, "hashed.json", wrong.getBytes(StandardCharsets.UTF_8), true, "[F003]", "pinned");
        String extension = "{\"feature-resource-version\":\"1.0\",\"id\":\"bad:odd:osgifeature:1.0.0\",\"bundles\":[],"
                + "\"extensions\":{\"acme.magic\":{\"type\":\"TEXT\",\"kind\":\"MANDATORY\",\"text\":[\"x\"]}}}";
        drop(house, "odd.json", extension.getBytes(StandardCharsets.UTF_8), true, "[F00", "acme.magic");
        drop(house, "half.json", "{\"id\":".getBytes(StandardCharsets.UTF_8), true, "[F002]", "half");
    }

    private Path put(String name, byte[] content, boolean allowed) throws IOException {
        Path half = Files.write(directory.resolve(".half"), content);
        if (allowed) {
            FieldhouseProcess.allow(home, half);
        }
        return Files.move(half, home.resolve("deploy").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Drops it, waits until health says that it was refused with these words, and takes it away again. */
    private void drop(FieldhouseProcess house, String name, byte[] content, boolean allowed, String code, String words)
            throws IOException {
        Path file = put(name, content, allowed);
        house.awaitWarning("deploy/" + name + " was refused: " + code);
        assertThat(house.health().body()).as(name).contains(words);
        refused.add(name);
        Files.delete(file);
        await().atMost(SOON).until(() -> !house.health().body().contains("deploy/" + name));
    }

    private static byte[] twice() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(content)) {
            for (String name : List.of("META-INF/MANIFEST.MF", "META-INF/MANIFEST.Mf")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("Manifest-Version: 1.0\n".getBytes(StandardCharsets.US_ASCII));
                zip.closeEntry();
            }
        }
        // ZipOutputStream writes no name twice; so the second one's last letter is changed in both of its places.
        String text = content.toString(StandardCharsets.ISO_8859_1).replace("MANIFEST.Mf", "MANIFEST.MF");
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String shell(String... words) throws IOException, InterruptedException {
        Process process = FieldhouseProcess.shell(home, words);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                .as(output)
                .isTrue();
        return output;
    }
}
