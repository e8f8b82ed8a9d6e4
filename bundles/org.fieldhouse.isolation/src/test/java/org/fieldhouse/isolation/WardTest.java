package org.fieldhouse.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.Secret;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.feature.IsolatedFeature;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.testkit.FakeContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die, hang, flood, eat and lie: the house hears why, and goes on. Each test has a JVM of its own. */
@Tag("slow")
class WardTest {
    static final Patience PATIENCE = new Patience(
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofMinutes(2),
            2,
            Duration.ofSeconds(5));
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final DeviceId ID = new DeviceId("counter");

    @TempDir
    Path folder;

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    private final FakeHouse house = new FakeHouse();
    private final FakeContext context = new FakeContext(ID);
    private Ward ward;

    @AfterEach
    void close() {
        long pid = ward == null ? 0 : ward.process().pid();
        if (ward != null) {
            ward.close();
        }
        timers.shutdownNow();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(house.bindings).isEmpty();
    }

    private Ward start(IsolatedFeature feature, Patience patience, String... wrapper) throws IOException {
        Launch launch = new Launch(folder, Guests.PROPERTIES, List.of(wrapper), 60);
        ward = new Ward(feature, launch, house, patience, timers);
        ward.run(feature);
        return ward;
    }

    private Device counter(Map<String, Object> settings) throws SettingsException {
        return house.bindings.get(0).create(new DeviceConfig(ID, "Counter", "counter", null, Settings.of(settings)));
    }

    private Device opened() throws Exception {
        Device device = counter(Map.of());
        device.open(context);
        return device;
    }

    private static Command act(String action) {
        return new Command(1, new Request.CallAction(ID, action, Map.of()), Cause.RUNTIME, 0, 10_000_000);
    }

    private Optional<Double> count() {
        return context.last("count").map(v -> ((Quantity) v).number());
    }

    private void awaitLost(String why) {
        await().atMost(SOON).until(() -> context.lost() != null);
        assertThat(context.lost()).contains(why);
    }

    // ---- what it dies of

