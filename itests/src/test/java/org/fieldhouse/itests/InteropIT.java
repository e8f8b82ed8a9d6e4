package org.fieldhouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that have never heard of us run beside the house, hear it and are heard, through the event services of OSGi. */
class InteropIT {
    private static final Path FOREIGN = Path.of(System.getProperty("fieldhouse.foreign"));
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String LIGHT_IS_ON =
            " org/fieldhouse/state/CHANGED Hall.Light onoff false true GOOD java.lang.Boolean";

    /** Prints what it hears, and says something itself on both services: once as it should be, once not. */
    private static final String START =
            """
            org.osgi.service.event.EventAdmin admin = context.getService(
                    context.getServiceReference(org.osgi.service.event.EventAdmin.class));
            org.osgi.service.typedevent.TypedEventBus bus = context.getService(
                    context.getServiceReference(org.osgi.service.typedevent.TypedEventBus.class));
            Hashtable<String, Object> topics = new Hashtable<>();
            topics.put("event.topics", new String[] {"org/fieldhouse/state/*", "org/fieldhouse/fact/EXTERNAL"});
            context.registerService(org.osgi.service.event.EventHandler.class, event -> {
                Map<String, Object> heard = new HashMap<>();
                for (String name : event.getPropertyNames()) heard.put(name, event.getProperty(name));
                print("ADMIN", event.getTopic(), heard);
            }, topics);
            context.registerService(org.osgi.service.typedevent.UntypedEventHandler.class,
                    (topic, heard) -> print("TYPED", topic, heard), topics);
            admin.postEvent(new org.osgi.service.event.Event("org/fieldhouse/external/com/acme/Seen",
                    Map.of("play", 3.5, "play.unit", "mm")));
            admin.postEvent(new org.osgi.service.event.Event("org/fieldhouse/external/com/acme/Wrong",
                    Map.of("thing", new Object())));
            admin.postEvent(new org.osgi.service.event.Event("org/fieldhouse/external/org/fieldhouse/rules/AlarmAct",
                    Map.of("alarm", "Frost")));
            bus.deliverUntyped("org/fieldhouse/external/com/acme/Typed", Map.of("open", true));
            """;

    private static final String PRINT =
            """
            static void print(String by, String topic, Map<String, ?> heard) {
                if (topic.endsWith("EXTERNAL")) {
                    System.out.println(by + " " + topic + " " + heard.get("type") + " " + new TreeMap<>((Map<?, ?>) heard.get("values"))
                            + " " + heard.get("cause.origin") + " " + heard.get("cause.actor"));
                } else {
                    System.out.println(by + " " + topic + " " + heard.get("device") + " " + heard.get("point") + " "
                            + heard.get("before.value") + " " + heard.get("value") + " " + heard.get("quality") + " "
                            + heard.get("value").getClass().getName());
                }
            }
            """;

    @TempDir
    Path directory;

    private Path home;

