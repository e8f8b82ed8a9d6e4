package org.fieldhouse.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact.DeviceDescribed;
import org.fieldhouse.api.event.Fact.DeviceRemoved;
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
import org.junit.jupiter.api.Test;

/** The clock of the bus, and the max-age of points, with time moved by hand. */
class TimeTest {
    private static final long START = 1_700_000_000_000_000L;

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

    @Test
    void followsTheWallClockForwardAndNeverGoesBack() {
        BusTime time = new BusTime(wall, nanos::get, 0);
        assertThat(time.nowMicros()).isEqualTo(START);
        pass(Duration.ofMillis(300));
        assertThat(time.nowMicros()).isEqualTo(START + 300_000);
        wallMicros.addAndGet(Duration.ofHours(1).toNanos() / 1_000);
        pass(Duration.ofSeconds(1));
        assertThat(time.nowMicros()).isEqualTo(wallMicros.get());

        wallMicros.addAndGet(-10_000_000);
        long last = time.nowMicros();
        for (int i = 0; i < 99; i++) {
            pass(Duration.ofSeconds(1));
            long now = time.nowMicros();
            assertThat(now - last).as("runs on, a little slower").isBetween(899_000L, 1_000_000L);
            last = now;
        }
        pass(Duration.ofSeconds(3));
        pass(Duration.ofSeconds(3));
        time.nowMicros();
        pass(Duration.ofSeconds(3));
        assertThat(time.nowMicros()).as("and has met the wall clock").isEqualTo(wallMicros.get());
    }

    @Test
    void startsNotBeforeTheLastRun() {
        BusTime time = new BusTime(wall, nanos::get, START + 5_000_000);
        assertThat(time.nowMicros()).isEqualTo(START + 5_000_000);
        pass(Duration.ofMillis(100));
        assertThat(time.nowMicros()).isBetween(START + 5_080_000, START + 5_100_000);
    }

    @Test
    void aPointBecomesStaleOnceAndIsGoodWithTheNextReport() {
        MemoryStore store = new MemoryStore();
        Bus bus = new Bus(BusSettings.DEFAULT, store, wall, nanos::get);
        DeviceId device = new DeviceId("d");
        PointId point = new PointId(device, "temperature");
        PointSpec spec = PointSpec.measurement("temperature", ValueSpec.quantity(Units.CELSIUS))
                .withMaxAge(Duration.ofMinutes(10));
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
