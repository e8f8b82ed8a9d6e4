package org.fieldhouse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.fieldhouse.api.binding.Finder;
import org.fieldhouse.api.binding.FinderContext;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Generations;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.runtime.host.DeviceHost;
import org.fieldhouse.runtime.host.DeviceHostFixtures;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DirectoryTest {
    private static final Cause ANNA = new Cause(0, Cause.Origin.USER, "anna", null);
    private static final String LAMP = "Lamp:\n  binding: lamps\n  type: lamp\n";

    @TempDir
    Path root;

    private final FakeIngress ingress = new FakeIngress();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Lamps lamps = new Lamps("lamps");
    private DeviceHost host;
    private Directory directory;
    private Duration patience = Duration.ofSeconds(1);

    private void start() {
        host = DeviceHostFixtures.host(ingress, DeviceHost.Limits.DEFAULT);
        host.add(lamps);
        directory = new Directory(root, root.resolve("data"), host, ingress, Steps.NONE, patience);
        open.add(0, host);
        open.add(0, directory);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    private void put(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String text(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    private List<String> names() {
        return host.model().devices().stream().map(DeviceInfo::name).toList();
    }

    private void awaitNames(String... names) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(names()).containsExactly(names));
    }

    @Test
    void takesFilesInWhenTheyAreSavedWithinATenthOfASecond() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            put("devices/b" + i + ".yaml", "Lamp" + i + ":\n  binding: lamps\n  type: lamp\n");
            int wanted = i + 2;
            await().pollInterval(Duration.ofMillis(1)).until(() -> names().size() == wanted);
            millis.add((System.nanoTime() - start) / 1_000_000);
        }
        assertThat(millis.stream().sorted().toList().get(2))
                .as("median of %s ms", millis)
                .isLessThan(1000); // polling alone would take 2 s; the figure itself is a benchmark
        assertThat(ingress.facts(Fact.ConfigurationActivated.class))
                .extracting(Fact.ConfigurationActivated::generation)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void changesOverWhileTheDiskIsBusyAndSaysItIsDoneWhenItIsOnRecord() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        ingress.holdCommits();
        put("devices/b.yaml", "Second:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Second");
        List<Fact> facts = ingress.facts(Fact.class);
        Fact added = new Fact.DeviceAdded(new DeviceId("Second"), "Second");
        assertThat(facts).contains(added);
        assertThat(facts.subList(0, facts.indexOf(added)))
                .filteredOn(Fact.ConfigurationActivated.class::isInstance)
                .hasSize(2);
        Path kept = root.resolve("data/generations/2");
        assertThat(kept).doesNotExist();
        ingress.commit();
        await().untilAsserted(() -> assertThat(kept).exists());
    }

    @Test
    void anErrorKeepsWhatRunsAndIsTakenBackWithTheEdit() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        put("devices/a.yaml", LAMP + "Other:\n  binding lamps\n");
        await().until(() -> !directory.problems().isEmpty());
        assertThat(directory.problems())
                .singleElement()
                .hasToString(
                        "devices/a.yaml:4:1: error [C002] 'Other' needs an entry: at least 'binding:' and 'type:', indented below");
        assertThat(names()).containsExactly("Lamp");
        assertThat(ingress.facts(Fact.ConfigurationRejected.class)).hasSize(1);
        assertThat(directory.files()).extracting(SourceFile::text).containsExactly(LAMP);
        put("devices/a.yaml", LAMP);
        await().until(() -> directory.problems().isEmpty());
        assertThat(directory.generation()).isEqualTo(1);
    }

    /** It is no text, so what it would add to the house cannot be told from nothing: it must not pass for nothing. */
    @Test
    void aNewFileThatCannotBeReadIsNamedBesideOtherErrorsToo() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        Path latin = root.resolve("devices/latin.yaml");
        // Moved into place: half-written it would be an empty file, which is none to complain of.
        Path written = Files.write(root.resolve("written"), "K\u00fcche: {}\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.move(written, latin);
        String noText = "devices/latin.yaml: error [C003] not UTF-8 text; save it as UTF-8";
        await().untilAsserted(() ->
                assertThat(directory.problems()).singleElement().asString().contains(noText));
        Files.delete(latin);
        await().until(() -> directory.problems().isEmpty());
        put("devices/b.yaml", "Other:\n  binding lamps\n");
        await().until(() -> !directory.problems().isEmpty());
        Files.move(Files.write(written, new byte[] {(byte) 0xff}), latin);
        await().untilAsserted(() -> assertThat(directory.problems())
                .extracting(Problem::toString)
                .anyMatch(said -> said.contains(noText))
                .anyMatch(said -> said.contains("C002")));
        Files.delete(latin);
        Files.delete(root.resolve("devices/b.yaml"));
        await().until(() -> directory.problems().isEmpty());
        assertThat(names()).containsExactly("Lamp");
    }

    @Test
    void anEditThatItsBindingRefusesIsNotTaken() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        put("devices/a.yaml", LAMP + "  config:\n    host: x\n    port: 70000\n");
        await().until(() -> !directory.problems().isEmpty());
        assertThat(directory.problems())
                .singleElement()
                .hasToString("devices/a.yaml:6:11: error [C020] 'port' is 1 to 65535, not 70000");
        assertThat(directory.generation()).isEqualTo(1);
        put("devices/a.yaml", LAMP + "  config:\n    prot: 1883\n");
        await().until(() -> directory.generation() == 2);
        assertThat(directory.problems())
                .singleElement()
                .hasToString("devices/a.yaml:5:5: warning [C021] nobody reads 'prot': did you mean port?");
    }

    @Test
    void whatIsWrongWithABridgeOrATypeIsShownThere() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        put("devices/a.yaml", LAMP.replace("type: lamp", "type: lamb"));
        await().until(() -> !directory.problems().isEmpty());
        assertThat(directory.problems()).singleElement().asString().startsWith("devices/a.yaml:3:9: error [C023]");
        put("devices/a.yaml", LAMP + "  bridge: Lump # far\n");
        await().untilAsserted(() -> assertThat(directory.problems())
                .singleElement()
                .hasToString("devices/a.yaml:4:11: error [C012] the bridge 'Lump' of Lamp is no device:"
                        + " did you mean Lamp?"));
    }

    @Test
    void aSettingThatNobodyReadsIsLoggedOnce() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger runtime = (Logger) LoggerFactory.getLogger("org.fieldhouse.runtime");
        runtime.addAppender(log);
        log.start();
        open.add(() -> runtime.detachAppender(log));
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        put("devices/a.yaml", LAMP + "  config:\n    prot: 1883\n");
        await().until(() -> host.problems().size() == 1 && directory.generation() == 2);
        stop();
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(said -> said.contains("[C021]"))
                .hasSize(1);
    }

    @Test
    void aBindingThatIsNotThereIsNamed() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        put("devices/b.yaml", "Two:\n  binding: lmaps\n  type: lamp\n");
        await().until(() -> !directory.problems().isEmpty());
        assertThat(directory.problems())
                .singleElement()
                .hasToString(
                        "devices/b.yaml:2:12: warning [C022] no binding 'lmaps' is installed: did you mean lamps?");
        awaitNames("Lamp", "Two");
    }

    @Test
    void bootsTheLastGoodGenerationWhenTheFilesAreBroken() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        stop();
        put("devices/a.yaml", "{{{");
        start();
        awaitNames("Lamp");
        assertThat(directory.problems()).isNotEmpty().allMatch(Problem::isError);
        assertThat(directory.generation()).isEqualTo(1);
        assertThat(text("devices/a.yaml")).isEqualTo("{{{");
    }

    @Test
    void aStartWithUnchangedFilesIsNoNewGeneration() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        stop();
        start();
        awaitNames("Lamp");
        assertThat(directory.reload()).isEmpty();
        assertThat(directory.generation()).isEqualTo(1);
        assertThat(ingress.facts(Fact.ConfigurationActivated.class)).hasSize(1);
    }

    @Test
    void filesThatEditorsKeepAsideAreNotRead() throws Exception {
        put("devices/a.yaml", LAMP);
        put("devices/.a.yaml.swp", "{{{");
        put("devices/.#a.yaml", "{{{");
        put("devices/#a.yaml#", "{{{");
        put("devices/a.yaml~", "{{{");
        put("devices/~a.yaml", "{{{");
        start();
        awaitNames("Lamp");
        assertThat(directory.problems()).isEmpty();
    }

    /** An editor writes on while what it has written so far is being looked at: that is neither taken nor complained of. */
    @Test
    void whatIsHalfWrittenIsNotTaken() throws Exception {
        put("rules/r.rules", "good");
        start();
        Rules rules = new Rules() {
            @Override
            public Prepared prepare(List<SourceFile> files, HouseModel model) {
                if (files.get(0).text().equals("bad")) {
                    long before = directory.watcher().told();
                    write("better");
                    await().until(() -> directory.watcher().told() > before);
                }
                return super.prepare(files, model);
            }

            private void write(String text) {
                try {
                    put("rules/r.rules", text);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        directory.add(rules);
        await().until(() -> rules.active.equals(List.of("2+1:good[]")));
        put("rules/r.rules", "bad");
        await().until(() -> rules.active.equals(List.of("2+1:good[]", "3+1:better[]")));
        assertThat(ingress.facts(Fact.ConfigurationRejected.class)).isEmpty();
    }

    @Test
    void participantsAreServedAsAWholeOrNotAtAll() throws Exception {
        put("devices/a.yaml", LAMP);
        put("rules/r.rules", "good");
        start();
        awaitNames("Lamp");
        Rules rules = new Rules();
        directory.add(rules);
        await().until(() -> rules.active.size() == 1);
        assertThat(rules.active).containsExactly("2+1:good[Lamp]");
        put("rules/r.rules", "bad");
        await().until(() -> !directory.problems().isEmpty());
        // A good device with a bad rule: neither is taken.
        put("devices/b.yaml", "Two:\n  binding: lamps\n  type: lamp\n");
        directory.reload();
        assertThat(names()).containsExactly("Lamp");
        put("rules/r.rules", "better");
        awaitNames("Lamp", "Two");
        await().until(() -> rules.active.size() >= 2);
        assertThat(rules.active.get(rules.active.size() - 1)).contains("better[Lamp, Two]");
        assertThat(directory.problems()).isEmpty();
    }

    @Test
    void aParticipantThatComesBackToBrokenFilesIsGivenTheLastGoodOnes() throws Exception {
        put("rules/r.rules", "good");
        start();
        Rules rules = new Rules();
        directory.add(rules);
        await().until(() -> rules.active.size() == 1);
        directory.remove(rules);
        put("rules/r.rules", "bad");
        Rules next = new Rules();
        directory.add(next);
        await().until(() -> next.active.size() == 1);
        assertThat(next.active.get(0)).contains("good");
        assertThat(directory.problems()).anyMatch(Problem::isError);
    }

    @Test
    void newDescriptionsAreShownToTheParticipants() throws Exception {
        rulesThatSeeTheLamp();
    }

    /** Returns when they were shown what the lamp has. */
    private Rules rulesThatSeeTheLamp() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        Rules rules = new Rules();
        directory.add(rules);
        await().until(() -> rules.lastModel != null
                && rules.lastModel.named("Lamp").orElseThrow().description().equals(Lamps.LAMP));
        return rules;
    }

    @Test
    void hasLookedWhenEachParticipantHasItsFilesOrWasRefusedThem() throws Exception {
        put("devices/a.yaml", LAMP);
        put("rules/r.rules", "bad");
        start();
        await().until(directory::hasLooked);
        CountDownLatch go = new CountDownLatch(1);
        Rules rules = new Rules();
        rules.judge = (file, model) -> {
            try {
                return go.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        put("rules/r.rules", "good");
        directory.add(rules);
        assertThat(directory.hasLooked()).isFalse();
        go.countDown();
        await().until(directory::hasLooked);
        assertThat(rules.active).hasSize(1);
    }

    @Test
    void detailsOfADeviceAreNoReasonToPrepareAgain() throws Exception {
        Rules rules = rulesThatSeeTheLamp();
        HouseModel seen = rules.lastModel;
        DeviceDescription another = new DeviceDescription(
                Lamps.LAMP.type(),
                Lamps.LAMP.points(),
                Lamps.LAMP.actions(),
                Lamps.LAMP.events(),
                Lamps.LAMP.mainPoint(),
                Map.of("session", "2"));
        lamps.lamp("Lamp").context.describe(another);
        await().until(() ->
                host.model().named("Lamp").orElseThrow().description().equals(another));
        await().during(Duration.ofMillis(500)).until(() -> rules.lastModel == seen);
        lamps.lamp("Lamp").context.describe(DeviceDescription.EMPTY);
        await().until(() -> rules.lastModel != seen);
    }

    @Test
    void writesAFileAndTakesItInOrLeavesAllAsItWas() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        assertThat(directory.write(new SourceFile("devices/a.yaml", "Lamp: 3"), ANNA))
                .isNotEmpty();
        assertThat(text("devices/a.yaml")).isEqualTo(LAMP);
        assertThat(directory.write(new SourceFile("devices/b.yaml", "B:\n  binding: lamps\n  type: lamp\n"), ANNA))
                .isEmpty();
        assertThat(names()).containsExactly("Lamp", "B");
        assertThat(directory.write(new SourceFile("../x.yaml", ""), ANNA))
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo("C032");
        assertThat(directory.write(new SourceFile("devices/../../x.yaml", ""), ANNA))
                .isNotEmpty();
        assertThat(directory.generation()).isEqualTo(2);
    }

    private static Candidate candidate(String id, String name) {
        return candidate(id, name, 5);
    }

    private static Candidate candidate(String id, String name, long port) {
        return new Candidate(
                new DeviceId(id),
                "lamps",
                "lamp",
                new DeviceId("Hub"),
                name,
                "Acme Lamp 5",
                Map.of("host", "a: b \"c\"", "port", port));
    }

    @Test
    void acceptsACandidateUnderANameAndKeepsTheRestOfTheFile() throws Exception {
        put("devices/hub.yaml", "# the hub\nHub:\n  binding: lamps\n  type: hub\n");
        put("devices/adopted-Hub.yaml", "# mine\nOld:   # keep\n  binding: lamps\n  type: lamp\n  bridge: Hub");
        start();
        awaitNames("Old", "Hub");
        await().until(() -> lamps.made.containsKey(new DeviceId("Hub")) && lamps.lamp("Hub").context != null);
        lamps.lamp("Hub").context.offer(candidate("x1", "Lamp"));
        assertThat(host.candidates()).hasSize(1);
        assertThat(directory.accept(new DeviceId("x2"), "Küche 1", ANNA))
                .singleElement()
                .hasToString(": error [C033] there is no candidate x2: did you mean x1?");
        assertThat(directory.accept(new DeviceId("x1"), "Old", ANNA))
                .extracting(Problem::code)
                .containsExactly("C004");
        assertThat(directory.accept(new DeviceId("x1"), "Küche 1", ANNA)).isEmpty();
        assertThat(text("devices/adopted-Hub.yaml"))
                .isEqualTo(
                        """
                        # mine
                        Old:   # keep
                          binding: lamps
                          type: lamp
                          bridge: Hub
                        # Acme Lamp 5
                        "Küche 1":
                          id: x1
                          binding: lamps
                          type: lamp
                          bridge: Hub
                          config:
                            host: "a: b \\"c\\""
                            port: 5
                        """);
        assertThat(host.candidates()).isEmpty();
        assertThat(host.model().named("Küche 1").orElseThrow().id()).isEqualTo(new DeviceId("x1"));
    }

    /** What a finder of a binding found is reached through nothing, and brings with it what it discovers. */
    @Test
    void acceptsWhatAFinderFoundWithAllThatItDiscovers() throws Exception {
        start();
        Candidate hub = new Candidate(new DeviceId("hub:1"), "lamps", "hub", null, "Hub", "Acme Hub", Map.of(), true);
        host.add(new Finder() {
            @Override
            public String title() {
                return "a hub";
            }

            @Override
            public List<Candidate> look(FinderContext context) {
                return List.of(hub);
            }
        });
        await().until(() -> host.candidates().contains(hub));
        assertThat(directory.accept(hub.id(), "Hub", ANNA)).isEmpty();
        assertThat(text("devices/adopted.yaml"))
                .isEqualTo(
                        """
                        # Acme Hub
                        Hub:
                          id: "hub:1"
                          binding: lamps
                          type: hub
                          adopt: all
                        """);
        assertThat(host.candidates()).isEmpty();
        await().until(() -> lamps.made.containsKey(hub.id()) && lamps.lamp("hub:1").context != null);
        lamps.lamp("hub:1")
                .context
                .offer(new Candidate(new DeviceId("x1"), "lamps", "lamp", hub.id(), "Lamp", "Acme Lamp", Map.of()));
        awaitNames("Lamp", "Hub");
    }

    @Test
    @Tag("slow")
    void tenThousandCandidatesOfAnAdoptingBridgeAreFewEdits() throws Exception {
        put("devices/hub.yaml", "Hub:\n  binding: lamps\n  type: hub\n  adopt: all\n");
        start();
        awaitNames("Hub");
        await().until(() -> lamps.made.containsKey(new DeviceId("Hub")) && lamps.lamp("Hub").context != null);
        for (int i = 0; i < 10_000; i++) {
            lamps.lamp("Hub").context.offer(candidate("x" + i, "Lamp" + i % 5_000));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> names().size() == 10_001);
        assertThat(directory.generation()).isLessThan(10);
        assertThat(names()).contains("Lamp0", "Lamp0_2");
        assertThat(host.candidates()).isEmpty();
    }

    @Test
    void oneThatItsBindingRefusesKeepsNoOtherFromBeingAdopted() throws Exception {
        put("devices/hub.yaml", "Hub:\n  binding: lamps\n  type: hub\n  adopt: all\n");
        start();
        awaitNames("Hub");
        await().until(() -> lamps.made.containsKey(new DeviceId("Hub")) && lamps.lamp("Hub").context != null);
        for (int i = 0; i < 20; i++) {
            lamps.lamp("Hub").context.offer(candidate("x" + i, "Lamp" + i, i == 3 || i == 12 ? 70_000 : 5));
        }
        await().until(() -> names().size() == 19);
        assertThat(names()).doesNotContain("Lamp3", "Lamp12");
        assertThat(host.candidates()).extracting(c -> c.id().value()).containsExactlyInAnyOrder("x3", "x12");
        assertThat(directory.problems()).isEmpty();
    }

    @Test
    void adoptionDoesNotFailOnFilesThatWaitForTheAdopted() throws Exception {
        put("devices/hub.yaml", "Hub:\n  binding: lamps\n  type: hub\n  adopt: all\n");
        start();
        awaitNames("Hub");
        Rules rules = new Rules() {
            @Override
            public Prepared prepare(List<SourceFile> files, HouseModel model) {
                // As rules do: a device that has not said what it is has nothing that could be named.
                boolean silent = model.devices().stream().anyMatch(d -> d.name().equals("New"));
                return super.prepare(silent ? List.of(new SourceFile("rules/a.rules", "bad")) : files, model);
            }
        };
        directory.add(rules);
        await().until(() -> lamps.made.containsKey(new DeviceId("Hub")) && lamps.lamp("Hub").context != null);
        lamps.lamp("Hub").context.offer(candidate("x1", "New"));
        awaitNames("New", "Hub");
        assertThat(text("devices/adopted-Hub.yaml")).contains("New:");
    }

    private Rules rulesOn(String device) {
        Rules rules = new Rules();
        rules.judge = (file, model) -> model.named(device).isPresent();
        return rules;
    }

    /** What the bridge finds is in no file at the first start, and rules that name it are no edit that anybody made. */
    @Test
    void rulesWaitForWhatABridgeIsAboutToAdopt() throws Exception {
        put("devices/hub.yaml", "Hub:\n  binding: lamps\n  type: hub\n  adopt: all\n");
        put("rules/r.rules", "on New");
        patience = Duration.ofHours(1);
        start();
        awaitDescribed("Hub");
        Rules rules = rulesOn("New");
        directory.add(rules);
        assertThat(directory.reload()).hasSize(1);
        directory.pin(LOCK, ANNA); // as the features do when all are there
        assertThat(directory.reload()).hasSize(1);
        assertThat(ingress.facts(Fact.ConfigurationRejected.class)).isEmpty();
        lamps.lamp("Hub").context.offer(candidate("x1", "New"));
        await().until(() -> rules.active.stream().anyMatch(a -> a.contains("on New[New, Hub]")));
        assertThat(directory.problems()).isEmpty();
        assertThat(ingress.facts(Fact.ConfigurationRejected.class)).isEmpty();
    }

    @Test
    void whatNoBridgeBringsInItsTimeIsToldOf() throws Exception {
        put("devices/hub.yaml", "Hub:\n  binding: lamps\n  type: hub\n  adopt: all\n");
        put("rules/r.rules", "on New");
        patience = Duration.ofMillis(1);
        start();
        awaitDescribed("Hub");
        directory.add(rulesOn("New"));
        await().until(() -> ingress.facts(Fact.ConfigurationRejected.class).size() == 1);
    }

    private void awaitDescribed(String name) {
        await().until(() -> host.model()
                .named(name)
                .filter(d -> !d.description().equals(DeviceDescription.EMPTY))
                .isPresent());
    }

    /** Its rules cannot fit a device that has not said what it is, and it cannot say so before it is taken. */
    @Test
    void devicesThatRulesWaitForAreTakenFirst() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        Rules rules = new Rules() {
            @Override
            public Prepared prepare(List<SourceFile> files, HouseModel model) {
                // As rules do: it needs a point that the device has once it was opened.
                boolean silent = files.stream().anyMatch(f -> f.text().contains("Two"))
                        && model.named("Two")
                                .filter(d -> d.description().equals(Lamps.LAMP))
                                .isEmpty();
                Prepared good = super.prepare(files, model);
                Problem error = Problem.error("E106", new SourceSpan("rules/r.rules", 2, 3, 3), "Two has no points");
                return !silent
                        ? good
                        : new Prepared() {
                            @Override
                            public List<Problem> problems() {
                                return List.of(error);
                            }

                            @Override
                            public void activate(long generation) {
                                throw new AssertionError("in force with errors");
                            }
                        };
            }
        };
        directory.add(rules);
        put("rules/r.rules", "when\n  Two turns on");
        await().until(() -> directory.problems().stream().anyMatch(Problem::isError));
        assertThat(names()).containsExactly("Lamp");
        put("devices/b.yaml", "Two:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Two");
        await().until(() -> !rules.active.isEmpty()
                && rules.active.get(rules.active.size() - 1).contains("Two turns on[Lamp, Two]"));
        await().until(() -> directory.problems().isEmpty());
        assertThat(ingress.facts(Fact.ConfigurationActivated.class))
                .extracting(Fact.ConfigurationActivated::changed)
                .containsSubsequence(List.of("devices/b.yaml"), List.of("rules/r.rules"));
    }

    @Test
    void aDeviceIsNotTakenOutOfForceForABindingThatIsNotThere() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        Rules rules = new Rules() {
            @Override
            SourceSpan place(SourceFile file) {
                return new SourceSpan(file.path(), 1, 1, 0);
            }
        };
        rules.judge =
                (file, model) -> model.named("Lamp").orElseThrow().description().equals(Lamps.LAMP);
        directory.add(rules);
        put("rules/r.rules", "on Lamp");
        await().until(() -> rules.active.stream().anyMatch(a -> a.contains("on Lamp")));
        put("devices/a.yaml", LAMP.replace("binding: lamps", "binding: lmaps"));
        await().until(() -> directory.problems().stream().anyMatch(Problem::isError));
        assertThat(directory.problems()).extracting(Problem::code).containsExactly("C022", "E000");
        assertThat(directory.files()).extracting(SourceFile::text).contains(LAMP);
    }

    /** Nobody edited anything: a device says now that it is another. */
    @Test
    void whatDevicesMadeWrongStaysToldOf() throws Exception {
        put("devices/a.yaml", LAMP);
        put("rules/r.rules", "on Lamp");
        start();
        awaitNames("Lamp");
        Rules rules = new Rules();
        directory.add(rules);
        await().until(() -> rules.active.stream().anyMatch(a -> a.contains("on Lamp")));
        rules.judge = (file, model) -> false;
        assertThat(directory.reload()).hasSize(1);
        directory.look();
        directory.kept(); // waits for its turn, after the look
        assertThat(directory.problems()).hasSize(1);
        rules.judge = (file, model) -> true;
        assertThat(directory.reload()).isEmpty();
    }

    @Test
    void rulesThatStillDoNotFitWhenTheDevicesHaveSpokenAreToldOf() throws Exception {
        patience = Duration.ofMillis(1);
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        Rules rules = new Rules() {
            @Override
            public Prepared prepare(List<SourceFile> files, HouseModel model) {
                return super.prepare(
                        files.stream()
                                .map(f -> f.text().equals("on Two") ? new SourceFile(f.path(), "bad") : f)
                                .toList(),
                        model);
            }

            @Override
            SourceSpan place(SourceFile file) {
                return new SourceSpan(file.path(), 1, 1, 0);
            }
        };
        directory.add(rules);
        put("rules/r.rules", "on Two");
        await().until(() -> ingress.facts(Fact.ConfigurationRejected.class).size() == 1);
        put("devices/b.yaml", "Two:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Two");
        await().until(() -> ingress.facts(Fact.ConfigurationRejected.class).size() == 2);
        assertThat(directory.problems()).singleElement().hasToString("rules/r.rules:1:1: error [E000] bad");
    }

    @Test
    void aDeviceIsNamedByItsWholeName() {
        assertThat(Mentions.names("turn on Hall.Light.onoff", "Hall.Light")).isTrue();
        assertThat(Mentions.names("turn on `Hall light`", "Hall light")).isTrue();
        assertThat(Mentions.names("turn on Hall.Light2, Upper.Hall.Light", "Hall.Light"))
                .isFalse();
    }

    @Test
    void secretsAreKeptEncryptedAndTheirKeyIsTheOwnersAlone() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        SecretStore secrets = directory.secrets();
        secrets.put("broker", new Secret("geheim"));
        assertThat(secrets.find("broker").orElseThrow().reveal()).isEqualTo("geheim");
        assertThat(Files.readAllBytes(root.resolve("data/secrets"))).asString().doesNotContain("geheim");
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(root.resolve("data/secrets.key"))))
                .isEqualTo("rw-------");
        assertThat(secrets.names()).containsExactly("broker");
        assertThat(secrets.remove("broker")).isTrue();
        assertThat(secrets.find("broker")).isEmpty();
    }

    /** Rules of one word; {@code bad} is wrong. */
    private static class Rules implements ConfigurationParticipant {
        final List<String> active = new CopyOnWriteArrayList<>();
        volatile HouseModel lastModel;
        volatile BiPredicate<SourceFile, HouseModel> judge = (file, model) -> true;

        SourceSpan place(SourceFile file) {
            return SourceSpan.file(file.path());
        }

        @Override
        public String pattern() {
            return "rules/*.rules";
        }

        @Override
        public Prepared prepare(List<SourceFile> files, HouseModel model) {
            lastModel = model;
            List<Problem> problems = files.stream()
                    .filter(f -> f.text().equals("bad") || !judge.test(f, model))
                    .map(f -> Problem.error("E000", place(f), "bad"))
                    .toList();
            String seen =
                    files.stream().map(SourceFile::text).toList().toString().replaceAll("[\\[\\]]", "")
                            + model.devices().stream().map(DeviceInfo::name).toList();
            int count = files.size();
            return new Prepared() {
                @Override
                public List<Problem> problems() {
                    return problems;
                }

                @Override
                public void activate(long generation) {
                    String now = generation + "+" + count + ":" + seen;
                    if (active.isEmpty() || !active.get(active.size() - 1).equals(now)) {
                        active.add(now);
                    }
                }
            };
        }
    }

    private static final SourceFile LOCK = new SourceFile("features.lock", "first\n");

    @Test
    void whatIsPinnedBelongsToEveryLaterGenerationAndOutlivesTheProcess() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        assertThat(directory.pin(LOCK, ANNA)).isEqualTo(2);
        put("devices/b.yaml", "Other:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Other");
        assertThat(directory.files()).contains(LOCK);
        assertThat(root.resolve("features.lock")).doesNotExist();
        assertThat(ingress.facts(Fact.ConfigurationActivated.class))
                .extracting(Fact.ConfigurationActivated::changed)
                .contains(List.of("features.lock"));
        stop();
        start();
        awaitNames("Lamp", "Other");
        assertThat(directory.files()).contains(LOCK);
        assertThat(directory.kept().get(0).number()).isEqualTo(3);
        assertThat(directory.kept()).extracting(Generations.Kept::author).containsExactly("files", "anna", "files");
    }

    @Test
    void anEarlierGenerationComesBackAsAWhole() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        long first = directory.pin(LOCK, ANNA);
        put("devices/b.yaml", "Other:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Other");
        put("devices/a.yaml", LAMP + "  area: Hall\n");
        await().until(() -> directory.generation() == first + 2);
        SourceFile second = new SourceFile("features.lock", "second\n");
        assertThat(directory.restore(first, second, ANNA)).isEmpty();
        assertThat(names()).containsExactly("Lamp");
        assertThat(text("devices/a.yaml")).isEqualTo(LAMP);
        assertThat(root.resolve("devices/b.yaml")).doesNotExist();
        assertThat(directory.files()).contains(second);
        assertThat(directory.generation()).isEqualTo(first + 3);
        assertThat(directory.kept().get(0).changed())
                .containsExactly("devices/a.yaml", "devices/b.yaml", "features.lock");
    }

    /** As a power cut leaves it: the generation is recorded, the files that people edit are still those of before. */
    @Test
    void aRestoringThatWasCutOffIsEndedBeforeAnythingIsRead() throws Exception {
        put("devices/a.yaml", LAMP);
        start();
        awaitNames("Lamp");
        long first = directory.pin(LOCK, ANNA);
        put("devices/b.yaml", "Other:\n  binding: lamps\n  type: lamp\n");
        awaitNames("Lamp", "Other");
        put("devices/a.yaml", LAMP + "  area: Hall\n");
        await().until(() -> directory.generation() == first + 2);
        directory.restore(first, LOCK, ANNA);
        stop();
        put("devices/a.yaml", LAMP + "  area: Hall\n");
        put("devices/b.yaml", "Other:\n  binding: lamps\n  type: lamp\n");
        put("data/generations/restoring", Long.toString(first + 3));
        start();
        awaitNames("Lamp");
        assertThat(text("devices/a.yaml")).isEqualTo(LAMP);
        assertThat(root.resolve("devices/b.yaml")).doesNotExist();
        assertThat(root.resolve("data/generations/restoring")).doesNotExist();
        assertThat(directory.generation()).isEqualTo(first + 3);
    }
}
