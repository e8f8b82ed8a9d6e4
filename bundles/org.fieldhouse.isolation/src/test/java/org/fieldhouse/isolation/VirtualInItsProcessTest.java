package org.fieldhouse.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Bool;
import org.fieldhouse.testkit.BindingContract;
import org.fieldhouse.testkit.FakeContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every binding keeps to, the virtual one keeps to through a process as well. */
class VirtualInItsProcessTest extends BindingContract {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static final FakeHouse HOUSE = new FakeHouse();
    private static ScheduledExecutorService timers;
    private static Ward ward;

    @BeforeAll
    static void start() throws Exception {
        timers = Executors.newScheduledThreadPool(1);
        ward = new Ward(
                Guests.virtual(folder),
                new Launch(folder, Guests.PROPERTIES, List.of(), 60),
                HOUSE,
                WardTest.PATIENCE,
                timers);
        ward.run(Guests.virtual(folder));
    }

    @AfterAll
    static void stop() {
        ward.close();
        timers.shutdownNow();
    }

    @Override
    protected Binding binding() {
        return HOUSE.bindings.get(0);
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("switch", Map.of()),
                new Example("dimmer", Map.of()),
                new Example("button", Map.of()),
                new Example("sensor", Map.of("point", "humidity", "unit", "%", "min", 20L, "max", 80L, "wave", "walk")),
                new Example("sensor", Map.of("period", "1 min", "interval", "5 s")),
                new Example(
                        "thermostat", Map.of("outside", -5L, "start", 16.5, "follows", "20 min", "interval", "5 s")));
    }

    private Device open(String id, FakeContext context) throws Exception {
        Device device = binding().create(new DeviceConfig(new DeviceId(id), id, "switch", null, Settings.of(Map.of())));
        device.open(context);
        return device;
    }

    private static Command set(String id, Bool value) {
        return new Command(
                1,
                new Request.SetPoint(new PointId(new DeviceId(id), "onoff"), value, 12, null, Map.of()),
                Cause.RUNTIME,
                0,
                10_000_000);
    }

    @Test
    void aSwitchReportsWhatItWasTold() throws Exception {
        FakeContext context = new FakeContext(new DeviceId("a"));
        Device device = open("a", context);
        assertThat(context.last("onoff")).contains(Bool.OFF);
        device.handle(set("a", Bool.ON));
        await().atMost(SOON)
                .until(() -> context.last("onoff").filter(Bool.ON::equals).isPresent());
        assertThat(context.reports()).allMatch(r -> r.sourceMicros() > 0);
        device.close();
    }

    @Test
    void machinesOfOneProcessCommandEachOther() throws Exception {
        FakeContext from = new FakeContext(new DeviceId("from"));
        FakeContext to = new FakeContext(new DeviceId("to"));
        Device one = open("from", from);
        Device other = open("to", to);
        assertThat(one).isInstanceOf(LinkCapable.class).isNotInstanceOf(Swappable.class);
        DirectLink link = new DirectLink(from.id(), to.id(), List.of("onoff"));
        LinkCapable capable = (LinkCapable) one;
        capable.program(link).toCompletableFuture().get();
        assertThat(capable.verify(link).toCompletableFuture().get()).isTrue();
        one.handle(set("from", Bool.ON));
        await().atMost(SOON)
                .until(() -> to.last("onoff").filter(Bool.ON::equals).isPresent());
        capable.remove(link).toCompletableFuture().get();
        assertThat(capable.verify(link).toCompletableFuture().get()).isFalse();
        DirectLink far = new DirectLink(from.id(), new DeviceId("nowhere"), List.of("onoff"));
        assertThat(capable.program(far).toCompletableFuture())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("out of reach");
        one.close();
        other.close();
    }
}
