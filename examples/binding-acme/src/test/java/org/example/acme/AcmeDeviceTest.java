package org.example.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.command.Request.SetPoint;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.testkit.FakeContext;
import org.fieldhouse.testkit.FakeSerialPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AcmeDeviceTest {
    private static final DeviceId ID = DeviceId.of("fan-1");

    private final FakeSerialPorts ports = new FakeSerialPorts("/dev/acme");
    private Swappable device;
    private FakeContext context;

    @BeforeEach
    void open() throws Exception {
        device = create();
        context = new FakeContext(ID);
        device.open(context);
    }

    @AfterEach
    void close() {
        device.close();
        context.close();
    }

    private Swappable create() throws Exception {
        Settings settings = Settings.of(Map.of("port", "/dev/acme"));
        return (Swappable) new AcmeBinding(ports, Duration.ofMillis(500)).create(new DeviceConfig(ID, "Fan", "fan", null, settings));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Quantity percent(double number) {
        return new Quantity(number, Units.PERCENT);
    }

    @Test
    void reportsWhatTheMachineSaysAndDoesWhatItIsTold() throws Exception {
        ports.say("speed 20\ntemperature 22.5\n");
        await(() -> context.reports().size() == 2);
        assertThat(context.last("speed")).contains(percent(20));
        assertThat(context.last("temperature")).contains(new Quantity(22.5, Units.CELSIUS));
        device.handle(new Command(1, new SetPoint(new PointId(ID, "speed"), percent(40), 12, null, Map.of()), Cause.RUNTIME, 0, 10_000_000));
        assertThat(ports.heard()).isEqualTo("speed 40\n");
    }

    /** The runtime opens it again; that has to work. */
    @Tag("reconnect")
    @Test
    void aLossIsToldAndTheDeviceOpensAgain() throws Exception {
        ports.unplug();
        await(() -> context.lost() != null);
        close();
        ports.plugIn();
        context = new FakeContext(ID);
        device.open(context);
        ports.say("speed 30\n");
        await(() -> context.last("speed").isPresent());
    }

    @Tag("reconnect")
    @Test
    void aMachineThatSaysNothingIsLost() {
        await(() -> context.lost() != null);
        assertThat(context.lost()).contains("silent");
    }

    /** A line that was cut in two by the update of the binding, and one that came while nobody had the port. */
    @Tag("swap")
    @Test
    void nothingIsLostWhenTheBindingIsReplaced() throws Exception {
        ports.say("speed 10\nspeed 2");
        await(() -> context.last("speed").isPresent());
        HandOver left = device.handOver();
        context.close();
        assertThat(ports.isOpen()).isFalse();
        ports.say("5\nspeed 30\n");
        device = create();
        context = new FakeContext(ID);
        assertThat(device.takeOver(context, left)).isTrue();
        await(() -> context.reports().size() == 2);
        assertThat(context.reports()).extracting(FakeContext.Report::value).containsExactly(percent(25), percent(30));
    }

    @Tag("swap")
    @Test
    void whatALaterVersionLeftIsNotGuessedAt() throws BindingException, InterruptedException {
        device.close();
        assertThat(device.takeOver(context, new HandOver(99, new byte[3]))).isFalse();
        assertThat(ports.isOpen()).isFalse();
    }
}
