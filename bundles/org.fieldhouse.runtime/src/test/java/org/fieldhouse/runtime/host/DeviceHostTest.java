package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceStatistics;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.Status.Condition;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceHostTest {
    private final FakeIngress ingress = new FakeIngress();
    private final DeviceHost host = DeviceHostFixtures.host(
            ingress, new DeviceHost.Limits(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(30)));
    private final Lamps lamps = new Lamps("lamps");

    @AfterEach
    void close() {
        host.close();
    }

    static DeviceEntry entry(String name, String type, String bridge) {
        return entry("lamps", name, type, bridge, Map.of());
    }

    static DeviceEntry entry(String binding, String name, String type, String bridge, Map<String, Object> settings) {
        return new DeviceEntry(
                new DeviceId(name.toLowerCase(java.util.Locale.ROOT)),
                name,
                binding,
                type,
                bridge,
                "",
                Set.of(),
                false,
                Map.of(),
                settings,
                SourceSpan.file("devices/test.yaml"),
                path -> SourceSpan.file("devices/test.yaml"));
    }

    static Placed direct(DeviceEntry entry) {
        return new Placed(entry, null);
    }

    static Placed below(String bridge, DeviceEntry entry) {
        return new Placed(entry, new DeviceId(bridge));
    }

    private Status status(String id) {
        return host.model().device(new DeviceId(id)).orElseThrow().status();
    }

    private void awaitStatus(String id, Condition condition) {
        await().atMost(Duration.ofSeconds(10)).until(() -> status(id).condition() == condition);
    }

    private void hubAndLamp() {
        host.add(lamps);
        host.apply(List.of(direct(entry("Hub", "hub", null)), below("hub", entry("Lamp", "lamp", "Hub"))));
        awaitStatus("lamp", Condition.ONLINE);
    }

    @Test
    void opensABridgeBeforeWhatIsReachedThroughItAndClosesItAfter() {
        hubAndLamp();
        host.close();
        assertThat(lamps.calls).containsExactly("open hub", "open lamp", "close lamp", "close hub");
    }

    @Test
    void aLostBridgeTakesItsDevicesDownAndBringsThemBack() {
        hubAndLamp();
        lamps.lamp("lamp").context.report("onoff", Bool.ON);
        lamps.calls.clear();
        lamps.lamp("hub").context.lost("cable out");
        await().until(() -> lamps.calls.size() >= 2);
        assertThat(lamps.calls.subList(0, 2)).containsExactly("close lamp", "close hub");
        assertThat(status("lamp").reason()).contains("bridge Hub");
        assertThat(ingress.state(PointId.of("lamp", "onoff")).quality()).isEqualTo(Quality.OFFLINE);
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(lamps.calls.subList(2, 4)).containsExactly("open hub", "open lamp");
    }

    /** The publisher of MQTT told others for good that a device was away, which had just come. */
    @Test
    void theModelIsNeverOlderThanWhatIsToldOfIt() {
        List<String> older = new CopyOnWriteArrayList<>();
        ingress.onFact(fact -> {
            if (isOlderThan(fact)) {
                older.add(fact.toString());
            }
        });
        hubAndLamp();
        host.apply(List.of(direct(entry("Hub", "hub", null)), below("hub", renamed("Lamp", "Desk.Lamp"))));
        lamps.lamp("hub").context.lost("cable out");
        await().until(() -> status("lamp").reason().contains("bridge Hub"));
        awaitStatus("lamp", Condition.ONLINE);
        host.apply(List.of(direct(entry("Hub", "hub", null))));
        await().until(() -> !ingress.facts(Fact.DeviceRemoved.class).isEmpty());

        assertThat(older).isEmpty();
        assertThat(ingress.facts(Fact.DeviceRenamed.class)).hasSize(1);
        assertThat(ingress.facts(Fact.DeviceDescribed.class)).isNotEmpty();
    }

    private boolean isOlderThan(Fact fact) {
        HouseModel model = host.model();
        if (fact instanceof Fact.StatusChanged f) {
            // That of a device which is being removed is told, and it is in the model no more.
            return model.device(f.device()).stream().anyMatch(d -> !d.status().equals(f.after()));
        } else if (fact instanceof Fact.DeviceDescribed f) {
            return model.device(f.device()).stream()
                    .anyMatch(d -> !d.description().equals(f.description()));
        } else if (fact instanceof Fact.DeviceAdded f) {
            return model.device(f.device()).isEmpty();
        } else if (fact instanceof Fact.DeviceRenamed f) {
            return model.device(f.device()).stream().anyMatch(d -> !d.name().equals(f.after()));
        }
        return fact instanceof Fact.DeviceRemoved f && model.device(f.device()).isPresent();
    }

    private static DeviceEntry renamed(String name, String newName) {
        DeviceEntry old = entry(name, "lamp", "Hub");
        return new DeviceEntry(
                old.id(),
                newName,
                old.binding(),
                old.type(),
                old.bridge(),
                old.area(),
                old.tags(),
                false,
                Map.of(),
                old.settings(),
                old.place(),
                path -> old.place());
    }

    @Test
    void saysWhyADeviceWithoutItsBindingWaits() {
        host.add(lamps);
        host.remove(lamps);
        host.apply(List.of(direct(entry("lamp", "Lamp", "lamp", null, Map.of()))));
        await().until(() -> !status("lamp").reason().isEmpty());
        assertThat(status("lamp").toString()).isEqualTo("CONNECTING: waits for binding 'lamp'");
    }

    /** Each look makes all of them look: a timer for each would be a hundred million looks in a house of 10,000. */
    @Test
    void aThousandDevicesThatWaitForTheirBindingArmOneTimer() {
        Timers timers = (Timers) host.scheduler();
        int before = timers.waiting();
        List<Placed> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(direct(entry("Lamp" + i, "lamp", null)));
        }
        host.apply(many);
        await().until(() -> many.stream()
                .allMatch(p -> status(p.entry().id().value()).reason().startsWith("waits for binding")));
        assertThat(timers.waiting()).isBetween(before, before + 2); // the watch, which may be running, and ours
    }

    @Test
    void aPermanentFaultWaitsForAPersonAndIsTriedAgainWhenTheEntryChanges() {
        AtomicInteger openings = new AtomicInteger();
        Lamps refusing = new Lamps("lamps") {
            @Override
            public org.fieldhouse.api.binding.Device create(org.fieldhouse.api.binding.DeviceConfig config)
                    throws org.fieldhouse.api.config.SettingsException {
                Lamp lamp = (Lamp) super.create(config);
                openings.incrementAndGet();
                if (config.settings().integer("port", 1, 65_535, 1883) == 1883) {
                    lamp.refuse = "wrong password";
                    lamp.permanent = true;
                }
                return lamp;
            }
        };
        host.add(refusing);
        host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        awaitStatus("lamp", Condition.FAULT);
        assertThat(status("lamp").reason()).isEqualTo("wrong password");
        host.apply(List.of(direct(entry("lamps", "Lamp", "lamp", null, Map.of("port", 1L)))));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(openings).hasValue(2);
    }

    @Test
    void aSettingThatCannotBeUsedIsAFaultWithItsPlace() {
        host.add(lamps);
        host.apply(List.of(direct(entry("lamps", "Lamp", "lamp", null, Map.of("port", 99_999L, "hots", "x")))));
        awaitStatus("lamp", Condition.FAULT);
        assertThat(status("lamp").reason()).isEqualTo("devices/test.yaml: 'port' is 1 to 65535, not 99999");
        assertThat(host.problems())
                .singleElement()
                .hasToString("devices/test.yaml: error [C020] 'port' is 1 to 65535, not 99999");
    }

    @Test
    void aMisspeltSettingIsFound() {
        host.add(lamps);
        host.apply(List.of(direct(entry("lamps", "Lamp", "lamp", null, Map.of("hots", "x")))));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(host.problems())
                .singleElement()
                .hasToString("devices/test.yaml: warning [C021] nobody reads 'hots': did you mean host?");
    }

    @Test
    void holdsCommandsWhileABindingIsReplacedAndGivesThemToTheNewOne() throws Exception {
        hubAndLamp();
        host.remove(lamps);
        assertThat(status("lamp").condition()).isEqualTo(Condition.UPDATING);
        assertThat(lamps.calls).endsWith("close lamp", "close hub");
        CommandTicket ticket = host.commands()
                .send(
                        new SetPoint(PointId.of("lamp", "onoff"), Bool.ON, 12, null, Map.of()),
                        new Cause(0, Cause.Origin.RULE, "r", null),
                        host::unknownDevice);
        Lamps next = new Lamps("lamps");
        host.add(next);
        await().until(() -> next.made.containsKey(new DeviceId("lamp"))
                && !next.lamp("lamp").handled.isEmpty());
        next.lamp("lamp").context.report("onoff", Bool.ON);
        assertThat(ticket.ended().toCompletableFuture().get().outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(lamps.lamp("lamp").handled).isEmpty();
        assertThat(next.calls.subList(0, 2)).containsExactly("open hub", "open lamp");
    }

    @Test
    void aBindingThatDoesNotComeBackIsCalledMissing() {
        hubAndLamp();
        host.remove(lamps);
        awaitStatus("hub", Condition.OFFLINE);
        assertThat(status("hub").reason()).isEqualTo("no binding 'lamps' is installed");
        awaitStatus("lamp", Condition.OFFLINE);
    }

    @Test
    void afterClosingNothingOfADeviceRunsOrIsHeard() {
        host.add(lamps);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger ticks = new AtomicInteger();
        host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        awaitStatus("lamp", Condition.ONLINE);
        var context = lamps.lamp("lamp").context;
        context.every(Duration.ofMillis(1), ticks::incrementAndGet);
        context.thread("reader", () -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.countDown();
            }
        });
        await().until(() -> ticks.get() > 2);
        host.apply(List.of());
        await().until(() -> !ingress.facts(Fact.DeviceRemoved.class).isEmpty());
        assertThat(ended.getCount()).isZero();
        int before = ticks.get();
        int events = ingress.events().size();
        context.report("onoff", Bool.ON);
        context.lost("late");
        context.malformed("late");
        context.describe(Lamps.LAMP);
        context.status(Status.fault("late"));
        context.execute(ticks::incrementAndGet);
        context.after(Duration.ZERO, ticks::incrementAndGet);
        await().pollDelay(Duration.ofMillis(30)).until(() -> true);
        assertThat(ticks).hasValue(before);
        assertThat(ingress.events()).hasSize(events);
    }

    @Test
    void aThreadThatIgnoresInterruptionIsNamed() {
        host.add(lamps);
        host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        awaitStatus("lamp", Condition.ONLINE);
        CountDownLatch release = new CountDownLatch(1);
        lamps.lamp("lamp").context.thread("deaf", () -> {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.onSpinWait();
                }
            }
        });
        host.apply(List.of());
        await().atMost(Duration.ofSeconds(5)).until(() -> !host.leaked().isEmpty());
        release.countDown();
        assertThat(host.leaked()).containsExactly("lamp/deaf");
    }

    @Test
    void valuesThatDoNotFitAreBadAndCounted() {
        host.add(lamps);
        host.apply(List.of(direct(entry("Lamp", "lamp", null))));
        awaitStatus("lamp", Condition.ONLINE);
        var context = lamps.lamp("lamp").context;
        context.report("power", Quantity.of(5, "W"));
        context.report("power", Quantity.of(0.5, "kW"));
        assertThat(ingress.state(PointId.of("lamp", "power")).value()).isEqualTo(Quantity.of(500, "W"));
        context.report("power", Quantity.of(5, "°C"));
        context.report("power", Bool.ON);
        context.report("nothing", Bool.ON);
        assertThat(ingress.state(PointId.of("lamp", "power")).quality()).isEqualTo(Quality.BAD);
        assertThat(ingress.state(PointId.of("lamp", "power")).value()).isEqualTo(Quantity.of(500, "W"));
        DeviceStatistics counted =
                host.counters(new DeviceId("lamp")).orElseThrow().statistics();
        assertThat(counted.malformed()).isEqualTo(2);
        assertThat(counted.lastMalformed()).startsWith("power: ").contains("on");
        assertThat(counted.undescribed()).isEqualTo(1);
        // From the wire: no lines of its own in the log, nothing for a terminal.
        context.malformed("'a\n03:04:05 ERROR\u001b[2J' is not a number");
        assertThat(host.counters(new DeviceId("lamp"))
                        .orElseThrow()
                        .statistics()
                        .lastMalformed())
                .isEqualTo("'a�03:04:05 ERROR�[2J' is not a number");
    }

    @Test
    void whatTheBridgeHearsOfADeviceIsItsStatus() {
        hubAndLamp();
        lamps.lamp("hub").context.childStatus(new DeviceId("lamp"), Status.offline("battery empty"));
        assertThat(status("lamp").toString()).isEqualTo("OFFLINE: battery empty");
        lamps.lamp("hub").context.status(Status.offline("broker gone"));
        assertThat(status("lamp").toString()).isEqualTo("OFFLINE: bridge Hub is offline");
        lamps.lamp("hub").context.status(Status.ONLINE);
        lamps.lamp("hub").context.childStatus(new DeviceId("lamp"), Status.ONLINE);
        assertThat(status("lamp")).isEqualTo(Status.ONLINE);
    }

    @Test
    void deadDevicesThatBlockDoNotStopTheLiving() {
        host.add(lamps);
        CountDownLatch never = new CountDownLatch(1);
        Lamps dead = new Lamps("dead") {
            @Override
            public org.fieldhouse.api.binding.Device create(org.fieldhouse.api.binding.DeviceConfig config)
                    throws org.fieldhouse.api.config.SettingsException {
                Lamp lamp = (Lamp) super.create(config);
                lamp.onOpen = context -> never.await();
                return lamp;
            }
        };
        host.add(dead);
        List<Placed> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(direct(entry("dead", "Dead" + i, "lamp", null, Map.of())));
        }
        all.add(direct(entry("Lamp", "lamp", null)));
        host.apply(all.subList(200, 201));
        awaitStatus("lamp", Condition.ONLINE);
        host.apply(all);
        await().until(() -> dead.calls.size() == 32);
        assertThat(status("lamp")).isEqualTo(Status.ONLINE);
        AtomicInteger ran = new AtomicInteger();
        lamps.lamp("lamp").context.execute(ran::incrementAndGet);
        await().atMost(Duration.ofSeconds(1)).until(() -> ran.get() == 1);
        never.countDown();
    }

    @Test
    void aCommandThatNeverReturnsIsWrittenOffAndTheDeviceGoesOn() throws Exception {
        DeviceHost impatient = DeviceHostFixtures.host(
                ingress, new DeviceHost.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)));
        CountDownLatch release = new CountDownLatch(1);
        try {
            impatient.add(lamps);
            impatient.apply(List.of(direct(entry("Lamp", "lamp", null))));
            await().until(() -> impatient.model().devices().get(0).status().isOnline());
            Lamps.Lamp deaf = lamps.lamp("lamp");
            deaf.onHandle = command -> {
                while (release.getCount() > 0) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.onSpinWait();
                    }
                }
            };
            impatient
                    .commands()
                    .send(
                            new SetPoint(PointId.of("lamp", "onoff"), Bool.ON, 12, null, Map.of()),
                            new Cause(0, Cause.Origin.RULE, "r", null),
                            impatient::unknownDevice);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> lamps.lamp("lamp") != deaf
                            && impatient.model().devices().get(0).status().isOnline());
            assertThat(impatient.leaked()).singleElement().asString().startsWith("fieldhouse-lane-");
        } finally {
            release.countDown();
            impatient.close();
        }
    }

    @Test
    void nothingHoldsABindingThatIsGone() throws Exception {
        java.lang.ref.WeakReference<Lamps> gone = useAndRemove();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return gone.get() == null;
        });
        assertThat(host.model().devices()).hasSize(2);
    }

    private java.lang.ref.WeakReference<Lamps> useAndRemove() {
        Lamps own = new Lamps("lamps");
        host.add(own);
        host.apply(List.of(direct(entry("Hub", "hub", null)), below("hub", entry("Lamp", "lamp", "Hub"))));
        awaitStatus("lamp", Condition.ONLINE);
        var context = own.lamp("lamp").context;
        context.every(Duration.ofMillis(1), () -> own.calls.add("tick"));
        context.after(Duration.ofHours(1), () -> own.calls.add("never"));
        context.thread("reader", () -> new CountDownLatch(1).await());
        context.report("onoff", Bool.ON);
        await().until(() -> own.calls.contains("tick"));
        host.remove(own);
        return new java.lang.ref.WeakReference<>(own);
    }

    @Test
    void tenThousandDevicesAreOpenedOnAFewThreads() {
        host.add(lamps);
        List<Placed> all = new ArrayList<>();
        all.add(direct(entry("Hub", "hub", null)));
        for (int i = 0; i < 10_000; i++) {
            all.add(below("hub", entry("Lamp" + i, "lamp", "Hub")));
        }
        long start = System.nanoTime();
        host.apply(all);
        await().atMost(Duration.ofSeconds(120))
                .until(() -> lamps.calls.size() == 10_001
                        && host.model().devices().stream()
                                .allMatch(d -> d.status().isOnline()));
        System.out.println("10,000 devices open after " + (System.nanoTime() - start) / 1_000_000 + " ms");
        assertThat(host.laneThreads()).isLessThanOrEqualTo(64);
        assertThat(ingress.facts(Fact.DeviceDescribed.class)).hasSize(10_001);
    }
}