    @Test
    void whenItExitsItsDevicesAreLostAndAnotherIsStarted() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        long first = ward.process().pid();
        Device device = opened();
        BindingException failure = catchThrowableOfType(BindingException.class, () -> device.handle(act("exit")));
        assertThat(failure).hasMessageContaining("process of feature bad ended: it exited with 9");
        assertThat(failure.isUnknown()).as("whether it was done").isTrue();
        awaitLost("it exited with 9");
        device.close();
        await().atMost(SOON)
                .until(() -> ward.process().pid() > 0 && ward.process().pid() != first);
        FakeContext again = new FakeContext(ID);
        await().atMost(SOON).until(() -> house.bindings.size() == 1);
        assertThatThrownBy(() -> device.open(again)).hasMessageContaining("exited with 9");
        Device next = counter(Map.of());
        next.open(again);
        next.handle(act("tick"));
        assertThat(again.last("count")).isPresent();
        assertThat(ward.process().restarts()).isEqualTo(1);
        assertThat(house.audits)
                .anyMatch(a -> a.startsWith("isolated.died bad: it exited with 9"))
                .anyMatch(a -> a.startsWith("isolated.restarted bad"));
        next.close();
    }

    @Test
    void whenItIsKilledSoItIsSaid() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        ProcessHandle.of(ward.process().pid()).orElseThrow().destroyForcibly();
        awaitLost("it was killed");
        device.close();
    }

    /** None of them waits on, and of none it is said that nothing was done: it may have been. */
    @Test
    void whenItIsKilledEveryCallUnderWayEndsWithTheReason() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        List<FakeContext> contexts = new ArrayList<>();
        List<Device> devices = new ArrayList<>();
        List<Thread> lanes = new ArrayList<>();
        List<Throwable> ends = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            FakeContext own = new FakeContext(new DeviceId("counter" + i));
            Device device = counter(Map.of());
            device.open(own);
            contexts.add(own);
            devices.add(device);
            Thread lane = new Thread(() -> {
                try {
                    device.handle(act("hang"));
                } catch (BindingException | InterruptedException | RuntimeException e) {
                    ends.add(e);
                }
            });
            lanes.add(lane);
            lane.start();
        }
        await().atMost(SOON)
                .until(() -> lanes.stream().allMatch(lane -> lane.getState() == Thread.State.TIMED_WAITING));
        ProcessHandle.of(ward.process().pid()).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> ends.size() == 20);
        assertThat(ends).allSatisfy(end -> assertThat(end)
                .isInstanceOfSatisfying(
                        BindingException.class, e -> assertThat(e.isUnknown()).isTrue())
                .hasMessageContaining("it was killed"));
        await().atMost(SOON).until(() -> contexts.stream().allMatch(each -> each.lost() != null));
        devices.forEach(Device::close);
    }

    @Test
    void whenItEatsItsMemoryItIsEnded() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        assertThatThrownBy(() -> device.handle(act("hog"))).hasMessageContaining("ran out of memory");
        device.close();
    }

    @Test
    void whenItTakesMoreThanItMayItIsEnded() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        await().atMost(SOON).until(() -> ward.process().usedMegabytes() > 20);
        Child child = ward.child();
        child.beat(Duration.ofSeconds(30).toNanos(), 20);
        awaitLost("may use 20");
        device.close();
    }

    @Test
    void whenItIsStoppedItIsSilentAndEnded() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        Process stop =
                new ProcessBuilder("sh", "-c", "kill -STOP " + ward.process().pid()).start();
        assertThat(stop.waitFor()).isZero();
        Child child = ward.child();
        await().atMost(SOON).until(() -> {
            child.beat(TimeUnit.SECONDS.toNanos(1), 1000);
            return !child.isAlive();
        });
        awaitLost("has not answered for 1 s");
        device.close();
    }

    @Test
    void afterTooManyDeathsItIsGivenUpUntilSomebodyAsks() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        for (int i = 0; i < 3; i++) {
            await().atMost(SOON).until(() -> ward.process().pid() > 0);
            ProcessHandle.of(ward.process().pid()).orElseThrow().destroyForcibly();
            await().atMost(SOON).until(() -> ward.process().pid() == 0);
        }
        await().atMost(SOON).until(() -> ward.process().givenUp());
        await().atMost(SOON).until(() -> house.bindings.size() == 1);
        Device device = counter(Map.of("nobody", "reads this"));
        BindingException failure = catchThrowableOfType(BindingException.class, () -> device.open(context));
        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure).hasMessageContaining("3 times in a row").hasMessageContaining("feature:restart bad");
        assertThat(house.audits).anyMatch(a -> a.startsWith("isolated.given-up bad"));
        ward.restart();
        await().atMost(SOON).until(() -> ward.process().pid() > 0);
        await().atMost(SOON).untilAsserted(() -> counter(Map.of()).open(new FakeContext(ID)));
    }

    // ---- what it does while it lives

    @Test
    void whatTakesTooLongIsInterruptedAndOthersGoOn() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        FakeContext other = new FakeContext(new DeviceId("other"));
        Device second = counter(Map.of());
        second.open(other);
        Thread lane = Thread.currentThread();
        CompletableFuture.runAsync(lane::interrupt, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        assertThatThrownBy(() -> device.handle(act("hang"))).isInstanceOf(InterruptedException.class);
        second.handle(act("tick"));
        await().atMost(SOON).until(() -> other.last("count").isPresent());
        device.handle(act("tick"));
        await().atMost(SOON).until(() -> count().isPresent());
        device.close();
        second.close();
        assertThat(ward.process().restarts()).isZero();
    }

    @Test
    void whatDoesNotLetItselfBeClosedIsEndedWithItsProcess() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        Thread lane = Thread.currentThread();
        CompletableFuture.runAsync(lane::interrupt, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        assertThatThrownBy(() -> device.handle(act("stubborn"))).isInstanceOf(InterruptedException.class);
        device.close();
        await().atMost(SOON)
                .until(() -> house.audits.stream().anyMatch(a -> a.contains("does not let itself be closed")));
        await().atMost(SOON).until(() -> ward.process().pid() > 0);
    }

    @Test
    void aFloodIsHeardAtThePaceOfTheHouse() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        device.handle(act("flood"));
        await().atMost(SOON).until(() -> count().filter(c -> c > 3000).isPresent());
        device.close();
        Device next = counter(Map.of());
        FakeContext again = new FakeContext(ID);
        next.open(again);
        next.handle(act("tick"));
        assertThat(again.last("count")).contains(Quantity.of(1));
        next.close();
    }

    @Test
    void whatItPrintsDoesNotStopTheHouse() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        CompletableFuture<Void> shouting = CompletableFuture.runAsync(() -> {
            try {
                device.handle(act("shout"));
            } catch (BindingException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Device other = counter(Map.of());
        FakeContext heard = new FakeContext(new DeviceId("other"));
        other.open(heard);
        other.handle(act("tick"));
        await().atMost(SOON).until(() -> heard.last("count").isPresent());
        assertThat(shouting).as("who prints too much waits").isNotDone();
        other.close();
    }

    @Test
    void noSignalIsLostAndTheirOrderStays() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        device.handle(act("signal"));
        await().atMost(SOON).until(() -> context.signals().size() == 5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(context.signals().get(i).arguments()).containsEntry("number", Quantity.of(i));
        }
        device.close();
    }

    /** Its mailbox takes a signal at the third try only: the process waits, and nothing is lost or brought twice. */
    @Test
    void aFullMailboxMakesTheProcessWait() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        AtomicInteger tries = new AtomicInteger();
        DeviceContext full = (DeviceContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DeviceContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("signal") && tries.incrementAndGet() % 3 != 0) {
                        return false;
                    }
                    try {
                        return method.invoke(context, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Device device = counter(Map.of());
        device.open(full);
        device.handle(act("few"));
        await().atMost(SOON).until(() -> context.signals().size() == 50);
        assertThat(context.signals())
                .extracting(s -> ((Quantity) s.arguments().get("number")).number())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(tries).hasValue(150);
        device.close();
    }

    @Test
    void itSeesItsSecretAndNothingOfTheHousesEnvironment() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Settings settings = new Settings(
                Map.of("password", "${secret:door}"),
                path -> new SourceSpan("devices/a.yaml", 3, 5, 0),
                name -> name.equals("door") ? Optional.of(new Secret("sesame")) : Optional.empty());
        Device device = house.bindings.get(0).create(new DeviceConfig(ID, "C", "counter", null, settings));
        device.open(context);
        device.handle(act("say"));
        await().atMost(SOON).until(() -> context.last("text").isPresent());
        String said = ((Text) context.last("text").orElseThrow()).value();
        assertThat(said).startsWith("sesame|");
        assertThat(said).endsWith("/bad/work");
        assertThat(said.replaceAll(".*\\[|].*", "").split(", "))
                .isSubsetOf("PATH", "HOME", "LC_ALL", "TZ", "PWD", "SHLVL", "_", "OLDPWD");
        device.close();
    }

    @Test
    void aWrapperStandsInFront() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE, "/usr/bin/env", "WRAPPED=yes");
        Device device = opened();
        device.handle(act("say"));
        await().atMost(SOON).until(() -> context.last("text").isPresent());
        assertThat(((Text) context.last("text").orElseThrow()).value()).contains("WRAPPED");
        device.close();
        ward.close();
        assertThatThrownBy(() -> start(Guests.bad(folder, "well"), PATIENCE, "/bin/false"))
                .hasMessageContaining("it exited with 1");
    }

    @Test
    void whatItSaysOfSettingsHasItsPlace() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Settings settings = new Settings(
                Map.of("from", "many", "odd", 1L),
                path -> new SourceSpan("devices/a.yaml", path.equals("from") ? 3 : 1, 5, 0),
                name -> Optional.empty());
        assertThatThrownBy(() -> house.bindings.get(0).create(new DeviceConfig(ID, "C", "counter", null, settings)))
                .isInstanceOfSatisfying(SettingsException.class, e -> assertThat(e.place())
                        .isEqualTo(new SourceSpan("devices/a.yaml", 3, 5, 0)))
                .hasMessageContaining("whole number");
        Settings sound = Settings.of(Map.of("from", 3L, "odd", 1L));
        house.bindings.get(0).create(new DeviceConfig(ID, "C", "counter", null, sound));
        assertThat(sound.unread()).containsExactly("odd");
        assertThat(sound.known()).contains("from", "password");
    }

    @Test
    void failuresAreWhatTheyWere() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        BindingException refused = catchThrowableOfType(
                BindingException.class, () -> counter(Map.of("open", "refuse")).open(context));
        assertThat(refused).hasMessage("not today");
        assertThat(refused.isPermanent()).isFalse();
        BindingException never = catchThrowableOfType(
                BindingException.class, () -> counter(Map.of("open", "never")).open(context));
        assertThat(never.isPermanent()).isTrue();
        assertThatThrownBy(() -> counter(Map.of("open", "throw")).open(context))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no coffee");
    }

    // ---- starts and updates

    @Test
    void whatDoesNotStartIsRefusedWithItsReason() {
        assertThatThrownBy(() -> start(Guests.bad(folder, "throw"), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no coffee");
        ward.close();
        assertThatThrownBy(() -> start(Guests.bad(folder, "exit"), PATIENCE)).hasMessageContaining("exited with 7");
        ward.close();
        Patience hasty =
                new Patience(Duration.ofSeconds(3), SOON, Duration.ofMillis(1), SOON, SOON, 2, Duration.ofSeconds(1));
        assertThatThrownBy(() -> start(Guests.bad(folder, "hang"), hasty))
                .hasMessageContaining("not started within 3 s");
        ward.close();
        house.taken = "virtual";
        assertThatThrownBy(() -> start(Guests.bad(folder, "impostor"), PATIENCE))
                .hasMessageContaining("which the house has already");
    }

    @Test
    void anUpdateHandsOverWhatItsDevicesLeave() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        Device device = opened();
        device.handle(act("tick"));
        device.handle(act("tick"));
        IsolatedBinding before = house.bindings.get(0);
        HandOver left = ((Swappable) device).handOver();
        assertThat(left.state()).containsExactly(2);
        ward.run(Guests.bad(folder, "well"));
        assertThat(house.bindings).hasSize(1).doesNotContain(before);
        FakeContext next = new FakeContext(ID);
        Device successor = counter(Map.of());
        assertThat(((Swappable) successor).takeOver(next, left)).isTrue();
        successor.handle(act("tick"));
        await().atMost(SOON).until(() -> next.last("count").isPresent());
        assertThat(next.last("count")).contains(Quantity.of(3));
        successor.close();
    }

    /** The files in the bundle caches of all processes. */
    private Set<Path> cached() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().contains("/cache")).collect(Collectors.toSet());
        }
    }

    @Test
    void anUpdateThatLosesDevicesIsTakenBack() throws Exception {
        start(Guests.bad(folder, "well"), PATIENCE);
        long pid = ward.process().pid();
        Set<Path> cached = cached();
        house.online = Set.of("Counter");
        assertThatThrownBy(() -> ward.run(Guests.bad(folder, "well")))
                .hasMessageContaining("1 of 1 devices that were online are not: Counter");
        assertThat(ward.process().pid()).isEqualTo(pid);
        assertThat(house.bindings).hasSize(1);
        opened().close();
        assertThatThrownBy(() -> ward.run(Guests.bad(folder, "throw"))).hasMessageContaining("no coffee");
        assertThat(ward.process().pid()).isEqualTo(pid);
        assertThat(cached).isNotEmpty();
        await("what it works with is its own, and what the others had is gone")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(cached()).isEqualTo(cached));
    }
}
