package org.fieldhouse.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionFactory;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.CommandResult;
import org.fieldhouse.api.command.CommandResult.Outcome;
import org.fieldhouse.api.command.CommandTicket;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Status.Condition;
import org.fieldhouse.runtime.support.FakeIngress;
import org.fieldhouse.runtime.support.Lamps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device's state and transport on their way from one version of its binding to the next. */
class HandOverTest {
    private final DeviceHost host = DeviceHostFixtures.host(
            new FakeIngress(),
            new DeviceHost.Limits(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(30)));
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Closeable transport = () -> closed.set(true);
    /** What keeps devices from coming to rest; null for nothing. */
    private volatile CountDownLatch restless;

    private final List<Command> handled = new CopyOnWriteArrayList<>();

    /** One version of a binding; what its devices do at a take-over is the test's. */
    private class Version implements Binding {
        private final String name;
        private final TakeOver takeOver;

        Version(String name, TakeOver takeOver) {
            this.name = name;
            this.takeOver = takeOver;
        }

        @Override
        public String id() {
            return "lamps";
        }

        @Override
        public Set<String> types() {
            return Set.of("lamp", "hub");
        }

        @Override
        public Device create(DeviceConfig config) {
            return new Lamp(config.id().value());
        }

        private final class Lamp implements Swappable {
            private final String id;

            Lamp(String id) {
                this.id = id;
            }

            private void say(String what) {
                calls.add(name + " " + what + " " + id);
            }

            @Override
            public void open(DeviceContext context) {
                say("open");
                context.describe(Lamps.LAMP);
            }

            @Override
            public void handle(Command command) {
                handled.add(command);
            }

            @Override
            public void close() {
                say("close");
            }

            @Override
            public void quiesce() throws InterruptedException {
                say("quiesce");
                CountDownLatch until = restless;
                if (until != null) {
                    until.await();
                }
            }

            @Override
            public HandOver handOver() {
                say("handOver");
                return new HandOver(1, (name + "'s " + id).getBytes(StandardCharsets.UTF_8), List.of(transport));
            }

            @Override
            public boolean takeOver(DeviceContext context, HandOver left) throws BindingException {
                say("takeOver " + new String(left.state(), StandardCharsets.UTF_8));
                context.describe(Lamps.LAMP);
                return takeOver.run(left);
            }
        }
    }

    private interface TakeOver {
        boolean run(HandOver left) throws BindingException;
    }

    private final Version old = new Version("old", left -> true);

    @AfterEach
    void close() {
        host.close();
    }

