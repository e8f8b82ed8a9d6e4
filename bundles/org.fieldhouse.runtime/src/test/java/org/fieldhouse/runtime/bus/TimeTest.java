package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact.ClockStepped;
import org.fieldhouse.api.event.Fact.DeviceDescribed;
import org.fieldhouse.api.event.Fact.DeviceRemoved;
import org.fieldhouse.api.event.Fact.RuntimeStarted;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.model.PointSpec;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.model.ValueSpec;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.runtime.journal.MemoryStore;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

/** The clock of the bus, and the max-age of points, with time moved by hand. */
class TimeTest {
    private static final long START = 1_700_000_000_000_000L;
    private static final DeviceId DEVICE = new DeviceId("d");
    private static final PointId TEMPERATURE = new PointId(DEVICE, "temperature");
    private static final PointSpec AGING = PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS))
            .withMaxAge(Duration.ofMinutes(10));

    private final AtomicLong wallMicros = new AtomicLong(START);
    private final AtomicLong nanos = new AtomicLong(77);
    private final Clock wall = new Clock() {
        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(wallMicros.get() * 1_000);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private void pass(Duration time) {
        wallMicros.addAndGet(time.toNanos() / 1_000);
        nanos.addAndGet(time.toNanos());
    }

    private void wallIsSet(Duration by) {
        wallMicros.addAndGet(by.toNanos() / 1_000);
    }

    @Test
    void followsSmallCorrectionsAndNeverGoesBack() {
        BusTime time = new BusTime(wall, nanos::get, 0);
        assertThat(time.nowMicros()).isEqualTo(START);
        pass(Duration.ofMillis(300));
        assertThat(time.nowMicros()).isEqualTo(START + 300_000);
        wallIsSet(Duration.ofMillis(900));
        assertThat(time.look()).isFalse();
        assertThat(time.nowMicros()).isEqualTo(wallMicros.get());

        wallIsSet(Duration.ofMillis(-800));
        assertThat(time.look()).isFalse();
        long last = time.nowMicros();
        for (int i = 0; i < 8; i++) {
            pass(Duration.ofMillis(200));
            assertThat(time.look()).isFalse();
            assertThat(time.nowMicros() - last).as("half as fast").isEqualTo(100_000);
            last = time.nowMicros();
        }
        pass(Duration.ofMillis(200));
        assertThat(time.nowMicros()).as("and has met the wall clock").isEqualTo(wallMicros.get());
        assertThat(time.steadyMicros()).isEqualTo(START + 2_100_000);
    }

    @Test
    void aStepIsTakenWhenTheBatonTakesIt() {
        BusTime time = new BusTime(wall, nanos::get, 0);
        pass(Duration.ofSeconds(10));
        wallIsSet(Duration.ofHours(3));
        assertThat(time.look()).isTrue();
        assertThat(time.nowMicros()).as("not before").isEqualTo(START + 10_000_000);
        BusTime.Step forward = time.step();
        long now = wallMicros.get();
        assertThat(forward.fact()).isEqualTo(new ClockStepped(START + 10_000_000, START + 10_000_000, now));
        assertThat(time.nowMicros()).isEqualTo(now);
        assertThat(forward.moved(START + 70_000_000))
                .as("what had a minute to go")
                .isEqualTo(now + 60_000_000);

        wallIsSet(Duration.ofHours(-1));
        assertThat(time.look()).isTrue();
        BusTime.Step back = time.step();
        assertThat(back.fact()).isEqualTo(new ClockStepped(now, now, wallMicros.get()));
        assertThat(back.moved(now + 60_000_000)).isEqualTo(now + 30_000_000);
        assertThat(back.moved(now + 7_200_000_000L)).isEqualTo(now + 3_600_000_000L);
        assertThat(back.moved(now + 10_800_000_000L)).isEqualTo(now + 7_200_000_000L);
        pass(Duration.ofMinutes(1));
        assertThat(time.look()).isFalse();
        assertThat(time.step()).isNull();
        assertThat(time.nowMicros()).isEqualTo(now + 30_000_000);
        assertThat(back.moved(now + 120_000_000)).isEqualTo(now + 60_000_000);
        pass(Duration.ofHours(2));
        assertThat(time.look()).isFalse();
        assertThat(time.nowMicros()).isEqualTo(wallMicros.get());
    }

    /** A thread that is held up between its two looks has not seen a step. */
    @Test
    void aPauseOfTheProcessIsNoStep() {
        AtomicBoolean held = new AtomicBoolean();
        BusTime time = new BusTime(
                wall,
                () -> {
                    if (held.getAndSet(false)) {
                        long before = nanos.get();
                        pass(Duration.ofMinutes(1));
                        return before;
                    }
                    return nanos.get();
                },
                0);
        pass(Duration.ofSeconds(1));
        held.set(true);
        assertThat(time.look()).isFalse();
        assertThat(time.nowMicros()).isEqualTo(wallMicros.get());
    }

    @Test
    void aWallClockThatIsBehindTheLastRunIsAStep() {
        BusTime time = new BusTime(wall, nanos::get, START + 5_000_000);
        assertThat(time.nowMicros()).isEqualTo(START + 5_000_000);
        assertThat(time.look()).isTrue();
        assertThat(time.step().fact()).isEqualTo(new ClockStepped(START + 5_000_000, START + 5_000_000, START));
        pass(Duration.ofSeconds(4));
        assertThat(time.nowMicros()).isEqualTo(START + 7_000_000);
    }

    /** The event that says so is the first in the new time; a point ages as it would have, and so does a hold. */
    @Test
    void aClockThatIsSetIsAnEventAndAgesNothing() throws Exception {
        MemoryStore store = new MemoryStore();
        Bus bus = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
        try {
            bus.publish(new DeviceDescribed(DEVICE, DeviceDescription.of("sensor", AGING)), Cause.device(DEVICE));
            Mailbox mailbox = bus.mailbox(DEVICE);
            mailbox.report("temperature", Quantity.of(20, "°C"), Quality.GOOD, 0);
            long ends = bus.steadyMicros() + Duration.ofMinutes(10).toNanos() / 1000;
            AtomicLong until = new AtomicLong(bus.timeAt(ends));
            assertThat(until).hasValue(START + 600_000_000);
            bus.onClockStep(() -> until.set(bus.timeAt(ends)));
            pass(Duration.ofMinutes(1));
            long before = bus.lastSequence();
            wallIsSet(Duration.ofDays(100));
            bus.tick();
            await().until(() -> bus.lastSequence() > before);
            mailbox.report("humidity", Quantity.of(50, "%"), Quality.GOOD, 0);
            await().until(() -> bus.committedSequence() >= before + 2);
            Event step = bus.event(before + 1).orElseThrow();
            assertThat(step.fact())
                    .isEqualTo(new ClockStepped(START + 60_000_000, START + 60_000_000, wallMicros.get()));
            assertThat(step.cause()).isEqualTo(Cause.CLOCK);
            assertThat(step.timeMicros()).isEqualTo(wallMicros.get());
            assertThat(bus.event(before + 2).orElseThrow().timeMicros()).isEqualTo(wallMicros.get());
            await().untilAtomic(until, Matchers.is(wallMicros.get() + 540_000_000));

            pass(Duration.ofMinutes(8));
            bus.tick();
            mailbox.report("humidity", Quantity.of(50, "%"), Quality.GOOD, 0);
            assertThat(bus.state(TEMPERATURE).quality()).isEqualTo(Quality.GOOD);
            long untilThen = until.get();
            wallIsSet(Duration.ofHours(-5));
            bus.tick();
            await().until(() -> until.get() != untilThen);
            pass(Duration.ofSeconds(59));
            bus.tick();
            mailbox.report("humidity", Quantity.of(50, "%"), Quality.GOOD, 0);
            assertThat(bus.state(TEMPERATURE).quality()).isEqualTo(Quality.GOOD);
            pass(Duration.ofSeconds(2));
            await().until(() -> {
                bus.tick();
                return bus.state(TEMPERATURE).quality() == Quality.STALE;
            });
        } finally {
            bus.stop();
        }
    }

    @Test
    void aRunBeginsWithItsStartAlsoWhenTheClockIsBehind() throws Exception {
        MemoryStore store = new MemoryStore();
        Bus first = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
        first.stop();
        long last = first.lastSequence();
        wallIsSet(Duration.ofDays(-400));
        Bus bus = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
        try {
            await().until(() -> bus.committedSequence() >= last + 2);
            assertThat(bus.event(last + 1).orElseThrow().fact()).isInstanceOf(RuntimeStarted.class);
            assertThat(bus.event(last + 2).orElseThrow().fact())
                    .isEqualTo(new ClockStepped(START, START, wallMicros.get()));
        } finally {
            bus.stop();
        }
    }

    @Test
    void aPointBecomesStaleOnceAndIsGoodWithTheNextReport() {
        MemoryStore store = new MemoryStore();
        Bus bus = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
        DeviceId device = DEVICE;
        PointId point = TEMPERATURE;
        PointSpec spec = AGING;
        try {
            bus.publish(new DeviceDescribed(device, DeviceDescription.of("sensor", spec)), Cause.device(device));
            Mailbox mailbox = bus.mailbox(device);
            mailbox.report("temperature", Quantity.of(20, "°C"), Quality.GOOD, 0);
            pass(Duration.ofMinutes(9));
            bus.tick();
            mailbox.report("temperature", Quantity.of(20, "°C"), Quality.GOOD, 0);
            pass(Duration.ofMinutes(9));
            bus.tick();
            assertThat(bus.state(point).quality()).isEqualTo(Quality.GOOD);
            pass(Duration.ofMinutes(2));
            await().until(() -> {
                bus.tick();
                return bus.state(point).quality() == Quality.STALE;
            });
            State stale = bus.state(point);
            assertThat(stale.value()).isEqualTo(Quantity.of(20, "°C"));
            long numbered = bus.lastSequence();
            pass(Duration.ofMinutes(60));
            bus.tick();
            mailbox.report("temperature", Quantity.of(21, "°C"), Quality.GOOD, 0);
            assertThat(bus.state(point).quality()).isEqualTo(Quality.GOOD);
            assertThat(bus.lastSequence()).isEqualTo(numbered + 1);

            bus.stop();
            pass(Duration.ofHours(1));
            Bus next = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
            try {
                assertThat(next.state(point).value()).isEqualTo(Quantity.of(21, "°C"));
                await().until(() -> {
                    next.tick();
                    return next.state(point).quality() == Quality.STALE;
                });
                next.publish(new DeviceRemoved(device, "D"), Cause.RUNTIME);
                assertThat(next.state(point)).isEqualTo(State.NONE);
            } finally {
                next.stop();
            }
        } finally {
            bus.stop();
        }
    }
}