    @Test
    void aStrangerHearsTheHouseAndIsHeard() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        Files.writeString(
                Files.createDirectories(home.resolve("devices")).resolve("hall.yaml"),
                "Hall.Light:\n  binding: virtual\n  type: switch\n");
        try (FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "rules", "shell", "virtual")
                .start()
                .awaitReady()) {
            drop("aries.jar", Files.readAllBytes(FOREIGN.resolve("async.jar")));
            awaitBundle(house, "org.apache.aries.async");
            graveOnlyAtTheAdministratorsWord(house);
            assertThat(house.shell("feature:install interop")).contains("is in force");
            drop("stranger.jar", stranger());
            awaitBundle(house, "com.acme.stranger");
            house.awaitReady();

            house.awaitLog("ADMIN org/fieldhouse/fact/EXTERNAL com.acme.Seen {play=3.5, play.unit=mm} EXTERNAL");
            house.awaitLog("TYPED org/fieldhouse/fact/EXTERNAL com.acme.Typed {open=true} EXTERNAL");
            String audit = house.shell("trust:audit 200");
            assertThat(audit).contains("external.type", "com.acme.Seen", "com.acme.Typed");
            assertThat(audit).contains("external.refused", "thing is a java.lang.Object", "the house's own");
            assertThat(house.logs()).doesNotContain("fact/EXTERNAL com.acme.Wrong", "fact/EXTERNAL org.fieldhouse");

            assertThat(house.logs()).doesNotContain(LIGHT_IS_ON);
            house.shell("fieldhouse:send Hall.Light.onoff on");
            house.awaitLog("ADMIN" + LIGHT_IS_ON);
            house.awaitLog("TYPED" + LIGHT_IS_ON);
            assertThat(house.logs()).doesNotContain("state/REPORTED");

            Files.delete(home.resolve("deploy/stranger.jar"));
            await().atMost(SOON).until(() -> !house.shell("bundle:list").contains("com.acme.stranger"));
            assertThat(house.shell("feature:remove interop")).contains("is in force");
            assertThat(house.shell("bundle:list"))
                    .contains("org.apache.aries.async")
                    .doesNotContain("bridge");
            assertThat(house.health().ready()).isTrue();
            assertThat(house.stop()).isIn(0, 143);
        }
    }

    /** Through the front door: it is refused with the words that let it in, and is tried again by itself when they are said. */
    private void graveOnlyAtTheAdministratorsWord(FieldhouseProcess house) throws IOException {
        drop("util.jar", Files.readAllBytes(FOREIGN.resolve("util.jar")));
        house.awaitWarning("installs, stops or changes bundles, and does not say so");
        Matcher cure = Pattern.compile("trust:allow ([0-9a-f]{64} org\\.apache\\.aries\\.util --may container) WHY")
                .matcher(house.health().body());
        assertThat(cure.find()).isTrue();
        assertThat(house.shell("trust:allow " + cure.group(1) + " 'for Aries'")).contains("may container");
        awaitBundle(house, "org.apache.aries.util");
        house.awaitReady();
        assertThat(house.shell("trust:allowed")).contains("org.apache.aries.util  may container  for Aries");
        assertThat(house.shell("trust:audit 200")).contains("trust.allow", "may container: for Aries");
        assertThat(house.shell("feature:inspect org.apache.aries.util"))
                .contains("the administrator lets it: for Aries");
    }

    private static final String ROUTES =
            """
            org.osgi.service.event.EventAdmin admin = context.getService(
                    context.getServiceReference(org.osgi.service.event.EventAdmin.class));
            camel = new org.apache.camel.core.osgi.OsgiDefaultCamelContext(context);
            camel.start();
            camel.addRoutes(new org.apache.camel.builder.RouteBuilder() {
                @Override public void configure() {
                    from("direct:house").filter(body().isEqualTo(true))
                            .process(e -> System.out.println("CAMEL " + e.getIn().getHeader("device") + " is on"));
                    from("timer:once?repeatCount=1").process(e -> admin.postEvent(new org.osgi.service.event.Event(
                            "org/fieldhouse/external/com/acme/Ticked", Map.of("by", "camel"))));
                }
            });
            org.apache.camel.ProducerTemplate to = camel.createProducerTemplate();
            Hashtable<String, Object> topics = new Hashtable<>();
            topics.put("event.topics", "org/fieldhouse/state/CHANGED");
            context.registerService(org.osgi.service.event.EventHandler.class,
                    event -> to.sendBodyAndHeader("direct:house", event.getProperty("value"), "device", event.getProperty("device")),
                    topics);
            """;

    /** Apache Camel as a feature, and routes of somebody's that join it to the house. */
    @Test
    void routesOfCamelRunBesideTheHouse() throws Exception {
        home = directory.resolve("home");
        Files.createDirectories(home.resolve("deploy"));
        Files.writeString(
                Files.createDirectories(home.resolve("devices")).resolve("hall.yaml"),
                "Hall.Light:\n  binding: virtual\n  type: switch\n");
        try (FieldhouseProcess house = FieldhouseProcess.on(home)
                .features("core", "rules", "shell", "virtual", "interop")
                .start()
                .awaitReady()) {
            List<Path> jars = jars(FOREIGN.resolve("camel"));
            drop("camel.far", archive(jars));
            awaitBundle(house, "org.apache.camel.camel-core-engine");
            BadBundle routes = new BadBundle("com.acme.routes")
                    .header(
                            "Import-Package",
                            "org.osgi.framework,org.osgi.service.event,org.apache.camel,org.apache.camel.builder,"
                                    + "org.apache.camel.core.osgi,org.apache.camel.impl,org.apache.camel.model,org.apache.camel.spi")
                    .classPath(shipped("org.apache.felix.eventadmin"))
                    .classPath(jars.toArray(Path[]::new))
                    .activator(ROUTES, "org.apache.camel.core.osgi.OsgiDefaultCamelContext camel;")
                    .stopping("camel.stop();");
            drop("routes.jar", routes.bytes(directory));
            awaitBundle(house, "com.acme.routes");
            house.awaitReady();
            await().atMost(SOON).until(() -> house.shell("trust:audit 200").contains("com.acme.Ticked"));
            house.shell("fieldhouse:send Hall.Light.onoff on");
            house.awaitLog("CAMEL Hall.Light is on");

            Files.delete(home.resolve("deploy/routes.jar"));
            Files.delete(home.resolve("deploy/camel.far"));
            await().atMost(SOON).until(() -> !house.shell("bundle:list").contains("camel"));
            await().atMost(SOON).untilAsserted(() -> assertThat(house.shell("fieldhouse:leaks"))
                    .contains("0 kept"));
            assertThat(house.shell("fieldhouse:send Hall.Light.onoff off")).contains("confirmed");
            assertThat(house.health().ready()).isTrue();
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** A feature with these bundles, as its maker would hand it out. */
    private static byte[] archive(List<Path> jars) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(content)) {
            List<String> bundles = new ArrayList<>();
            for (Path jar : jars) {
                Matcher name = Pattern.compile("(.*)-(\\d[\\d.]*)\\.jar")
                        .matcher(jar.getFileName().toString());
                assertThat(name.matches()).as(jar.toString()).isTrue();
                bundles.add("{\"id\":\"foreign:" + name.group(1) + ":" + name.group(2) + "\",\"start-order\":6}");
                zip.putNextEntry(new ZipEntry(
                        "repository/foreign/" + name.group(1) + "/" + name.group(2) + "/" + jar.getFileName()));
                zip.write(Files.readAllBytes(jar));
                zip.closeEntry();
            }
            zip.putNextEntry(new ZipEntry("camel.json"));
            zip.write(("{\"feature-resource-version\":\"1.0\",\"id\":\"foreign:camel:osgifeature:3.22.4\",\"bundles\":["
                            + String.join(",", bundles) + "]}")
                    .getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return content.toByteArray();
    }

    private static void awaitBundle(FieldhouseProcess house, String name) {
        await(name).atMost(SOON).until(() -> house.shell("bundle:list")
                .lines()
                .anyMatch(line -> line.contains(name) && line.contains("active")));
    }

    private void drop(String file, byte[] content) throws IOException {
        Path half = Files.write(directory.resolve(file), content);
        FieldhouseProcess.allow(home, half);
        Files.move(half, home.resolve("deploy").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] stranger() throws IOException {
        return new BadBundle("com.acme.stranger")
                .header(
                        "Import-Package",
                        "org.osgi.framework,org.osgi.service.event;version=\"[1.4,2)\",org.osgi.service.typedevent;version=\"[1.0,2)\"")
                .classPath(shipped("org.apache.felix.eventadmin"), shipped("org.osgi.service.typedevent"))
                .activator(START, PRINT)
                .bytes(directory);
    }

    private static Path shipped(String artifact) throws IOException {
        try (Stream<Path> files = Files.walk(FieldhouseProcess.distribution().resolve("repository"))) {
            List<Path> found = files.filter(f -> f.getFileName().toString().matches(artifact + "-[0-9.]+\\.jar"))
                    .toList();
            assertThat(found).as(artifact).hasSize(1);
            return found.get(0);
        }
    }
}