    private void awaitStatus(String id, Condition condition) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> host.model()
                                .device(new DeviceId(id))
                                .orElseThrow()
                                .status()
                                .condition()
                        == condition);
    }

    private void hubAndLamp() {
        host.add(old);
        host.apply(List.of(
                DeviceHostTest.direct(DeviceHostTest.entry("Hub", "hub", null)),
                DeviceHostTest.below("hub", DeviceHostTest.entry("Lamp", "lamp", "Hub"))));
        awaitStatus("lamp", Condition.ONLINE);
        calls.clear();
    }

    private void lampAlone() {
        host.add(old);
        host.apply(List.of(DeviceHostTest.direct(DeviceHostTest.entry("Lamp", "lamp", null))));
        awaitStatus("lamp", Condition.ONLINE);
        calls.clear();
    }

    @Test
    void allComeToRestBeforeOneLeavesAndBridgesTakeOverFirst() {
        hubAndLamp();
        host.remove(old);
        host.add(new Version("new", left -> true));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.subList(0, 2)).containsExactlyInAnyOrder("old quiesce hub", "old quiesce lamp");
        assertThat(calls.subList(2, 6))
                .containsExactly(
                        "old handOver lamp",
                        "old handOver hub",
                        "new takeOver old's hub hub",
                        "new takeOver old's lamp lamp");
        assertThat(calls).hasSize(6);
        assertThat(closed).isFalse();
    }

    @Test
    void whatTheNewVersionCannotUseIsClosedAndItOpensAsIfNew() {
        lampAlone();
        host.remove(old);
        host.add(new Version("new", left -> false));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("new open lamp");
        assertThat(closed).isTrue();
    }

    @Test
    void theOldVersionGetsItBackWhenTheNewOneThrows() {
        lampAlone();
        host.remove(old);
        Version broken = new Version("new", left -> {
            throw new IllegalStateException("broken");
        });
        host.add(broken);
        await().until(() -> host.broken(Set.of(new DeviceId("lamp"))).isPresent());
        host.remove(broken);
        host.add(old);
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("old takeOver old's lamp lamp");
        assertThat(closed).isFalse();
    }

    /** Its thread is written off in seconds, not after what an opening may take (60 s), and does no harm when it comes back. */
    @Test
    void theOldVersionGetsItBackWhenTheNewOneNeverReturns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        lampAlone();
        host.remove(old);
        Version deaf = new Version("new", left -> {
            while (release.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted(); // what it ignores
            }
            returned.countDown();
            return true;
        });
        host.add(deaf);
        await().until(() -> calls.contains("new takeOver old's lamp lamp"));
        host.remove(deaf);
        host.add(old);
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("old takeOver old's lamp lamp");
        release.countDown();
        returned.await();
        host.remove(old);
        host.add(new Version("newer", left -> true));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("newer takeOver old's lamp lamp");
        assertThat(closed).isFalse();
    }

    /** For a moment, between closed and open, it still has the status of before; whoever judges the new version must not fall for it. */
    @Test
    void aDeviceOnItsWayIsAtNoMomentTakenForOnline() {
        lampAlone();
        ConditionFactory soon = await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
        Set<DeviceId> lamp = Set.of(new DeviceId("lamp"));
        for (int i = 0; i < 100; i++) {
            CountDownLatch go = new CountDownLatch(1);
            String takes = "v" + i + " takeOver old's lamp lamp";
            Version next = new Version("v" + i, left -> {
                try {
                    return go.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new BindingException("interrupted");
                }
            });
            host.add(next);
            do {
                assertThat(host.notOnline(lamp)).as("round %d", i).isNotEmpty();
            } while (!calls.contains(takes));
            go.countDown();
            soon.until(() -> host.notOnline(lamp).isEmpty());
            calls.clear();
            host.remove(next);
            soon.until(() -> host.notOnline(lamp).isEmpty());
            calls.clear();
        }
    }

    /** An ExceptionInInitializerError alone would say nothing of what is wrong. */
    @Test
    void whatTheSetUpOfAClassThrewIsSaid() {
        lampAlone();
        host.remove(old);
        host.add(new Version("new", left -> {
            throw new ExceptionInInitializerError(new IllegalArgumentException("there is no unit 1/mn"));
        }));
        await().until(() -> host.broken(Set.of(new DeviceId("lamp")))
                .filter(why ->
                        why.endsWith("its binding failed: java.lang.IllegalArgumentException: there is no unit 1/mn"))
                .isPresent());
    }

    @Test
    void nobodyComesAndTheTransportIsClosed() {
        lampAlone();
        host.remove(old);
        await().atMost(Duration.ofSeconds(10)).untilTrue(closed);
        awaitStatus("lamp", Condition.OFFLINE);
    }

    @Test
    void aBindingThatLeavesForGoodIsClosed() {
        lampAlone();
        host.watch(new SwapListener() {
            @Override
            public boolean leaving(Binding binding, Set<DeviceId> online) {
                assertThat(online).containsExactly(new DeviceId("lamp"));
                return false;
            }

            @Override
            public void arrived(Binding binding) {}
        });
        host.remove(old);
        assertThat(calls).containsExactly("old close lamp");
    }

    @Test
    void anEntryThatChangedMeanwhileOpensAsIfNew() {
        lampAlone();
        host.remove(old);
        host.apply(List.of(DeviceHostTest.direct(
                DeviceHostTest.entry("lamps", "Lamp", "lamp", null, Map.of("host", "elsewhere")))));
        host.add(new Version("new", left -> true));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("new open lamp");
        assertThat(closed).isTrue();
    }

    @Test
    void aTransportOfTheDepartingBundlesClassesIsRefused() {
        // A proxy's class is defined by the loader that it is given, as a binding's classes are by their bundle's.
        ClassLoader bundle = new URLClassLoader(new URL[0], getClass().getClassLoader());
        Closeable foreign = (Closeable) Proxy.newProxyInstance(bundle, new Class<?>[] {Closeable.class}, (p, m, a) -> {
            transport.close();
            return null;
        });
        Swappable device = (Swappable) Proxy.newProxyInstance(
                bundle, new Class<?>[] {Swappable.class}, (p, m, a) -> new HandOver(1, new byte[0], List.of(foreign)));
        assertThat(new Luggage().pack(device, DeviceHostTest.entry("Lamp", "lamp", null)))
                .isPositive();
        assertThat(closed).isTrue();
    }

    @Test
    void commandsSentMeanwhileArriveInOrder() throws Exception {
        lampAlone();
        host.remove(old);
        List<CommandTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tickets.add(host.commands()
                    .send(
                            new Request.CallAction(new DeviceId("lamp"), "beep", Map.of()),
                            Cause.RUNTIME,
                            id -> "unknown"));
        }
        assertThat(handled).isEmpty();
        host.add(new Version("new", left -> true));
        await().until(() -> handled.size() == 20);
        assertThat(handled).extracting(Command::id).isSorted();
        for (CommandTicket ticket : tickets) {
            assertThat(ticket.ended().toCompletableFuture().get().outcome()).isEqualTo(Outcome.SENT);
        }
    }

    @Test
    void aCommandThatWaitsLongerThanItsDeadlineEnds() throws Exception {
        lampAlone();
        host.remove(old);
        CommandTicket ticket = host.commands()
                .send(new Request.CallAction(new DeviceId("lamp"), "beep", Map.of()), Cause.RUNTIME, id -> "unknown");
        // Nobody comes within the update hold of this test, 500 ms.
        CommandResult result = ticket.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(result.outcome()).isNotEqualTo(Outcome.SENT);
        host.add(new Version("new", left -> true));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(handled).isEmpty();
    }

    /** The limit for all to come to rest is 1 s; one that does not is left behind, and the others go on. */
    @Test
    void aDeviceThatDoesNotComeToRestHoldsNobodyUpForLong() {
        CountDownLatch never = new CountDownLatch(1);
        lampAlone();
        restless = never;
        long begin = System.nanoTime();
        host.add(new Version("new", left -> true));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        never.countDown();
        awaitStatus("lamp", Condition.ONLINE);
        await().until(() -> calls.contains("new takeOver old's lamp lamp"));
    }

    /** The next version makes its devices while those of the old one work; one that cannot is not let in. */
    @Test
    void aVersionThatCannotMakeTheDevicesIsNotLetIn() {
        lampAlone();
        List<String> refusals = new ArrayList<>();
        host.watch(new SwapListener() {
            @Override
            public boolean leaving(Binding binding, Set<DeviceId> online) {
                return true;
            }

            @Override
            public void arrived(Binding binding) {
                refusals.add("arrived");
            }

            @Override
            public void refused(Binding binding, String reason) {
                refusals.add(reason);
            }
        });
        Version broken = new Version("broken", left -> true) {
            @Override
            public Device create(DeviceConfig config) {
                throw new IllegalStateException("on purpose");
            }
        };
        host.add(broken);
        assertThat(refusals).hasSize(1).first().asString().contains("Lamp: ").contains("on purpose");
        assertThat(calls).isEmpty();
        host.remove(broken);
        assertThat(calls).isEmpty();
        awaitStatus("lamp", Condition.ONLINE);
    }

    @Test
    void whenTheNewVersionGoesTheOldOneThatIsStillThereTakesOver() {
        lampAlone();
        Version next = new Version("new", left -> true);
        host.add(next);
        await().until(() -> calls.contains("new takeOver old's lamp lamp"));
        host.remove(next);
        await().until(() -> calls.contains("old takeOver new's lamp lamp"));
        awaitStatus("lamp", Condition.ONLINE);
        assertThat(calls).doesNotContain("old open lamp", "new open lamp", "old close lamp", "new close lamp");
    }

    /** While the bridge still is the old version's, a child of the new one has to wait. */
    @Test
    void aVersionBesideTheOldOneTakesOverBridgesFirstToo() {
        hubAndLamp();
        for (int i = 0; i < 50; i++) {
            Version before = (Version) host.binding("lamps");
            Version next = new Version("v" + i, left -> true);
            calls.clear();
            host.add(next);
            await().pollInterval(Duration.ofMillis(1)).until(() -> calls.size() == 6);
            assertThat(calls.subList(0, 2)).allMatch(call -> call.contains("quiesce"));
            assertThat(calls.subList(2, 4))
                    .extracting(call -> call.split(" ")[1] + " " + call.split(" ")[2])
                    .containsExactly("handOver lamp", "handOver hub");
            assertThat(calls.get(4)).startsWith("v" + i + " takeOver").endsWith(" hub");
            assertThat(calls.get(5)).startsWith("v" + i + " takeOver").endsWith(" lamp");
            awaitStatus("lamp", Condition.ONLINE);
            host.remove(before);
        }
    }
}
